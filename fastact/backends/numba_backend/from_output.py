"""Formulas whose point is the value y of an activation, and whose slope is that at its x."""

from .number import select

FORMULAS: dict = {}
"""Name of an activation -> formula(y): (y, slope)."""


def formula(function):
    """Enter the function into FORMULAS under its own name."""
    FORMULAS[function.__name__] = function
    return function


@formula
def sigmoid(y):
    """y (1 - y)."""
    return y, y * (1 - y)


@formula
def tanh(y):
    """1 - y^2, in factors: near 1 the square would be rounded."""
    return y, (1 - y) * (1 + y)


@formula
def relu(y):
    """1 where y > 0."""
    slope = select(y > 0, y.like(1), 0)
    return y, select(y == y, slope, y)
