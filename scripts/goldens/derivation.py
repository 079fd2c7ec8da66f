"""Works a network out for given weights: values by numpy, gradients and the step by PyTorch, each checked.

Inside, x, y and all that follows from them have the row as their first axis.
"""

import math

import numpy
import torch

from . import networks, update_rules
from .common import check_between_slopes
from .philox import dropout_factors

ERF = numpy.vectorize(math.erf, otypes=[numpy.float64])
NUMPY_ACTIVATIONS = {
    "relu": lambda z, layer: numpy.maximum(z, 0.0),
    "leaky_relu": lambda z, layer: numpy.where(z > 0, z, layer.get("negative_slope", 0.01) * z),
    "elu": lambda z, layer: numpy.where(z > 0, z, layer.get("alpha", 1.0) * numpy.expm1(numpy.minimum(z, 0.0))),
    "gelu": lambda z, layer: (
        0.5 * z * (1.0 + ERF(z / math.sqrt(2.0)))
        if layer.get("approximate", "none") == "none"
        else 0.5 * z * (1.0 + numpy.tanh(math.sqrt(2.0 / math.pi) * (z + 0.044715 * z**3)))
    ),
    "silu": lambda z, layer: z / (1.0 + numpy.exp(-z)),
    "softplus": lambda z, layer: numpy.log1p(numpy.exp(z)),
    "tanh": lambda z, layer: numpy.tanh(z),
    "sigmoid": lambda z, layer: 1.0 / (1.0 + numpy.exp(-z)),
    "softmax": lambda z, layer: numpy.exp(z) / numpy.exp(z).sum(axis=-1, keepdims=True),
}
HEADS = {"bce_with_logits": "sigmoid", "cross_entropy": "softmax"}


def chain(description):
    """[name, name of its operand, layer] for each quantity of the forward pass behind x: "z1", "a1", "h1_1", …, "y_hat".
    What does nothing (identity, dropout with p = 0) has no name; a last layer that is linear has two, as y_hat follows
    it with the layer {"type": "identity"}. A loss on logits brings its sigmoid or softmax along."""
    links, previous, linear, others, activated = [], "x", 0, 0, False
    for layer in description["layer"]:
        kind = layer["type"]
        if kind == "identity" or (kind == "dropout" and layer["p"] == 0.0):
            continue
        if kind == "linear":
            linear, others, activated = linear + 1, 0, False
            name = f"z{linear}"
        elif kind != "dropout" and linear > 0 and not activated:
            activated, name = True, f"a{linear}"
        else:
            others, name = others + 1, f"h{linear}_{others + 1}"
        links.append([name, previous, layer])
        previous = name
    head = HEADS.get(description["loss"]["type"])
    if head and description["layer"][-1]["type"] != "softmax":
        links.append(["y_hat", previous, {"type": head}])
    elif links[-1][2]["type"] == "linear":
        links.append(["y_hat", previous, {"type": "identity"}])
    else:
        links[-1][0] = "y_hat"
    return links


def drawn_factors(description, rows, steps_before=0):
    """What each dropout multiplies by, by the layer's name; [rows, units]."""
    factors, width = {}, description["network"]["inputs"]
    for layer in description["layer"]:
        width = layer.get("out", width)
        if layer["type"] == "dropout":
            factors[layer["name"]] = dropout_factors(layer, rows, width, steps_before)
    return factors


def loss_rows(description, y_hat, y, library):
    """Each row's loss, written on y_hat, by numpy or by torch (`library`)."""
    kind = description["loss"]["type"]
    if kind in ("bce", "bce_with_logits"):
        entries = -(y * library.log(y_hat) + (1.0 - y) * library.log(1.0 - y_hat))
    elif kind == "cross_entropy":
        return -(y * library.log(y_hat)).sum(-1)
    elif kind == "mse":
        entries = (y_hat - y) ** 2
    elif kind == "mae":
        entries = abs(y_hat - y)
    elif kind == "huber":
        delta, distance = description["loss"].get("delta", 1.0), abs(y_hat - y)
        entries = library.where(distance <= delta, 0.5 * distance**2, delta * (distance - 0.5 * delta))
    elif kind == "poisson":
        entries = library.exp(y_hat) - y * y_hat
    return entries.mean(-1)


