"""Cases of ops.json: every operation of the graph, in double precision.

A case is {"op", "attributes", "inputs": [{"shape", "values"}, ...], "output": {"shape", "values"}, "cotangent",
"gradients"}. Values are flat, row by row. `gradients` has, for each input, the flat gradient of
sum(output * cotangent), or null where the input has none (a condition, indices) or none that is finite; `cotangent` is
null where no input has one.
Indices, conditions and the results of comparisons and argmax are written as numbers.

Conventions that are PyTorch's and show at kinks: relu'(0) = 0, leaky_relu'(0) = negative_slope, hard_tanh'(-1) and
hard_tanh'(1) = 0, hard_sigmoid'(-3) and hard_sigmoid'(3) = 0, elu'(0) = alpha, abs'(0) = 0; minimum and maximum share
the gradient of a tie in halves; power has slope 0 in its base where the exponent is 0.

Values are exact to a few units in the last place, but where PyTorch's formula cancels (gelu far below zero is
x * 0.5 * (1 + erf(x / sqrt 2)); the slopes of saturated units and of expm1 far below zero are 1 minus something)
only to 1e-16 of what cancels: compare with an absolute tolerance too.
"""

import itertools
import math

import torch
import torch.nn.functional as F

from .common import check_between_slopes, distinct, hard_sigmoid

DOUBLE = torch.float64


def reduced(function):
    """A reduction over several axes out of one that PyTorch may offer for several axes."""
    return lambda inputs, a: function(inputs[0], dim=tuple(a["axes"]), keepdim=a["keep_dims"])


def transposed_matmul(inputs, a):
    left, right = inputs
    return (left.T if a["transpose_left"] else left) @ (right.T if a["transpose_right"] else right)


def softplus(inputs, _):
    # PyTorch turns to the identity above 20 by default, which is 2e-9 off; here the threshold is out of the way.
    return F.softplus(inputs[0], threshold=600.0)


def unary(function):
    return lambda inputs, _: function(inputs[0])


def binary(function):
    return lambda inputs, _: function(inputs[0], inputs[1])


UNARY = {
    "negate": torch.neg,
    "exp": torch.exp,
    "log": torch.log,
    "log1p": torch.log1p,
    "expm1": torch.expm1,
    "sqrt": torch.sqrt,
    "abs": torch.abs,
    "erf": torch.erf,
    "sin": torch.sin,
    "cos": torch.cos,
    "relu": F.relu,
    "silu": F.silu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "hard_sigmoid": hard_sigmoid,
    "hard_tanh": F.hardtanh,
}
ARITHMETIC = {
    "add": torch.add,
    "subtract": torch.sub,
    "multiply": torch.mul,
    "divide": torch.div,
    "power": torch.pow,
    "minimum": torch.minimum,
    "maximum": torch.maximum,
}
COMPARISONS = {
    "equal": torch.eq,
    "not_equal": torch.ne,
    "less": torch.lt,
    "less_equal": torch.le,
    "greater": torch.gt,
    "greater_equal": torch.ge,
}
EVALUATE = {
    **{name: unary(function) for name, function in UNARY.items()},
    **{name: binary(function) for name, function in (ARITHMETIC | COMPARISONS).items()},
    "linear": lambda inputs, _: F.linear(*inputs),
    "matmul": transposed_matmul,
    "leaky_relu": lambda inputs, a: F.leaky_relu(inputs[0], a["negative_slope"]),
    "elu": lambda inputs, a: F.elu(inputs[0], a["alpha"]),
    "gelu": lambda inputs, a: F.gelu(inputs[0], approximate=a["approximate"]),
    "softplus": softplus,
    "where": lambda inputs, _: torch.where(inputs[0] != 0, inputs[1], inputs[2]),
    "sum": reduced(torch.sum),
    "mean": reduced(torch.mean),
    "max": reduced(torch.amax),
    "argmax": lambda inputs, a: torch.argmax(inputs[0], dim=a["axes"][0], keepdim=a["keep_dims"]),
    "softmax": lambda inputs, a: torch.softmax(inputs[0], a["axis"]),
    "log_softmax": lambda inputs, a: torch.log_softmax(inputs[0], a["axis"]),
    "logsumexp": lambda inputs, a: torch.logsumexp(inputs[0], a["axis"], keepdim=a["keep_dims"]),
    "reshape": lambda inputs, a: inputs[0].reshape(a["shape"]),
    "transpose": lambda inputs, a: inputs[0].permute(a["permutation"]),
    "slice": lambda inputs, a: inputs[0].narrow(a["axis"], a["start"], a["stop"] - a["start"]),
    "concatenate": lambda inputs, a: torch.cat(inputs, a["axis"]),
    "gather": lambda inputs, _: inputs[0][inputs[1].long()],
    "one_hot": lambda inputs, a: F.one_hot(inputs[0].long(), a["classes"]),
}


