#!/usr/bin/env python3
"""The memory that training takes in Longhand and in PyTorch, on the steps of `longhand bench`, as a Markdown table.

    venv/bin/pip install torch
    venv/bin/python scripts/peers/memory.py [--write docs/performance.md] [--binaries DIR]

Each case has a process of its own that does ten steps on one batch: what its resident size rose by at its highest, from
just before the network was made (after a step of a tiny network, which loads libraries and code), and in brackets the
whole process. Beside it the numbers that cannot be done without: parameters, the optimiser's memory and the batch.
`bench_memory` is built with -DLONGHAND_BUILD_BENCHMARKS=ON.
"""

import argparse
import datetime
import json
import pathlib
import subprocess
import sys

from speed import markdown
from speed.cases import STANDARD, Case, from_json

WARM_UP = Case("warm-up", (2, 2, 2), "cross_entropy", 1, "adam")
BINARIES = pathlib.Path(__file__).resolve().parents[2] / "build" / "release" / "bin"


def status_bytes(key):
    for line in pathlib.Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(key + ":"):
            return 1024 * int(line.split()[1])
    raise RuntimeError(f"/proc/self/status has no {key}")


def train_with_torch(case):
    """What a process that is started with --worker prints."""
    import torch

    from speed import torch_peer

    torch.set_num_threads(1)
    torch_peer.Step(WARM_UP, compiled=False).run()  # loads what is loaded when first used
    before = status_bytes("VmRSS")
    step = torch_peer.Step(case, compiled=False)
    step.first = None  # nothing is ever reset
    for _ in range(10):
        step.run()
    peak = status_bytes("VmHWM")
    print(json.dumps({"peak_bytes": peak - before, "process_bytes": peak, "version": torch_peer.version()}))


def ask(command, text):
    return json.loads(subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout)


def main():
    parser = argparse.ArgumentParser(description="The memory of training beside PyTorch's, as a Markdown table.")
    parser.add_argument("--write", type=pathlib.Path, metavar="FILE.md")
    parser.add_argument("--binaries", type=pathlib.Path, default=BINARIES)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        return train_with_torch(from_json(json.load(sys.stdin)))

    rows, version = [], ""
    for case in (case for case in STANDARD if case.trains):
        description = {"name": case.name, "batch": case.batch, "trains": True, "description": case.network()}
        ours = ask([str(arguments.binaries / "bench_memory")], json.dumps(description))
        theirs = ask([sys.executable, __file__, "--worker"], json.dumps(case.to_json()))
        version = theirs["version"]
        mib = [
            f"{value / 2**20:.2f}" if value < 100 * 2**20 else f"{value / 2**20:.0f}"
            for value in (
                ours["state_bytes"] + ours["data_bytes"],
                ours["arena_bytes"],
                ours["peak_bytes"],
                ours["process_bytes"],
                theirs["peak_bytes"],
                theirs["process_bytes"],
            )
        ]
        needed, arena, *peaks = mib
        rows.append([case.name, needed, arena, f"{peaks[0]} ({peaks[1]})", f"{peaks[2]} ({peaks[3]})"])
    head = ["MiB", "parameters, optimiser, batch", "Longhand's arena", "Longhand, peak", f"{version}, peak"]
    text = markdown.table(head, rows) + (
        f"\n{datetime.date.today().isoformat()}, one thread, {markdown.processor()}. What the resident size rose by at its "
        "highest; in brackets the whole process.\n"
    )
    print(text, end="")
    if arguments.write:
        markdown.replace_sections(arguments.write, {"memory": text})
    return None


if __name__ == "__main__":
    main()
