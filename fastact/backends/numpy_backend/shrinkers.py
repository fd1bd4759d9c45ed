"""What is small becomes zero, with the sign of x."""

from math import factorial

import numpy as np

from fastact.backends.numpy_backend.operations import in_double_operations, operations


def soft_shrink(x, lambd, y):
    shrink(x, lambd, lambd, y)


def hard_shrink(x, lambd, y):
    shrink(x, lambd, 0, y)


def shrink(x, lambd, bias, y):
    towards_zero = np.where(np.signbit(x), -bias, bias)
    y[...] = np.where(np.abs(x) <= lambd, np.copysign(0, x), x - towards_zero)


def shrink_slope(x, lambd, *rest):
    np.copyto(rest[-1], np.abs(x) > lambd)


def tanh_shrink(x):
    """(x * cosh(x) - sinh(x)) / cosh(x): the numerator's series has positive terms only."""
    square = np.square(x)
    near = x * (square * np.polyval(NUMERATOR, square) / np.cosh(x))
    return np.where(np.abs(x) < 2, near, x - np.tanh(x))


def tanh_shrink_slope(x):
    return np.square(np.tanh(x))


# The series of (x * cosh(x) - sinh(x)) / x**3 in x**2, for x up to 2, highest power first.
NUMERATOR = [2 * k / factorial(2 * k + 1) for k in range(13, 0, -1)]

FORMULAS = {
    "soft_shrink": operations(soft_shrink, shrink_slope, keep_nan=True),
    "hard_shrink": operations(hard_shrink, shrink_slope, keep_nan=True),
    "shrink": operations(shrink, shrink_slope, keep_nan=True),
    "tanh_shrink": in_double_operations(tanh_shrink, tanh_shrink_slope),
}
