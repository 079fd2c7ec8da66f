#!/usr/bin/env python3
"""Longhand's speed beside its peers', on the same cases, in one run, as a Markdown table.

    venv/bin/pip install torch jax scikit-learn onnxruntime onnx; apt-get install libfann-dev
    venv/bin/python scripts/peers/bench.py [--seconds 2] [--repeats 3] [--threads 1,2] [--cases PART] [--shapes]
        [--peers jax-scan,torch-eager] [--write README.md docs/performance.md] [--save FILE] [--binaries DIR]

The cases are those of `longhand bench`, or with --shapes some two dozen others (for which the benchmarks must be built,
-DLONGHAND_BUILD_BENCHMARKS=ON). In each of the repeats every peer is timed for SECONDS on a case before the next case
comes, so that all meet the same machine. A time is the best of short samples over all repeats, and in brackets the median
of the repeats' medians. A peer that is not installed is named and left out. OpenNN is built from its sources, which the
environment's OPENNN names: cmake -S $OPENNN -B $OPENNN/build -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS=-march=native
-DOpenNN_BUILD_BLANK=OFF -DOpenNN_BUILD_TESTS=OFF -DOpenNN_BUILD_EXAMPLES=OFF && cmake --build $OPENNN/build. With --write the tables replace what a file
has between two comments: all peers for `speed`, the fastest for `speed-summary`; with --shapes `shapes` and
`shapes-summary`.
"""

import argparse
import datetime
import json
import pathlib
import statistics
import sys

from speed import markdown
from speed import peers as speed_peers
from speed.cases import SHAPES, STANDARD

BINARIES = pathlib.Path(__file__).resolve().parents[2] / "build" / "release" / "bin"


class Result:
    """What the repeats of one case gave for one peer."""

    def __init__(self, answers):
        times = [answer for answer in answers if "best_ns" in answer]
        self.skipped = next((answer["skipped"] for answer in answers if "skipped" in answer), None)
        self.best = min((answer["best_ns"] for answer in times), default=None)
        self.median = statistics.median([answer["median_ns"] for answer in times]) if times else None
        floors = [answer["floor_ns"] for answer in times if "floor_ns" in answer]
        self.floor = min(floors, default=None)

    def text(self):
        return "" if self.best is None else f"{markdown.time_text(self.best)} ({markdown.time_text(self.median)})"


def time_all(cases, threads, longhand, names, arguments):
    """The rows, the versions, and why which peer is absent."""
    rows, versions, absent = [], {}, {}
    saved = json.loads(arguments.save.read_text(encoding="utf-8")) if arguments.save and arguments.save.exists() else {}
    for count in threads:
        peers, missing = speed_peers.start(names, count)
        absent.update({name: why for name, why in missing.items() if count == threads[0]})
        peers = {"longhand": longhand(arguments.binaries, count), **peers}
        versions.update({peer.version: None for peer in peers.values()})
        for case in cases:
            if not case.trains and count != threads[0]:
                continue  # one row is one thread's work
            answers = saved.setdefault(f"{case.name}, {count}", {})
            if not answers:
                for _ in range(arguments.repeats):
                    for name, peer in peers.items():
                        answers.setdefault(name, []).append(peer.time(case, arguments.seconds))
                if arguments.save:
                    arguments.save.write_text(json.dumps(saved, indent=1), encoding="utf-8")
            results = {name: Result(found) for name, found in answers.items()}
            told = ", ".join(f"{name} {result.text() or result.skipped}" for name, result in results.items())
            print(f"{case.name}, threads: {count}: {told}", file=sys.stderr, flush=True)
            rows.append(Row(case, count, results))
        for peer in peers.values():
            peer.close()
    return rows, list(versions), absent