def sample_of(description):
    """Input [row][column] and target [row][output] (classes as one-hot rows), and whether they are a batch."""
    x = numpy.array(description["sample"]["input"], dtype=numpy.float64)
    y = numpy.array(description["sample"]["target"], dtype=numpy.float64)
    batch = x.ndim == 2
    x, y = numpy.atleast_2d(x), numpy.atleast_2d(y)
    outputs = networks.linear_layers(description)[-1]["out"]
    if description["loss"]["type"] == "cross_entropy" and y.shape[1] == 1:
        y = numpy.eye(outputs)[y[:, 0].astype(int)]
    return x, y, batch


def named_parameters(description):
    """{"W1": array, "b1": array, …} in order."""
    return {
        f"{letter}{k}": numpy.array(layer[key], dtype=numpy.float64)
        for k, layer in enumerate(networks.linear_layers(description), 1)
        for letter, key in (("W", "weight"), ("b", "bias"))
    }


def forward(description, parameters, factors, x, y, distances=None):
    """Every quantity from z1 to L by numpy, with rows as the first axis. `factors` are dropout's; `distances` collects
    how far what goes into a ReLU and its like is from its kink."""
    values = {"x": x}
    for name, previous, layer in chain(description):
        z, kind = values[previous], layer["type"]
        if kind == "linear":
            k = name[1:]
            values[name] = z @ parameters[f"W{k}"].T + parameters[f"b{k}"]
        elif kind == "dropout":
            values[name] = z * factors[layer["name"]]
        else:
            values[name] = z if kind == "identity" else NUMPY_ACTIVATIONS[kind](z, layer)
        if distances is not None and kind in networks.KINKS:
            distances.append(abs(z).min())
    del values["x"]
    values["L_rows"] = loss_rows(description, values["y_hat"], y, numpy)
    values["L"] = values["L_rows"].mean()
    return values


def backward(description, parameters, factors, x, y):
    """Gradients and local derivatives by autograd, and the parameters (torch, with .grad) for the optimiser."""
    parameters = {name: torch.tensor(value, requires_grad=True) for name, value in parameters.items()}
    kept, slopes = {"x": torch.tensor(x, requires_grad=True)}, {}
    for name, previous, layer in chain(description):
        z, kind = kept[previous], layer["type"]
        if kind == "linear":
            k = name[1:]
            kept[name] = torch.nn.functional.linear(z, parameters[f"W{k}"], parameters[f"b{k}"])
        elif kind == "dropout":
            kept[name] = z * torch.tensor(factors[layer["name"]])
            slopes[f"d{name}/d{previous}"] = factors[layer["name"]]
        elif kind == "identity":
            kept[name] = z
        else:
            kept[name] = networks.ACTIVATIONS[kind](z, layer)
            slopes[f"d{name}/d{previous}"] = slope(layer, z.detach())
    for tensor in kept.values():
        tensor.retain_grad()
    loss = loss_rows(description, kept["y_hat"], torch.tensor(y), torch).mean()
    loss.backward()
    values = {"L": loss.item()}
    values.update({f"dL/d{name}": tensor.grad.numpy().copy() for name, tensor in (kept | parameters).items()})
    values.update(slopes)
    return values, parameters


def slope(activation, z):
    """The activation's local derivative, row by row: a matrix each for softmax, else an entry a unit."""
    function = lambda point: networks.ACTIVATIONS[activation["type"]](point, activation)
    jacobians = torch.stack([torch.autograd.functional.jacobian(function, row) for row in z])
    return (jacobians if activation["type"] == "softmax" else torch.diagonal(jacobians, dim1=1, dim2=2)).numpy()


TORCH_MEMORY = {
    "sgd": {"v": "momentum_buffer"},
    "adam": {"m": "exp_avg", "v": "exp_avg_sq"},
    "adamw": {"m": "exp_avg", "v": "exp_avg_sq"},
    "rmsprop": {"v": "square_avg", "b": "momentum_buffer"},
    "adagrad": {"v": "sum"},
}