def filled(name, shape, low=-2.0, high=2.0):
    """A double tensor of different values, fixed by `name`."""
    return torch.tensor(distinct(name, math.prod(shape), low, high), dtype=DOUBLE).reshape(shape)


def case(op, inputs, attributes=None, without_gradient=()):
    """One case. `without_gradient` holds the positions of inputs whose gradient is null."""
    attributes = attributes or {}
    evaluate = EVALUATE[op]
    leaves = [value.clone().requires_grad_(position not in without_gradient) for position, value in enumerate(inputs)]
    output = evaluate(leaves, attributes)
    cotangent, gradients = None, [None] * len(leaves)
    if output.requires_grad:
        name = f"{op} {attributes} {[list(value.shape) for value in inputs]}"
        cotangent = filled(f"{name} cotangent", output.shape)
        (output * cotangent).sum().backward()
        gradients = [None if leaf.grad is None else leaf.grad.flatten().tolist() for leaf in leaves]
        for position, gradient in enumerate(gradients):
            if gradient is not None:
                check_gradient(name, op, attributes, inputs, position, gradient, cotangent)
    return {
        "op": op,
        "attributes": attributes,
        "inputs": [flat(value) for value in inputs],
        "output": flat(output.detach()),
        "cotangent": None if cotangent is None else cotangent.flatten().tolist(),
        "gradients": gradients,
    }


def flat(tensor):
    return {"shape": list(tensor.shape), "values": tensor.to(DOUBLE).flatten().tolist()}


def check_gradient(name, op, attributes, inputs, position, gradient, cotangent):
    """Checks a gradient entry by entry against differences of the operation's own values."""
    floor = 1e-100 if op in ("log", "sqrt") else 1.0

    def weighted(point):
        moved = list(inputs)
        moved[position] = torch.tensor(point, dtype=DOUBLE).reshape(inputs[position].shape)
        return EVALUATE[op](moved, attributes) * cotangent

    base = weighted(inputs[position].flatten().numpy())
    # Differences from the base are summed, so that one huge entry does not drown the others.
    check_between_slopes(
        lambda point: float((weighted(point) - base).sum()), inputs[position].numpy(), gradient, name, floor=floor
    )


def linear_and_matmul():
    for rows, columns, units in ((1, 2, 2), (5, 4, 3), (3, 7, 1), (2, 1, 5)):
        name = f"linear {rows} {columns} {units}"
        yield case(
            "linear",
            [
                filled(f"{name} x", (rows, columns)),
                filled(f"{name} weight", (units, columns)),
                filled(f"{name} bias", (units,)),
            ],
        )
    for left, right in itertools.product((False, True), repeat=2):
        for m, k, n in ((2, 3, 4), (5, 1, 2), (1, 6, 1)):
            name = f"matmul {left} {right} {m} {k} {n}"
            yield case(
                "matmul",
                [
                    filled(f"{name} left", (k, m) if left else (m, k)),
                    filled(f"{name} right", (n, k) if right else (k, n)),
                ],
                {"transpose_left": left, "transpose_right": right},
            )


BROADCASTS = (
    ((3, 4), (3, 4)),
    ((3, 4), (4,)),
    ((3, 4), (3, 1)),
    ((3, 4), ()),
    ((4,), (3, 4)),
    ((3, 1), (3, 4)),
    ((), (3, 4)),
    ((3, 1), (1, 4)),
    ((2, 3, 4), (3, 1)),
    ((), ()),
)


