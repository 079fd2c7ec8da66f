"""scikit-learn's MLP: `fit` over many batches, so that what it does once a call weighs little; `predict` for a row."""

import warnings

import numpy
import sklearn
from sklearn.neural_network import MLPClassifier, MLPRegressor

from speed.worker import Skipped, Timed

BATCHES = 10
LEAST_STEPS = 200


def version():
    return "scikit-learn " + sklearn.__version__


def make_estimator(case, epochs):
    if case.activation not in ("relu", "tanh") or case.dropout or case.optimizer not in ("sgd", "adam"):
        raise Skipped("it has no such layer or optimiser")
    options = dict(case.options)
    estimator = MLPRegressor if case.loss == "mse" else MLPClassifier
    return estimator(
        case.widths[1:-1],
        activation=case.activation,
        solver=case.optimizer,
        alpha=0.0,
        batch_size=case.batch,
        learning_rate_init=case.learning_rate,
        momentum=options.get("momentum", 0.0),
        nesterovs_momentum=options.get("nesterov", False),
        max_iter=epochs,
        shuffle=False,
        tol=0.0,
        n_iter_no_change=epochs + 1,
        random_state=0,
    )


def make_rows(case, rows):
    source = numpy.random.default_rng(0)
    x = source.uniform(-1, 1, (rows, case.widths[0])).astype(numpy.float32)
    if case.loss == "mse":
        return x, source.uniform(0, 1, (rows, case.widths[-1])).astype(numpy.float32)
    # Every class must be there.
    return x, numpy.arange(rows) % max(2, case.widths[-1])


class Step(Timed):
    def __init__(self, case):
        batches = BATCHES if case.batch > 1 else LEAST_STEPS
        is_large = case.flops > 1e9
        batches = 2 if is_large else batches
        self.epochs = 1 if is_large else max(1, LEAST_STEPS // batches)
        self.steps = batches * self.epochs
        self.x, self.y = make_rows(case, case.batch * batches)
        self.estimator = make_estimator(case, self.epochs)

    def run(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.estimator.fit(self.x, self.y)

    def first_and_last_loss(self):
        epochs = 3  # a large step takes long
        self.estimator.set_params(max_iter=epochs, n_iter_no_change=epochs + 1)
        self.run()
        curve = self.estimator.loss_curve_
        self.estimator.set_params(max_iter=self.epochs, n_iter_no_change=self.epochs + 1)
        return curve[0], curve[-1]


class Inference(Timed):
    def __init__(self, case):
        x, y = make_rows(case, 100)
        self.estimator = make_estimator(case, 1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.estimator.set_params(batch_size=50).fit(x, y)
        self.x = x[:1]

    def run(self):
        self.estimator.predict_proba(self.x)


def prepare(case, threads, variant):
    return Step(case) if case.trains else Inference(case)
