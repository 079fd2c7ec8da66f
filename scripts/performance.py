#!/usr/bin/env python3
"""How the cost of training and predicting grows with rows, width, depth, batch and threads, as tables and a plot; and how
long one row takes while two threads predict.

    scripts/performance.py [--seconds 0.5] [--write docs/performance.md] [--plot docs/growth.svg] [--binaries DIR]

`bench_growth` and `bench_latency` (built with -DLONGHAND_BUILD_BENCHMARKS=ON) give the points. An exponent is the slope of the logarithm of
time over that of the quantity, by least squares over all points, and over the last three alone. What the work grows by is
the same slope of the multiply-adds of the products (for rows, of the rows). With --write the tables
replace what the file has between its two comments `growth`, and `latency`.
"""

import argparse
import datetime
import json
import math
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts" / "peers"))
from speed import markdown  # noqa: E402

AXES = {
    "rows": "rows of the table: 30-64-64-1, batches of 64, an epoch",
    "width": "width: 64-w-w-1, batch of 64, a step",
    "depth": "hidden layers of 64: 64-(64)-1, batch of 64, a step",
    "batch": "batch: 784-128-1, a step",
    "threads": "threads: 784-512-512-1, batch of 128, a step",
}
LINES = {"train_ns": ("training", "#2b6cb0"), "predict_ns": ("predicting", "#b7791f")}


def slope(points, key):
    """Of log(key) over log(at), by least squares."""
    if len(points) < 2:
        return math.nan
    x = [math.log(point["at"]) for point in points]
    y = [math.log(point[key]) for point in points]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y)) / sum((a - mean_x) ** 2 for a in x)


def expected(axis, points):
    if axis == "rows":
        return 1.0
    return -1.0 if axis == "threads" else slope(points, "flops")


def fits_table(series):
    rows = []
    for axis, points in series.items():
        for key, (title, _) in LINES.items():
            rows.append(
                [
                    AXES[axis],
                    title,
                    f"{points[0]['at']:,} to {points[-1]['at']:,}",
                    f"{expected(axis, points):.2f}",
                    f"{slope(points, key):.2f}",
                    f"{slope(points[-3:], key):.2f}",
                ]
            )
    return markdown.table(["cost against", "of", "from", "work grows by", "time grows by", "at the end"], rows)


def points_table(axis, points):
    is_epoch = axis == "rows"
    head = [axis, "training", "training, a row" if is_epoch else "GFLOP/s", "predicting as many rows"]
    rows = []
    for point in points:
        rate = point["train_ns"] / point["at"] if is_epoch else point["flops"] / point["train_ns"]
        rows.append(
            [
                f"{point['at']:,}",
                markdown.time_text(point["train_ns"]),
                markdown.time_text(rate) if is_epoch else f"{rate:.1f}",
                markdown.time_text(point["predict_ns"]),
            ]
        )
    return markdown.table(head, rows)


PANEL, GAP, TOP = 190, 50, 60


def panel(axis, points, left):
    """One log-log plot of 190 by 190, its lower left corner at (left, TOP + PANEL)."""
    # As the work grows: from the first point of threads, through the last of what else grows, where fixed costs are spread.
    known, power = points[0 if axis == "threads" else -1], expected(axis, points)
    by_work = [(point["at"], known["train_ns"] * (point["at"] / known["at"]) ** power) for point in points]
    values = [point[key] for point in points for key in LINES] + [ns for _, ns in by_work]
    x_low, x_high = math.log10(points[0]["at"]), math.log10(points[-1]["at"]) or 1
    y_low, y_high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    x_of = lambda at: left + PANEL * (math.log10(at) - x_low) / max(x_high - x_low, 1e-9)  # noqa: E731
    y_of = lambda ns: TOP + PANEL * (y_high - math.log10(ns)) / (y_high - y_low)  # noqa: E731
    parts = [
        f'<text x="{left}" y="{TOP - 10}" font-weight="bold">{axis}</text>',
        f'<rect x="{left}" y="{TOP}" width="{PANEL}" height="{PANEL}" fill="none" stroke="#999"/>',
    ]
    for power in range(y_low, y_high + 1):
        y = y_of(10**power)
        label = markdown.time_text(10**power)
        parts.append(f'<line x1="{left}" x2="{left + PANEL}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 4}" y="{y + 3:.1f}" text-anchor="end">{label}</text>')
    for point in {point["at"]: point for point in (points[0], points[len(points) // 2], points[-1])}.values():
        at = f"{point['at']:,}"
        parts.append(f'<text x="{x_of(point["at"]):.1f}" y="{TOP + PANEL + 14}" text-anchor="middle">{at}</text>')
    parts.append(curve([(x_of(at), y_of(ns)) for at, ns in by_work], "#999", "4 3"))
    for key, (_, colour) in LINES.items():
        places = [(x_of(point["at"]), y_of(point[key])) for point in points]
        parts.append(curve(places, colour))
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>' for x, y in places]
    return "\n".join(parts)


def curve(places, colour, dashes=None):
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    style = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="1.5"{style}/>'


def plot(series):
    width, height = GAP + len(series) * (PANEL + GAP), TOP + PANEL + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="10">',
        "<title>How time grows, both axes logarithmic</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    legend = [*((title, colour) for title, colour in LINES.values()), ("as the work grows (dashed)", "#999")]
    for place, (title, colour) in enumerate(legend):
        x = GAP + 130 * place
        parts.append(f'<line x1="{x}" x2="{x + 20}" y1="20" y2="20" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{x + 26}" y="24">{title}</text>')
    for place, (axis, points) in enumerate(series.items()):
        parts.append(panel(axis, points, GAP + place * (PANEL + GAP)))
    return "\n".join([*parts, "</svg>"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description="How the cost of training and predicting grows.")
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--write", type=pathlib.Path, metavar="FILE.md")
    parser.add_argument("--plot", type=pathlib.Path, metavar="FILE.svg")
    parser.add_argument("--binaries", type=pathlib.Path, default=ROOT / "build" / "release" / "bin")
    arguments = parser.parse_args()

    series = {axis: [] for axis in AXES}
    command = [str(arguments.binaries / "bench_growth"), str(arguments.seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            print(line, end="", file=sys.stderr, flush=True)
            point = json.loads(line)
            series[point["axis"]].append(point)
    if process.returncode != 0:
        parser.exit(1, f"bench_growth ended with {process.returncode}\n")
    series = {axis: points for axis, points in series.items() if len(points) > 1}

    text = f"{datetime.date.today().isoformat()}, {markdown.processor()}; single precision, Adam; one thread where not said.\n\n"
    text += fits_table(series)
    for axis, points in series.items():
        text += f"\n{AXES[axis][0].upper()}{AXES[axis][1:]}:\n\n" + points_table(axis, points)
    command = [str(arguments.binaries / "bench_latency"), str(2 * arguments.seconds)]
    latency = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    print(text, latency, sep="\n", end="")
    if arguments.plot:
        arguments.plot.write_text(plot(series), encoding="utf-8")
    if arguments.write:
        markdown.replace_sections(arguments.write, {"growth": text, "latency": latency})


if __name__ == "__main__":
    main()
