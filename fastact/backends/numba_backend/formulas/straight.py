"""Straight lines and steps."""

from ..number import select
from .table import formula, keep_nan


@formula
def identity(x):
    """x."""
    return x, keep_nan(x, 1)


@formula
def linear(x, slope):
    """slope * x."""
    return slope * x, keep_nan(x, slope)


@formula
def step(x, at_zero):
    """0 for x < 0, 1 for x > 0, at_zero between; the slope is 0."""
    value = select(x > 0, x.like(1), select(x < 0, x.like(0), keep_nan(x, at_zero)))
    return value, keep_nan(x, 0)
