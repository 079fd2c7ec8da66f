"""Cases of explain.json: every quantity that `longhand explain` names, for networks with given weights.

A case is {"name", "network": a whole network description with weight, bias and [sample], "values": {id: nested value}}.

The values and the loss after the step come from a forward pass in plain numpy; gradients and local derivatives from PyTorch's
autograd in double, on the loss as it is written in y_hat (-log y_hat for cross_entropy, never a merged form); the step
from torch.optim. Each is checked against another source before the file is written. Conventions:

  y_hat   the network's output after its head: sigmoid(zn) for bce_with_logits, softmax(zn) for cross_entropy on logits; zn itself where
          neither an activation nor such a loss follows (poisson too: y_hat is then the logarithm of the rate), and no dy_hat/dzn
  shapes  for one sample a vector, or a plain number where the layer has one unit; with a batch the same with the row as a first axis,
          so one number a row where the layer has one unit. Parameters, their gradients and their state keep the parameter's shape
  slopes  dak/dzk and dy_hat/dzn have one entry a unit, but dy_hat/dzn of softmax is the matrix [i][j] = dy_hat_i / dzn_j (with a batch
          one a row)
  ids     a linear layer with no activation after it has neither ak nor dL/dak nor dak/dzk. A batch adds L_rows
  state   momentum v; Adam and AdamW m, v, m_hat, v_hat; RMSprop and Adagrad v (mean or sum of squares); each for Wk and bk, after the
          one step from zero. With weight decay (not AdamW's) it has taken in the decayed gradient
"""

import math
import random

import numpy
import torch

from . import networks
from .common import check_between_slopes

