"""What a report draws, as scikit-learn and scipy compute it: tests/goldens/curves.json.

    venv/bin/pip install numpy scikit-learn scipy
    venv/bin/python scripts/goldens/curves.py tests/goldens/curves.json

Each case of `binary` has p and y, the points of the ROC curve and of precision and recall at every threshold, the average
precision, and the bins of a calibration curve with their expected error. `normal` has quantiles, `wilson` intervals.
"""

import json
import sys

import numpy
import scipy.stats
import sklearn
from sklearn import calibration, metrics


def binary(name, p, y):
    false_positive, true_positive, _ = metrics.roc_curve(y, p, drop_intermediate=False)
    precision, recall, _ = metrics.precision_recall_curve(y, p)
    observed, predicted = calibration.calibration_curve(y, p, n_bins=10)
    rows = numpy.histogram(p, bins=numpy.linspace(0, 1, 11))[0]
    rows = rows[rows > 0]
    return {
        "name": name,
        "p": p.tolist(),
        "y": y.tolist(),
        "roc": numpy.stack([false_positive, true_positive], axis=1).tolist(),
        # From the highest threshold down, without the point that scikit-learn adds at recall 0.
        "precision_recall": numpy.stack([recall, precision], axis=1)[:-1][::-1].tolist(),
        "average_precision": metrics.average_precision_score(y, p),
        "calibration": numpy.stack([predicted, observed], axis=1).tolist(),
        "expected_calibration_error": float(numpy.sum(rows * numpy.abs(observed - predicted)) / rows.sum()),
    }


def main():
    source = numpy.random.default_rng(5)
    y = source.integers(0, 2, 80)
    p = numpy.clip(0.4 * y + source.uniform(size=80) * 0.6, 0.01, 0.99)
    quantiles = [1e-12, 1e-5, 0.001, 0.025, 0.3, 0.5, 0.9, 0.9999]
    document = {
        "made_by": "scripts/goldens/curves.py",
        "scikit-learn": sklearn.__version__,
        "scipy": scipy.__version__,
        "binary": [binary("all different", p, y), binary("ties", numpy.round(p, 1) * 0.9 + 0.053, y)],
        "normal": [[q, float(scipy.stats.norm.ppf(q))] for q in quantiles],
        "wilson": [
            [hits, rows, *scipy.stats.binomtest(hits, rows).proportion_ci(0.95, "wilson")] for hits, rows in [(0, 7), (3, 10), (500, 501)]
        ],
    }
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(document, file)
        file.write("\n")


if __name__ == "__main__":
    main()
