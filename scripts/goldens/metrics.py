"""Metrics as scikit-learn computes them: tests/goldens/metrics.json.

    venv/bin/pip install numpy scikit-learn
    venv/bin/python scripts/goldens/metrics.py tests/goldens/metrics.json

Each case has predictions, targets and what sklearn.metrics says of them. `threshold` is from which probability a row
is of class 1. NaN is null: auc where one class occurs, r2 of a constant target. `intervals` are the 2.5% and 97.5%
quantiles of each metric over 10,000 resamples of the rows.
"""

import json
import math
import sys

import numpy
import sklearn
from sklearn import metrics


def number(value):
    return None if math.isnan(value) else float(value)


def binary(name, p, y, threshold=0.5):
    predicted = (p >= threshold).astype(int)
    both = len(set(y.tolist())) == 2
    return {
        "name": name,
        "task": "binary",
        "p": p.tolist(),
        "y": y.tolist(),
        "threshold": threshold,
        "values": {
            "accuracy": number(metrics.accuracy_score(y, predicted)),
            "auc": number(metrics.roc_auc_score(y, p)) if both else None,
            "log_loss": number(metrics.log_loss(y, p, labels=[0, 1])),
            "f1": number(metrics.f1_score(y, predicted, zero_division=0)),
            "brier": number(metrics.brier_score_loss(y, p, pos_label=1, labels=[0, 1])),
        },
        "confusion": metrics.confusion_matrix(y, predicted, labels=[0, 1]).tolist(),
    }


def multiclass(name, p, y):
    classes = list(range(p.shape[1]))
    predicted = p.argmax(axis=1)
    return {
        "name": name,
        "task": "multiclass",
        "p": p.ravel().tolist(),
        "y": y.tolist(),
        "classes": len(classes),
        "values": {
            "accuracy": number(metrics.accuracy_score(y, predicted)),
            "log_loss": number(metrics.log_loss(y, p, labels=classes)),
            "f1_macro": number(metrics.f1_score(y, predicted, average="macro", zero_division=0)),
        },
        "confusion": metrics.confusion_matrix(y, predicted, labels=classes).tolist(),
    }


def regression(name, p, y):
    constant = len(set(y.tolist())) == 1
    return {
        "name": name,
        "task": "regression",
        "p": p.tolist(),
        "y": y.tolist(),
        "values": {
            "rmse": number(metrics.root_mean_squared_error(y, p)),
            "mae": number(metrics.mean_absolute_error(y, p)),
            "r2": None if constant else number(metrics.r2_score(y, p)),
        },
    }


def with_intervals(make, name, p, y, resamples=10_000):
    case = make(name, p, y)
    source = numpy.random.default_rng(11)
    values = {metric: [] for metric in case["values"]}
    for _ in range(resamples):
        rows = source.integers(0, len(y), len(y))
        for metric, value in make(name, p[rows], y[rows])["values"].items():
            values[metric].append(value)
    case["intervals"] = {metric: numpy.quantile(all, [0.025, 0.975]).tolist() for metric, all in values.items()}
    return case


def cases():
    source = numpy.random.default_rng(7)
    y = source.integers(0, 2, 60)
    p = numpy.clip(0.5 * y + source.uniform(size=60) * 0.6, 0.01, 0.99)
    yield binary("two classes", p, y)
    yield binary("another threshold", p, y, 0.8)
    yield binary("ties", numpy.round(p, 1), y)
    yield binary("one class", p[:5], numpy.ones(5, int))
    yield binary("no row is or is taken for class 1", numpy.full(4, 0.1), numpy.zeros(4, int))
    yield binary("certain, once wrongly", numpy.array([0.0, 1.0, 1.0, 0.0]), numpy.array([0, 1, 0, 0]))
    y = source.integers(0, 4, 50)
    p = source.dirichlet(numpy.ones(4), 50) + 0.8 * numpy.eye(4)[y]
    p /= p.sum(axis=1, keepdims=True)
    yield multiclass("four classes", p, y)
    yield multiclass("a class that neither occurs nor is predicted", numpy.hstack([p[:, :3], 0 * p[:, :1]])
                     / p[:, :3].sum(axis=1, keepdims=True), y % 3)
    y = source.normal(100, 30, 40)
    yield regression("numbers", y + source.normal(0, 5, 40), y)
    yield regression("worse than the mean", -y, y)
    y = source.integers(0, 2, 150)
    p = numpy.clip(0.3 * y + source.uniform(size=150) * 0.7, 0.01, 0.99)
    yield with_intervals(binary, "two classes, resampled", p, y)
    y = source.integers(0, 3, 120)
    p = source.dirichlet(numpy.ones(3), 120) + 0.5 * numpy.eye(3)[y]
    yield with_intervals(multiclass, "three classes, resampled", p / p.sum(axis=1, keepdims=True), y)
    y = source.normal(100, 30, 80)
    yield with_intervals(regression, "numbers, resampled", y + source.normal(0, 12, 80), y)
    yield regression("constant target", source.normal(size=6), numpy.full(6, 3.0))


def main():
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(json.dumps({"made_by": "scripts/goldens/metrics.py", "scikit-learn": sklearn.__version__})[:-1])
        file.write(', "cases": [\n' + ",\n".join(json.dumps(case) for case in cases()) + "\n]}\n")


if __name__ == "__main__":
    main()
