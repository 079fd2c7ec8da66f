"""Cases of explain.json: every quantity that `longhand explain` names, for networks with given weights.

A case is {"name", "network": a whole network description with weight, bias and sample, "values": {id: nested value}},
the ids in the order of the contract, and for a later step of the optimiser "steps_before" and
"memory": {name of the state: value}.

The values and the loss after the step come from a forward pass in plain numpy; gradients and local derivatives from
PyTorch's autograd in double, on the loss as it is written in y_hat (-log y_hat for cross_entropy, never a merged form);
the step from torch.optim; what dropout drops from philox.py, for the rows 0, 1, … under the seed 0. Each is checked
against another source before the file is written. Conventions:

  y_hat   the network's output after its head: sigmoid(zn) for bce_with_logits, softmax(zn) for cross_entropy on logits;
          zn itself where neither an activation nor such a loss follows (poisson too: y_hat is then the logarithm of
          the rate), and then there is no dy_hat/dzn
  shapes  for one sample a vector, or a plain number where the layer has one unit; with a batch the same with the row as
          a first axis, so one number a row where the layer has one unit. dL/dx is always a vector a row. Parameters,
          their gradients and their state keep the parameter's shape
  slopes  dak/dzk and dy_hat/dzn have one entry a unit, but dy_hat/dzn of softmax is the matrix
          [i][j] = dy_hat_i / dzn_j (with a batch, one matrix a row)
  ids     a linear layer with no activation after it has neither ak nor dL/dak nor dak/dzk; L_rows is there for a batch,
          before L; a second activation and dropout are hk_1, hk_2, …, with k = 0 before the first linear layer; what
          does nothing (identity) has no id. Whatever is last is y_hat
  batch   L is the mean over the rows, and dL/d... of every row's quantity has that 1/rows in it
  state   momentum v; Adam and AdamW m, v, m_hat, v_hat; RMSprop and Adagrad v (mean or sum of squares), RMSprop with
          momentum b too; each for Wk and bk, after one step from zero or from "memory". With weight decay (not AdamW's)
          it has taken in the decayed gradient
  clip    with clip_norm: g_norm, the norm of all gradients, clip, what they are scaled by, and the scaled g_W1, g_b1, …,
          before any weight decay
"""

import itertools
import random

import numpy

from . import derivation, networks, random_networks, update_rules


def presented(identifier, value, batch):
    """A value as explain shows it: without the row axis for one sample, plain numbers where a layer has one unit. In 13
    significant digits, which are enough for a comparison to 1e-9."""
    value = numpy.asarray(value) + 0.0  # no minus zeros
    value = numpy.vectorize(lambda number: float(f"{number:.13g}"), otypes=[numpy.float64])(value)
    is_parameter = (
        identifier.endswith("_new")
        or identifier.split("_")[0] in ("m", "v", "b", "g")
        or identifier.startswith(("dL/dW", "dL/db"))
    )
    if identifier in ("L", "L_new", "L_rows", "clip") or is_parameter:
        return value.tolist()
    if identifier == "dL/dx" or value.shape[-1] > 1:
        return (value if batch else value[0]).tolist()
    units = value.reshape(value.shape[0])
    return (units if batch else units[0]).tolist()


def worked_out(name, description, steps_before=0, memory=None):
    """(case, whether it is worth having), the case checked. `memory` is the optimiser's, {"m_W1": array, …}."""
    x, y, batch = derivation.sample_of(description)
    parameters = derivation.named_parameters(description)
    factors, memory = derivation.drawn_factors(description, len(x), steps_before), memory or {}
    distances = []
    numpy_values = derivation.forward(description, parameters, factors, x, y, distances)
    values, leaves = derivation.backward(description, parameters, factors, x, y)
    assert abs(values["L"] - numpy_values["L"]) <= 1e-13 * max(1.0, abs(values["L"])), name
    values |= numpy_values | derivation.update(description, leaves, memory, steps_before + 1)
    after = {key: values[f"{key}_new"] for key in parameters}
    values["L_new"] = derivation.forward(description, after, factors, x, y)["L"]
    derivation.check(name, description, memory, steps_before + 1, factors, x, y, values)

    ids = identifiers(description, batch)
    assert set(ids) | {"L_rows"} == set(values) | {"L_rows"}, f"{name}: {set(ids) ^ set(values)}"
    entry = {"name": name, "network": description}
    if steps_before:
        entry |= {"steps_before": steps_before}
        entry |= {"memory": {state_name(key, description): value.tolist() for key, value in memory.items()}}
    entry["values"] = {identifier: presented(identifier, values[identifier], batch) for identifier in ids}
    return entry, derivation.is_telling(description, y, values, distances)


def state_name(identifier, description):
    """Where the optimiser's memory is kept: "m_W1" is "optimizer.m.fc1.weight"."""
    role, parameter = identifier.split("_")
    layer = networks.linear_layers(description)[int(parameter[1:]) - 1]
    return f"optimizer.{role}.{layer['name']}.{'weight' if parameter[0] == 'W' else 'bias'}"


