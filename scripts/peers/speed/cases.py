"""The networks that Longhand and its peers are timed on: those of `longhand bench`, and further shapes.

A case: widths of the layers, the activation between them, dropout behind each of these activations, the loss
(bce is of a sigmoid at the end, bce_with_logits and cross_entropy are of logits, mse of plain outputs), the
optimiser with PyTorch's options, the rows of a batch; and whether it is a step of training or one row of inference.
"""

import dataclasses
from typing import Optional


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    widths: tuple
    loss: str
    batch: int = 1
    optimizer: str = "sgd"
    options: tuple = ()  # pairs: ("momentum", 0.9)
    activation: str = "relu"
    dropout: float = 0.0
    trains: bool = True
    steps_in_scan: Optional[int] = None  # how many steps a peer that can takes in one call

    @property
    def learning_rate(self):
        return 0.1 if self.optimizer == "sgd" and not self.options else 0.01 if self.optimizer == "sgd" else 0.001

    @property
    def flops(self):
        """Of the matrix products: forward, by the weights, and by each layer's input but the first."""
        passes = [1 if not self.trains else 2 if layer == 0 else 3 for layer in range(len(self.widths) - 1)]
        return 2 * self.batch * sum(n * a * b for n, a, b in zip(passes, self.widths, self.widths[1:]))

    def network(self):
        """The network description that Longhand reads, as the TOML's keys."""
        layers = []
        for layer, out in enumerate(self.widths[1:]):
            if layer:
                layers.append({"type": self.activation})
                if self.dropout:
                    layers.append({"type": "dropout", "p": self.dropout})
            layers.append({"type": "linear", "out": out})
        if self.loss == "bce":
            layers.append({"type": "sigmoid"})
        optimizer = {"type": self.optimizer, "learning_rate": self.learning_rate, **dict(self.options)}
        return {
            "network": {"inputs": self.widths[0]},
            "layer": layers,
            "loss": {"type": self.loss},
            "optimizer": optimizer,
        }

    def to_json(self):
        return dataclasses.asdict(self)


def from_json(values):
    values = dict(values)
    values["widths"] = tuple(values["widths"])
    values["options"] = tuple(tuple(pair) for pair in values["options"])
    return Case(**values)


def infer(name, widths):
    return Case(name, widths, "bce" if widths[-1] == 1 else "cross_entropy", trains=False)


STANDARD = [
    infer("infer 2-2-1", (2, 2, 1)),
    infer("infer 30-64-64-1", (30, 64, 64, 1)),
    infer("infer 784-128-10", (784, 128, 10)),
    Case("step 2-2-1 SGD B1", (2, 2, 1), "bce"),
    Case("step 30-64-64-1 Adam B32", (30, 64, 64, 1), "bce_with_logits", 32, "adam"),
    Case("step 784-128-10 Adam B64", (784, 128, 10), "cross_entropy", 64, "adam"),
    Case("step 784-512-512-10 Adam B128", (784, 512, 512, 10), "cross_entropy", 128, "adam"),
    Case("step 1024x4-10 SGD B1024", (1024, 1024, 1024, 1024, 10), "cross_entropy", 1024),
]

MOMENTUM = (("momentum", 0.9),)
NESTEROV = (("momentum", 0.9), ("nesterov", True))


def shape(widths, loss, batch, optimizer, options=(), activation="relu", dropout=0.0):
    label = {"sgd": "SGD", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "adagrad": "Adagrad"}[optimizer]
    parts = ["-".join(map(str, widths)), activation, loss, label]
    parts += [key for key, value in options if value is not True] + [key for key, value in options if value is True]
    if dropout:
        parts.append(f"dropout {dropout:g}")
    return Case(" ".join(parts + [f"B{batch}"]), widths, loss, batch, optimizer, options, activation, dropout)


SHAPES = [
    shape((7, 7, 1), "mse", 1, "sgd"),
    shape((7, 13, 1), "mse", 7, "sgd", MOMENTUM, "tanh"),
    shape((4, 9, 3), "cross_entropy", 16, "adam", activation="tanh"),
    shape((13, 31, 17, 1), "mse", 33, "adamw", activation="gelu"),
    shape((10, 100, 1), "bce_with_logits", 1, "adam"),
    shape((10, 100, 1), "bce_with_logits", 256, "adam"),
    shape((8, 50, 50, 1), "mse", 200, "adam", activation="tanh"),
    shape((64, 33, 65, 2), "cross_entropy", 50, "sgd", NESTEROV),
    shape((100, 64, 32, 16, 1), "bce_with_logits", 100, "adamw", dropout=0.2),
    shape((20, 32, 32, 32, 32, 32, 32, 1), "mse", 64, "adam", activation="tanh"),
    shape((54, 128, 128, 7), "cross_entropy", 512, "sgd", MOMENTUM),
    shape((128, 127, 129, 10), "cross_entropy", 31, "adam", activation="gelu"),
    shape((256, 256, 256, 256), "mse", 1, "adam"),
    shape((300, 300, 100, 2), "cross_entropy", 4, "adamw"),
    shape((784, 300, 100, 10), "cross_entropy", 100, "sgd", MOMENTUM, activation="tanh"),
    shape((784, 128, 10), "cross_entropy", 4096, "adam"),
    shape((500, 1000, 500, 1), "mse", 64, "adamw", activation="gelu", dropout=0.5),
    shape((1000, 7, 1000), "mse", 128, "adam"),
    shape((3000, 7, 1), "bce_with_logits", 256, "sgd", MOMENTUM),
    shape((777, 555, 333, 11), "cross_entropy", 77, "adamw"),
    shape((1025, 1023, 10), "cross_entropy", 255, "sgd", MOMENTUM, dropout=0.1),
    shape((2000, 2000, 2), "cross_entropy", 16, "adam"),
    shape((3000, 3000, 10), "cross_entropy", 64, "sgd", MOMENTUM, activation="gelu"),
    shape((64, 512, 512, 1), "mse", 4096, "adam", activation="tanh"),
]
