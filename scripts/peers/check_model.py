#!/usr/bin/env python3
"""Opens a Longhand model with the safetensors package and with PyTorch, and runs its self-test there.

The parameters go into a torch.nn.Sequential made from the file's metadata, with
load_state_dict(strict=True); the self-test's rows through the file's preprocessing and that network
must give the outputs that Longhand saved, to 1e-5 relative (1e-10 in double precision).

    check_model.py MODEL.safetensors ...
"""

import json
import sys
from collections import OrderedDict

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import nn

ACTIVATIONS = {
    "relu": lambda layer: nn.ReLU(),
    "leaky_relu": lambda layer: nn.LeakyReLU(layer["negative_slope"]),
    "elu": lambda layer: nn.ELU(layer["alpha"]),
    "gelu": lambda layer: nn.GELU(approximate=layer.get("approximate", "none")),
    "silu": lambda layer: nn.SiLU(),
    "softplus": lambda layer: nn.Softplus(),
    "tanh": lambda layer: nn.Tanh(),
    "sigmoid": lambda layer: nn.Sigmoid(),
    "hard_sigmoid": lambda layer: nn.Hardsigmoid(),
    "hard_tanh": lambda layer: nn.Hardtanh(),
    "softmax": lambda layer: nn.Softmax(dim=-1),
    "identity": lambda layer: nn.Identity(),
    "dropout": lambda layer: nn.Dropout(layer["p"]),
}


def build(network):
    width, modules = network["network"]["inputs"], OrderedDict()
    for layer in network["layer"]:
        if layer["type"] == "linear":
            modules[layer["name"]] = nn.Linear(width, layer["out"])
            width = layer["out"]
        else:
            modules[layer["name"]] = ACTIVATIONS[layer["type"]](layer)
    return nn.Sequential(modules).eval()


def with_units(output, network, target):
    """The network's output as it is told to the user."""
    loss = network["loss"]["type"]
    if loss == "bce_with_logits":
        output = torch.sigmoid(output)
    elif loss == "cross_entropy" and network["layer"][-1]["type"] != "softmax":
        output = torch.softmax(output, dim=-1)
    elif loss == "poisson":
        output = torch.exp(output)
    if target.get("task") == "regression":
        output = output * target["scale"] + target["mean"]
    return output


def check(path):
    with safe_open(path, framework="pt") as file:
        texts = file.metadata() or {}
    if not texts.get("longhand", "").startswith("longhand.model/"):
        raise SystemExit(f"{path}: not a Longhand model")
    metadata = {key: json.loads(value) for key, value in texts.items() if key != "longhand"}
    tensors = load_file(path)
    dtype = next(iter(tensors.values())).dtype
    network = metadata["network"]
    module = build(network).to(dtype)
    module.load_state_dict(tensors, strict=True)

    test = metadata["self_test"]
    rows = torch.tensor(test["inputs"], dtype=torch.float64)
    if metadata["inputs"]:
        mean = torch.tensor([column["mean"] for column in metadata["inputs"]], dtype=torch.float64)
        scale = torch.tensor([column["scale"] for column in metadata["inputs"]], dtype=torch.float64)
        rows = (rows - mean) / scale
    with torch.no_grad():
        found = with_units(module(rows.to(dtype)), network, metadata.get("target", {})).double()
    expected = torch.tensor(test["outputs"], dtype=torch.float64)
    if found.shape != expected.shape:
        raise SystemExit(f"{path}: {list(found.shape)} outputs, saved were {list(expected.shape)}")
    error = ((found - expected).abs().max() / expected.abs().max()).item()
    if not error <= (1e-10 if dtype == torch.float64 else 1e-5):
        raise SystemExit(f"{path}: PyTorch is off by {error:.1e} relative")
    print(f"{path}: {len(tensors)} tensors, {len(rows)} rows, off by {error:.1e} relative")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    for name in sys.argv[1:]:
        check(name)
