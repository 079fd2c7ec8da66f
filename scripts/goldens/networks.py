"""Network descriptions (the TOML's keys) as PyTorch: forward pass, loss and optimiser.

Parameters live in a plain dictionary under PyTorch's state_dict names (fc1.weight [out, in], fc1.bias [out]).
"""

import torch
import torch.nn.functional as F

from .common import hard_sigmoid

ACTIVATIONS = {
    "relu": lambda z, layer: F.relu(z),
    "leaky_relu": lambda z, layer: F.leaky_relu(z, layer.get("negative_slope", 0.01)),
    "elu": lambda z, layer: F.elu(z, layer.get("alpha", 1.0)),
    "gelu": lambda z, layer: F.gelu(z, approximate=layer.get("approximate", "none")),
    "silu": lambda z, layer: F.silu(z),
    "softplus": lambda z, layer: F.softplus(z),
    "tanh": lambda z, layer: torch.tanh(z),
    "sigmoid": lambda z, layer: torch.sigmoid(z),
    "softmax": lambda z, layer: torch.softmax(z, dim=-1),
    "identity": lambda z, layer: z,
    "dropout": lambda z, layer: F.dropout(z, layer["p"], training=True),
    "hard_sigmoid": lambda z, layer: hard_sigmoid(z),
    "hard_tanh": lambda z, layer: F.hardtanh(z),
}
# Where an activation's slope jumps.
KINKS = {"relu": (0.0,), "leaky_relu": (0.0,), "elu": (0.0,), "hard_sigmoid": (-3.0, 3.0), "hard_tanh": (-1.0, 1.0)}


def linear_layers(description):
    return [layer for layer in description["layer"] if layer["type"] == "linear"]


def parameter_shapes(description):
    """Name -> shape, in the order of the layers."""
    shapes, width = {}, description["network"]["inputs"]
    for layer in description["layer"]:
        for table in layer.get("tables", ()):
            shapes[f"{layer['name']}.{table['name']}.weight"] = (table["rows"], table["size"])
            width += table["size"] - 1
        if layer["type"] == "linear":
            shapes[f"{layer['name']}.weight"] = (layer["out"], width)
            shapes[f"{layer['name']}.bias"] = (layer["out"],)
            width = layer["out"]
        elif layer["type"].endswith("_norm"):
            shapes[f"{layer['name']}.weight"] = shapes[f"{layer['name']}.bias"] = (width,)
    return shapes


def buffers(description, dtype):
    """What the norms keep beside their parameters, as PyTorch's BatchNorm1d starts it."""
    kept, width = {}, description["network"]["inputs"]
    for layer in description["layer"]:
        width = layer.get("out", width)
        if layer["type"] == "batch_norm":
            for key, tensor in torch.nn.BatchNorm1d(width, dtype=dtype).named_buffers():
                kept[f"{layer['name']}.{key}"] = tensor
    return kept


def embedded(description, parameters, x):
    """What the layers after an embedding are given: in place of a row's number, counted from 0, that row of the table."""
    first = description["layer"][0]
    at, parts = 0, []
    for table in first.get("tables", ()):
        place = table["input"] - 1
        module = torch.nn.Embedding(table["rows"], table["size"], dtype=x.dtype)
        weight = parameters[f"{first['name']}.{table['name']}.weight"]
        parts += [x[:, at:place], torch.func.functional_call(module, {"weight": weight}, (x[:, place].long(),))]
        at = place + 1
    return torch.cat(parts + [x[:, at:]], dim=1) if parts else x


