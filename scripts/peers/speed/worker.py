"""One peer with one number of threads in a process of its own: reads a case a line as JSON, times it, and writes a line.

    python worker.py PEER THREADS

A request is {"case": {...}, "seconds": 1.0}; an answer {"best_ns", "median_ns"}, or {"skipped": why}.
"""

import importlib
import json
import math
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from speed import cases  # noqa: E402

SAMPLE_SECONDS = 2e-3
LEAST_SAMPLES = 3


class Skipped(Exception):
    """This peer cannot do the case."""


class Timed:
    """What a peer makes of a case. `run` does `steps` of them; `reset`, which is not timed, goes back to the first
    parameters; `loss` is that of the last step run."""

    steps = 1

    def reset(self):
        pass

    def run(self):
        raise NotImplementedError

    def loss(self):
        raise NotImplementedError

    def first_and_last_loss(self):
        self.reset()
        self.run()
        first = self.loss()
        for _ in range(20 if self.steps < 20 else 1):
            self.run()
        return first, self.loss()


def sample(timed, repeats):
    timed.reset()
    start = time.perf_counter()
    for _ in range(repeats):
        timed.run()
    return time.perf_counter() - start


def check(timed, case):
    """Steps must lower the loss, so that what skips some work is noticed. Dropout hides it."""
    if not case.trains:
        return
    first, last = timed.first_and_last_loss()
    lowered = last < first or first < 1e-3 or case.dropout
    if not math.isfinite(last) or not lowered:
        raise RuntimeError(f"the loss went from {first:g} to {last:g}")


def measure(timed, case, seconds):
    check(timed, case)
    repeats = 1
    while (spent := sample(timed, repeats)) < SAMPLE_SECONDS and repeats < 1 << 17:
        repeats = min(8 * repeats, int(repeats * SAMPLE_SECONDS / max(spent, 1e-9)) + 1)
    samples = []
    while sum(samples) < seconds or len(samples) < LEAST_SAMPLES:
        samples.append(sample(timed, repeats))
    scale = 1e9 / (repeats * timed.steps)
    return {"best_ns": min(samples) * scale, "median_ns": statistics.median(samples) * scale}


def main():
    peer, threads = sys.argv[1], int(sys.argv[2])
    module, _, variant = peer.partition("-")
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    peer_module = importlib.import_module(f"speed.{module}_peer")
    print(json.dumps({"version": peer_module.version()}), file=answers, flush=True)
    ready = {}
    for line in sys.stdin:
        request = json.loads(line)
        case = cases.from_json(request["case"])
        try:
            if case.name not in ready:
                ready.clear()
                ready[case.name] = peer_module.prepare(case, threads, variant)
            answer = measure(ready[case.name], case, request["seconds"])
        except Skipped as why:
            answer = {"skipped": str(why)}
        except Exception as error:  # a peer that fails is named in the table, and the others go on
            answer = {"skipped": f"{type(error).__name__}: {error}".splitlines()[0]}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    # As the module `speed.worker`, so that Skipped and Timed are those that the peers import.
    importlib.import_module("speed.worker").main()
