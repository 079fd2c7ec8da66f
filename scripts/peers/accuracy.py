#!/usr/bin/env python3
"""How good `longhand train` is with no options but the target, beside scikit-learn's MLPs on the same splits.

    venv/bin/pip install numpy pandas scikit-learn
    venv/bin/python scripts/peers/accuracy.py DATA_FOLDER [--seeds 5] [--datasets iris,wine] [--binary PATH]

Each table is split 75 to 25 (stratified for classes) once a seed. Longhand reads the parts as CSV files through its
command; the time is that of `longhand train`, starting and reading included. The peer is StandardScaler and then
MLPClassifier or MLPRegressor with max_iter=1000 and its other defaults; the time is that of fit. Times are the
processor's, of all threads together, so that other work on the machine hardly changes them; set OMP_NUM_THREADS=1 to
keep the peer's threads from waiting for each other. Both get the same seed. Higher accuracy is better, lower RMSE is
better.
"""

import argparse
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import time
import warnings

import numpy
import pandas
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import accuracy_score, root_mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

# table -> (target column, is it a regression, has it a header)
DATASETS = {
    "breast_cancer": ("diagnosis", False, True),
    "iris": ("species", False, True),
    "wine": ("cultivar", False, True),
    "digits": ("digit", False, True),
    "banknote": ("-1", False, False),
    "diabetes": ("progression", True, True),
}
DEFAULT_BINARY = pathlib.Path(__file__).resolve().parents[2] / "build" / "release" / "bin" / "longhand"


def run(command):
    """The JSON that a Longhand command prints; ends the script with the command's own error where it fails."""
    finished = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(
            f"{' '.join(str(part) for part in command)}\n{finished.stderr.strip()} (exit code {finished.returncode})"
        )
    return json.loads(finished.stdout)


def children_seconds():
    """Processor time of the commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def longhand(arguments, train, test, seed, name, folder):
    """Score on the test part, and seconds of `longhand train`."""
    target, regression, header = DATASETS[name]
    paths = {"train": folder / "train.csv", "test": folder / "test.csv"}
    train.to_csv(paths["train"], index=False, header=header)
    test.to_csv(paths["test"], index=False, header=header)
    options = [] if header else ["--no-header"]
    if arguments.threads:
        options += ["--threads", arguments.threads]
    model = folder / "model.safetensors"
    start = children_seconds()
    run(
        [arguments.binary, "train", paths["train"], "--target", target, "--seed", seed, "-o", model, "--json", *options]
    )
    seconds = children_seconds() - start
    metrics = run([arguments.binary, "evaluate", model, paths["test"], "--json", *options])["metrics"]
    return metrics["rmse" if regression else "accuracy"], seconds


def scikit_learn(train, test, seed, column, regression):
    """Score on the test part, and seconds of `fit`."""
    features = [name for name in train.columns if name != column]
    kind = MLPRegressor if regression else MLPClassifier
    model = make_pipeline(StandardScaler(), kind(max_iter=1000, random_state=seed))
    start = time.process_time()
    model.fit(train[features].to_numpy(), train[column].to_numpy())
    seconds = time.process_time() - start
    predicted = model.predict(test[features].to_numpy())
    score = root_mean_squared_error if regression else accuracy_score
    return score(test[column].to_numpy(), predicted), seconds


def compare(name, arguments):
    """(score, seconds) for each seed, as two arrays [seed][2]: ours and the peer's."""
    target, regression, header = DATASETS[name]
    table = pandas.read_csv(arguments.data / f"{name}.csv", header=0 if header else None)
    column = target if header else table.columns[-1]
    ours, theirs = [], []
    for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
        stratify = None if regression else table[column]
        train, test = train_test_split(table, test_size=0.25, random_state=seed, stratify=stratify)
        with tempfile.TemporaryDirectory() as folder:
            ours.append(longhand(arguments, train, test, seed, name, pathlib.Path(folder)))
        theirs.append(scikit_learn(train, test, seed, column, regression))
    return numpy.array(ours), numpy.array(theirs)


def main():
    parser = argparse.ArgumentParser(description="Accuracy of `longhand train` beside scikit-learn's MLPs.")
    parser.add_argument("data", type=pathlib.Path, help="folder with " + ", ".join(f"{name}.csv" for name in DATASETS))
    parser.add_argument("--binary", type=pathlib.Path, default=DEFAULT_BINARY)
    parser.add_argument("--datasets", default=",".join(DATASETS), help="names, separated by commas")
    parser.add_argument("--seeds", type=int, default=5, help="how many splits")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--threads", type=int, help="passed on to longhand")
    arguments = parser.parse_args()
    names = arguments.datasets.split(",")
    if unknown := [name for name in names if name not in DATASETS]:
        parser.error(f"unknown data sets: {', '.join(unknown)}")

    warnings.simplefilter("ignore", ConvergenceWarning)
    print(f"{arguments.seeds} splits each, mean ± standard deviation; processor seconds are a mean")
    scores = f"{'longhand':>18} {'sklearn':>18}"
    seconds = f"{'longhand s':>11} {'sklearn s':>10}"
    print(f"{'dataset':<14} {'metric':<9} {scores} {seconds}  no worse  difference")
    for name in names:
        ours, theirs = compare(name, arguments)
        regression = DATASETS[name][1]
        cells = [f"{scores.mean():.4f} ± {scores.std():.4f}" for scores in (ours[:, 0], theirs[:, 0])]
        if regression:
            cells = [f"{scores.mean():.2f} ± {scores.std():.2f}" for scores in (ours[:, 0], theirs[:, 0])]
        difference = (ours[:, 0] - theirs[:, 0]).mean()
        verdict = "yes" if (difference <= 0 if regression else difference >= 0) else "NO"
        metric = "RMSE" if regression else "accuracy"
        seconds = f"{ours[:, 1].mean():>11.2f} {theirs[:, 1].mean():>10.2f}"
        print(
            f"{name:<14} {metric:<9} {cells[0]:>18} {cells[1]:>18} {seconds}  {verdict:<8}  {difference:>+10.4f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