def forward(description, parameters, x, margins=None, kept=None):
    """The output after the last layer, of `x` as `embedded` gives it. `margins` collects how far each pre-activation is
    from its kinks. `kept` are the buffers, which move; without them batch norms take those that a new one has and
    predict."""
    outputs = {}
    for layer in description["layer"]:
        if layer["type"] == "linear":
            x = F.linear(x, parameters[f"{layer['name']}.weight"], parameters[f"{layer['name']}.bias"])
        elif layer["type"] == "batch_norm":
            x = batch_norm(layer, parameters, x, kept)
        elif layer["type"] == "layer_norm":
            weight, bias = (parameters[f"{layer['name']}.{key}"] for key in ("weight", "bias"))
            x = F.layer_norm(x, x.shape[1:], weight, bias, layer.get("eps", 1e-5))
        elif layer["type"] == "embedding":
            pass
        elif layer["type"] == "residual":
            x = x + outputs[layer["from"]]
        else:
            if margins is not None:
                margins += [(x.detach() - kink).abs().min().item() for kink in KINKS.get(layer["type"], ())]
            x = ACTIVATIONS[layer["type"]](x, layer)
        outputs[layer.get("name")] = x
    return x


def batch_norm(layer, parameters, x, kept):
    """nn.BatchNorm1d itself, given the parameters and the buffers."""
    module = torch.nn.BatchNorm1d(x.shape[1], layer.get("eps", 1e-5), layer.get("momentum", 0.1), dtype=x.dtype)
    module.train(kept is not None)
    name = layer["name"]
    given = {key: parameters[f"{name}.{key}"] for key in ("weight", "bias")}
    if kept is not None:
        module.load_state_dict({key: kept[f"{name}.{key}"] for key in ("running_mean", "running_var", "num_batches_tracked")}, strict=False)
    x = torch.func.functional_call(module, given, (x,))
    if kept is not None:
        kept |= {f"{name}.{key}": tensor.clone() for key, tensor in module.named_buffers()}
    return x


def loss(description, output, target, sample_weight=None):
    """The loss: PyTorch's own mean where no weights are given, else sum(w l) / sum(w) over the rows' losses l, a
    row's loss being the mean over its outputs."""
    reduction = "mean" if sample_weight is None else "none"
    kind = description["loss"]["type"]
    if kind == "cross_entropy":
        rows = cross_entropy(description, output, target, reduction)
    elif kind == "huber":
        rows = F.huber_loss(output, target, reduction, description["loss"].get("delta", 1.0))
    elif kind == "poisson":
        rows = F.poisson_nll_loss(output, target, log_input=True, full=False, reduction=reduction)
    else:
        function = {
            "bce": F.binary_cross_entropy,
            "bce_with_logits": F.binary_cross_entropy_with_logits,
            "mse": F.mse_loss,
            "mae": F.l1_loss,
        }[kind]
        rows = function(output, target, reduction=reduction)
    if sample_weight is None:
        return rows
    if rows.dim() == 2:
        rows = rows.mean(dim=1)
    return (sample_weight * rows).sum() / sample_weight.sum()


def cross_entropy(description, output, target, reduction):
    one_hot = target.shape[1] > 1
    if description["layer"][-1]["type"] == "softmax":
        classes = target.argmax(dim=1) if one_hot else target[:, 0].long()
        return F.nll_loss(torch.log(output), classes, reduction=reduction)
    return F.cross_entropy(output, target if one_hot else target[:, 0].long(), reduction=reduction)


def optimizer(description, parameters):
    """The PyTorch optimiser; without a table, SGD with learning rate 0.1. Options left out have PyTorch's defaults."""
    options = dict(description.get("optimizer", {"type": "sgd", "learning_rate": 0.1}))
    kind = options.pop("type")
    options.pop("clip_norm", None)
    given = {"lr": options.pop("learning_rate")}
    if kind in ("adam", "adamw"):
        given["betas"] = (options.pop("beta1", 0.9), options.pop("beta2", 0.999))
    if "epsilon" in options:
        given["eps"] = options.pop("epsilon")
    classes = {
        "sgd": torch.optim.SGD,
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
        "rmsprop": torch.optim.RMSprop,
        "adagrad": torch.optim.Adagrad,
    }
    return classes[kind](parameters, **given, **options)
