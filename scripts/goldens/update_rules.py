"""The optimisers' rules written out in numpy, to hold PyTorch's step against.

A rule takes a parameter, its gradient and the memory before the step, {role: array} ("v" for momentum, RMSprop and
Adagrad, "b" for RMSprop's momentum, "m" and "v" for Adam), and gives every quantity that explain names, by role and in
the order in which they are worked out; the last is "new".
"""

import numpy

DEFAULT = {"type": "sgd", "learning_rate": 0.1}


def roles(options):
    """The roles of an optimiser's memory."""
    kind = options["type"]
    if kind in ("adam", "adamw"):
        return ("m", "v")
    if kind == "sgd":
        return ("v",) if options.get("momentum") else ()
    return ("v", "b") if options.get("momentum") else ("v",)


def stepped(options, value, gradient, memory, t):
    """Step number t (from 1) of the optimiser that `options` describe."""
    kind, rate, quantities = options["type"], options["learning_rate"], {}
    decay = options.get("weight_decay", 0.01 if kind == "adamw" else 0.0)
    momentum = options.get("momentum", 0.0)
    if kind == "adamw":
        value = (1.0 - rate * decay) * value
    else:
        gradient = gradient + decay * value
    epsilon = options.get("epsilon", 1e-10 if kind == "adagrad" else 1e-8)
    direction = gradient
    if kind == "sgd" and momentum:
        quantities["v"] = momentum * memory["v"] + gradient
        direction = gradient + momentum * quantities["v"] if options.get("nesterov") else quantities["v"]
    elif kind in ("adam", "adamw"):
        beta1, beta2 = options.get("beta1", 0.9), options.get("beta2", 0.999)
        quantities["m"] = beta1 * memory["m"] + (1.0 - beta1) * gradient
        quantities["v"] = beta2 * memory["v"] + (1.0 - beta2) * gradient**2
        quantities["m_hat"] = quantities["m"] / (1.0 - beta1**t)
        quantities["v_hat"] = quantities["v"] / (1.0 - beta2**t)
        direction = quantities["m_hat"] / (numpy.sqrt(quantities["v_hat"]) + epsilon)
    elif kind == "rmsprop":
        alpha = options.get("alpha", 0.99)
        quantities["v"] = alpha * memory["v"] + (1.0 - alpha) * gradient**2
        direction = gradient / (numpy.sqrt(quantities["v"]) + epsilon)
        if momentum:
            direction = quantities["b"] = momentum * memory["b"] + direction
    elif kind == "adagrad":
        quantities["v"] = memory["v"] + gradient**2
        direction = gradient / (numpy.sqrt(quantities["v"]) + epsilon)
    quantities["new"] = value - rate * direction
    return quantities
