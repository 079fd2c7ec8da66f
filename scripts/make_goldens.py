#!/usr/bin/env python3
"""Makes the oracle data that Longhand's tests compare against, with PyTorch as the judge.

    python3 -m venv venv && venv/bin/pip install numpy torch
    venv/bin/python scripts/make_goldens.py              # all three files, into tests/goldens/
    venv/bin/python scripts/make_goldens.py parity -o /tmp/goldens

What it makes (one JSON document each: `versions`, then `cases`, one case a line):

  ops.json      every operation of the graph: inputs, output, and the gradient of sum(output * cotangent)
                for each input, in double precision
  parity.json   small networks: output, loss, gradients, and the parameters after each of five optimiser
                steps on the same batch, in double and in single precision
  explain.json  every quantity that `longhand explain` names, for networks with given weights and data

The data are a function of this code alone (random numbers come from Python's own generator, seeded by
each case's name), so running it again with the same PyTorch gives the same files. Every file is checked
before it is written: gradients against differences of the forward pass, single against double precision,
and PyTorch's forward pass against one in plain numpy. What a reader of the files must know about their
conventions stands at the top of scripts/goldens/ops.py, parity.py and explain.py.
"""

import argparse
import pathlib

from goldens import explain, ops, parity
from goldens.common import write_cases

MAKERS = {"ops": ops.cases, "parity": parity.cases, "explain": explain.cases}
DEFAULT_FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests" / "goldens"


def main():
    parser = argparse.ArgumentParser(description="Makes the goldens that the tests compare against.")
    parser.add_argument("which", nargs="*", metavar="FILE", help=f"which to make: {', '.join(MAKERS)} (default: all)")
    parser.add_argument("-o", "--output", type=pathlib.Path, default=DEFAULT_FOLDER, help="folder to write to")
    arguments = parser.parse_args()
    unknown = set(arguments.which) - set(MAKERS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))} (choose from {', '.join(MAKERS)})")

    arguments.output.mkdir(parents=True, exist_ok=True)
    for name in arguments.which or MAKERS:
        path = arguments.output / f"{name}.json"
        cases = list(MAKERS[name]())
        write_cases(path, cases)
        print(f"{path.name}: {len(cases)} cases, {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