def update(description, parameters, memory, t):
    """The parameters and the optimiser's memory after step number t (from 1) of torch.optim. `memory` is
    {"v_W1": array, …} before it; empty, torch.optim is left to begin by itself."""
    options = description.get("optimizer", update_rules.DEFAULT)
    optimizer = networks.optimizer(description, list(parameters.values()))
    keys = {role: TORCH_MEMORY[options["type"]][role] for role in update_rules.roles(options)}
    if memory:
        loaded = optimizer.state_dict()
        loaded["state"] = {
            index: {key: torch.tensor(memory[f"{role}_{name}"]) for role, key in keys.items()}
            | {"step": torch.tensor(float(t - 1))}
            for index, name in enumerate(parameters)
        }
        optimizer.load_state_dict(loaded)
    values = {}
    if limit := options.get("clip_norm"):
        values["g_norm"] = torch.nn.utils.clip_grad_norm_(list(parameters.values()), limit).numpy()
        values["clip"] = numpy.minimum(1.0, limit / (values["g_norm"] + 1e-6))
        values |= {f"g_{name}": parameter.grad.numpy().copy() for name, parameter in parameters.items()}
    optimizer.step()
    for name, parameter in parameters.items():
        for role, key in keys.items():
            values[f"{role}_{name}"] = optimizer.state[parameter][key].numpy()
        if options["type"] in ("adam", "adamw"):
            for role, beta in zip(("m", "v"), optimizer.param_groups[0]["betas"]):
                values[f"{role}_hat_{name}"] = values[f"{role}_{name}"] / (1.0 - beta**t)
        values[f"{name}_new"] = parameter.detach().numpy().copy()
    return values


def check(name, description, memory, t, factors, x, y, values):
    """Checks gradients against differences of numpy's forward pass, and the step against its rule."""
    parameters = named_parameters(description)
    everything = parameters | {"x": x}
    for which in everything:

        def loss_at(point):
            moved = everything | {which: point.reshape(everything[which].shape)}
            return forward(description, moved, factors, moved["x"], y)["L"]

        check_between_slopes(loss_at, everything[which], values[f"dL/d{which}"], f"{name}: dL/d{which}", step=1e-5)
    options = description.get("optimizer", update_rules.DEFAULT)
    gradients = {which: values[f"dL/d{which}"] for which in parameters}
    if limit := options.get("clip_norm"):
        norm = numpy.sqrt(sum((gradient**2).sum() for gradient in gradients.values()))
        assert abs(norm - values["g_norm"]) <= 1e-12 * norm, name
        gradients = {which: min(1.0, limit / (norm + 1e-6)) * gradient for which, gradient in gradients.items()}
        for which, gradient in gradients.items():
            assert numpy.allclose(gradient, values[f"g_{which}"], rtol=1e-12, atol=1e-15), f"{name}: g of {which}"
    for which, value in parameters.items():
        before = {
            role: memory.get(f"{role}_{which}", numpy.zeros_like(value)) for role in update_rules.roles(options)
        }
        for role, expected in update_rules.stepped(options, value, gradients[which], before, t).items():
            found = values[f"{which}_new" if role == "new" else f"{role}_{which}"]
            assert numpy.allclose(expected, found, rtol=1e-12, atol=1e-15), f"{name}: {role} of {which}"


def is_telling(description, y, values, distances):
    """Whether a case is worth having: nothing near a kink, where differences tell nothing, and gradients that reach the
    first layer."""
    loss, errors = description["loss"], abs(values["y_hat"] - y)
    if loss["type"] == "mae":
        distances = [*distances, errors.min()]
    if loss["type"] == "huber":
        distances = [*distances, abs(errors - loss.get("delta", 1.0)).min()]
    reaching = [value for key, value in values.items() if key.startswith(("dL/dW", "dL/db", "dL/dx"))]
    return min(distances, default=1.0) > 1e-3 and all(
        abs(value).max() > 1e-4 and (value == 0).mean() <= 0.7 for value in reaching
    )
