"""Cases of parity.json: small networks trained for five steps by PyTorch, in double and in single precision.

A case is {"name", "network", "input" [row][column], "target" [row][column], "sample_weight" [row] or null,
"initial": {"fc1.weight": nested, ...}, "f64": result, "f32": result}, a result being {"output": the network's output
after its last layer, "loss", "gradients": {name: nested}, "input_gradient": nested, "updates": [{name: nested} after
each of five steps]}. Output, loss and gradients are those before the first step. With batch norms the updates have
their buffers too, and `output` is the prediction of new ones, with running mean 0 and variance 1. With an embedding
the gradient by the input is that by what the embedding gives.

`network` has the keys of a network description; options that it leaves out have PyTorch's defaults (AdamW's
weight_decay is 0.01), and without an `optimizer` it is SGD with 0.1. Input, target, sample weights and initial
parameters are held exactly by single precision, so both results start from the same numbers. All five steps use the
same whole batch. For cross_entropy a target row is [class number] or one-hot. With sample weights,
L = sum(w l) / sum(w), where l is a row's loss: the mean over its outputs.
The cases stay clear of kinks, where rounding would decide the slope, by at least MARGIN.
"""

import torch

from . import networks
from .common import check_between_slopes, numbers, on_grid

STEPS = 5
MARGIN = 1e-4
# Single precision may differ from double by this part of what the tests allow (1.3e-6 relative and 1e-5 absolute).
ALLOWED_PART = 0.3


class Unsuitable(Exception):
    """The values drawn lie too close to a kink, leave most units dead, or take single precision too far from double."""


def run(description, initial, x, target, sample_weight, dtype):
    """The result of one precision, as tensors."""
    convert = lambda value: None if value is None else value.to(dtype)
    x, target, sample_weight = convert(x).clone().requires_grad_(), convert(target), convert(sample_weight)
    parameters = {name: convert(value).clone().requires_grad_() for name, value in initial.items()}
    optimizer = networks.optimizer(description, list(parameters.values()))
    kept = networks.buffers(description, dtype)
    result, margins = {"updates": []}, []
    for step in range(STEPS):
        optimizer.zero_grad()
        inside = networks.embedded(description, parameters, x)
        inside.retain_grad()
        output = networks.forward(description, parameters, inside, margins, kept)
        if description["loss"]["type"] == "mae":
            margins.append((output.detach() - target).abs().min().item())
        value = networks.loss(description, output, target, sample_weight)
        value.backward()
        if step == 0:
            gradients = {name: parameter.grad.clone() for name, parameter in parameters.items()}
            first = {
                "output": (networks.forward(description, parameters, inside) if kept else output).detach(),
                "loss": value.detach(),
                "gradients": gradients,
                "input_gradient": inside.grad.clone(),
            }
            result = first | result
        optimizer.step()
        after = {name: tensor.detach().clone() for name, tensor in (parameters | kept).items()}
        result["updates"].append(after)
    if min(margins, default=1.0) < MARGIN:
        raise Unsuitable(f"a kink at distance {min(margins)}")
    return result


def leaves(result):
    """All tensors of a result, one after another."""
    if isinstance(result, torch.Tensor):
        yield result
    else:
        for value in result.values() if isinstance(result, dict) else result:
            yield from leaves(value)


def as_json(result):
    if isinstance(result, torch.Tensor):
        return numbers(result)
    if isinstance(result, dict):
        return {name: as_json(value) for name, value in result.items()}
    return [as_json(value) for value in result]


def check(name, description, initial, x, target, sample_weight, double, single):
    """Gradients against differences, single precision against double, and that most gradients are there at all."""
    if any((gradient == 0).double().mean() > 0.5 for gradient in double["gradients"].values()):
        raise Unsuitable("most units are dead")
    for exact, rounded in zip(leaves(double), leaves(single), strict=True):
        allowed = ALLOWED_PART * (1e-5 + 1.3e-6 * exact.abs())
        if not bool(((exact - rounded.double()).abs() <= allowed).all()):
            raise Unsuitable(f"single precision is {(exact - rounded.double()).abs().max().item()} away")

    def loss_at(which, point):
        values = {**initial, "input": x}
        values[which] = torch.tensor(point).reshape(values[which].shape)
        inside = networks.embedded(description, values, values["input"])
        output = networks.forward(description, values, inside, kept=networks.buffers(description, x.dtype))
        return networks.loss(description, output, target, sample_weight).item()

    checked = dict(double["gradients"])
    if not description["layer"][0].get("tables"):
        checked["input"] = double["input_gradient"]
    for which, gradient in checked.items():
        point = (initial | {"input": x})[which]
        check_between_slopes(lambda flat: loss_at(which, flat), point.numpy(), gradient.numpy(), f"{name}: {which}")


