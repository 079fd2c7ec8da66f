#!/usr/bin/env python3
"""How fast Longhand reads a CSV file of numbers, beside pandas.read_csv (its C engine, as it comes).

    venv/bin/pip install numpy pandas
    venv/bin/python scripts/peers/csv_speed.py [--megabytes 200] [--repeats 5] [--binary PATH]

The file is made first, the same each time, in a temporary folder. The readers take turns, so that both meet the same
machine; each has read the file once before (from the page cache, as both do from then on). `bench_csv FILE` prints one
JSON line with seconds, rows and columns; rows and columns must be what pandas found.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile
import time

import numpy
import pandas

COLUMNS = 20
DEFAULT_BINARY = pathlib.Path(__file__).resolve().parents[2] / "build" / "release" / "bin" / "bench_csv"


def make_file(path, megabytes):
    """Writes a header and rows of measurements until the file is about that large: decimals of 2 to 17 digits, small
    whole numbers, and a column in scientific notation. One block of rows is written again and again."""
    source = numpy.random.default_rng(1)
    rows = 20_000
    formats = ["%.4f"] * 8 + ["%.2f"] * 4 + ["%.17g"] * 2 + ["%.6e"] + ["%d"] * 5
    values = numpy.column_stack(
        [source.normal(scale=100.0, size=(rows, 15)), source.integers(0, 1000, size=(rows, 5)).astype(float)]
    )
    row = ",".join(formats) + "\n"
    block = "".join(row % tuple(line) for line in values.tolist()).encode()
    with open(path, "wb") as file:
        file.write((",".join(f"c{column}" for column in range(COLUMNS)) + "\n").encode())
        while file.tell() < megabytes * 1e6:
            file.write(block)


def read_with_pandas(path):
    start = time.perf_counter()
    table = pandas.read_csv(path)
    return time.perf_counter() - start, table.shape


def read_with_longhand(binary, path):
    printed = subprocess.run([str(binary), str(path)], capture_output=True, text=True, check=True).stdout
    result = json.loads(printed)
    return result["seconds"], (result["rows"], result["columns"])


def main():
    parser = argparse.ArgumentParser(description="CSV reading speed beside pandas.")
    parser.add_argument("--binary", type=pathlib.Path, default=DEFAULT_BINARY)
    parser.add_argument("--megabytes", type=float, default=200)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()

    peer = f"pandas {pandas.__version__}"
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "numbers.csv"
        make_file(path, arguments.megabytes)
        megabytes = path.stat().st_size / 1e6
        readers = {
            "longhand": lambda: read_with_longhand(arguments.binary, path),
            peer: lambda: read_with_pandas(path),
        }
        shapes = {name: read()[1] for name, read in readers.items()}
        if len(set(shapes.values())) != 1:
            parser.exit(1, f"the readers disagree about rows and columns: {shapes}\n")
        seconds = {name: [] for name in readers}
        for _ in range(arguments.repeats):
            for name, read in readers.items():
                seconds[name].append(read()[0])

    rows, columns = shapes[peer]
    print(f"{megabytes:.0f} MB, {rows} rows of {columns} numbers, {arguments.repeats} times each")
    print(f"{'':<16} {'best MB/s':>10} {'median MB/s':>12}")
    best = {name: megabytes / min(times) for name, times in seconds.items()}
    median = {name: megabytes / statistics.median(times) for name, times in seconds.items()}
    for name in readers:
        print(f"{name:<16} {best[name]:>10.0f} {median[name]:>12.0f}")
    print(f"{'ratio':<16} {best['longhand'] / best[peer]:>10.2f} {median['longhand'] / median[peer]:>12.2f}")


if __name__ == "__main__":
    main()
