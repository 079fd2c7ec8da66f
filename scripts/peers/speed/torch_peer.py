"""PyTorch as its users write it: eager, or with the network and its loss compiled. The optimisers are the fused ones."""

import torch
from torch import nn

from speed.worker import Skipped, Timed

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "gelu": nn.GELU}
LOSSES = {
    "bce": nn.BCELoss,
    "bce_with_logits": nn.BCEWithLogitsLoss,
    "cross_entropy": nn.CrossEntropyLoss,
    "mse": nn.MSELoss,
}
OPTIMIZERS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}


def version():
    return "PyTorch " + torch.__version__.split("+")[0]


def make_network(case):
    layers = []
    for layer, (width, out) in enumerate(zip(case.widths, case.widths[1:])):
        if layer:
            layers.append(ACTIVATIONS[case.activation]())
            if case.dropout:
                layers.append(nn.Dropout(case.dropout))
        layers.append(nn.Linear(width, out))
    if case.loss == "bce":
        layers.append(nn.Sigmoid())
    return nn.Sequential(*layers)


def make_rows(case):
    x = torch.rand(case.batch, case.widths[0]) * 2 - 1
    if case.loss == "cross_entropy":
        return x, torch.randint(case.widths[-1], (case.batch,))
    y = torch.rand(case.batch, case.widths[-1])
    return x, y if case.loss == "mse" else (y > 0.5).float()


class Step(Timed):
    def __init__(self, case, compiled):
        self.network = make_network(case)
        self.x, self.y = make_rows(case)
        self.first = [parameter.detach().clone() for parameter in self.network.parameters()]
        loss_function = LOSSES[case.loss]()

        def forward(x, y):
            return loss_function(self.network(x), y)

        self.forward = torch.compile(forward) if compiled else forward
        self.optimizer = OPTIMIZERS[case.optimizer](
            self.network.parameters(), lr=case.learning_rate, fused=True, **dict(case.options)
        )

    def reset(self):
        with torch.no_grad():
            for parameter, first in zip(self.network.parameters(), self.first):
                parameter.copy_(first)
            for state in self.optimizer.state.values():
                for value in state.values():
                    if value is not None:
                        value.zero_()

    def run(self):
        self.optimizer.zero_grad()
        self.last = self.forward(self.x, self.y)
        self.last.backward()
        self.optimizer.step()

    def loss(self):
        return self.last.item()


class Inference(Timed):
    def __init__(self, case, compiled):
        network = make_network(case).eval()
        self.network = torch.compile(network) if compiled else network
        self.x = make_rows(case)[0]

    def run(self):
        with torch.inference_mode():
            self.network(self.x)


def prepare(case, threads, variant):
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    torch._dynamo.reset()
    if case.optimizer not in OPTIMIZERS:
        raise Skipped(f"no {case.optimizer} here")
    return (Step if case.trains else Inference)(case, variant == "compiled")