ERF = numpy.vectorize(math.erf, otypes=[numpy.float64])
NUMPY_ACTIVATIONS = {
    "relu": lambda z, layer: numpy.maximum(z, 0.0),
    "leaky_relu": lambda z, layer: numpy.where(z > 0, z, layer.get("negative_slope", 0.01) * z),
    "elu": lambda z, layer: numpy.where(z > 0, z, layer.get("alpha", 1.0) * numpy.expm1(numpy.minimum(z, 0.0))),
    "gelu": lambda z, layer: (0.5 * z * (1.0 + ERF(z / math.sqrt(2.0))) if layer.get("approximate", "none") == "none" else
                              0.5 * z * (1.0 + numpy.tanh(math.sqrt(2.0 / math.pi) * (z + 0.044715 * z**3)))),
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
    return {f"{letter}{k}": numpy.array(layer[key], dtype=numpy.float64)
            for k, layer in enumerate(networks.linear_layers(description), 1) for letter, key in (("W", "weight"), ("b", "bias"))}


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
        elif (found := [state[key] for key in ("momentum_buffer", "square_avg", "sum") if state.get(key) is not None]):
            assert len(found) == 1, "momentum in RMSprop has no id"
            values[f"v_{name}"] = found[0].numpy()
    return values


def check(name, description, x, y, values, torch_values):
    """Numpy's forward pass against torch's, gradients against differences of the numpy pass, the step against its formula."""
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
    kind, rate, decay = options["type"], options["learning_rate"], options.get("weight_decay", 0.01 if options["type"] == "adamw" else 0.0)
    if kind == "adamw":
        value = value - rate * decay * value
    else:
        gradient = gradient + decay * value
    if kind == "sgd":
        return value - rate * gradient * (1.0 + options["momentum"] if options.get("nesterov") else 1.0)
    square = {"adam": 1.0, "adamw": 1.0, "rmsprop": 1.0 - options.get("alpha", 0.99), "adagrad": 1.0}[kind]
    epsilon = options.get("epsilon", 1e-10 if kind == "adagrad" else 1e-8)
    return value - rate * gradient / (numpy.sqrt(square * gradient**2) + epsilon)


def presented(identifier, value, batch):
    """A value as explain shows it: without the row axis for one sample, plain numbers where a layer has one unit."""
    value = numpy.asarray(value) + 0.0  # no minus zeros
    is_parameter = identifier.endswith("_new") or identifier.split("_")[0] in ("m", "v") or identifier.startswith(("dL/dW", "dL/db"))
    if identifier in ("L", "L_new", "L_rows") or is_parameter:
        return value.tolist()
    if identifier == "dL/dx" or value.shape[-1] > 1:
        return (value if batch else value[0]).tolist()
    units = value.reshape(value.shape[0])
    return (units if batch else units[0]).tolist()


def case(name, description):
    """One case, checked."""
    x, y, batch = sample_of(description)
    parameters = named_parameters(description)
    values = forward(description, parameters, x, y)
    gradients, leaves = backward(description, parameters, x, y)
    values = gradients | values
    values |= update(description, leaves)
    values["L_new"] = forward(description, {key: values[f"{key}_new"] for key in parameters}, x, y)["L"]
    check(name, description, x, y, values, gradients)
    if not batch:
        del values["L_rows"]
    ordered = sorted(values, key=lambda identifier: position(identifier, len(parameters) // 2))
    return {"name": name, "network": description, "values": {key: presented(key, values[key], batch) for key in ordered}}


def position(identifier, layers):
    """Where an id stands in the order of the contract."""
    layer = next((int(digit) for digit in identifier if digit.isdigit()), layers + 1)
    if identifier == "L_new":
        return (5,)
    for suffix, rank in (("m_W", 0), ("v_W", 1), ("m_hat_W", 2), ("v_hat_W", 3), ("W", 4), ("m_b", 5), ("v_b", 6), ("m_hat_b", 7),
                         ("v_hat_b", 8), ("b", 9)):
        if identifier.startswith(suffix):
            return (4, layer, rank)
    if "/" not in identifier:
        return (2, len(identifier)) if identifier.startswith("L") else (1, layer, "zay".index(identifier[0]))
    numerator, denominator = identifier.split("/")
    if identifier == "dL/dx":
        return (3, 0)
    if numerator != "dL":
        return (3, -int(denominator[2:]), 1)
    if denominator == "dy_hat":
        return (3, -layers, 0)
    return (3, -layer, {"a": 0, "z": 2, "W": 3, "b": 4}[denominator[1]])


def with_values(name, inputs, layers, loss, optimizer=None, sample=None):
    """A description whose weights, biases, input and target are decimals fixed by `name`. In `layers` a number is a linear
    layer of that many units, a word an activation, a pair an activation with options. `sample` replaces the drawn target."""
    source = random.Random(name)
    draw = lambda count, limit: [source.randint(-100, 100) * limit / 100 for _ in range(count)]
    described, width, linear = [], inputs, 0
    for layer in layers:
        if isinstance(layer, int):
            linear += 1
            described.append({"type": "linear", "name": f"fc{linear}", "out": layer,
                              "weight": [[round(value, 2) for value in draw(width, 1.0)] for _ in range(layer)],
                              "bias": [round(value, 2) for value in draw(layer, 0.5)]})
            width = layer
        else:
            kind, options = (layer, {}) if isinstance(layer, str) else layer
            described.append({"type": kind} | options)
    description = {"network": {"inputs": inputs}, "layer": described, "loss": loss if isinstance(loss, dict) else {"type": loss}}
    if optimizer:
        description["optimizer"] = optimizer
    rows = len(sample) if isinstance(sample[0], list) else 1
    drawn = [[round(value, 2) for value in draw(inputs, 2.0)] for _ in range(rows)]
    description["sample"] = {"input": drawn if isinstance(sample[0], list) else drawn[0], "target": sample}
    return description


def article(optimizer, sample):
    """The network of the contract."""
    layers = [{"type": "linear", "name": "fc1", "out": 2, "weight": [[0.2, 0.4], [0.1, 0.6]], "bias": [0.3, 0.5]}, {"type": "relu"},
              {"type": "linear", "name": "fc2", "out": 1, "weight": [[0.7, 0.9]], "bias": [0.2]}, {"type": "sigmoid"}]
    return {"network": {"inputs": 2}, "layer": layers, "loss": {"type": "bce"}, "optimizer": optimizer, "sample": sample}


# The article's own figures, to seven places.
ARTICLE = {
    "z1": [1.3, 1.8], "z2": 2.73, "y_hat": 0.9387738, "L": 0.0631807, "dL/dy_hat": -1.0652193, "dy_hat/dz2": 0.0574775,
    "dL/dz2": -0.0612262, "dL/dW2": [[-0.0795940, -0.1102071]], "dL/db2": [-0.0612262], "dL/da1": [-0.0428583, -0.0551035],
    "dL/dW1": [[-0.0428583, -0.0857166], [-0.0551035, -0.1102071]], "dL/db1": [-0.0428583, -0.0551035], "L_new": 0.0581998,
}
SGD = {"type": "sgd", "learning_rate": 0.1}
MOMENTUM = {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9}


def cases():
    """All cases of explain.json."""
    worked = case("article", article(SGD, {"input": [1, 2], "target": [1]}))
    for key, figure in ARTICLE.items():
        assert numpy.shape(worked["values"][key]) == numpy.shape(figure), key
        assert numpy.allclose(worked["values"][key], figure, rtol=0, atol=5.1e-8), key
    yield worked
    described = [
        ("3 layers, tanh, mse on two outputs, momentum", 3, (4, "tanh", 3, "tanh", 2), "mse", MOMENTUM, [0.5, -1.25]),
        ("3 layers, both gelu, cross_entropy on logits, adam", 4,
         (5, "gelu", 4, ("gelu", {"approximate": "tanh"}), 3), "cross_entropy", {"type": "adam", "learning_rate": 0.01}, [2]),
        ("4 layers, leaky_relu elu silu, bce_with_logits, adamw", 2,
         (4, ("leaky_relu", {"negative_slope": 0.1}), 4, ("elu", {"alpha": 0.8}), 3, "silu", 1), "bce_with_logits",
         {"type": "adamw", "learning_rate": 0.02, "weight_decay": 0.05}, [0]),
        ("5 layers, sigmoid softplus tanh relu, huber, rmsprop", 3,
         (4, "sigmoid", 4, "softplus", 3, "tanh", 3, "relu", 1), {"type": "huber", "delta": 0.5},
         {"type": "rmsprop", "learning_rate": 0.01, "alpha": 0.9}, [3.5]),
        ("3 layers, silu tanh, poisson on two outputs, adagrad", 3, (4, "silu", 3, "tanh", 2), "poisson",
         {"type": "adagrad", "learning_rate": 0.05}, [3, 0]),
        ("3 layers, relu leaky_relu, softmax layer, cross_entropy on one-hot, nesterov", 3, (4, "relu", 4, "leaky_relu", 3, "softmax"),
         "cross_entropy", {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}, [0, 1, 0]),
        ("3 layers, the first without activation, bce, no optimizer table", 2, (3, 3, "tanh", 1, "sigmoid"), "bce", None, [0]),
        ("3 layers, elu softplus, two sigmoid outputs, bce, adam with options", 3, (4, "elu", 3, "softplus", 2, "sigmoid"), "bce",
         {"type": "adam", "learning_rate": 0.02, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6, "weight_decay": 0.1}, [1, 0]),
        ("3 layers, gelu sigmoid, two tanh outputs, huber inside its delta, momentum with decay", 2, (3, "gelu", 3, "sigmoid", 2, "tanh"),
         "huber", {"type": "sgd", "learning_rate": 0.05, "momentum": 0.8, "weight_decay": 0.02}, [0.5, -0.5]),
        ("3 layers, tanh, mae, one unit between", 3, (4, "tanh", 1, "tanh", 2), "mae", SGD, [1.5, -2.5]),
        ("1 layer, mse", 2, (1,), "mse", SGD, [1.5]),
        ("3 layers, relu silu, bce_with_logits on two outputs, adam", 3, (3, "relu", 4, "silu", 2), "bce_with_logits",
         {"type": "adam", "learning_rate": 0.01}, [1, 0]),
        ("batch of 3 rows, 3 layers, gelu tanh, cross_entropy on logits, adam", 3, (4, "gelu", 4, "tanh", 3), "cross_entropy",
         {"type": "adam", "learning_rate": 0.01}, [[2], [0], [1]]),
        ("batch of 4 rows, 3 layers, elu tanh, mse on two outputs, momentum", 2, (3, "elu", 3, "tanh", 2), "mse", MOMENTUM,
         [[0.5, 1.0], [-1.0, 0.25], [0.0, 2.0], [1.5, -0.5]]),
    ]
    for name, inputs, layers, loss, optimizer, target in described:
        yield case(name, with_values(name, inputs, layers, loss, optimizer, target))
    yield case("batch of 3 rows, article", article(SGD, {"input": [[1, 2], [-1.5, 0.5], [0.25, -3]], "target": [[1], [0], [1]]}))
