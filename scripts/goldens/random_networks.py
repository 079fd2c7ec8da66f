"""Networks drawn from a fixed seed, which together cover what a description may hold.

Depth, loss, optimiser and the layers between take turns, in cycles of lengths that have no common divisor, so that each
meets the others; activations are dealt from a shuffled deck; sizes, weights and rows are drawn. What `is_telling` turns
down is drawn again.
"""

import itertools

ACTIVATIONS = (
    "relu",
    "leaky_relu",
    ("leaky_relu", {"negative_slope": 0.2}),
    "elu",
    ("elu", {"alpha": 0.5}),
    "gelu",
    ("gelu", {"approximate": "tanh"}),
    "silu",
    "softplus",
    "tanh",
    "sigmoid",
)
SMOOTH = [each for each in ACTIVATIONS if each not in ("relu", ACTIVATIONS[1], ACTIVATIONS[2], ACTIVATIONS[4])]

# (loss, what follows the last linear layer, kind of target)
LOSSES = (
    ("mse", (), "real"),
    ("bce", ("sigmoid",), "binary"),
    ("cross_entropy", (), "class"),
    ("mae", ("tanh",), "real"),
    ({"type": "huber", "delta": 0.4}, (), "real"),
    ("cross_entropy", ("softmax",), "one-hot"),
    ("poisson", (), "count"),
    ("bce_with_logits", (), "binary"),
    ("mse", ("softmax",), "real"),
    ("huber", ("gelu",), "real"),
    ("cross_entropy", ("tanh",), "one-hot"),
    ("cross_entropy", ("softmax",), "class"),
    ("bce_with_logits", ("tanh",), "binary"),
)
OPTIMIZERS = (
    {"type": "sgd", "learning_rate": 0.1},
    {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9},
    {"type": "sgd", "learning_rate": 0.05, "momentum": 0.8, "nesterov": True, "weight_decay": 0.01},
    {"type": "sgd", "learning_rate": 0.2, "weight_decay": 0.1},
    {"type": "adam", "learning_rate": 0.01},
    {"type": "adam", "learning_rate": 0.02, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-6, "weight_decay": 0.05},
    {"type": "adamw", "learning_rate": 0.01},
    {"type": "adamw", "learning_rate": 0.05, "beta1": 0.0, "beta2": 0.9, "weight_decay": 0.2},
    {"type": "rmsprop", "learning_rate": 0.01},
    {"type": "rmsprop", "learning_rate": 0.02, "alpha": 0.9, "momentum": 0.7, "epsilon": 1e-4, "weight_decay": 0.02},
    {"type": "adagrad", "learning_rate": 0.05, "weight_decay": 0.03, "epsilon": 1e-6},
)
BETWEEN = ("plain", "two activations", "dropout after", "nothing", "dropout first", "dropout before", "identity")
DROPOUT = ("dropout", {"p": 0.25})


def hidden_layers(kind, deal):
    """What stands after a hidden linear layer."""
    smooth = lambda: deal(SMOOTH)  # behind a dropped unit's exact 0 a kink would be met
    return {
        "plain": lambda: (deal(ACTIVATIONS),),
        "two activations": lambda: (smooth(), deal(ACTIVATIONS)),
        "dropout after": lambda: (deal(ACTIVATIONS), DROPOUT),
        "dropout before": lambda: (DROPOUT, smooth()),
        "nothing": lambda: (),
        "dropout first": lambda: (deal(ACTIVATIONS),),
        "identity": lambda: ("identity", deal(ACTIVATIONS)),
    }[kind]()


def target(kind, outputs, draw):
    if kind == "class":
        return [draw.randrange(outputs)]
    if kind == "one-hot":
        chosen = draw.randrange(outputs)
        return [int(j == chosen) for j in range(outputs)]
    numbers = {
        "real": lambda: draw.randint(-20, 20) / 10,
        "count": lambda: draw.randint(0, 4),
        "binary": lambda: draw.randint(0, 1),
    }
    return [numbers[kind]() for _ in range(outputs)]


def described(index, draw):
    """(name, inputs, layers, loss, optimizer, target), as explain.with_values takes them."""
    depth = 1 + index % 5
    loss, last, kind = LOSSES[index % len(LOSSES)]
    optimizer, between = OPTIMIZERS[index % len(OPTIMIZERS)], BETWEEN[index % len(BETWEEN)]
    rows = draw.randint(2, 4) if index % 3 == 2 else None
    # The deck goes round over all networks, so that no activation is left out.
    places = itertools.count(3 * index, 5)
    deal = lambda deck: deck[next(places) % len(deck)]

    layers = [DROPOUT] if between == "dropout first" else []
    special = 1 + index % max(depth - 1, 1)  # one such place a network
    for k in range(1, depth):
        layers += [draw.randint(2, 4), *hidden_layers(between if k == special else "plain", deal)]
    outputs = draw.randint(2, 4) if "softmax" in last or loss == "cross_entropy" else draw.randint(1, 3)
    layers += [outputs, *last]
    if depth == 1 and kind == "real" and between in ("dropout before", "dropout after"):
        layers.append(DROPOUT)

    targets = [target(kind, outputs, draw) for _ in range(rows or 1)]
    kind_of_loss = loss if isinstance(loss, str) else loss["type"]
    name = f"random {index}: {depth} layers, {between}, {kind_of_loss}, {optimizer['type']}"
    return name, draw.randint(1, 4), layers, loss, optimizer, targets if rows else targets[0]


def check_coverage(descriptions):
    """That together they hold all of the above."""
    layers = [layer for description in descriptions for layer in description["layer"]]
    kinds = {layer["type"] for layer in layers}
    wanted = {"linear", "identity", "dropout", "softmax", *(a if isinstance(a, str) else a[0] for a in ACTIVATIONS)}
    assert kinds == wanted, wanted ^ kinds
    assert {layer.get("approximate") for layer in layers if layer["type"] == "gelu"} == {None, "tanh"}
    assert {layer["out"] for layer in layers if layer["type"] == "linear"} == {1, 2, 3, 4}
    losses = [description["loss"]["type"] for description in descriptions]
    assert set(losses) == {"bce", "bce_with_logits", "cross_entropy", "mse", "mae", "huber", "poisson"}
    assert all(any(d["optimizer"] == optimizer for d in descriptions) for optimizer in OPTIMIZERS)
