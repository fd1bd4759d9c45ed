"""The activations at one point: each function returns (value, slope).

They are written for float32 and float64 alike (see vecmath), without a branch. Every loop takes
what it needs of the pair; the compiler removes the rest.
"""

from .intrinsics import absolute, copy_sign, select
from .vecmath import (
    ONE,
    TWO,
    ZERO,
    divide,
    exp_nonpositive,
    expm1_and_4_exp,
    inline,
    sum_to_divide_by,
)

FORMULAS: dict = {}
"""Name of an activation -> its compiled formula. All arguments after x are parameters."""


def formula(function):
    """Enter the function into FORMULAS under its own name."""
    FORMULAS[function.__name__] = inline(function)
    return function


@inline
def step(x):
    """1 for x > 0, 0 for x <= 0, NaN for NaN."""
    return select(x > ZERO, ONE, select(x <= ZERO, ZERO, x))


@formula
def identity(x):
    """x."""
    return x, select(x == x, ONE, x)


@formula
def sigmoid(x):
    """1 / (1 + exp(-x)), from e = exp(-|x|); slope e / (1 + e)^2."""
    e = exp_nonpositive(-absolute(x))
    divisor = sum_to_divide_by(ONE, e)
    value = divide(select(x < ZERO, e, ONE), divisor)
    reciprocal = divide(ONE, divisor)
    return value, e * reciprocal * reciprocal


@formula
def tanh(x):
    """(1 - e) / (1 + e) with e = exp(-2|x|), by way of e - 1; slope 4e / (1 + e)^2."""
    difference, four_e = expm1_and_4_exp(-TWO * absolute(x))
    divisor = sum_to_divide_by(TWO, difference)
    reciprocal = divide(ONE, divisor)
    return copy_sign(divide(difference, divisor), x), four_e * reciprocal * reciprocal


@formula
def relu(x):
    """max(x, 0), with +0.0 for -0.0."""
    return select(x <= ZERO, ZERO, x), step(x)


@formula
def leaky_relu(x, negative_slope):
    """x for x > 0, negative_slope * x otherwise; the slope at 0 is negative_slope."""
    value = select(x > ZERO, x, negative_slope * x)
    slope = select(x > ZERO, ONE, select(x <= ZERO, negative_slope, x))
    return value, slope
