#!/usr/bin/env python3
"""One epoch of MNIST, 784-128-10, in Longhand and in PyTorch, each on one thread.

    venv/bin/pip install numpy torch
    venv/bin/python scripts/peers/mnist_epoch.py MNIST_FOLDER [--repeats 3] [--binary PATH]

The folder holds the four IDX files, gzipped. Both train ReLU and softmax cross-entropy with batches of 64 and Adam
(learning rate 0.001) over the 60,000 rows in random order, from single-precision numbers in memory; only the epoch is
timed. The PyTorch side is the loop that its users write, eager, without a DataLoader, which would only slow it down.
`bench_mnist FOLDER` runs on one thread and prints one JSON line with seconds, steps and test_accuracy. The two take
turns.
"""

import argparse
import gzip
import json
import pathlib
import statistics
import subprocess
import time

import numpy
import torch
from torch import nn

BATCH = 64
STEPS = (60_000 + BATCH - 1) // BATCH
DEFAULT_BINARY = pathlib.Path(__file__).resolve().parents[2] / "build" / "release" / "bin" / "bench_mnist"


def read_idx(path):
    """An IDX file of bytes as an array."""
    data = gzip.decompress(path.read_bytes())
    dimensions = data[3]
    shape = numpy.frombuffer(data, ">u4", dimensions, offset=4)
    return numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * dimensions).reshape(shape)


def load(folder, part):
    """Pixels from 0 to 1 [rows, 784] in single precision, and labels [rows]."""
    images = read_idx(folder / f"{part}-images-idx3-ubyte.gz")
    labels = read_idx(folder / f"{part}-labels-idx1-ubyte.gz")
    pixels = torch.from_numpy(images.reshape(len(images), -1).astype(numpy.float32) / 255.0)
    return pixels, torch.from_numpy(labels.astype(numpy.int64))


def train_with_torch(train, test, seed):
    """Seconds of one epoch, its number of steps, and the accuracy on the test part."""
    x, y = train
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loss_function = nn.CrossEntropyLoss()
    steps = 0
    start = time.perf_counter()
    order = torch.randperm(len(x))
    for rows in order.split(BATCH):
        optimizer.zero_grad()
        loss = loss_function(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        steps += 1
    seconds = time.perf_counter() - start
    with torch.no_grad():
        accuracy = (model(test[0]).argmax(dim=1) == test[1]).double().mean().item()
    return {"seconds": seconds, "steps": steps, "test_accuracy": accuracy}


def train_with_longhand(binary, folder):
    finished = subprocess.run([str(binary), str(folder)], capture_output=True, text=True, check=True)
    return json.loads(finished.stdout)


def main():
    parser = argparse.ArgumentParser(description="One epoch of MNIST beside PyTorch on one thread.")
    parser.add_argument("folder", type=pathlib.Path, help="folder with the four gzipped IDX files")
    parser.add_argument("--binary", type=pathlib.Path, default=DEFAULT_BINARY)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    train, test = load(arguments.folder, "train"), load(arguments.folder, "t10k")
    train_with_torch((train[0][:640], train[1][:640]), test, seed=0)  # loads and warms what PyTorch needs
    peer = f"torch {torch.__version__.split('+')[0]}"
    runs = {"longhand": [], peer: []}
    for repeat in range(arguments.repeats):
        runs["longhand"].append(train_with_longhand(arguments.binary, arguments.folder))
        runs[peer].append(train_with_torch(train, test, seed=repeat))
    for name, results in runs.items():
        if any(result["steps"] != STEPS for result in results):
            parser.exit(1, f"{name} took {results[0]['steps']} steps in place of {STEPS}\n")

    print(f"one epoch of MNIST, 784-128-10, batch {BATCH}, Adam, 1 thread, {arguments.repeats} times each")
    print(f"{'':<14} {'best s':>8} {'median s':>9} {'us/step':>8}  test accuracy")
    best = {name: min(result["seconds"] for result in results) for name, results in runs.items()}
    median = {name: statistics.median(result["seconds"] for result in results) for name, results in runs.items()}
    for name, results in runs.items():
        accuracy = ", ".join(f"{result['test_accuracy']:.4f}" for result in results)
        print(f"{name:<14} {best[name]:>8.3f} {median[name]:>9.3f} {best[name] / STEPS * 1e6:>8.1f}  {accuracy}")
    ratios = f"{best[peer] / best['longhand']:>8.2f} {median[peer] / median['longhand']:>9.2f}"
    print(f"{'speedup':<14} {ratios}           (PyTorch's seconds over Longhand's)")


if __name__ == "__main__":
    main()
