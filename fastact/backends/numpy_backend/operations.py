"""An activation's operations out of its formulas."""

from functools import wraps

import numpy as np


def quiet(formula):
    """NumPy warns where a branch not taken overflows; our loops never do."""

    @wraps(formula)
    def silent(*arrays):
        with np.errstate(all="ignore"):
            formula(*arrays)

    return silent


def in_double(formula):
    """A formula that returns its result, for float64, as one that fills its last argument.

    float32 is computed in float64 and rounded once: no intermediate result loses a digit of it.
    """

    @wraps(formula)
    def filling(*arrays):
        *inputs, out = arrays
        out[...] = formula(*(given.astype(np.float64, copy=False) for given in inputs))

    return filling


def operations(value, slope, parameter=None):
    """All operations out of formulas that fill their last argument.

    `value(x, *parameters, y)`, `slope(x, *parameters, s)` and, where a parameter can be trained,
    `parameter(x, *parameters, s)`: the slope with respect to it.
    """

    def backward(x, dy, *rest):
        *parameters, dx = rest
        slope(x, *parameters, dx)
        np.multiply(dx, dy, out=dx)

    def forward_backward(x, dy, *rest):
        *parameters, y, dx = rest
        value(x, *parameters, y)
        backward(x, dy, *parameters, dx)

    def parameter_backward(x, dy, *rest):
        *parameters, out = rest
        parameter(x, *parameters, out)
        np.multiply(out, dy, out=out)

    formulas = {
        "forward": value,
        "derivative": slope,
        "backward": backward,
        "forward_backward": forward_backward,
    }
    if parameter is not None:
        formulas["parameter_backward"] = parameter_backward
    return {operation: quiet(formula) for operation, formula in formulas.items()}


def in_double_operations(*formulas):
    """`operations` of formulas that return their results in float64."""
    return operations(*(in_double(formula) for formula in formulas))


def keep_nan(x, out):
    if np.isnan(np.min(x)):
        np.copyto(out, x, where=np.isnan(x))