class Row:
    """A case with a number of threads: what each peer took, and the fastest of them."""

    def __init__(self, case, threads, results):
        self.case, self.threads, self.results = case, threads, results
        self.ours = results["longhand"]
        others = {name: result for name, result in results.items() if name != "longhand" and result.best is not None}
        self.fastest = min(others, key=lambda name: others[name].best, default=None)
        self.least_median = min((result.median for result in others.values()), default=None)

    def ratio_text(self):
        if self.fastest is None or self.ours.best is None:
            return ""
        best = self.results[self.fastest].best / self.ours.best
        return f"{best:.2f} ({self.least_median / self.ours.median:.2f})"

    def floor_text(self):
        if not self.ours.floor or not self.ours.best:
            return ""
        share = 100 * self.ours.floor / self.ours.best
        return f"{share:.0f}%" if share >= 10 else f"{share:.1f}%"


def full_table(rows):
    names = [name for name in speed_peers.TITLES if any(name in row.results and row.results[name].best for row in rows)]
    head = ["case", "threads", *(speed_peers.TITLES[name] for name in names), "fastest peer / Longhand", "of the floor"]
    cells = []
    for row in rows:
        times = [row.results[name].text() if name in row.results else "" for name in names]
        cells.append([row.case.name, row.threads, *times, row.ratio_text(), row.floor_text()])
    return markdown.table(head, cells)


def summary_table(rows):
    head = ["case", "threads", "Longhand", "fastest peer", "", "ratio", "of the floor"]
    cells = []
    for row in rows:
        peer = [row.results[row.fastest].text(), speed_peers.TITLES[row.fastest]] if row.fastest else ["", ""]
        cells.append([row.case.name, row.threads, row.ours.text(), *peer, row.ratio_text(), row.floor_text()])
    return markdown.table(head, cells)


def notes(rows, versions, absent, arguments):
    text = (
        f"\n{datetime.date.today().isoformat()}, {markdown.processor()}; {', '.join(versions)}. Best of "
        f"{arguments.repeats} runs of {arguments.seconds:g} s each, taken in turn, and in brackets the median.\n"
    )
    failed = {f"{row.case.name}: {row.ours.skipped}" for row in rows if row.ours.best is None}
    text += "".join(f"\nLeft out: {speed_peers.TITLES[name]} ({why}).\n" for name, why in absent.items())
    return text + "".join(f"\nFailed: {why}.\n" for why in sorted(failed))


def main():
    parser = argparse.ArgumentParser(description="Longhand's speed beside its peers', as a Markdown table.")
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--cases", default="", help="only those with this part in their name")
    parser.add_argument("--shapes", action="store_true", help="further shapes in place of the standard cases")
    parser.add_argument("--peers", default=",".join(speed_peers.NAMES), help="(default: %(default)s)")
    parser.add_argument("--write", type=pathlib.Path, metavar="FILE.md", nargs="+", default=[])
    parser.add_argument("--save", type=pathlib.Path, metavar="FILE.json", help="goes on where a run with it was stopped")
    parser.add_argument("--binaries", type=pathlib.Path, default=BINARIES)
    arguments = parser.parse_args()

    names = [name for name in arguments.peers.split(",") if name]
    unknown = set(names) - set(speed_peers.NAMES)
    if unknown:
        parser.error(f"--peers: {', '.join(sorted(unknown))}; there are {', '.join(speed_peers.NAMES)}")
    cases = [case for case in (SHAPES if arguments.shapes else STANDARD) if arguments.cases in case.name]
    if not cases:
        parser.error(f"--cases: no case has '{arguments.cases}' in its name")
    longhand = speed_peers.LonghandShapes if arguments.shapes else speed_peers.Longhand
    threads = [int(count) for count in arguments.threads.split(",")]
    rows, versions, absent = time_all(cases, threads, longhand, names, arguments)
    told = notes(rows, versions, absent, arguments)
    full, summary = full_table(rows) + told, summary_table(rows) + told
    print(full, end="")
    section = "shapes" if arguments.shapes else "speed"
    for path in arguments.write:
        markdown.replace_sections(path, {section: full, f"{section}-summary": summary})


if __name__ == "__main__":
    main()