def targets(name, description, rows, one_hot):
    """Targets of the kind that the loss takes."""
    kind, outputs = description["loss"]["type"], networks.linear_layers(description)[-1]["out"]
    if kind == "cross_entropy":
        classes = (on_grid(name, (rows,), 0, outputs - 1, 1.0)).long()
        return torch.nn.functional.one_hot(classes, outputs).double() if one_hot else classes.double().reshape(rows, 1)
    if kind.startswith("bce"):
        return on_grid(name, (rows, outputs), 0, 1, 1.0)
    if kind == "poisson":
        return on_grid(name, (rows, outputs), 0, 6, 1.0)
    return on_grid(name, (rows, outputs), -2, 2)


def case(name, description, rows, weighted=False, one_hot=False, scale=1.0):
    """One case. Values are drawn again until none is too close to a kink. `scale` widens the initial parameters."""
    for attempt in range(200):
        seed = f"{name} {attempt} "
        x = on_grid(seed + "x", (rows, description["network"]["inputs"]), -2, 2)
        for table in description["layer"][0].get("tables", ()):
            x[:, table["input"] - 1] = on_grid(seed + table["name"], (rows,), 0, table["rows"] - 1, 1.0)
        target = targets(seed + "target", description, rows, one_hot)
        sample_weight = on_grid(seed + "weight", (rows,), 0, 3, 0.25) if weighted else None
        if weighted and sample_weight.sum() == 0:
            continue
        initial = {
            key: on_grid(seed + key, shape, -scale, scale)
            for key, shape in networks.parameter_shapes(description).items()
        }
        try:
            double, single = (
                run(description, initial, x, target, sample_weight, dtype) for dtype in (torch.float64, torch.float32)
            )
            check(name, description, initial, x, target, sample_weight, double, single)
        except Unsuitable:
            continue
        return {
            "name": name,
            "network": description,
            "input": numbers(x),
            "target": numbers(target),
            "sample_weight": numbers(sample_weight) if weighted else None,
            "initial": {key: numbers(value) for key, value in initial.items()},
            "f64": as_json(double),
            "f32": as_json(single),
        }
    raise RuntimeError(f"{name}: no suitable values found")


def network(inputs, layers, loss, optimizer=None):
    """A description. In `layers` a number is a linear layer of that many units, a word an activation, and a pair an
    activation with its options."""
    described, linear = [], 0
    for layer in layers:
        if isinstance(layer, int):
            linear += 1
            described.append({"type": "linear", "name": f"fc{linear}", "out": layer})
        else:
            kind, options = (layer, {}) if isinstance(layer, str) else layer
            described.append({"type": kind} | options)
    description = {
        "network": {"inputs": inputs},
        "layer": described,
        "loss": loss if isinstance(loss, dict) else {"type": loss},
    }
    return description if optimizer is None else description | {"optimizer": optimizer}


SGD = {"type": "sgd", "learning_rate": 0.1}
ADAM = {"type": "adam", "learning_rate": 0.01}

ACTIVATIONS = [
    "relu",
    "leaky_relu",
    ("leaky_relu", {"negative_slope": 0.2}),
    "elu",
    ("elu", {"alpha": 0.7}),
    "gelu",
    ("gelu", {"approximate": "none"}),
    ("gelu", {"approximate": "tanh"}),
    "silu",
    "softplus",
    "tanh",
    "sigmoid",
    "softmax",
    "identity",
    ("dropout", {"p": 0.0}),
    "hard_sigmoid",
    "hard_tanh",
]

