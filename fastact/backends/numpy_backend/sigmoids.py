"""Curves from one level to another."""

import numpy as np

from fastact.backends.numpy_backend.exact import quotient, two_product, two_sum
from fastact.backends.numpy_backend.operations import (
    in_double,
    in_double_operations,
    keep_nan,
    operations,
)


def sigmoid(x, y):
    np.negative(x, out=y)
    np.exp(y, out=y)
    y += 1
    np.divide(1, y, out=y)
    # Further left exp(-x) overflows; there e/(1+e) is e to the last bit. (NaN fails the test.)
    tail = -80 if x.dtype == np.float32 else -700
    if not np.min(x) >= tail:
        left = x < tail
        y[left] = np.exp(x[left])


def sigmoid_slope(x, out):
    e = np.exp(-np.abs(x))
    np.divide(e, np.square(1 + e), out=out)


def log_sigmoid(x):
    # Two numbers of one sign, so that nothing cancels.
    return -(np.maximum(-x, 0) + np.log1p(np.exp(-np.abs(x))))


def log_sigmoid_slope(x, out):
    sigmoid(-x, out)


def hard_sigmoid(x, y):
    np.divide(np.clip(x + 3, 0, 6), 6, out=y)


def hard_sigmoid_slope(x, out):
    np.multiply(np.abs(x) < 3, 1 / 6, out=out)
    keep_nan(x, out)


def line(x, slope, offset):
    """slope * x + offset, and what rounding lost of it."""
    product, lost = two_product(slope, x)
    total, more_lost = two_sum(product, offset)
    return total, lost + more_lost


def hard_sigmoid_affine(x, slope, offset):
    total, lost = line(x, slope, offset)
    return np.clip(total + lost, 0, 1)


def hard_sigmoid_affine_slope(x, slope, offset):
    total, lost = line(x, slope, offset)
    inside = (total + lost > 0) & ((total - 1) + lost < 0)
    return np.where(np.isnan(x), x, np.where(inside, slope, 0))


def sparse_sigmoid(x, y):
    np.divide(np.clip(x + 1, 0, 2), 2, out=y)


def sparse_sigmoid_slope(x, out):
    np.multiply(np.abs(x) < 1, 1 / 2, out=out)
    keep_nan(x, out)


def tanh_slope(x, out):
    e = np.exp(-2 * np.abs(x))
    np.divide(4 * e, np.square(1 + e), out=out)


def hard_tanh(x, min_val, max_val, y):
    y[...] = np.where(x <= min_val, min_val, np.where(x >= max_val, max_val, x))


def hard_tanh_slope(x, min_val, max_val, out):
    np.copyto(out, (x > min_val) & (x < max_val))
    keep_nan(x, out)


def softsign(x, y):
    np.divide(x, 1 + np.abs(x), out=y)
    np.copyto(y, np.sign(x), where=np.isinf(x))


def softsign_slope(x, out):
    np.square(1 / (1 + np.abs(x)), out=out)  # the square of 1 + abs(x) might overflow


def softcap(x, cap):
    z = x / cap
    # Where tanh(z) is z, x / cap may be too small to keep its digits.
    return np.where(np.abs(z) < 1e-9, x, cap * np.tanh(z))


def softcap_slope(x, cap):
    z, lost = quotient(np.abs(x), cap)
    e = np.exp(-2 * z)
    e -= e * (2 * lost)  # exp turns an absolute error into a relative one
    return 4 * e / np.square(1 + e)


FORMULAS = {
    "sigmoid": operations(sigmoid, sigmoid_slope),
    "log_sigmoid": operations(in_double(log_sigmoid), log_sigmoid_slope),
    "hard_sigmoid": operations(hard_sigmoid, hard_sigmoid_slope),
    "hard_sigmoid_affine": in_double_operations(hard_sigmoid_affine, hard_sigmoid_affine_slope),
    "sparse_sigmoid": operations(sparse_sigmoid, sparse_sigmoid_slope),
    "tanh": operations(np.tanh, tanh_slope) | {"forward": np.tanh},
    "hard_tanh": operations(hard_tanh, hard_tanh_slope),
    "softsign": operations(softsign, softsign_slope),
    "softcap": in_double_operations(softcap, softcap_slope),
}
