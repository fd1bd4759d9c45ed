"""x times a gate, and its slope, from one exponential of half the gate's argument."""

import numpy as np

from fastact.backends.numpy_backend.decay import decay
from fastact.backends.numpy_backend.exact import limit_of_product, two_product, two_sum
from fastact.backends.numpy_backend.normal import (
    FURTHEST,
    balance_over_bell,
    bell,
    tail_over_bell,
)
from fastact.backends.numpy_backend.operations import in_double_operations, operations

LARGEST = np.finfo(np.float64).max

# Constants of formulas, and what float64 lost of them.
QUICK = (1.702, 4.263256414560601e-17)
LINEAR = (1.5957691216057308, -9.96930880911092e-17)  # sqrt(8 / pi)
CUBIC = (0.07135481627260025, -6.175149918155315e-19)  # 0.044715 * sqrt(8 / pi)


def gated(x, w, lost=0.0):
    """x * sigmoid(w + lost)."""
    first, second = decay(w, lost)
    tail = np.clip(x, -LARGEST, LARGEST) * first * second  # infinity times 0 is not a number
    return np.where(w < 0, tail, x) / (1 + first * second)


def gated_slope(w, lost=0.0, extra=0.0):
    """The slope of x * sigmoid(w + lost), where x times the slope of w is w + lost + extra."""
    first, second = decay(w, lost)
    e = first * second
    w = np.clip(w, -LARGEST, LARGEST)
    left = first * ((1 + w) + (lost + extra + e)) * second  # near its zero 1 + w is exact
    right = 1 + e * (1 + w + extra)
    return np.where(w < 0, left, right) / np.square(1 + e)


def gelu(x):
    t = np.minimum(np.abs(x), FURTHEST)
    first, second = bell(t)
    ratio, _ = tail_over_bell(t)
    return np.where(x < 0, -t * ratio * first * second, x * (1 - ratio * first * second))


def gelu_slope(x):
    t = np.minimum(np.abs(x), FURTHEST)
    first, second = bell(t)
    balance = balance_over_bell(t) * first * second
    return np.where(x < 0, balance, 1 - balance)


def gelu_tanh_exponent(x):
    """sqrt(8 / pi) * (x + 0.044715 * x**3) and what rounding lost of it."""
    x = np.clip(x, -FURTHEST, FURTHEST)
    square, square_lost = two_product(x, x)
    cubic, cubic_lost = two_product(CUBIC[0], square)
    total, total_lost = two_sum(LINEAR[0], cubic)
    total_lost += LINEAR[1] + cubic_lost + CUBIC[0] * square_lost + CUBIC[1] * square
    w, lost = two_product(x, total)
    return w, lost + x * total_lost


def gelu_tanh(x):
    return gated(x, *gelu_tanh_exponent(x))


def gelu_tanh_slope(x):
    near = np.clip(x, -FURTHEST, FURTHEST)
    w, lost = gelu_tanh_exponent(near)
    return gated_slope(w, lost, 2 * CUBIC[0] * near * near * near)


def quick_exponent(x):
    """1.702 * x and what rounding lost of it."""
    w, lost = two_product(QUICK[0], x)
    return w, lost + QUICK[1] * np.clip(x, -1e4, 1e4)


def quick_gelu(x):
    return gated(x, *quick_exponent(x))


def quick_gelu_slope(x):
    return gated_slope(*quick_exponent(x))


def silu(x):
    return gated(x, x)


def silu_slope(x):
    return gated_slope(x)


def swish(x, beta):
    return gated(x, *limit_of_product(beta, x))


def swish_slope(x, beta):
    return gated_slope(*limit_of_product(beta, x))


def swish_by_beta(x, beta):
    """x**2 * sigmoid(w) * (1 - sigmoid(w)), w = beta * x."""
    first, second = decay(*limit_of_product(beta, x))
    x = np.clip(x, -LARGEST, LARGEST)  # infinity times 0 is not a number
    return (x * first) * (x * second) / np.square(1 + first * second)


def hard_swish(x, y):
    y[...] = np.where(x >= 3, x, np.where(x <= -3, -0.0, x * (x + 3) / 6))


def hard_swish_slope(x, out):
    np.divide(2 * x + 3, 6, out=out)
    np.copyto(out, 1, where=x >= 3)
    np.copyto(out, 0, where=x <= -3)


def mish(x):
    """x * n * (n + 2) / (n * (n + 2) + 2) with n = exp(x), on the right with 1 / n."""
    first, second = decay(x)
    e = first * second
    left = np.maximum(x, -LARGEST) * first * (e + 2) * second / (e * (e + 2) + 2)
    right = x * ((1 + 2 * e) / (1 + 2 * e + 2 * e * e))
    return np.where(x < 0, left, right)


def mish_slope(x):
    first, second = decay(x)
    e = first * second
    near = np.clip(x, -1e4, 1e4)  # beyond, e is 0
    left = first * (4 * (1 + near) + e * (6 + 4 * near + e * (4 + e))) * second
    left = left / np.square(2 + e * (2 + e))
    d = 1 + e * (2 + 2 * e)
    right = ((1 + 2 * e) * d + 4 * near * e * e * (1 + e)) / np.square(d)
    return np.where(x < 0, left, right)


FORMULAS = {
    "gelu": in_double_operations(gelu, gelu_slope),
    "gelu_tanh": in_double_operations(gelu_tanh, gelu_tanh_slope),
    "quick_gelu": in_double_operations(quick_gelu, quick_gelu_slope),
    "silu": in_double_operations(silu, silu_slope),
    "swish": in_double_operations(swish, swish_slope, swish_by_beta),
    "hard_swish": operations(hard_swish, hard_swish_slope),
    "mish": in_double_operations(mish, mish_slope),
}
