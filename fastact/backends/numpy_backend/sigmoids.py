"""Curves from one level to another."""

import numpy as np

from fastact.backends.numpy_backend.exact import quotient, two_product, two_sum
from fastact.backends.numpy_backend.operations import (
    ONE,
    in_double,
    in_double_operations,
    operations,
    unless_out_of_range,
)


def sigmoid(x, y):
    e = np.exp(x)
    np.divide(e, np.add(e, ONE[x.itemsize], y), y)


def sigmoid_backward(x, dy, dx):
    e = np.exp(x)
    over = np.add(e, ONE[x.itemsize])
    np.divide(e, over, dx)
    np.divide(dx, over, dx)
    np.multiply(dx, dy, dx)


def sigmoid_forward_backward(x, dy, y, dx):
    e = np.exp(x)
    over = np.add(e, ONE[x.itemsize])
    np.divide(e, over, y)
    np.divide(y, over, dx)
    np.multiply(dx, dy, dx)


def sigmoid_slope(x, out):
    sigmoid_backward(x, ONE[x.itemsize], out)


def careful_sigmoid(x, y):
    """Where exp(x) overflows, too."""
    e = np.exp(x)
    np.divide(e, np.add(e, ONE[x.itemsize]), y)
    np.copyto(y, 1, where=np.isinf(e))


def careful_sigmoid_backward(x, dy, dx):
    sigmoid_backward(x, dy, dx)
    far = np.isinf(np.exp(x))
    dx[far] = np.exp(-x[far]) * (dy[far] if dy.ndim else dy)


def careful_sigmoid_slope(x, out):
    careful_sigmoid_backward(x, ONE[x.itemsize], out)


def careful_sigmoid_forward_backward(x, dy, y, dx):
    careful_sigmoid(x, y)
    careful_sigmoid_backward(x, dy, dx)


sigmoid_anywhere = unless_out_of_range(sigmoid, careful_sigmoid)


def log_sigmoid(x):
    # Two numbers of one sign, so that nothing cancels.
    return -(np.maximum(-x, 0) + np.log1p(np.exp(-np.abs(x))))


def log_sigmoid_slope(x, out):
    sigmoid_anywhere(-x, out)


def hard_sigmoid(x, y):
    np.divide(np.clip(x + 3, 0, 6), 6, out=y)


def hard_sigmoid_slope(x, out):
    np.multiply(np.abs(x) < 3, 1 / 6, out=out)


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
    return np.where(np.isnan(total), total, np.where(inside, slope, 0))


def sparse_sigmoid(x, y):
    np.divide(np.clip(x + 1, 0, 2), 2, out=y)


def sparse_sigmoid_slope(x, out):
    np.multiply(np.abs(x) < 1, 1 / 2, out=out)


def hard_tanh(x, min_val, max_val, y):
    if min_val.ndim == max_val.ndim == 0 and min_val < 0 < max_val:
        np.clip(x, min_val, max_val, out=y)  # the same, and much faster than a selection
        return
    y[...] = np.where(x <= min_val, min_val, np.where(x >= max_val, max_val, x))


def hard_tanh_slope(x, min_val, max_val, out):
    out[...] = ~((x <= min_val) | (x >= max_val))


def softsign(x, y):
    np.divide(x, 1 + np.abs(x), out=y)
    infinite = np.isinf(x)
    if np.count_nonzero(infinite):
        np.copyto(y, np.sign(x), where=infinite)


def softsign_slope(x, out):
    np.square(1 / (1 + np.abs(x)), out=out)  # the square of 1 + abs(x) might overflow


def softcap(x, cap):
    z = x / cap
    # Where tanh(z) is z, x / cap may be too small to keep its digits; 0 / 0 is no number.
    return np.where((np.abs(z) < 1e-9) | ((x == 0) & (cap == 0)), x, cap * np.tanh(z))


def softcap_slope(x, cap):
    z, lost = quotient(np.abs(x), np.abs(cap))
    z = np.where((x == 0) & (cap == 0), 0, z)
    e = np.exp(-2 * z)
    e -= e * (2 * lost)  # exp turns an absolute error into a relative one
    return 4 * e / np.square(1 + e)


FORMULAS = {
    "sigmoid": {
        "forward": (sigmoid_anywhere, "direct"),
        "derivative": (unless_out_of_range(sigmoid_slope, careful_sigmoid_slope), "direct"),
        "backward": (unless_out_of_range(sigmoid_backward, careful_sigmoid_backward), "direct"),
        "forward_backward": (
            unless_out_of_range(sigmoid_forward_backward, careful_sigmoid_forward_backward),
            "direct",
        ),
    },
    "log_sigmoid": operations(in_double(log_sigmoid), log_sigmoid_slope),
    "hard_sigmoid": operations(hard_sigmoid, hard_sigmoid_slope, keep_nan=True),
    "hard_sigmoid_affine": in_double_operations(hard_sigmoid_affine, hard_sigmoid_affine_slope),
    "sparse_sigmoid": operations(sparse_sigmoid, sparse_sigmoid_slope, keep_nan=True),
    "hard_tanh": operations(hard_tanh, hard_tanh_slope, keep_nan=True),
    "softsign": operations(softsign, softsign_slope),
    "softcap": in_double_operations(softcap, softcap_slope),
}
