"""The peers as things to be asked for times: workers in Python, and programs that are started for each case."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
LIBRARIES = {
    "torch-eager": "torch",
    "torch-compiled": "torch",
    "jax-scan": "jax",
    "jax-call": "jax",
    "sklearn": "sklearn",
    "onnx": "onnxruntime",
}
TITLES = {
    "longhand": "Longhand",
    "jax-scan": "JAX, scan",
    "jax-call": "JAX, a call each",
    "torch-compiled": "PyTorch, compiled",
    "torch-eager": "PyTorch, eager",
    "sklearn": "scikit-learn",
    "onnx": "ONNX Runtime",
    "fann": "FANN",
    "opennn": "OpenNN",
}
NAMES = list(TITLES)[1:]


def environment(threads):
    """That of a peer: its threads, and the fast kernels of a current OpenBLAS."""
    values = dict(os.environ)
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        values.pop(name, None)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NPROC"):
        values[name] = str(threads)
    if threads == 1:
        values["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false " + values.get("XLA_FLAGS", "")
    values["JAX_PLATFORMS"] = "cpu"
    return values


class Worker:
    """A peer in a Python process that lives as long as this object."""

    def __init__(self, name, threads):
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "worker.py"), name, str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment(threads),
        )
        first = self.process.stdout.readline()
        if not first:
            raise RuntimeError(f"{name} did not start")
        self.version = json.loads(first)["version"]

    def time(self, case, seconds):
        try:
            self.process.stdin.write(json.dumps({"case": case.to_json(), "seconds": seconds}) + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        return json.loads(answer) if answer else {"skipped": "its process ended"}

    def close(self):
        if self.process.poll() is None:
            self.process.stdin.close()
        self.process.wait()


class Fann:
    """Debian's FANN, by a program compiled here. It has one thread, no ReLU, no cross-entropy and no Adam: it is asked
    for one row alone."""

    version = "FANN"

    def __init__(self, threads):
        if threads != 1:
            raise RuntimeError("it has one thread")
        self.folder = tempfile.TemporaryDirectory()
        self.program = pathlib.Path(self.folder.name) / "fann_peer"
        command = ["cc", "-O2", str(HERE / "fann_peer.c"), "-o", str(self.program), "-lfann", "-lm"]
        if shutil.which("cc") is None or subprocess.run(command, capture_output=True).returncode != 0:
            raise RuntimeError("fann_peer.c does not compile (Debian's libfann-dev has FANN)")
        found = subprocess.run(["pkg-config", "--modversion", "fann"], capture_output=True, text=True)
        self.version = ("FANN " + found.stdout.strip()).strip()

    def time(self, case, seconds):
        if case.trains and (case.batch != 1 or case.optimizer != "sgd" or case.options):
            return {"skipped": "it learns row by row with plain descent alone"}
        kind = "step" if case.trains else "infer"
        command = [str(self.program), kind, str(seconds), *map(str, case.widths)]
        return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    def close(self):
        self.folder.cleanup()


class OpenNN:
    """OpenNN, by a program compiled here against a checkout of its sources with its library built (see bench.py)."""

    def __init__(self, threads):
        if "OPENNN" not in os.environ:
            raise RuntimeError("OPENNN does not name a folder of its sources")
        source = pathlib.Path(os.environ["OPENNN"])
        libraries = list(source.glob("build/**/libopennn.a"))
        if not libraries:
            raise RuntimeError(f"{source}/build has no libopennn.a")
        self.threads = threads
        self.folder = tempfile.TemporaryDirectory()
        self.program = pathlib.Path(self.folder.name) / "opennn_peer"
        command = ["c++", "-std=c++17", "-O3", "-march=native", "-fopenmp", "-w", f"-I{source / 'opennn'}"]
        command += [str(HERE / "opennn_peer.cpp"), "-o", str(self.program)]
        command += ["-Wl,--whole-archive", str(libraries[0]), "-Wl,--no-whole-archive"]
        if shutil.which("c++") is None or subprocess.run(command, capture_output=True).returncode != 0:
            raise RuntimeError("opennn_peer.cpp does not compile with it")
        found = subprocess.run(["git", "-C", str(source), "describe", "--always"], capture_output=True, text=True)
        self.version = ("OpenNN " + found.stdout.strip()).strip()

    def time(self, case, seconds):
        options = dict(case.options)
        if case.dropout or case.activation not in ("relu", "tanh") or case.optimizer not in ("sgd", "adam"):
            return {"skipped": "it has no such layer or optimiser"}
        kind = "step" if case.trains else "infer"
        learning = [case.loss, case.optimizer, options.get("momentum", 0), int(options.get("nesterov", False)), case.batch]
        command = [self.program, kind, seconds, self.threads, *learning, case.activation, *case.widths]
        finished = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=environment(self.threads))
        if finished.returncode != 0:
            return {"skipped": finished.stderr.strip() or f"its program ended with {finished.returncode}"}
        return json.loads(finished.stdout)

    def close(self):
        self.folder.cleanup()


class Longhand:
    """`longhand bench` for its own cases, `bench_cases` for others."""

    def __init__(self, binaries, threads):
        self.binaries, self.threads = pathlib.Path(binaries), threads
        printed = subprocess.run([str(self.binaries / "longhand"), "--version"], capture_output=True, text=True, check=True)
        self.version = printed.stdout.strip().replace("longhand", "Longhand")

    def time(self, case, seconds):
        flags = ["--threads", str(self.threads), "--seconds", str(seconds)]
        command = [str(self.binaries / "longhand"), "bench", "--json", "--cases", case.name, *flags]
        finished = subprocess.run(command, capture_output=True, text=True)
        if finished.returncode == 0:
            return json.loads(finished.stdout)["cases"][0]
        return {"skipped": finished.stderr.strip()}

    def close(self):
        pass


class LonghandShapes(Longhand):
    def __init__(self, binaries, threads):
        super().__init__(binaries, threads)
        self.checked = set()

    def time(self, case, seconds):
        description = json.dumps({"name": case.name, "batch": case.batch, "trains": case.trains, "description": case.network()})
        command = [str(self.binaries / "bench_cases"), str(self.threads), str(seconds)]
        if case.name in self.checked:
            command.append("--unchecked")
        self.checked.add(case.name)
        finished = subprocess.run(command, input=description, capture_output=True, text=True)
        return json.loads(finished.stdout) if finished.returncode == 0 else {"skipped": finished.stderr.strip()}


PROGRAMS = {"fann": Fann, "opennn": OpenNN}


def installed(name):
    """Why the peer cannot be run, or None."""
    library = LIBRARIES.get(name)
    if library is None:
        return None
    found = subprocess.run(
        [sys.executable, "-c", f"import importlib.util, sys; sys.exit(importlib.util.find_spec('{library}') is None)"]
    )
    return None if found.returncode == 0 else f"{library} is not installed"


def start(names, threads):
    """{name: peer} of those that run, and {name: why} of the others."""
    peers, absent = {}, {}
    for name in names:
        try:
            why = installed(name)
            if why:
                raise RuntimeError(why)
            program = PROGRAMS.get(name)
            peers[name] = program(threads) if program else Worker(name, threads)
        except RuntimeError as error:
            absent[name] = str(error)
    return peers, absent