def case(name, description, **options):
    """One case, checked."""
    entry, is_telling = worked_out(name, description, **options)
    assert is_telling, f"{name}: near a kink, or without gradients"
    return entry


def identifiers(description, batch):
    """The ids in the order of the contract."""
    links = derivation.chain(description)
    ids = [name for name, _, _ in links] + (["L_rows"] if batch else []) + ["L"]
    for name, previous, layer in reversed(links):
        ids.append(f"dL/d{name}")
        if layer["type"] == "linear":
            ids += [f"dL/dW{name[1:]}", f"dL/db{name[1:]}"]
        elif layer["type"] != "identity":
            ids.append(f"d{name}/d{previous}")
    ids.append("dL/dx")
    options = description.get("optimizer", update_rules.DEFAULT)
    remembered = update_rules.roles(options)
    if options["type"] in ("adam", "adamw"):
        remembered += ("m_hat", "v_hat")
    parameters = derivation.named_parameters(description)
    if "clip_norm" in options:
        ids += ["g_norm", "clip", *(f"g_{parameter}" for parameter in parameters)]
    for parameter in parameters:
        ids += [f"{role}_{parameter}" for role in remembered] + [f"{parameter}_new"]
    return [*ids, "L_new"]


def with_values(name, inputs, layers, loss, optimizer, target):
    """A description whose weights, biases and input are decimals fixed by `name`, and whose target is given (a list of
    lists for a batch). In `layers` a number is a linear layer of that many units, a word an activation, and a pair an
    activation with its options."""
    source = random.Random(name)
    draw = lambda count, limit: [source.randint(-100, 100) * limit / 100 for _ in range(count)]
    described, width, linear = [], inputs, 0
    for layer in layers:
        if isinstance(layer, int):
            linear += 1
            described.append(
                {
                    "type": "linear",
                    "name": f"fc{linear}",
                    "out": layer,
                    "weight": [[round(value, 2) for value in draw(width, 1.0)] for _ in range(layer)],
                    "bias": [round(value, 2) for value in draw(layer, 0.5)],
                }
            )
            width = layer
        else:
            kind, options = (layer, {}) if isinstance(layer, str) else layer
            name = {"name": f"dropout{len(described)}"} if kind == "dropout" else {}
            described.append({"type": kind} | name | options)
    description = {
        "network": {"inputs": inputs},
        "layer": described,
        "loss": loss if isinstance(loss, dict) else {"type": loss},
    }
    if optimizer:
        description["optimizer"] = optimizer
    rows = len(target) if isinstance(target[0], list) else 1
    drawn = [[round(value, 2) for value in draw(inputs, 2.0)] for _ in range(rows)]
    description["sample"] = {"input": drawn if isinstance(target[0], list) else drawn[0], "target": target}
    return description


def article(optimizer, sample):
    """The network of the contract."""
    layers = [
        {"type": "linear", "name": "fc1", "out": 2, "weight": [[0.2, 0.4], [0.1, 0.6]], "bias": [0.3, 0.5]},
        {"type": "relu"},
        {"type": "linear", "name": "fc2", "out": 1, "weight": [[0.7, 0.9]], "bias": [0.2]},
        {"type": "sigmoid"},
    ]
    return {
        "network": {"inputs": 2},
        "layer": layers,
        "loss": {"type": "bce"},
        "optimizer": optimizer,
        "sample": sample,
    }


