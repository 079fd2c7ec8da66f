#!/usr/bin/env python3
"""How good `longhand train` is with no options but the target, beside other untuned models on the same splits.

    venv/bin/pip install numpy pandas scikit-learn pytabkit
    venv/bin/python scripts/peers/defaults.py DATA_FOLDER [--seeds 3] [--tables iris,wine] [--peers linear,boosting]

Each table is split 75 to 25 (stratified for classes) once a seed. Longhand reads the parts as CSV files through its
command; its seconds are those of `longhand train`, starting and reading included, the peers' those of fit alone. All
get the same seed and as many threads. The peers take standardised columns, medians for missing numbers beside a column
that says so, and one column a category; boosting and RealMLP take numbers and categories as they are. Higher accuracy
is better, lower RMSE is better. The table is Markdown: mean, standard deviation over the splits, seconds of one fit.
"""

import argparse
import json
import logging
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import warnings

# table -> (target column, is it a regression, how it is read, columns left out)
TABLES = {
    "breast_cancer": ("diagnosis", False, {}, []),
    "iris": ("species", False, {}, []),
    "wine": ("cultivar", False, {}, []),
    "digits": ("digit", False, {}, []),
    "banknote": ("class", False, {"header": None, "names": ["v1", "v2", "v3", "v4", "class"]}, []),
    "titanic": ("survived", False, {}, ["alive"]),
    "diabetes": ("progression", True, {}, []),
    "winequality-red": ("quality", True, {"sep": ";"}, []),
    "california_housing": ("median_house_value", True, {}, []),
}
PEERS = ["linear", "mlp", "boosting", "realmlp"]
HEADS = {"longhand": "longhand", "linear": "linear", "mlp": "scikit-learn MLP", "boosting": "HistGradientBoosting", "realmlp": "RealMLP-TD"}
DEFAULT_BINARY = pathlib.Path(__file__).resolve().parents[2] / "build" / "release" / "bin" / "longhand"


def run(command):
    """The JSON that a Longhand command prints; ends the script with the command's own error where it fails."""
    finished = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{finished.stderr.strip()} (exit code {finished.returncode})")
    return json.loads(finished.stdout)


def longhand(arguments, split, seed, regression):
    """(score on the test part, seconds of `longhand train`)."""
    train, test, target = split
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        train.to_csv(folder / "train.csv", index=False)
        test.to_csv(folder / "test.csv", index=False)
        options = ["--threads", arguments.threads, "--json"]
        if regression:
            options += ["--task", "regression"]
        start = time.perf_counter()
        run([arguments.binary, "train", folder / "train.csv", "--target", target, "--seed", seed, "-o", folder / "m", *options])
        seconds = time.perf_counter() - start
        metrics = run([arguments.binary, "evaluate", folder / "m", folder / "test.csv", "--json"])["metrics"]
    return metrics["rmse" if regression else "accuracy"], seconds


def peer_model(peer, regression, categories, numbers, seed, threads):
    """A model with nothing tuned."""
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, RidgeCV
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    if peer == "realmlp":
        from pytabkit import RealMLP_TD_Classifier, RealMLP_TD_Regressor

        return (RealMLP_TD_Regressor if regression else RealMLP_TD_Classifier)(random_state=seed, device="cpu", n_threads=threads)
    if peer == "boosting":
        codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
        model = (HistGradientBoostingRegressor if regression else HistGradientBoostingClassifier)(random_state=seed)
        return make_pipeline(make_column_transformer((codes, categories), remainder="passthrough"), model)
    scaled = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    columns = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), categories), (scaled, numbers), sparse_threshold=0)
    if peer == "linear":
        model = RidgeCV([10.0**power for power in range(-3, 4)]) if regression else LogisticRegression(max_iter=2000)
    else:
        model = (MLPRegressor if regression else MLPClassifier)(max_iter=1000, random_state=seed)
    return make_pipeline(columns, model)


