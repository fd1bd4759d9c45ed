"""A line on the right, an exponential on the left."""

from math import factorial

import numpy as np

from fastact.backends.numpy_backend.exact import quotient
from fastact.backends.numpy_backend.operations import in_double_operations

# scale and scale * alpha of selu
SCALE = 1.0507009873554804934193349852946
SCALE_ALPHA = 1.7580993408473768599402175208123


def elu(x, alpha):
    return np.where(x > 0, x, alpha * np.expm1(x))


def elu_slope(x, alpha):
    h = np.exp(x / 2)  # exp(x) may be subnormal where the product is not
    endless = np.isinf(alpha) & (x > -np.inf)  # however small exp(x) is
    return np.where(x > 0, 1, np.where(endless, alpha, alpha * h * h))


def elu_by_alpha(x, alpha):
    return np.where(x > 0, 0, np.expm1(x))


def selu(x):
    return np.where(x > 0, SCALE * x, SCALE_ALPHA * np.expm1(x))


def selu_slope(x):
    return np.where(x > 0, SCALE, SCALE_ALPHA * np.exp(x))


def above_0(alpha):
    """NaN for an alpha that celu is not defined for."""
    return np.where(alpha > 0, alpha, np.nan)


def celu(x, alpha):
    z = x / above_0(alpha)
    # Where expm1(z) is z, x / alpha may be too small to keep its digits.
    return np.where((x > 0) | (np.abs(z) < 1e-17), x, alpha * np.expm1(z))


def celu_slope(x, alpha):
    z, lost = quotient(x, above_0(alpha))
    e = np.exp(z)
    return np.where(x > 0, 1, e + e * lost)


def celu_by_alpha(x, alpha):
    """expm1(z) - z * exp(z), z = x / alpha."""
    z = np.maximum(x / above_0(alpha), -1e4)  # infinity times 0 is not a number
    far = np.expm1(z) - z * np.exp(z)
    # Near 0 they cancel; exp(-z) - 1 + z is a sum of positive terms.
    near = -np.square(z) * np.exp(z) * np.polyval(REMAINDER, -z)
    return np.where(x > 0, 0, np.where(z < -2, far, near))


# The series of (exp(w) - 1 - w) / w**2, for w up to 2, highest power first.
REMAINDER = [1 / factorial(k + 2) for k in range(22, -1, -1)]

FORMULAS = {
    "elu": in_double_operations(elu, elu_slope, elu_by_alpha),
    "selu": in_double_operations(selu, selu_slope),
    "celu": in_double_operations(celu, celu_slope, celu_by_alpha),
}
