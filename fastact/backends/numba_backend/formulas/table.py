"""Where the formulas are entered, and what most of them need."""

from ..number import select

FORMULAS: dict = {}
"""Name of an activation -> formula(x, *parameters): (value, slope)."""

SHORT: dict = {}
"""Name of an activation -> (formula, is_far): a quicker one, and where it is not right.

That is a mask, or small Bits that are not 0 there.
"""

PARAMETER_SLOPES: dict = {}
"""Name of an activation -> formula(x, *parameters): the slope in its trainable parameter."""


def formula(function):
    """Enter the function into FORMULAS under its own name."""
    FORMULAS[function.__name__] = function
    return function


def short_formula_of(activation, is_far, serves=True):
    """Enter the function into SHORT, if it serves on this processor."""

    def enter(function):
        if serves:
            SHORT[activation] = function, is_far
        return function

    return enter


def parameter_slope_of(activation):
    """Enter the function into PARAMETER_SLOPES."""

    def enter(function):
        PARAMETER_SLOPES[activation] = function
        return function

    return enter


def keep_nan(x, slope):
    """`slope`, or NaN where x is NaN."""
    return select(x == x, x.like(slope), x)