def fit_peer(peer, arguments, split, seed, regression, categories):
    """(score on the test part, seconds of fit)."""
    train, test, target = split
    parts = []
    for part in (train, test):
        x = part.drop(columns=target)
        for name in categories:
            x[name] = x[name].astype(object).where(x[name].notna(), "?").astype(str)
        parts.append((x, part[target].to_numpy()))
    (x, y), (x_test, y_test) = parts
    numbers = [name for name in x.columns if name not in categories]
    if peer == "realmlp":  # takes no missing numbers, and categories by their type
        for name in numbers:
            median = x[name].median()
            x[name], x_test[name] = x[name].fillna(median).astype(float), x_test[name].fillna(median).astype(float)
        for name in categories:
            x[name] = x[name].astype("category")
            x_test[name] = x_test[name].astype(x[name].dtype)
    model = peer_model(peer, regression, categories, numbers, seed, arguments.threads)
    start = time.perf_counter()
    model.fit(x, y)
    seconds = time.perf_counter() - start
    predictions = model.predict(x_test)
    score = ((predictions - y_test) ** 2).mean() ** 0.5 if regression else (predictions == y_test).mean()
    return float(score), seconds


def cell(results, regression):
    scores = [score for score, _ in results]
    mean = sum(scores) / len(scores)
    spread = (sum((score - mean) ** 2 for score in scores) / len(scores)) ** 0.5
    seconds = sum(seconds for _, seconds in results) / len(results)
    digits = 4 if not regression or mean < 10 else 2 if mean < 1000 else 0
    return f"{mean:,.{digits}f} ± {spread:,.{digits}f} ({seconds:.2g} s)" if seconds < 10 else f"{mean:,.{digits}f} ± {spread:,.{digits}f} ({seconds:.0f} s)"


def read_table(path, how, left_out):
    import pandas

    table = pandas.read_csv(path, **how)
    return table.drop(columns=left_out)


def main():
    parser = argparse.ArgumentParser(description="`longhand train` with its defaults beside other untuned models.")
    parser.add_argument("data", type=pathlib.Path, help="folder with " + ", ".join(f"{name}.csv" for name in TABLES))
    parser.add_argument("--binary", type=pathlib.Path, default=DEFAULT_BINARY)
    parser.add_argument("--tables", default=",".join(TABLES), help="names, separated by commas")
    parser.add_argument("--peers", default=",".join(PEERS), help="names, separated by commas, or nothing")
    parser.add_argument("--seeds", type=int, default=3, help="how many splits")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--realmlp-rows", type=int, default=5000, help="RealMLP learns larger tables on the first split alone")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    names, peers = arguments.tables.split(","), [peer for peer in arguments.peers.split(",") if peer]
    if unknown := [name for name in names if name not in TABLES] + [peer for peer in peers if peer not in PEERS]:
        parser.error(f"unknown: {', '.join(unknown)}")

    os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    from sklearn.model_selection import train_test_split
    import pandas

    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
    print(f"| table | {' | '.join(HEADS[name] for name in ['longhand', *peers])} |\n|---|{'---|' * (1 + len(peers))}")
    for name in names:
        target, regression, how, left_out = TABLES[name]
        table = read_table(arguments.data / f"{name}.csv", how, left_out)
        categories = [
            column
            for column in table.columns
            if column != target and (table[column].dtype == bool or not pandas.api.types.is_numeric_dtype(table[column]))
        ]
        results = {key: [] for key in ["longhand", *peers]}
        for seed in seeds:
            train, test = train_test_split(
                table, test_size=0.25, random_state=seed, stratify=None if regression else table[target]
            )
            split = (train, test, target)
            results["longhand"].append(longhand(arguments, split, seed, regression))
            for peer in peers:
                if peer == "realmlp" and len(table) > arguments.realmlp_rows and seed != seeds[0]:
                    continue
                results[peer].append(fit_peer(peer, arguments, split, seed, regression, categories))
        cells = [cell(each, regression) + (f" on {len(each)}" if len(each) < len(seeds) else "") for each in results.values()]
        print(f"| {name}, {'RMSE' if regression else 'accuracy'} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
