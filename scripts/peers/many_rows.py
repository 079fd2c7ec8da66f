#!/usr/bin/env python3
"""How long `longhand train` takes with its defaults on many rows, and how much memory: a Markdown table.

    venv/bin/pip install numpy pandas
    venv/bin/python scripts/peers/many_rows.py [--rows 100000,1000000] [--threads 2] [--binary PATH]

The table is made: 20 columns of normal numbers, and a class of two that follows from sines, products and noise: of the
rows 8% have the class that the rest of their row does not tell. A twentieth as many rows again are predicted.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import real_tables
from speed import markdown

COLUMNS, WRONG = 20, 0.08


def make_rows(path, rows, seed):
    import numpy
    import pandas

    source = numpy.random.default_rng(seed)
    x = source.normal(size=(rows, COLUMNS)).astype("float32").round(4)
    score = numpy.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.7 * x[:, 3] - 0.5 * numpy.abs(x[:, 4]) + 0.4
    y = (score > 0) ^ (source.random(rows) < WRONG)
    table = pandas.DataFrame(x, columns=[f"c{column}" for column in range(COLUMNS)])
    table["y"] = numpy.where(y, "yes", "no")
    table.to_csv(path, index=False)


def measured(command):
    """(JSON that the command prints, seconds, largest resident size in bytes)."""
    start = time.perf_counter()
    with subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True) as process:
        text = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"exit code {process.returncode}")
    return json.loads(text), time.perf_counter() - start, 1024 * usage.ru_maxrss


def main():
    parser = argparse.ArgumentParser(description="`longhand train` with its defaults on many rows.")
    parser.add_argument("--binary", type=pathlib.Path, default=real_tables.DEFAULT_BINARY)
    parser.add_argument("--rows", default="100000,1000000", help="numbers, separated by commas")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--options", default="", help="further options of longhand train")
    arguments = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for rows in map(int, arguments.rows.split(",")):
            make_rows(folder / "train.csv", rows, 1)
            make_rows(folder / "test.csv", rows // 20, 2)
            command = [arguments.binary, "train", folder / "train.csv", "--target", "y", "-o", folder / "m", "--json"]
            learned, seconds, memory = measured([*command, "--threads", arguments.threads, *arguments.options.split()])
            metrics = real_tables.run([arguments.binary, "evaluate", folder / "m", folder / "test.csv", "--json"])["metrics"]
            found.append([f"{rows:,}", learned["epochs"], f"{seconds:.0f} s", f"{memory / 1e6:,.0f} MB", f"{metrics['accuracy']:.4f}"])
    print(markdown.table(["rows", "epochs", "`longhand train`", "most memory", f"accuracy, {1 - WRONG:.2f} at best"], found), end="")


if __name__ == "__main__":
    main()
