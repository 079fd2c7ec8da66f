#!/usr/bin/env python3
"""Training from a CSV file that is larger than the memory it is given, beside reading it with pandas, as a Markdown table.

    venv/bin/pip install numpy pandas
    venv/bin/python scripts/peers/large_csv.py [--gigabytes 5] [--write docs/performance.md] [--binary PATH] [--file PATH]

The file has 18 numbers, a category, gaps, and a target that follows from them; 200,000 rows are written again and again.
It is made in a temporary folder and removed, or stays at --file and is used again. Longhand trains a network of 128
hidden units for one epoch and evaluates it on all rows; pandas reads the file in pieces of 100,000 rows and does nothing else. Each has a process of its own, which tells its seconds and its largest resident
size.
"""

import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from speed import markdown

ROWS, NUMBERS, PIECE = 200_000, 18, 100_000
DEFAULT_BINARY = pathlib.Path(__file__).resolve().parents[2] / "build" / "release" / "bin" / "longhand"
READ = (
    "import sys, pandas\n"
    "rows = sum(len(piece) for piece in pandas.read_csv(sys.argv[1], chunksize=int(sys.argv[2])))\n"
    "print(pandas.__version__, rows)\n"
)


def make_file(path, gigabytes):
    """In a process of its own: one that is started inherits what its parent's resident size was."""
    import numpy
    import pandas

    source = numpy.random.default_rng(1)
    values = source.normal(size=(ROWS, NUMBERS)).round(6)
    place = source.integers(0, 12, size=ROWS)
    target = numpy.sin(values[:, 0]) + values[:, 1] * values[:, 2] + 0.3 * place + source.normal(scale=0.1, size=ROWS)
    table = pandas.DataFrame(values, columns=[f"c{column}" for column in range(NUMBERS)])
    table.loc[source.random(ROWS) < 0.05, "c5"] = numpy.nan
    table["place"] = [f"place {number}" for number in place]
    table["y"] = target.round(4)
    head, block = table.to_csv(index=False).encode().split(b"\n", 1)
    with open(path, "wb") as file:
        file.write(head + b"\n")
        while file.tell() < gigabytes * 1e9:
            file.write(block)


def measured(command):
    """What the command prints, its seconds and its largest resident size in bytes."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return printed, time.perf_counter() - start, usage.ru_maxrss * 1024


def main():
    parser = argparse.ArgumentParser(description="Training from a large CSV file beside reading it with pandas.")
    parser.add_argument("--binary", type=pathlib.Path, default=DEFAULT_BINARY)
    parser.add_argument("--gigabytes", type=float, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--write", type=pathlib.Path, metavar="FILE.md")
    parser.add_argument("--file", type=pathlib.Path)
    parser.add_argument("--make", type=pathlib.Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.make:
        return make_file(arguments.make, arguments.gigabytes)

    with tempfile.TemporaryDirectory() as folder:
        path = arguments.file or pathlib.Path(folder) / "large.csv"
        if not path.exists():
            measured([sys.executable, __file__, "--make", path, "--gigabytes", str(arguments.gigabytes)])
        size = path.stat().st_size
        train = [arguments.binary, "train", path, "--target", "y", "--stream", "--epochs", "1", "--hidden", "128", "--json", "--threads"]
        model = pathlib.Path(folder) / "model.safetensors"
        train += [str(arguments.threads), "-o", model]
        printed, seconds, peak = measured(train)
        result = json.loads(printed)
        evaluate = [arguments.binary, "evaluate", model, path, "--stream", "--json", "--threads", str(arguments.threads)]
        printed, seconds_of_evaluating, peak_of_evaluating = measured(evaluate)
        rows = json.loads(printed)["rows"]
        printed, seconds_of_reading, peak_of_reading = measured([sys.executable, "-c", READ, path, str(PIECE)])
        version, rows_read = printed.split()
    if int(rows_read) != rows or not 0.98 * rows < result["rows"] <= rows:
        raise SystemExit(f"{rows_read} rows were read, {rows} evaluated, {result['rows']} learned from")

    def line(name, duration, memory):
        return [name, f"{duration:.1f} s", f"{rows / duration / 1e3:.0f}", f"{size / duration / 1e6:.0f}", f"{memory / 1e6:.0f} MB"]

    steps = result["seconds"]
    text = markdown.table(
        ["", "time", "thousand rows a second", "MB of the file a second", "largest resident size"],
        [
            line("Longhand: all of it, to a model", seconds, peak),
            line("of that, the epoch's steps", steps, peak),
            line("Longhand: evaluating the model on all of it", seconds_of_evaluating, peak_of_evaluating),
            line(f"pandas {version}: reading", seconds_of_reading, peak_of_reading),
        ],
    )
    text += (
        f"\n{datetime.date.today().isoformat()}, {markdown.processor()}, {arguments.threads} threads for Longhand: "
        f"{size / 1e9:.1f} GB, {rows / 1e6:.1f} million rows of {NUMBERS + 1} columns and a target, once each.\n"
    )
    print(text, end="")
    if arguments.write:
        markdown.replace_sections(arguments.write, {"large": text})
    return None


if __name__ == "__main__":
    main()
