"""ReLU with its corner rounded."""

import numpy as np

from fastact.backends.numpy_backend.decay import decay, sigmoid
from fastact.backends.numpy_backend.exact import limit_of_product
from fastact.backends.numpy_backend.operations import in_double_operations, operations


def softplus(x, beta):
    w, lost = limit_of_product(beta, x)
    first, second = decay(w, lost)
    e = first * second
    bend = np.where(e < 1e-20, first / beta * second, np.log1p(e) / beta)
    return np.where(w > 0, x, 0) + bend


def softplus_slope(x, beta):
    return sigmoid(*limit_of_product(beta, x))


def softplus_by_beta(x, beta):
    """-(abs(w) * e / (1 + e) + log1p(e)) / beta**2, w = beta * x, e = exp(-abs(w))."""
    w, lost = limit_of_product(beta, x)
    first, second = decay(w, lost)
    e = first * second
    w = np.minimum(np.abs(w), 1e4)  # infinity times 0 is not a number
    ratio = np.where(e < 1e-20, 1, np.log1p(e) / e)
    return -first * ((w / (1 + e) + ratio) / beta / beta) * second


def root_of(x, b):
    """sqrt(x**2 + b); NaN for a b that squareplus is not defined for."""
    return np.where(b >= 0, np.hypot(x, np.sqrt(b)), np.nan)


def squareplus(x, b):
    root = root_of(x, b)
    # abs(x) + root may overflow where half of it does not, and half a subnormal loses a bit.
    half_sum = np.where(root < 1e300, (np.abs(x) + root) / 2, np.abs(x) / 2 + root / 2)
    # On the left x + root would cancel; the product of the two solutions is -b / 4.
    left = np.where(b < np.inf, b / 4 / half_sum, root)
    return np.where(x < 0, left, half_sum)


def squareplus_slope(x, b):
    root = root_of(x, b)
    slope = np.where(np.isinf(x) & (b >= 0), x > 0, squareplus(x, b) / root)
    middle = ((x == 0) & (b == 0)) | ((b == np.inf) & ~np.isnan(x))
    return np.where(middle, 0.5, slope)


def sparse_plus(x, y):
    y[...] = np.where(x >= 1, x, np.square(np.maximum(x + 1, 0)) / 4)


def sparse_plus_slope(x, out):
    np.divide(np.clip(x + 1, 0, 2), 2, out=out)


FORMULAS = {
    "softplus": in_double_operations(softplus, softplus_slope, softplus_by_beta),
    "squareplus": in_double_operations(squareplus, squareplus_slope),
    "sparse_plus": operations(sparse_plus, sparse_plus_slope),
}
