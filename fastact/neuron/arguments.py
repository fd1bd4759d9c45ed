"""The arguments of bias_act and dense: checked, and as arrays."""

import operator

import numpy as np

from fastact.shapes import broadcasts

DTYPES = "fdeilqhbILQHB?"  # the usual first


def operation(owner, name):
    """Makes a function `owner.name`."""

    def attach(function):
        function.__name__ = name
        function.__qualname__ = f"{owner.__qualname__}.{name}"
        setattr(owner, name, function)
        return function

    return attach


def array(function, name, given):
    """A NumPy array; those of other libraries, and masked ones, are refused."""
    if type(given) is np.ndarray and given.dtype.char in DTYPES:
        return given
    if isinstance(given, np.ma.MaskedArray) or (
        hasattr(given, "__array_ufunc__") and not isinstance(given, np.ndarray | np.generic)
    ):
        kind = f"{type(given).__module__}.{type(given).__qualname__}"
        raise TypeError(f"{function}: {name} is a {kind}; it must be a plain array of NumPy's")
    found = np.asarray(given)
    if found.dtype.kind not in "biuf" or found.dtype.itemsize > 8:
        raise TypeError(
            f"{function}: {name} has dtype {found.dtype}; bool, integers, float16, float32 and "
            "float64 are supported: convert with .astype()"
        )
    return found


def operands(function, x, bias, axis):
    """x, the bias in a shape that broadcasts along the axis, and the axis from the front."""
    x, bias = array(function, "x", x), array(function, "bias", bias)
    try:
        axis = operator.index(axis)
    except TypeError:
        raise TypeError(f"{function}: axis must be an integer, not {type(axis).__name__}") from None
    if not -x.ndim <= axis < x.ndim:
        there = f"there are {-x.ndim} to {x.ndim - 1}" if x.ndim else "a single number has none"
        raise np.exceptions.AxisError(
            f"{function}: x of shape {x.shape} has no axis {axis}; {there}"
        )
    axis %= x.ndim
    if bias.shape != (x.shape[axis],):
        raise ValueError(
            f"{function}: bias has shape {bias.shape}; along axis {axis} of x of shape {x.shape} "
            f"it must be ({x.shape[axis]},)"
        )
    if x.dtype is not bias.dtype:
        wanted = np.result_type(x, bias)
        if wanted.char in "ef":  # as of x + bias; an activation takes small integers wider
            x, bias = (a if a.dtype.kind == "f" else a.astype(wanted) for a in (x, bias))
    return x, bias.reshape(bias.shape + (1,) * (x.ndim - 1 - axis)), axis


def gradient_of(function, dy, shape):
    dy = dy if type(dy) in (int, float) else array(function, "dy", dy)
    check_broadcasts(function, "dy", np.shape(dy), shape)
    return dy


def check_broadcasts(function, name, given, shape):
    if not broadcasts(given, shape):
        raise ValueError(
            f"{function}: {name} has shape {given}; it must broadcast against the output's, {shape}"
        )


def check_out(function, name, out, shape):
    if out is None:
        return
    if not isinstance(out, np.ndarray):
        raise TypeError(f"{function}: {name} must be an array, not {type(out).__name__}")
    if out.shape != shape:
        raise ValueError(f"{function}: {name} has shape {out.shape}; it must be {shape}")
