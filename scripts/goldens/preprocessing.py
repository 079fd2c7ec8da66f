"""What rows of titanic.csv become, by pandas and NumPy: tests/goldens/preprocessing.json.

    venv/bin/pip install numpy pandas scipy
    venv/bin/python scripts/goldens/preprocessing.py examples/data/titanic.csv tests/goldens/preprocessing.json

For each way to scale numbers: `features`, their names in order, and `x`, a row for each of `rows` (from 0). A number
is scaled by what the cells that have a value say, a missing one is the median first, and where a column has missing
cells its indicator follows. Two categories are one feature, -1 for the first in the order of their bytes and 1 for
the second; more are one-hot. Quantile scalings are linear between knots at equal shares of the rows, 101 at most; equal
knots are one, at the mean of their shares. `steps` edges at equal shares of the rows follow the number as its piecewise
linear encoding.
"""

import json
import sys

import numpy
import pandas
from scipy.stats import norm

NUMBERS = ["pclass", "age", "sibsp", "parch", "fare"]
ROWS = [0, 5, 17, 61, 258, 829, 888]


def scaled(values, present, scaling):
    if scaling == "standard":
        return (values - present.mean()) / present.std(ddof=0)
    if scaling.startswith("quantile"):
        shares = numpy.linspace(0, 1, min(101, len(present)))
        knots, of_knot = numpy.unique(numpy.quantile(present, shares), return_inverse=True)
        mean_shares = numpy.array([shares[of_knot == i].mean() for i in range(len(knots))])
        if scaling == "quantile_normal":
            levels = norm.ppf(numpy.clip(mean_shares, 0.5 / len(shares), 1 - 0.5 / len(shares)))
        else:
            levels = 2 * mean_shares - 1
        return numpy.interp(values, knots, levels)
    low, middle, high = numpy.quantile(present, [0.25, 0.5, 0.75])
    scale = high - low if high > low else (present.max() - present.min()) / 2
    u = (values - middle) / scale
    return u / numpy.sqrt(1 + (u / 3) ** 2)


def encoded(values, present, steps):
    edges = numpy.unique(numpy.quantile(present, numpy.linspace(0, 1, steps + 1)))
    for low, high in zip(edges, edges[1:]):
        yield f"{low:.4g} to {high:.4g}", numpy.clip((values - low) / (high - low), 0, 1)


def features(table, scaling, steps):
    for name in table.columns:
        column = table[name]
        is_missing = column.isna()
        if name in NUMBERS:
            present = column.dropna().to_numpy(float)
            values = column.fillna(numpy.median(present)).to_numpy(float)
            yield name, scaled(values, present, scaling)
            for step, shares in encoded(values, present, steps) if steps else []:
                yield f"{name} from {step}", shares
        else:
            column = column.where(is_missing, column.astype(str))
            categories = sorted(column.dropna().unique())
            if len(categories) == 2:
                name_of_both = f"{name} = {categories[1]} (1) or {categories[0]} (-1)"
                yield name_of_both, (column == categories[1]).astype(float) - (column == categories[0]).astype(float)
            else:
                for category in categories:
                    yield f"{name} = {category}", (column == category).astype(float)
        if is_missing.any():
            yield f"{name} is missing", is_missing.astype(float)


def main():
    source, output = sys.argv[1:]
    table = pandas.read_csv(source, keep_default_na=True).drop(columns=["survived", "alive"])
    cases = []
    for scaling, steps in [("standard", 0), ("robust", 0), ("quantile_normal", 0), ("quantile_uniform", 4), ("standard", 12)]:
        columns = list(features(table, scaling, steps))
        rows = [[float(numpy.asarray(values)[row]) for _, values in columns] for row in ROWS]
        cases.append({"scaling": scaling, "steps": steps, "features": [name for name, _ in columns], "rows": ROWS, "x": rows})
    versions = {"made_by": "scripts/goldens/preprocessing.py", "numpy": numpy.__version__, "pandas": pandas.__version__}
    with open(output, "w", encoding="utf-8") as file:
        lines = ",\n".join(json.dumps(case, allow_nan=False) for case in cases)
        file.write(f'{{"versions": {json.dumps(versions)},\n"cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
