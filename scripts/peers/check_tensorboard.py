#!/usr/bin/env python3
"""Reads the event files of `longhand train --tensorboard FOLDER` with TensorBoard's own reader.

usage: check_tensorboard.py FOLDER FILE.jsonl

FILE.jsonl is what the same training wrote with `--log`. Prints a line for each tag: how many steps it has, the first and
the last value. Exit code 1, with a line on stderr, where TensorBoard sees other figures than the log has. Needs tensorboard.
"""

import json
import math
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

FOLDERS = {"training": "training", "all rows": "all_rows"}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    expected = {}
    with open(sys.argv[2], encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            folder, epoch = FOLDERS[line.pop("part")], line.pop("epoch")
            line.pop("seconds")
            for name, value in line.items():
                expected.setdefault(f"{folder}/{name}", []).append((epoch, value))
    events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0})
    events.Reload()
    tags = events.Tags()["scalars"]
    if set(tags) != set(expected):
        sys.exit(f"TensorBoard sees {sorted(tags)}, the log has {sorted(expected)}")
    for tag in sorted(tags):
        seen = [(event.step, event.value) for event in events.Scalars(tag)]
        same = len(seen) == len(expected[tag]) and all(
            step == epoch and math.isclose(value, figure, rel_tol=1e-6)
            for (step, value), (epoch, figure) in zip(seen, expected[tag])
        )
        if not same:
            sys.exit(f"{tag}: TensorBoard sees {seen[:3]}, the log has {expected[tag][:3]}")
        print(f"{tag}: {len(seen)} steps, {seen[0][1]:.6g} to {seen[-1][1]:.6g}")


if __name__ == "__main__":
    main()
