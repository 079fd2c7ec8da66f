#!/usr/bin/env python3
"""What each choice of the defaults is worth: the change of the error where one of them is taken away, by the tables' size.

    venv/bin/pip install numpy pandas scikit-learn
    venv/bin/python scripts/peers/ablation.py FOLDER [FOLDER] [--seeds 3] [--group "tuned on"] [--write docs/defaults.md]

The folders and splits are those of defaults.py. A table's error is the mean over its splits of its root mean squared
error, or of its share of wrong classes and half a percent: a table without errors has changes too. A figure is the
geometric mean, over the tables of that size whose predictions change, of the error without the choice by the error with
it, less one; above 0, the choice is worth having. A dash: there are none. Tables of more than --once rows have one split.
With --try="--ensemble 8" it is the change where these flags are given, as often as that is said.
"""

import argparse
import datetime
import math
import pathlib
import warnings

import real_tables
from speed import markdown

CHOICES = {
    "averaged networks": ["--ensemble", "1"],
    "dropout": ["--dropout", "0"],
    "steps of numbers": ["--number-steps", "0"],
    "cosine": ["--schedule", "constant"],
    "weight decay": ["--weight-decay", "0"],
    "learning again from all rows": ["--no-refit"],
    "robust scaling": ["--number-scaling", "standard"],
}
SIZES = {"below 2,000 rows": 2_000, "to 20,000 rows": 20_001, "beyond": math.inf}


def error(table, metrics):
    return metrics["rmse"] if table.regression else 1 - metrics["accuracy"] + 0.005


def changes_of(table, rows, seeds, choices, arguments):
    """choice -> the logarithm of its ratio of errors, or nothing where the predictions are the same."""
    metrics = {choice: [] for choice in ["", *choices]}
    for seed in seeds:
        parts = real_tables.split(table, rows, seed)
        for choice, each in metrics.items():
            options = ["--threads", arguments.threads, *choices.get(choice, [])]
            each.append(real_tables.longhand(arguments.binary, table, parts, seed, options)[0])
    total = {choice: sum(error(table, one) for one in each) for choice, each in metrics.items()}
    return {choice: math.log(total[choice] / total[""]) for choice in choices if metrics[choice] != metrics[""]}


def cell(changes):
    if not changes:
        return "–"
    return f"{100 * math.expm1(sum(changes) / len(changes)):+.1f}%"


def main():
    parser = argparse.ArgumentParser(description="What each choice of the defaults is worth.")
    parser.add_argument("folders", type=pathlib.Path, nargs="+", help="as for defaults.py")
    parser.add_argument("--binary", type=pathlib.Path, default=real_tables.DEFAULT_BINARY)
    parser.add_argument("--group", default="", help="of a folder with groups, those of this one alone")
    parser.add_argument("--seeds", type=int, default=3, help="how many splits")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--once", type=int, default=5_000, help="tables of more rows have one split")
    parser.add_argument("--most-rows", type=int, default=1_000_000, help="larger tables are left out")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--try", dest="tries", metavar="FLAGS", action="append", default=[], help="flags in place of the choices")
    parser.add_argument("--write", metavar="FILE.md", help="put the table between this page's markers")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    choices = {flags: flags.split() for flags in arguments.tries} or CHOICES
    changes = {size: {choice: [] for choice in choices} for size in SIZES}
    counts = dict.fromkeys(SIZES, 0)
    for folder in arguments.folders:
        for name, table in real_tables.tables_in(folder, group=arguments.group).items():
            rows = table.read()
            if len(rows) > arguments.most_rows:
                continue
            learned = len(rows) * 3 // 4
            seeds = range(arguments.first_seed, arguments.first_seed + (1 if len(rows) > arguments.once else arguments.seeds))
            size = next(size for size, limit in SIZES.items() if learned < limit)
            found = changes_of(table, rows, seeds, choices, arguments)
            print(f"{name} ({learned:,} rows): " + ", ".join(f"{choice} {cell([change])}" for choice, change in found.items()), flush=True)
            counts[size] += 1
            for choice, change in found.items():
                changes[size][choice].append(change)
    head = ["with" if arguments.tries else "without", *(f"{size} ({count} table{'s' * (count != 1)})" for size, count in counts.items())]
    text = markdown.table(head, [[choice, *(cell(changes[size][choice]) for size in SIZES)] for choice in choices])
    text += f"\n{datetime.date.today().isoformat()}\n"
    print(text, end="")
    if arguments.write:
        markdown.replace_sections(arguments.write, {"ablation": text})


if __name__ == "__main__":
    main()
