"""JAX: a step compiled whole; many steps in one call by lax.scan, or a call a step."""

import jax
import jax.numpy as jnp

from speed.worker import Skipped, Timed

ACTIVATIONS = {"relu": jax.nn.relu, "tanh": jnp.tanh, "gelu": lambda z: jax.nn.gelu(z, approximate=False)}
CALL_SECONDS = 2e-3  # a scan is as long as that at 50 GFLOP/s
MOST_STEPS = 20_000


def version():
    return "JAX " + jax.__version__


def make_parameters(case):
    keys = jax.random.split(jax.random.key(0), 2 * len(case.widths))
    parameters = []
    for layer, (width, out) in enumerate(zip(case.widths, case.widths[1:])):
        bound = width**-0.5
        parameters.append(
            (
                jax.random.uniform(keys[2 * layer], (width, out), minval=-bound, maxval=bound),
                jax.random.uniform(keys[2 * layer + 1], (out,), minval=-bound, maxval=bound),
            )
        )
    return parameters


def make_rows(case):
    x_key, y_key = jax.random.split(jax.random.key(1))
    x = jax.random.uniform(x_key, (case.batch, case.widths[0]), minval=-1.0)
    if case.loss == "cross_entropy":
        return x, jax.random.randint(y_key, (case.batch,), 0, case.widths[-1])
    y = jax.random.uniform(y_key, (case.batch, case.widths[-1]))
    return x, y if case.loss == "mse" else (y > 0.5).astype(jnp.float32)


def forward(case, parameters, x, key=None):
    h = x
    for layer, (weight, bias) in enumerate(parameters):
        if layer:
            h = ACTIVATIONS[case.activation](h)
            if case.dropout and key is not None:
                keep = jax.random.bernoulli(jax.random.fold_in(key, layer), 1 - case.dropout, h.shape)
                h = jnp.where(keep, h / (1 - case.dropout), 0)
        h = h @ weight + bias
    return h


def loss_of(case, parameters, x, y, key):
    z = forward(case, parameters, x, key)
    if case.loss == "cross_entropy":
        return jnp.mean(jax.nn.logsumexp(z, axis=1) - jnp.take_along_axis(z, y[:, None], 1)[:, 0])
    if case.loss == "mse":
        return jnp.mean((z - y) ** 2)
    return jnp.mean(jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z))))


def make_update(case):
    """(parameters, memory, gradients, number of the step) -> parameters, memory."""
    rate, options = case.learning_rate, dict(case.options)
    each = jax.tree_util.tree_map
    if case.optimizer == "sgd":
        momentum = options.get("momentum", 0.0)
        if not momentum:
            return None, lambda p, memory, g, t: (each(lambda w, d: w - rate * d, p, g), memory)

        def sgd(p, v, g, t):
            v = each(lambda a, d: momentum * a + d, v, g)
            move = each(lambda a, d: d + momentum * a, v, g) if options.get("nesterov") else v
            return each(lambda w, a: w - rate * a, p, move), v

        return lambda p: each(jnp.zeros_like, p), sgd
    if case.optimizer not in ("adam", "adamw"):
        raise Skipped(f"no {case.optimizer} here")
    decay = 0.01 if case.optimizer == "adamw" else 0.0

    def adam(p, memory, g, t):
        m = each(lambda a, d: 0.9 * a + 0.1 * d, memory[0], g)
        v = each(lambda a, d: 0.999 * a + 0.001 * d * d, memory[1], g)
        rate_now = rate / (1 - 0.9**t)
        root = jax.lax.rsqrt(1 - 0.999**t)
        new = each(lambda w, a, b: w * (1 - rate * decay) - rate_now * a / (jnp.sqrt(b) * root + 1e-8), p, m, v)
        return new, (m, v)

    return lambda p: (each(jnp.zeros_like, p), each(jnp.zeros_like, p)), adam


class Step(Timed):
    def __init__(self, case, scans):
        self.steps = max(1, min(MOST_STEPS, int(CALL_SECONDS * 50e9 / case.flops))) if scans else 1
        x, y = make_rows(case)
        start_memory, update = make_update(case)
        parameters = make_parameters(case)
        memory = start_memory(parameters) if start_memory else ()
        self.first = (parameters, memory, jnp.zeros((), jnp.int32))
        key = jax.random.key(2)

        def step(carry, _):
            p, memory, t = carry
            loss, gradients = jax.value_and_grad(lambda q: loss_of(case, q, x, y, jax.random.fold_in(key, t)))(p)
            p, memory = update(p, memory, gradients, (t + 1).astype(jnp.float32))
            return (p, memory, t + 1), loss

        if scans:
            self.call = jax.jit(lambda carry: jax.lax.scan(step, carry, None, length=self.steps))
        else:
            self.call = jax.jit(lambda carry: step(carry, None))

    def reset(self):
        self.carry = self.first

    def run(self):
        self.carry, self.losses = self.call(self.carry)
        jax.block_until_ready(self.carry)

    def loss(self):
        return float(jnp.ravel(self.losses)[-1])


class Inference(Timed):
    def __init__(self, case):
        parameters = make_parameters(case)
        self.x = make_rows(case)[0]
        head = jax.nn.sigmoid if case.loss == "bce" else lambda z: z
        self.call = jax.jit(lambda x: head(forward(case, parameters, x)))

    def run(self):
        self.call(self.x).block_until_ready()


def prepare(case, threads, variant):
    jax.clear_caches()
    if case.trains:
        return Step(case, scans=variant == "scan")
    if variant == "scan":
        raise Skipped("a row is a call")
    return Inference(case)