# The article's own figures, to seven places.
ARTICLE = {
    "z1": [1.3, 1.8],
    "z2": 2.73,
    "y_hat": 0.9387738,
    "L": 0.0631807,
    "dL/dy_hat": -1.0652193,
    "dy_hat/dz2": 0.0574775,
    "dL/dz2": -0.0612262,
    "dL/dW2": [[-0.0795940, -0.1102071]],
    "dL/db2": [-0.0612262],
    "dL/da1": [-0.0428583, -0.0551035],
    "dL/dW1": [[-0.0428583, -0.0857166], [-0.0551035, -0.1102071]],
    "dL/db1": [-0.0428583, -0.0551035],
    "L_new": 0.0581998,
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
        (
            "3 layers, both gelu, cross_entropy on logits, adam",
            4,
            (5, "gelu", 4, ("gelu", {"approximate": "tanh"}), 3),
            "cross_entropy",
            {"type": "adam", "learning_rate": 0.01},
            [2],
        ),
        (
            "4 layers, leaky_relu elu silu, bce_with_logits, adamw",
            2,
            (4, ("leaky_relu", {"negative_slope": 0.1}), 4, ("elu", {"alpha": 0.8}), 3, "silu", 1),
            "bce_with_logits",
            {"type": "adamw", "learning_rate": 0.02, "weight_decay": 0.05},
            [0],
        ),
        (
            "5 layers, sigmoid softplus tanh relu, huber, rmsprop",
            3,
            (4, "sigmoid", 4, "softplus", 3, "tanh", 3, "relu", 1),
            {"type": "huber", "delta": 0.5},
            {"type": "rmsprop", "learning_rate": 0.01, "alpha": 0.9},
            [3.5],
        ),
        (
            "3 layers, silu tanh, poisson on two outputs, adagrad",
            3,
            (4, "silu", 3, "tanh", 2),
            "poisson",
            {"type": "adagrad", "learning_rate": 0.05},
            [3, 0],
        ),
        (
            "3 layers, relu leaky_relu, softmax layer, cross_entropy on one-hot, nesterov",
            3,
            (4, "relu", 4, "leaky_relu", 3, "softmax"),
            "cross_entropy",
            {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
            [0, 1, 0],
        ),
        (
            "3 layers, the first without activation, bce, no optimizer table",
            2,
            (3, 3, "tanh", 1, "sigmoid"),
            "bce",
            None,
            [0],
        ),
        (
            "3 layers, elu softplus, two sigmoid outputs, bce, adam with options",
            3,
            (4, "elu", 3, "softplus", 2, "sigmoid"),
            "bce",
            {"type": "adam", "learning_rate": 0.02, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6, "weight_decay": 0.1},
            [1, 0],
        ),
        (
            "3 layers, gelu sigmoid, two tanh outputs, huber inside its delta, momentum with decay",
            2,
            (3, "gelu", 3, "sigmoid", 2, "tanh"),
            "huber",
            {"type": "sgd", "learning_rate": 0.05, "momentum": 0.8, "weight_decay": 0.02},
            [0.5, -0.5],
        ),
        ("3 layers, tanh, mae, one unit between", 3, (4, "tanh", 1, "tanh", 2), "mae", SGD, [1.5, -2.5]),
        ("1 layer, mse", 2, (1,), "mse", SGD, [1.5]),
        (
            "3 layers, relu silu, bce_with_logits on two outputs, adam",
            3,
            (3, "relu", 4, "silu", 2),
            "bce_with_logits",
            {"type": "adam", "learning_rate": 0.01},
            [1, 0],
        ),
        (
            "batch of 3 rows, 3 layers, gelu tanh, cross_entropy on logits, adam",
            3,
            (4, "gelu", 4, "tanh", 3),
            "cross_entropy",
            {"type": "adam", "learning_rate": 0.01},
            [[2], [0], [1]],
        ),
        (
            "batch of 4 rows, 3 layers, elu tanh, mse on two outputs, momentum",
            2,
            (3, "elu", 3, "tanh", 2),
            "mse",
            MOMENTUM,
            [[0.5, 1.0], [-1.0, 0.25], [0.0, 2.0], [1.5, -0.5]],
        ),
    ]
    for name, *rest in described:
        yield case(name, with_values(name, *rest))
    yield case(
        "batch of 3 rows, article",
        article(SGD, {"input": [[1, 2], [-1.5, 0.5], [0.25, -3]], "target": [[1], [0], [1]]}),
    )
    drawn = list(random_cases())
    random_networks.check_coverage([entry["network"] for entry in drawn])
    yield from drawn
    yield from later_steps()
    yield from clipped()


def random_cases(count=40):
    """Networks that random_networks draws, each drawn anew until it is worth having."""
    for index in range(count):
        for attempt in itertools.count():
            name, *rest = random_networks.described(index, random.Random(f"network {index}, attempt {attempt}"))
            entry, is_telling = worked_out(name, with_values(f"{name}, attempt {attempt}", *rest))
            if is_telling:
                yield entry
                break


def later_steps():
    """Step 1000 of each optimiser that remembers, with dropout's mask of that step."""
    for options in random_networks.OPTIMIZERS:
        remembered = update_rules.roles(options)
        if not remembered:
            continue
        details = ", ".join(f"{key} {value}" for key, value in options.items() if key not in ("type", "learning_rate"))
        name = f"step 1000, {options['type']}" + (f", {details}" if details else "")
        dropout = ("dropout", {"p": 0.25})
        description = with_values(name, 2, (3, "tanh", dropout, 2, "sigmoid"), "bce", options, [[1, 0], [0, 0]])
        draw, memory = random.Random(f"memory of {name}"), {}
        for role in remembered:
            for parameter, value in derivation.named_parameters(description).items():
                low = 1 if role == "v" and options["type"] != "sgd" else -50
                thousandths = [draw.randint(low, 50) for _ in range(value.size)]
                memory[f"{role}_{parameter}"] = numpy.array(thousandths).reshape(value.shape) / 1000
        yield case(name, description, steps_before=999, memory=memory)


def clipped():
    """Gradients clipped by their norm, and a limit that leaves them as they are."""
    options = (
        {"type": "sgd", "learning_rate": 0.1, "clip_norm": 0.25},
        {"type": "sgd", "learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.1, "clip_norm": 100.0},
        {"type": "adamw", "learning_rate": 0.01, "clip_norm": 0.5},
        {"type": "rmsprop", "learning_rate": 0.01, "weight_decay": 0.05, "clip_norm": 0.125},
    )
    for index, each in enumerate(options):
        name = f"clipped to {each['clip_norm']}, {each['type']}"
        targets = [[1.5, -1.0], [-2.0, 0.5]]
        yield case(name, with_values(name, 2, (3, "tanh", 2), "mse", each, targets if index % 2 else targets[0]))
