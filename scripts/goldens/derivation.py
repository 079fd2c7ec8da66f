"""Works a network out for given weights: values by numpy, gradients and the step by PyTorch, each checked.

Inside, x, y and all that follows from them have the row as their first axis.
"""

import math

import numpy
import torch

from . import networks
from .common import check_between_slopes

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
    """One (linear layer, activation or None) for each linear layer; the last activation is the head, which a loss on
    logits brings along."""
    pairs = []
    for layer in description["layer"]:
        if layer["type"] == "linear":
            pairs.append([layer, None])
        else:
            assert pairs[-1][1] is None, "a second activation has no place in these cases"
            pairs[-1][1] = layer
    head = HEADS.get(description["loss"]["type"])
    if head and pairs[-1][1] is None:
        pairs[-1][1] = {"type": head}
    return pairs


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


def forward(description, parameters, x, y):
    """z, a, y_hat, L_rows and L by numpy, with rows as the first axis."""
    pairs, values, a = chain(description), {}, x
    for k, (_, activation) in enumerate(pairs, 1):
        z = values[f"z{k}"] = a @ parameters[f"W{k}"].T + parameters[f"b{k}"]
        a = z if activation is None else NUMPY_ACTIVATIONS[activation["type"]](z, activation)
        if activation is not None and k < len(pairs):
            values[f"a{k}"] = a
    values["y_hat"] = a
    values["L_rows"] = loss_rows(description, a, y, numpy)
    values["L"] = values["L_rows"].mean()
    return values


def backward(description, parameters, x, y):
    """Gradients and local derivatives by autograd, and the parameters (torch, with .grad) for the optimiser."""
    pairs, values = chain(description), {}
    parameters = {name: torch.tensor(value, requires_grad=True) for name, value in parameters.items()}
    inputs = torch.tensor(x, requires_grad=True)
    kept, a, slopes = {"x": inputs}, inputs, {}
    for k, (_, activation) in enumerate(pairs, 1):
        last = k == len(pairs)
        z = kept[f"z{k}"] = torch.nn.functional.linear(a, parameters[f"W{k}"], parameters[f"b{k}"])
        a = z
        if activation is not None:
            name = "y_hat" if last else f"a{k}"
            a = kept[name] = networks.ACTIVATIONS[activation["type"]](z, activation)
            slopes[f"d{name}/dz{k}"] = slope(activation, z.detach())
    kept["y_hat"] = a
    for tensor in kept.values():
        tensor.retain_grad()
    loss = loss_rows(description, a, torch.tensor(y), torch).mean()
    loss.backward()
    values["L"] = loss.item()
    values.update({f"dL/d{name}": tensor.grad.numpy() for name, tensor in (kept | parameters).items()})
    values.update(slopes)
    return values, parameters


def slope(activation, z):
    """The activation's local derivative, row by row: a matrix each for softmax, else an entry a unit."""
    function = lambda point: networks.ACTIVATIONS[activation["type"]](point, activation)
    jacobians = torch.stack([torch.autograd.functional.jacobian(function, row) for row in z])
    return (jacobians if activation["type"] == "softmax" else torch.diagonal(jacobians, dim1=1, dim2=2)).numpy()


def update(description, parameters):
    """The parameters and the optimiser's state after one step of torch.optim from zero state."""
    optimizer = networks.optimizer(description, list(parameters.values()))
    optimizer.step()
    group, values = optimizer.param_groups[0], {}
    for name, parameter in parameters.items():
        values[f"{name}_new"] = parameter.detach().numpy().copy()
        state = optimizer.state[parameter]
        if "exp_avg" in state:
            beta1, beta2 = group["betas"]
            values[f"m_{name}"], values[f"v_{name}"] = state["exp_avg"].numpy(), state["exp_avg_sq"].numpy()
            values[f"m_hat_{name}"] = values[f"m_{name}"] / (1.0 - beta1)
            values[f"v_hat_{name}"] = values[f"v_{name}"] / (1.0 - beta2)
        elif found := [state[key] for key in ("momentum_buffer", "square_avg", "sum") if state.get(key) is not None]:
            assert len(found) == 1, "momentum in RMSprop has no id"
            values[f"v_{name}"] = found[0].numpy()
    return values


def check(name, description, x, y, values, torch_values):
    """Checks numpy's forward pass against torch's, gradients against differences, and the step against its formula."""
    assert abs(values["L"] - torch_values["L"]) <= 1e-13 * max(1.0, abs(values["L"])), name
    for key, value in values.items():
        assert not (key[0] == "z" and (abs(value) < 1e-3).any()), f"{name}: {key} is too close to a kink"
        assert not (key.startswith("dL/dW") and (value == 0).mean() > 0.7), f"{name}: {key} is mostly zero"
    parameters = named_parameters(description)
    everything = parameters | {"x": x}
    for which in everything:

        def loss_at(point):
            moved = everything | {which: point.reshape(everything[which].shape)}
            return forward(description, moved, moved["x"], y)["L"]

        check_between_slopes(loss_at, everything[which], values[f"dL/d{which}"], f"{name}: dL/d{which}", step=1e-5)
    options = description.get("optimizer", {"type": "sgd", "learning_rate": 0.1})
    for which, value in parameters.items():
        expected = stepped(options, value, values[f"dL/d{which}"])
        assert numpy.allclose(expected, values[f"{which}_new"], rtol=1e-13, atol=1e-15), f"{name}: {which}_new"


def stepped(options, value, gradient):
    """One step from zero state, written out: at the first step the bias-corrected averages are g and g squared."""
    kind, rate, decay = (
        options["type"],
        options["learning_rate"],
        options.get("weight_decay", 0.01 if options["type"] == "adamw" else 0.0),
    )
    if kind == "adamw":
        value = value - rate * decay * value
    else:
        gradient = gradient + decay * value
    if kind == "sgd":
        return value - rate * gradient * (1.0 + options["momentum"] if options.get("nesterov") else 1.0)
    square = {"adam": 1.0, "adamw": 1.0, "rmsprop": 1.0 - options.get("alpha", 0.99), "adagrad": 1.0}[kind]
    epsilon = options.get("epsilon", 1e-10 if kind == "adagrad" else 1e-8)
    return value - rate * gradient / (numpy.sqrt(square * gradient**2) + epsilon)
