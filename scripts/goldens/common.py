"""What the golden makers share: numbers to JSON, reproducible random values, gradient checks."""

import json
import platform
import random

import numpy
import torch


def versions():
    """The programs that made a file; recorded inside it."""
    return {
        "made_by": "scripts/make_goldens.py",
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": numpy.__version__,
    }


def write_cases(path, cases):
    """Writes `{"versions": …, "cases": […]}`, one case a line. A number that is not finite is an error."""
    lines = ",\n".join(json.dumps(case, allow_nan=False) for case in cases)
    path.write_text(f'{{"versions": {json.dumps(versions())},\n"cases": [\n{lines}\n]}}\n', encoding="utf-8")


def numbers(tensor):
    """A tensor as nested lists (a plain number for a scalar), each number in the fewest digits that give it
    back exactly in the tensor's own precision: up to 17 for double, 9 for single."""
    tensor = tensor.detach()
    if tensor.dtype == torch.float32:
        shortest = numpy.vectorize(lambda value: float(str(value)), otypes=[numpy.float64])
        return shortest(tensor.numpy()).tolist()
    return tensor.to(torch.float64).tolist()


def distinct(name, count, low=-2.0, high=2.0, decimals=3):
    """`count` different pseudo-random numbers of few decimals between low and high, fixed by `name`."""
    scale = 10**decimals
    picks = random.Random(name).sample(range(round(low * scale), round(high * scale) + 1), count)
    return [pick / scale for pick in picks]


def on_grid(name, shape, low=-1.0, high=1.0, step=2.0**-7):
    """Pseudo-random multiples of `step` (a power of two, so that single precision holds them exactly), fixed
    by `name`, as a double tensor."""
    source = random.Random(name)
    flat = [source.randint(round(low / step), round(high / step)) * step for _ in range(int(numpy.prod(shape)))]
    return torch.tensor(flat, dtype=torch.float64).reshape(shape)


def hard_sigmoid(z):
    """min(max(z + 3, 0), 6) / 6 with slope 0 at both ends. PyTorch's own has a slope of 1/6 in single precision even
    where the numbers are double."""
    return torch.nn.functional.relu6(z + 3.0) / 6.0


def check_between_slopes(function, point, gradient, where, step=1e-6, floor=1.0, tolerance=2e-5):
    """Checks each entry of `gradient` against the slopes of `function` (flat array -> number) to the left and to the
    right of `point`. At a kink the two differ and the gradient must lie between them; elsewhere they agree.
    An entry v is moved by step * max(|v|, floor)."""
    point = numpy.asarray(point, dtype=numpy.float64).ravel()
    gradient = numpy.asarray(gradient, dtype=numpy.float64).ravel()
    middle = function(point)
    for entry in range(point.size):
        distance = step * max(abs(point[entry]), floor)
        slopes = []
        for sign in (-1.0, 1.0):
            moved = point.copy()
            moved[entry] += sign * distance
            slopes.append((function(moved) - middle) / (moved[entry] - point[entry]))
        slack = tolerance * max(1.0, abs(slopes[0]), abs(slopes[1]))
        if not min(slopes) - slack <= gradient[entry] <= max(slopes) + slack:
            raise AssertionError(f"{where}: entry {entry} has gradient {gradient[entry]}, slopes {slopes}")
