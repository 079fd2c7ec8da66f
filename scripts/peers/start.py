#!/usr/bin/env python3
"""From the start of a process to the first byte of its predictions, and the most memory it held: Longhand and its peers.

    venv/bin/pip install torch scikit-learn onnxruntime onnx; apt-get install time
    venv/bin/python scripts/peers/start.py [--repeats 20] [--write docs/performance.md] [--binaries DIR] [--prefix DIR]

Each reads a 30-64-64-1 network from a file of its own kind and one row from a CSV file, and prints a probability. They
take turns; the files are in the page cache. The installed size is that of the stripped command and library, which
`cmake --install build/release --strip --prefix DIR` puts into --prefix, or of the Python packages that the peer needs.
"""

import argparse
import datetime
import importlib.metadata
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from speed import markdown, peers

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = ROOT / "examples" / "data" / "breast_cancer.csv"
READ_ROW = "import csv, sys\nrow = [float(cell) for cell in list(csv.reader(open(sys.argv[2])))[1]]\n"

# What makes a model file, and the program that predicts with it: the file is sys.argv[1], the row's file sys.argv[2].
PEERS = {
    "PyTorch": (
        ["torch"],
        "import sys, torch\nfrom torch import nn\n"
        "torch.save(nn.Sequential(nn.Linear(30, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))"
        ".state_dict(), sys.argv[1])\n",
        READ_ROW + "import torch\nfrom torch import nn\n"
        "network = nn.Sequential(nn.Linear(30, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))\n"
        "network.load_state_dict(torch.load(sys.argv[1]))\n"
        "with torch.inference_mode():\n    print(torch.sigmoid(network(torch.tensor([row]))).item())\n",
    ),
    "scikit-learn": (
        ["scikit-learn", "numpy", "scipy", "joblib"],
        "import pickle, sys, numpy\nfrom sklearn.neural_network import MLPClassifier\n"
        "x = numpy.random.default_rng(0).normal(size=(64, 30))\n"
        "pickle.dump(MLPClassifier((64, 64), max_iter=1).fit(x, x[:, 0] > 0), open(sys.argv[1], 'wb'))\n",
        READ_ROW + "import pickle\nprint(pickle.load(open(sys.argv[1], 'rb')).predict_proba([row])[0, 1])\n",
    ),
    "ONNX Runtime": (
        ["onnxruntime", "numpy"],
        f"import sys\nsys.path.insert(0, {str(ROOT / 'scripts' / 'peers')!r})\n"
        "from speed import cases, onnx_peer\n"
        "case = cases.infer('', (30, 64, 64, 1))\n"
        "open(sys.argv[1], 'wb').write(onnx_peer.make_model(case).SerializeToString())\n",
        READ_ROW + "import numpy, onnxruntime\nsession = onnxruntime.InferenceSession(sys.argv[1])\n"
        "print(session.run(None, {'x': numpy.array([row], numpy.float32)})[0][0, 0])\n",
    ),
}


def start(command):
    """Seconds to the first byte of its output."""
    begin = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=peers.environment(1)
    ) as process:
        first = process.stdout.read(1)
        seconds = time.perf_counter() - begin
        process.stdout.read()
    if not first or process.returncode != 0:
        raise RuntimeError(f"{command[0]} printed nothing, or failed")
    return seconds


def memory_text(command):
    """The most it held. GNU time starts it: as this process's own child it would inherit this one's figure."""
    if shutil.which("time") is None:
        return ""
    timed = ["time", "-f", "%M", *command]
    told = subprocess.run(timed, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=peers.environment(1))
    return f"{int(told.stderr.split()[-1]) * 1024 / 1e6:.1f} MB"


def package_bytes(names):
    """What the packages' own files take."""
    total = 0
    for name in names:
        for file in importlib.metadata.files(name) or []:
            path = file.locate()
            total += path.stat().st_size if path.is_file() else 0
    return total


def prepare(folder, arguments):
    """{title: (command, installed bytes or None)}."""
    header, *rows = TABLE.read_text(encoding="utf-8").splitlines()
    columns = header.split(",")
    keep = [place for place, name in enumerate(columns) if name != "diagnosis"]
    row = folder / "row.csv"
    row.write_text("\n".join(",".join(line.split(",")[place] for place in keep) for line in (header, rows[0])) + "\n")
    longhand, model = str(arguments.binaries / "longhand"), str(folder / "model.safetensors")
    training = [longhand, "train", str(TABLE), "--target", "diagnosis", "--hidden", "64,64", "--epochs", "1", "-o", model]
    subprocess.run(training, check=True, capture_output=True)
    size = None
    if arguments.prefix:
        size = sum(path.stat().st_size for path in arguments.prefix.rglob("*") if path.is_file())
    commands = {"Longhand": ([longhand, "predict", model, str(row), "--threads", "1"], size)}
    for title, (packages, make, predict) in PEERS.items():
        file = str(folder / title)
        if subprocess.run([sys.executable, "-c", make, file], capture_output=True).returncode != 0:
            print(f"{title} is left out: its model could not be made", file=sys.stderr)
            continue
        commands[title] = ([sys.executable, "-c", predict, file, str(row)], package_bytes(packages))
    return commands


def main():
    parser = argparse.ArgumentParser(description="From start to first prediction, as a Markdown table.")
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--write", type=pathlib.Path, metavar="FILE.md")
    parser.add_argument("--binaries", type=pathlib.Path, default=ROOT / "build" / "release" / "bin")
    parser.add_argument("--prefix", type=pathlib.Path)
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as name:
        commands = prepare(pathlib.Path(name), arguments)
        found = {title: [] for title in commands}
        for _ in range(arguments.repeats):
            for title, (command, _) in commands.items():
                found[title].append(start(command))
        memory = {title: memory_text(command) for title, (command, _) in commands.items()}
    rows = []
    for title, seconds in found.items():
        size = commands[title][1]
        rows.append(
            [
                title,
                f"{markdown.time_text(1e9 * min(seconds))} ({markdown.time_text(1e9 * statistics.median(seconds))})",
                memory[title],
                f"{size / 1e6:.1f} MB" if size else "",
            ]
        )
    text = markdown.table(["", "start to first output", "most memory", "installed"], rows)
    text += f"\n{datetime.date.today().isoformat()}, {markdown.processor()}; best of {arguments.repeats}, and the median.\n"
    print(text, end="")
    if arguments.write:
        markdown.replace_sections(arguments.write, {"start": text})


if __name__ == "__main__":
    main()
