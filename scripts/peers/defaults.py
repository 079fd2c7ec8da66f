#!/usr/bin/env python3
"""How good `longhand train` is with no options but the target, beside other untuned models on the same splits.

    venv/bin/pip install numpy pandas scikit-learn pytabkit
    venv/bin/python scripts/peers/defaults.py DATA_FOLDER [--seeds 3] [--tables iris,wine] [--peers linear,boosting]
    venv/bin/python scripts/peers/defaults.py MORE_TABLES --group "set aside" --peers linear,mlp,boosting

MORE_TABLES is a folder that more_tables.py has written.
Each table is split 75 to 25 (stratified for classes) once a seed. Longhand reads the parts as CSV files through its
command; its seconds are those of `longhand train`, starting and reading included, the peers' those of fit alone. All
get the same seed and as many threads. The peers take standardised columns, medians for missing numbers beside a column
that says so, and one column a category; boosting and RealMLP take numbers and categories as they are. Higher accuracy
is better, lower RMSE is better. The table is Markdown: mean, standard deviation over the splits (or, asked for, the
standard error of the mean), seconds of one fit.
"""

import argparse
import logging
import math
import os
import pathlib
import time
import warnings

import real_tables

PEERS = ["linear", "mlp", "boosting", "realmlp"]
HEADS = {"longhand": "longhand", "linear": "linear", "mlp": "scikit-learn MLP", "boosting": "HistGradientBoosting", "realmlp": "RealMLP-TD"}


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


def fit_peer(peer, arguments, table, parts, seed, categories):
    """(score on the second part, seconds of fit)."""
    split = []
    for part in parts:
        x = part.drop(columns=table.target)
        for name in categories:
            x[name] = x[name].astype(object).where(x[name].notna(), "?").astype(str)
        split.append((x, part[table.target].to_numpy()))
    (x, y), (x_test, y_test) = split
    numbers = [name for name in x.columns if name not in categories]
    if peer == "realmlp":  # takes no missing numbers, and categories by their type
        for name in numbers:
            median = x[name].median()
            x[name], x_test[name] = x[name].fillna(median).astype(float), x_test[name].fillna(median).astype(float)
        for name in categories:
            x[name] = x[name].astype("category")
            x_test[name] = x_test[name].astype(x[name].dtype)
    model = peer_model(peer, table.regression, categories, numbers, seed, arguments.threads)
    start = time.perf_counter()
    model.fit(x, y)
    seconds = time.perf_counter() - start
    predictions = model.predict(x_test)
    score = ((predictions - y_test) ** 2).mean() ** 0.5 if table.regression else (predictions == y_test).mean()
    return float(score), seconds


def cell(results, standard_error):
    scores = [score for score, _ in results]
    mean = sum(scores) / len(scores)
    deviation = math.sqrt(sum((score - mean) ** 2 for score in scores) / len(scores))
    spread = deviation / math.sqrt(len(scores) - 1) if standard_error else deviation
    seconds = sum(seconds for _, seconds in results) / len(results)
    digits = 4 if mean < 10 else 2 if mean < 1000 else 0
    return f"{mean:,.{digits}f} ± {spread:,.{digits}f} ({seconds:.{'2g' if seconds < 10 else '0f'}} s)"


def results_of(table, arguments, peers, seeds):
    """(score, seconds) of each split, for Longhand and each peer."""
    import pandas

    rows = table.read()
    categories = [
        column
        for column in rows.columns
        if column != table.target and (rows[column].dtype == bool or not pandas.api.types.is_numeric_dtype(rows[column]))
    ]
    results = {key: [] for key in ["longhand", *peers]}
    for seed in seeds:
        parts = real_tables.split(table, rows, seed)
        metrics, seconds = real_tables.longhand(arguments.binary, table, parts, seed, ["--threads", arguments.threads])
        results["longhand"].append((metrics[table.measure.lower()], seconds))
        for peer in peers:
            if peer != "realmlp" or len(rows) <= arguments.realmlp_rows or seed == seeds[0]:
                results[peer].append(fit_peer(peer, arguments, table, parts, seed, categories))
    return results


def main():
    parser = argparse.ArgumentParser(description="`longhand train` with its defaults beside other untuned models.")
    files = ", ".join(f"{name}.csv" for name in real_tables.TABLES)
    parser.add_argument("data", type=pathlib.Path, help=f"folder of {files}, or with a tables.json")
    parser.add_argument("--binary", type=pathlib.Path, default=real_tables.DEFAULT_BINARY)
    parser.add_argument("--tables", default="", help="names, separated by commas (default: all)")
    parser.add_argument("--group", default="", help="those of this group in tables.json alone")
    parser.add_argument("--peers", default=",".join(PEERS), help="names, separated by commas, or nothing")
    parser.add_argument("--seeds", type=int, default=3, help="how many splits")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--standard-error", action="store_true", help="of the mean, in place of the standard deviation")
    parser.add_argument("--realmlp-rows", type=int, default=5000, help="RealMLP learns larger tables on the first split alone")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    peers = [peer for peer in arguments.peers.split(",") if peer]
    if unknown := [peer for peer in peers if peer not in PEERS]:
        parser.error(f"unknown: {', '.join(unknown)}")
    if arguments.seeds < (2 if arguments.standard_error else 1):
        parser.error("too few --seeds")

    os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    judged = real_tables.tables_in(arguments.data, arguments.tables, arguments.group)
    seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
    print(f"| table | {' | '.join(HEADS[name] for name in ['longhand', *peers])} |\n|---|{'---|' * (1 + len(peers))}")
    for name, table in judged.items():
        results = results_of(table, arguments, peers, seeds)
        cells = [cell(each, arguments.standard_error) + (f" on {len(each)}" if len(each) < len(seeds) else "") for each in results.values()]
        print(f"| {name}, {table.measure} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
