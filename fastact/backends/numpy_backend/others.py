"""exp, logit, and a line with waves."""

from functools import cache

import numpy as np

from fastact.backends.numpy_backend.exact import quotient, two_product, two_sum
from fastact.backends.numpy_backend.operations import in_double_operations, operations

BITS = 2200  # of pi: as many as the largest product has, and a float64's twice


def logit(x):
    # 2 * x - 1 is exact in the middle, 1 - x to the right of it.
    middle = np.log1p((2 * x - 1) / (1 - x))
    return np.where((x > 0.25) & (x < 0.75), middle, np.log(x / (1 - x)))


def logit_slope(x):
    slope = np.abs(1 / (x * (1 - x)))
    return np.where((x < 0) | (x > 1), np.nan, slope)


def snake(x, alpha):
    sine, cosine, lost = sine_and_cosine(alpha, x)
    sine += cosine * lost
    square, square_lost = two_product(sine, sine)
    wave, wave_lost = quotient(square, alpha)
    total, total_lost = two_sum(x, wave)
    value = total + (total_lost + (wave_lost + square_lost / alpha))
    return np.where(np.isinf(x) | np.isinf(alpha) | (alpha == 0), x, value)


def snake_slope(x, alpha):
    # (sin + cos)**2 is 1 + sin(2 * alpha * x), which would cancel at its zeros
    sine, cosine, lost = sine_and_cosine(alpha, x)
    return np.square((sine + cosine) + (cosine - sine) * lost)


def sine_and_cosine(alpha, x):
    """sin and cos of alpha * x rounded, and what the rounding lost, in radians."""
    angle, lost = two_product(alpha, x)
    # NumPy reduces any angle fully; here it is the rounding that is no longer small.
    huge = (np.abs(lost) > 1e-9) | (np.isinf(angle) & np.isfinite(alpha) & np.isfinite(x))
    if huge.any():
        factors = zip(alpha[huge].tolist(), x[huge].tolist(), strict=True)
        angle[huge], lost[huge] = np.transpose([remainder(*pair) for pair in factors])
    return np.sin(angle), np.cos(angle), lost


def remainder(a, b):
    """a * b modulo 2 * pi, rounded, and what the rounding lost."""
    (a, a_scale), (b, b_scale) = a.as_integer_ratio(), b.as_integer_ratio()
    exact = (a * b << BITS) // (a_scale * b_scale) % two_pi()
    rounded = exact / (1 << BITS)
    part, scale = rounded.as_integer_ratio()
    return rounded, (exact * scale - (part << BITS)) / (scale << BITS)


@cache
def two_pi():
    """2 * pi * 2**BITS by Machin's formula."""

    def inverse_tangent(n):
        power, total, k = (1 << BITS) // n, 0, 1
        while power:
            total += power // k if k % 4 == 1 else -(power // k)
            power //= n * n
            k += 2
        return total

    return 8 * (4 * inverse_tangent(5) - inverse_tangent(239))


def exponential_forward_backward(x, dy, y, dx):
    np.exp(x, y)
    np.multiply(y, dy, dx)


FORMULAS = {
    "exponential": operations(np.exp, np.exp, forward_backward=exponential_forward_backward)
    | {"forward": np.exp, "derivative": np.exp},
    "logit": in_double_operations(logit, logit_slope),
    "snake": in_double_operations(snake, snake_slope),
}