def arithmetic():
    for op in ARITHMETIC:
        for left_shape, right_shape in BROADCASTS:
            name = f"{op} {left_shape} {right_shape}"
            low = 0.1 if op == "power" else -2.0
            left = filled(f"{name} left", left_shape, low)
            right = filled(f"{name} right", right_shape)
            if op == "divide":
                right = torch.where(right >= 0, right + 0.25, right - 0.25)
            yield case(op, [left, right])
    for op in ("minimum", "maximum"):
        ties = torch.tensor([[0.0, 1.0, -2.5], [3.0, 3.0, -1.0]], dtype=DOUBLE)
        yield case(op, [ties, torch.tensor([[0.0, 2.0, -2.5], [3.0, -3.0, -1.0]], dtype=DOUBLE)])
        yield case(op, [ties, torch.tensor(3.0, dtype=DOUBLE)])
        yield case(op, [torch.tensor([0.0, 3.0, -2.5], dtype=DOUBLE), ties])
    # Bases that are not positive: the gradient in the exponent is not a real number there, and is left out.
    bases = torch.tensor([-2.0, -1.5, -1.0, 0.0, 0.0, 0.0, 0.5, 2.0, 10.0, -3.0], dtype=DOUBLE)
    exponents = torch.tensor([2.0, 3.0, -1.0, 2.0, 1.0, 0.0, 0.0, -2.0, 8.0, 0.0], dtype=DOUBLE)
    yield case("power", [bases, exponents], without_gradient={1})
    for exponent in (2.0, 3.0):
        yield case("power", [bases, torch.tensor(exponent, dtype=DOUBLE)], without_gradient={1})
    yield case("power", [torch.tensor([0.25, 1.0, 4.0, 100.0], dtype=DOUBLE), torch.tensor(0.5, dtype=DOUBLE)])


KINKS = [-3.001, -3.0, -2.999, -1.001, -1.0, -0.999, -0.001, 0.0, 0.001, 0.999, 1.0, 1.001, 2.999, 3.0, 3.001]
SMALL = [-0.7, -0.3, -1e-4, -1e-10, 1e-10, 1e-4, 0.3, 0.7, 1.7, -1.7, 5.5, -5.5]
EVERYWHERE = KINKS + SMALL + [-100.0, -40.0, -20.5, -10.0, 10.0, 19.5, 20.5, 40.0, 100.0]
POINTS = {
    "exp": KINKS + SMALL + [-80.0, -40.0, 40.0, 80.0],
    "expm1": KINKS + SMALL + [-80.0, -40.0, 40.0, 80.0],
    "log": [1e-30, 1e-4, 0.3, 0.999, 1.0, 1.001, 2.0, 40.0, 100.0, 1e30],
    "log1p": [-0.999, -0.7, -1e-4, -1e-10, 0.0, 1e-10, 1e-4, 0.3, 1.0, 40.0, 100.0, 1e30],
    "sqrt": [1e-30, 1e-4, 0.25, 1.0, 2.0, 40.0, 100.0, 1e30],
}


def elementwise():
    for op in UNARY:
        yield case(op, [torch.tensor(POINTS.get(op, EVERYWHERE), dtype=DOUBLE)])
        low = 0.05 if op in ("log", "sqrt") else -0.9 if op == "log1p" else -2.0
        yield case(op, [filled(f"{op} matrix", (3, 5), low)])
    with_options = [("leaky_relu", {"negative_slope": slope}) for slope in (0.01, 0.3)]
    with_options += [("elu", {"alpha": alpha}) for alpha in (1.0, 0.6)]
    with_options += [("gelu", {"approximate": approximate}) for approximate in ("none", "tanh")]
    with_options += [("softplus", {})]
    for op, attributes in with_options:
        yield case(op, [torch.tensor(EVERYWHERE, dtype=DOUBLE)], attributes)
        yield case(op, [filled(f"{op} {attributes} matrix", (3, 5))], attributes)


def comparisons():
    left = torch.tensor([[0.0, 1.0, -2.5, 7.0], [-0.0, -1.0, 1e-300, 3.0]], dtype=DOUBLE)
    right = torch.tensor([[0.0, 2.0, -2.5, -7.0], [0.0, -3.0, 0.0, 3.0]], dtype=DOUBLE)
    for op in COMPARISONS:
        for other in (
            right,
            torch.tensor([0.0, 1.0, 0.0, 3.0], dtype=DOUBLE),
            torch.tensor([[0.0], [3.0]], dtype=DOUBLE),
            torch.tensor(0.0, dtype=DOUBLE),
        ):
            yield case(op, [left, other], without_gradient={0, 1})
    condition = torch.tensor([[1.0, 0.0, 1.0, 0.0], [0.0, 0.0, 1.0, 1.0]], dtype=DOUBLE)
    for shapes in (((2, 4), (2, 4)), ((4,), (2, 1)), ((), (2, 4))):
        yield case(
            "where",
            [condition] + [filled(f"where {shapes} {side}", shape) for side, shape in enumerate(shapes)],
            without_gradient={0},
        )
    yield case(
        "where", [condition[0], filled("where row a", (2, 4)), filled("where row b", (2, 4))], without_gradient={0}
    )