# (name, layers after the hidden one, loss, one-hot targets)
LOSSES = [
    ("bce, 1 output", (1, "sigmoid"), "bce", False),
    ("bce, 3 outputs", (3, "sigmoid"), "bce", False),
    ("bce_with_logits, 1 output", (1,), "bce_with_logits", False),
    ("bce_with_logits, 3 outputs", (3,), "bce_with_logits", False),
    ("cross_entropy, class numbers", (4,), "cross_entropy", False),
    ("cross_entropy, one-hot", (4,), "cross_entropy", True),
    ("cross_entropy after softmax, class numbers", (3, "softmax"), "cross_entropy", False),
    ("cross_entropy after softmax, one-hot", (3, "softmax"), "cross_entropy", True),
    ("mse, 1 output", (1,), "mse", False),
    ("mse, 3 outputs", (3,), "mse", False),
    ("mae, 1 output", (1,), "mae", False),
    ("mae, 3 outputs", (3,), "mae", False),
    ("huber, 1 output", (1,), "huber", False),
    ("huber, delta 0.5, 3 outputs", (3,), {"type": "huber", "delta": 0.5}, False),
    ("huber, delta 2, 2 outputs", (2,), {"type": "huber", "delta": 2.0}, False),
    ("poisson, 1 output", (1,), "poisson", False),
    ("poisson, 3 outputs", (3,), "poisson", False),
]

OPTIMIZERS = [
    {"type": "sgd", "learning_rate": 0.1},
    {"type": "sgd", "learning_rate": 0.1, "weight_decay": 0.05},
    {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9},
    {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9, "weight_decay": 0.05},
    {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9, "nesterov": True},
    {"type": "sgd", "learning_rate": 0.05, "momentum": 0.8, "nesterov": True, "weight_decay": 0.05},
    {"type": "adam", "learning_rate": 0.01},
    {"type": "adam", "learning_rate": 0.02, "beta1": 0.8, "beta2": 0.95},
    {"type": "adam", "learning_rate": 0.01, "epsilon": 1e-3},
    {"type": "adam", "learning_rate": 0.01, "weight_decay": 0.05},
    {"type": "adamw", "learning_rate": 0.01},
    {"type": "adamw", "learning_rate": 0.02, "weight_decay": 0.1},
    {"type": "adamw", "learning_rate": 0.01, "weight_decay": 0.0, "beta1": 0.7, "beta2": 0.99, "epsilon": 1e-4},
    {"type": "rmsprop", "learning_rate": 0.01},
    {"type": "rmsprop", "learning_rate": 0.01, "alpha": 0.9},
    {"type": "rmsprop", "learning_rate": 0.01, "alpha": 0.9, "momentum": 0.9},
    {"type": "rmsprop", "learning_rate": 0.01, "weight_decay": 0.05, "epsilon": 1e-3},
    {"type": "rmsprop", "learning_rate": 0.005, "momentum": 0.5, "weight_decay": 0.05},
    {"type": "adagrad", "learning_rate": 0.05},
    {"type": "adagrad", "learning_rate": 0.05, "weight_decay": 0.05, "epsilon": 1e-4},
]

DEEP = [
    ("1 linear layer", network(5, (3,), "mse", SGD), {}),
    ("1 linear layer, sigmoid", network(4, (1, "sigmoid"), "bce", ADAM), {}),
    ("2 linear layers", network(8, (12, "relu", 4), "cross_entropy", ADAM), {}),
    ("2 linear layers, nothing between", network(3, (4, 2), "mse", SGD), {}),
    (
        "3 linear layers",
        network(4, (6, "tanh", 5, "gelu", 2), "bce_with_logits", {"type": "adamw", "learning_rate": 0.01}),
        {},
    ),
    ("4 linear layers", network(3, (6, "relu", 5, "elu", 4, "silu", 2), "mse", SGD), {"scale": 0.75}),
    (
        "4 linear layers, two activations in a row",
        network(
            4,
            (5, "tanh", ("dropout", {"p": 0.0}), 4, "softplus", "tanh", 4, "leaky_relu", 3, "softmax"),
            "cross_entropy",
            {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9},
        ),
        {},
    ),
]


