"""Gradients from the value y of an activation instead of its x."""

import numpy as np

from fastact.backends.numpy_backend.operations import keep_nan, quiet


def sigmoid(y, dy, dx):
    np.multiply(dy, y * (1 - y), out=dx)


def tanh(y, dy, dx):
    # In factors: near 1 the square of y would be rounded.
    np.multiply(dy, (1 - y) * (1 + y), out=dx)


def relu(y, dy, dx):
    slope = (y > 0).astype(y.dtype)
    keep_nan(y, slope)
    np.multiply(dy, slope, out=dx)


FORMULAS = {"sigmoid": quiet(sigmoid), "tanh": quiet(tanh), "relu": quiet(relu)}