def reductions():
    for op in ("sum", "mean", "max"):
        for shape, axes in (
            ((3, 4), [0]),
            ((3, 4), [1]),
            ((3, 4), [0, 1]),
            ((2, 3, 4), [1]),
            ((2, 3, 4), [0, 2]),
            ((5,), [0]),
            ((1, 3), [0]),
        ):
            for keep in (False, True):
                yield case(op, [filled(f"{op} {shape} {axes}", shape)], {"axes": axes, "keep_dims": keep})
    for shape, axis in (((3, 4), 0), ((3, 4), 1), ((2, 3, 4), 1), ((5,), 0)):
        for keep in (False, True):
            yield case(
                "argmax",
                [filled(f"argmax {shape} {axis}", shape)],
                {"axes": [axis], "keep_dims": keep},
                without_gradient={0},
            )
    large = torch.tensor(
        [
            [1000.0, -1000.0, 999.5, 0.0],
            [-1000.0, -1000.5, -999.0, -1001.0],
            [0.0, 1000.0, 1000.0, 1000.0],
            [40.0, -40.0, 39.0, 0.25],
        ],
        dtype=DOUBLE,
    )
    for op in ("softmax", "log_softmax", "logsumexp"):
        for keep in (False, True) if op == "logsumexp" else (None,):
            rest = {} if keep is None else {"keep_dims": keep}
            for axis in (0, 1):
                yield case(op, [filled(f"{op} {axis}", (3, 4))], {"axis": axis} | rest)
            yield case(op, [large], {"axis": 1} | rest)
            yield case(op, [filled(f"{op} rank 3", (2, 3, 2))], {"axis": 1} | rest)
            yield case(op, [filled(f"{op} one", (3, 1))], {"axis": 1} | rest)


def movement():
    for before, after in (((3, 4), [4, 3]), ((3, 4), [12]), ((2, 6), [2, 3, 2]), ((1,), []), ((6,), [1, 6])):
        yield case("reshape", [filled(f"reshape {before} {after}", before)], {"shape": after})
    for shape, permutation in (((3, 4), [1, 0]), ((2, 3, 4), [2, 0, 1]), ((2, 3, 4), [0, 2, 1]), ((2, 3), [0, 1])):
        yield case("transpose", [filled(f"transpose {shape} {permutation}", shape)], {"permutation": permutation})
    for shape, axis, start, stop in (((5, 3), 0, 1, 4), ((5, 3), 1, 0, 2), ((2, 4, 3), 1, 3, 4), ((4,), 0, 0, 4)):
        yield case("slice", [filled(f"slice {shape} {axis}", shape)], {"axis": axis, "start": start, "stop": stop})
    for axis, shapes in (
        (0, ((2, 3), (1, 3))),
        (1, ((2, 3), (2, 1), (2, 2))),
        (0, ((2,), (3,))),
        (1, ((2, 1, 2), (2, 3, 2))),
    ):
        yield case(
            "concatenate",
            [filled(f"concatenate {shapes} {index}", shape) for index, shape in enumerate(shapes)],
            {"axis": axis},
        )
    table = filled("gather table", (5, 3))
    for indices in ([0, 4, 2], [3, 3, 1, 3, 0, 1], [[1, 1, 4], [4, 1, 0]]):
        yield case("gather", [table, torch.tensor(indices, dtype=DOUBLE)], without_gradient={1})
    for classes, indices in ((3, [0, 2, 1, 1]), (5, [4]), (1, [0, 0])):
        yield case("one_hot", [torch.tensor(indices, dtype=DOUBLE)], {"classes": classes}, without_gradient={0})


def cases():
    """All cases of ops.json."""
    for group in (linear_and_matmul, arithmetic, elementwise, comparisons, reductions, movement):
        yield from group()