BATCH_NORM, LAYER_NORM = ("batch_norm", {"name": "norm"}), ("layer_norm", {"name": "norm"})
NORMS = [
    ("batch_norm", network(3, (5, BATCH_NORM, "relu", 2), "mse", SGD), (5, 17)),
    (
        "batch_norm with eps and momentum, after the activation",
        network(3, (4, "tanh", ("batch_norm", {"name": "norm", "eps": 0.01, "momentum": 0.3}), 3), "cross_entropy", ADAM),
        (5, 2),
    ),
    ("batch_norm of the inputs", network(3, (BATCH_NORM, 4, "silu", 1), "bce_with_logits", ADAM), (5,)),
    ("layer_norm", network(3, (5, LAYER_NORM, "relu", 2), "mse", SGD), (5, 1)),
    (
        "layer_norm with eps, after the activation",
        network(3, (4, "tanh", ("layer_norm", {"name": "norm", "eps": 0.1}), 3), "cross_entropy", ADAM),
        (17,),
    ),
    (
        "residual",
        network(3, (4, ("tanh", {"name": "first"}), 4, "relu", ("residual", {"from": "first"}), 2), "mse", SGD),
        (5, 1),
    ),
    (
        "two residuals with norms",
        network(
            3,
            (
                *(4, ("silu", {"name": "a"}), 4, BATCH_NORM, "tanh", ("residual", {"from": "a", "name": "b"})),
                *(5, "tanh", 4, ("residual", {"from": "b"}), ("layer_norm", {"name": "last"}), 2),
            ),
            "mse",
            # Not Adam: the gradient by a bias before a batch norm is 0 but for rounding, which Adam would make a step of.
            {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9},
        ),
        (17,),
    ),
]


def table(name, place, rows, size):
    return {"name": name, "input": place, "rows": rows, "size": size}


def embedding(*tables):
    return "embedding", {"name": "embedding", "tables": list(tables)}


EMBEDDINGS = [
    ("embedding", network(3, (embedding(table("colour", 2, 4, 3)), 4, "tanh", 2), "mse", SGD)),
    (
        "embedding alone",
        network(1, (embedding(table("colour", 1, 5, 2)), 3), "cross_entropy", {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9, "weight_decay": 0.05}),
    ),
    (
        "embedding, two tables",
        network(4, (embedding(table("colour", 1, 3, 2), table("place", 4, 6, 1)), 5, "relu", 1), "bce_with_logits", {"type": "adamw", "learning_rate": 0.01}),
    ),
]


def label(layer):
    kind, options = (layer, {}) if isinstance(layer, str) else layer
    return ", ".join([kind] + [f"{key} {value}" for key, value in options.items()])


def cases():
    """All cases of parity.json."""
    batch = (5, 17, 1)
    yield case("the article's shape", network(2, (2, "relu", 1, "sigmoid"), "bce", SGD), rows=1)
    yield case("no optimizer table", network(2, (3, "tanh", 1, "sigmoid"), "bce"), rows=5)
    for index, activation in enumerate(ACTIVATIONS):
        description = network(3, (5, activation, 2), "mse", (SGD, ADAM)[index % 2])
        yield case(f"activation {label(activation)}", description, rows=5, scale=1.5)
    for index, (name, last, loss, one_hot) in enumerate(LOSSES):
        for weighted in (False, True):
            hidden = ("tanh", "relu", "silu")[index % 3]
            # Adam for some, plain SGD for the others: an error in the loss's scale shows in SGD's updates only.
            optimizer = ADAM if index % 4 == 3 else {"type": "sgd", "learning_rate": 0.05}
            yield case(
                f"loss {name}{', weighted' if weighted else ''}",
                network(3, (4, hidden, *last), loss, optimizer),
                rows=(5, 17)[index % 2] if weighted else batch[index % 3],
                weighted=weighted,
                one_hot=one_hot,
            )
    for optimizer in OPTIMIZERS:
        options = ", ".join(f"{key} {value}" for key, value in optimizer.items() if key != "type")
        yield case(f"optimizer {optimizer['type']}, {options}", network(3, (4, "tanh", 2), "mse", optimizer), rows=5)
    for name, description, options in DEEP:
        for rows in batch:
            yield case(f"{name}, {rows} rows", description, rows=rows, **options)
    for name, description, batches in NORMS:
        for rows in batches:
            yield case(f"{name}, {rows} rows", description, rows=rows)
    for name, description in EMBEDDINGS:
        yield case(f"{name}, 17 rows", description, rows=17)
    # Logits of some tens, where only the stable forms of the losses are exact.
    for name, last, loss in (("bce_with_logits", (2,), "bce_with_logits"), ("cross_entropy", (3,), "cross_entropy")):
        yield case(
            f"large logits, {name}",
            network(3, (4, "identity", *last), loss, {"type": "sgd", "learning_rate": 0.01}),
            rows=5,
            scale=8.0,
        )
