"""The tables that defaults are judged on, their splits, and Longhand's score on them, for defaults.py and ablation.py.

A folder has a CSV file for each of TABLES, or a tables.json that says what else it holds, as more_tables.py writes it:
{"name": {"target": "y", "regression": false, "group": "set aside"}}, with where it is from as "origin".
"""

import dataclasses
import json
import pathlib
import subprocess
import sys
import tempfile
import time

DEFAULT_BINARY = pathlib.Path(__file__).resolve().parents[2] / "build" / "release" / "bin" / "longhand"


@dataclasses.dataclass(frozen=True)
class Table:
    path: pathlib.Path
    target: str
    regression: bool = False
    how: dict = dataclasses.field(default_factory=dict)  # it is read by pandas
    left_out: tuple = ()
    group: str = ""
    origin: str = ""

    def read(self):
        import pandas

        return pandas.read_csv(self.path, **self.how).drop(columns=list(self.left_out))

    @property
    def measure(self):
        return "RMSE" if self.regression else "accuracy"


TABLES = {
    "breast_cancer": {"target": "diagnosis"},
    "iris": {"target": "species"},
    "wine": {"target": "cultivar"},
    "digits": {"target": "digit"},
    "banknote": {"target": "class", "how": {"header": None, "names": ["v1", "v2", "v3", "v4", "class"]}},
    "titanic": {"target": "survived", "left_out": ("alive",)},
    "diabetes": {"target": "progression", "regression": True},
    "winequality-red": {"target": "quality", "regression": True, "how": {"sep": ";"}},
    "california_housing": {"target": "median_house_value", "regression": True},
}


def tables_in(folder, names="", group=""):
    """Those of the folder by name, in order; of `names` alone, separated by commas, or, where the folder has groups, of
    one. Ends where there are none."""
    described = folder / "tables.json"
    known = json.loads(described.read_text()) if described.exists() else TABLES
    tables = {name: Table(folder / f"{name}.csv", **table) for name, table in known.items()}
    wanted = names.split(",") if names else [name for name, table in tables.items() if not group or table.group in (group, "")]
    if unknown := [name for name in wanted if name not in tables]:
        sys.exit(f"{folder}: no table {', '.join(unknown)}; there are {', '.join(tables)}")
    if not wanted:
        sys.exit(f"{folder}: no table of the group '{group}'")
    return {name: tables[name] for name in wanted}


def split(table, rows, seed):
    """75% of the rows to learn from and the rest, classes in proportion."""
    from sklearn.model_selection import train_test_split

    return train_test_split(rows, test_size=0.25, random_state=seed, stratify=None if table.regression else rows[table.target])


def run(command):
    """The JSON that a Longhand command prints; ends the script with the command's own error where it fails."""
    finished = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{finished.stderr.strip()} (exit code {finished.returncode})")
    return json.loads(finished.stdout)


def longhand(binary, table, parts, seed, options):
    """(metrics on the second part, seconds of `longhand train` on the first)."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for part, file in zip(parts, ("train.csv", "test.csv")):
            part.to_csv(folder / file, index=False)
        task = ["--task", "regression"] if table.regression else []
        start = time.perf_counter()
        run([binary, "train", folder / "train.csv", "--target", table.target, "--seed", seed, "-o", folder / "m", "--json", *task, *options])
        seconds = time.perf_counter() - start
        return run([binary, "evaluate", folder / "m", folder / "test.csv", "--json"])["metrics"], seconds
