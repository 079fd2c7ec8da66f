#!/usr/bin/env python3
"""Loads a safetensors file with the libraries that others use, and says what they saw.

usage: check_safetensors.py FILE

Prints a line for each tensor: name, type, shape and sum (in double precision, of the finite
elements), then `metadata KEY VALUE` with the value as JSON. Needs numpy and safetensors; where torch
is installed the file is loaded with it too. Exit code 1, with a line on stderr, if a library refuses
the file or two libraries differ.
"""

import json
import sys

import numpy
import safetensors
import safetensors.numpy


def load_with_torch(path):
    """{name: numpy array} as torch sees them, or None without torch."""
    try:
        import safetensors.torch
    except ImportError:
        return None
    return {name: tensor.numpy() for name, tensor in safetensors.torch.load_file(path).items()}


def differences(ours, theirs):
    """Names of the tensors that are not equal in type, shape and every byte."""
    for name in sorted(set(ours) | set(theirs)):
        a, b = ours.get(name), theirs.get(name)
        if a is None or b is None or a.dtype != b.dtype or a.shape != b.shape:
            yield name
        elif a.tobytes() != b.tobytes():
            yield name


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__.strip())
        return 0 if sys.argv[1:] in (["-h"], ["--help"]) else 2
    path = sys.argv[1]
    try:
        arrays = safetensors.numpy.load_file(path)
        with safetensors.safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
        from_torch = load_with_torch(path)
    except (OSError, safetensors.SafetensorError) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 1
    for name, array in sorted(arrays.items()):
        values = array.astype(numpy.float64)
        total = float(values[numpy.isfinite(values)].sum())
        print(json.dumps(name), array.dtype, list(array.shape), repr(total))
    for key, value in sorted(metadata.items()):
        print("metadata", json.dumps(key), json.dumps(value))
    if from_torch is None:
        print("torch is not installed: only numpy was asked", file=sys.stderr)
        return 0
    differing = list(differences(arrays, from_torch))
    for name in differing:
        print(f"{path}: numpy and torch differ in {json.dumps(name)}", file=sys.stderr)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
