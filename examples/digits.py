"""Train a small network on handwritten digits: NumPy for the products, fastact for the rest.

    pip install ".[examples]"
    python examples/digits.py
    python examples/digits.py --activation tanh --backend numpy
    python examples/digits.py --activation soft_floor        # one of our own

The digits (1,797 pictures of 8 x 8 pixels) come with scikit-learn; nothing is downloaded.
"""

import argparse
from contextlib import contextmanager
from itertools import pairwise
from time import perf_counter

import numpy as np

import fastact as fa

HIDDEN = (256, 128)
CLASSES = 10
BATCH = 64
LEARNING_RATE = 0.1
MOMENTUM = 0.9
TEST_SHARE = 0.2


@fa.define
def soft_floor(x, depth=1.0):
    """x above 0; depth * tanh(x / depth) below, which levels off."""
    left = x / depth
    value = np.where(x > 0, x, depth * fa.tanh(left))
    return value, np.where(x > 0, 1, fa.tanh.derivative(left))


OWN = {"soft_floor": soft_floor}


class Stopwatch:
    """Adds up the time spent in its `with` blocks."""

    def __init__(self):
        self.seconds = 0.0

    @contextmanager
    def running(self):
        start = perf_counter()
        yield
        self.seconds += perf_counter() - start


class Network:
    """Dense layers with one activation between them; the last layer gives a score per class."""

    def __init__(self, inputs, activation, random):
        self.activation = OWN.get(activation) or getattr(fa, activation)
        sizes = (inputs, *HIDDEN, CLASSES)
        self.weights = [
            (random.standard_normal((n, m)) * np.sqrt(2 / n)).astype("f4")
            for n, m in pairwise(sizes)
        ]
        self.biases = [np.zeros(m, "f4") for m in sizes[1:]]
        self.velocities = [np.zeros_like(p) for p in (*self.weights, *self.biases)]
        self.in_activations = Stopwatch()

    def forward(self, x):
        """The scores, and for every layer its input and the sums before its activation."""
        inputs, sums = [], []
        for weights, bias in zip(self.weights, self.biases, strict=True):
            inputs.append(x)
            sums.append(x @ weights + bias)
            if len(sums) < len(self.weights):
                with self.in_activations.running():
                    x = self.activation(sums[-1])
        return sums[-1], inputs, sums

    def train(self, x, labels):
        """One step down the gradient; the loss of the batch before it."""
        scores, inputs, sums = self.forward(x)
        with self.in_activations.running():
            loss, gradient = fa.softmax_cross_entropy.forward_backward(scores, labels)
        d_weights, d_biases = [], []
        for layer in reversed(range(len(self.weights))):
            d_weights.insert(0, inputs[layer].T @ gradient)
            d_biases.insert(0, gradient.sum(axis=0))
            if layer > 0:
                gradient = gradient @ self.weights[layer].T
                with self.in_activations.running():
                    gradient = self.activation.backward(sums[layer - 1], gradient)
        self._step([*d_weights, *d_biases])
        return loss

    def _step(self, gradients):
        parameters = (*self.weights, *self.biases)
        for p, velocity, d in zip(parameters, self.velocities, gradients, strict=True):
            velocity *= MOMENTUM
            velocity -= LEARNING_RATE * d
            p += velocity

    def probabilities(self, x):
        """The probability of each class."""
        scores, _, _ = self.forward(x)
        with self.in_activations.running():
            return fa.softmax(scores)

    def accuracy(self, x, labels):
        """The share of pictures whose most probable class is the right one."""
        return np.mean(self.probabilities(x).argmax(axis=1) == labels)


def load(random):
    """Pictures with pixels from 0 to 1 and their labels, in a training and a test part."""
    try:
        from sklearn.datasets import load_digits
    except ModuleNotFoundError:
        raise SystemExit('digits.py needs scikit-learn: pip install "fastact[examples]"') from None
    pixels, labels = load_digits(return_X_y=True)
    pixels = (pixels / 16).astype("f4")
    order = random.permutation(len(labels))
    train, test = np.split(order, [round(len(order) * (1 - TEST_SHARE))])
    return (pixels[train], labels[train]), (pixels[test], labels[test])


def fit(activation, epochs, seed, report=lambda *numbers: None):
    """Train a network; returns its test accuracy, the seconds in activations and in all."""
    random = np.random.default_rng(seed)
    (x, labels), test = load(random)
    network = Network(x.shape[1], activation, random)
    network.probabilities(x[:1])  # Numba compiles on the first call, which is not to be timed
    network.activation.backward(x[:1], x[:1])
    fa.softmax_cross_entropy.forward_backward(x[:1], labels[:1])
    network.in_activations.seconds = 0.0
    start = perf_counter()
    for epoch in range(1, epochs + 1):
        order = random.permutation(len(x))
        batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
        losses = [network.train(x[batch], labels[batch]) for batch in batches]
        report(epoch, np.mean(losses), network.accuracy(*test))
    total = perf_counter() - start
    return network.accuracy(*test), network.in_activations.seconds, total


def hidden_activations():
    """Names of those that can stand between two layers as they are, without a parameter to give."""
    entries = fa.activations.CATALOGUE.values()
    pointwise = [entry for entry in entries if entry.kind == "elementwise"]
    return [e.name for e in pointwise if all(p.default is not None for p in e.parameters)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--activation",
        default="relu",
        choices=[*hidden_activations(), *OWN],
        metavar="NAME",
        help="of the hidden layers; default: relu",
    )
    parser.add_argument("--backend", default="auto", help="of the training that is shown")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    try:
        with fa.use_backend(options.backend):
            pass
    except (ValueError, ImportError) as error:
        parser.error(str(error))

    def show(epoch, loss, accuracy):
        print(f"{epoch:5d} {loss:9.4f} {accuracy:13.1%}", flush=True)

    print(f"{'epoch':>5} {'loss':>9} {'test accuracy':>13}")
    with fa.use_backend(options.backend):
        fit(options.activation, options.epochs, options.seed, show)

    print("\nThe same training with each backend")
    print(f"{'backend':<9} {'in activations':>15} {'in all':>11} {'test accuracy':>14}")
    for backend, reason in fa.available_backends().items():
        if "-" in backend:  # cython-avx2 and the like: the same backend for an older processor
            continue
        if reason is not None:
            print(f"{backend:<9} not here: {reason}")
            continue
        with fa.use_backend(backend):
            accuracy, seconds, total = fit(options.activation, options.epochs, options.seed)
        print(f"{backend:<9} {1e3 * seconds:12,.1f} ms {1e3 * total:8,.0f} ms {accuracy:14.1%}")


if __name__ == "__main__":
    main()
