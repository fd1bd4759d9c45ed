"""A bias and an activation, in one pass."""

from math import prod

import numpy as np

from fastact.engine import _engine
from fastact.neuron.arguments import (
    check_broadcasts,
    check_out,
    gradient_of,
    operands,
    operation,
)
from fastact.neuron.biased import chosen


def bias_act(x, bias, activation="identity", out=None, *, axis=-1, **parameters):
    """An activation of x + bias, in one pass over memory.

        y = activation(x + bias)

    Parameters
    ----------
    x : array_like
        Any shape but a single number; bool and integer (computed as float64), float16 (in float32),
        float32, float64.
    bias : array_like
        One number per element of x along `axis`.
    activation : str or function of fastact, default "identity"
        A pointwise activation of the catalogue, or one made by `fa.define`.
    out : ndarray, optional
        Where to write; may be x itself.
    axis : int, default -1
        The axis of x that the bias runs along: 1 for channels as in PyTorch. Keyword-only.
    **parameters
        Those of the activation, such as ``negative_slope=0.1``; but not shrink's own ``bias``.

    Returns
    -------
    y : ndarray
        Of the shape of x. In float32 and float64 the bits are those of ``activation(x + bias)``; in
        float16 the sum is not rounded.

    Raises
    ------
    ValueError
        For shapes that do not fit, and for an activation that is none; the message lists them.
    TypeError
        For arrays that are not NumPy's, other dtypes, and parameters that the activation has not.
    numpy.exceptions.AxisError
        If x has no such axis.

    Examples
    --------
    >>> import fastact as fa
    >>> fa.bias_act([[1.0, -2.0], [3.0, 4.0]], [0.5, -3.0], "relu")
    array([[1.5, 0. ],
           [3.5, 1. ]])
    """
    name = "bias_act"
    made, x, bias, _ = arguments(name, activation, parameters, x, bias, axis)
    check_out(name, "out", out, x.shape)
    return made.call("forward", x, bias, out=out)


@operation(bias_act, "backward")
def bias_act_backward(x, bias, dy, activation="identity", out=None, *, axis=-1, **parameters):
    """The gradients of bias_act, from its inputs.

        dx = dy * activation'(x + bias),  dbias = sum(dx) over all axes but `axis`

    Parameters
    ----------
    x, bias, activation, axis, **parameters
        As for bias_act.
    dy : array_like
        Gradient of the output; broadcasts against x.
    out : ndarray, optional
        Where to write dx; may be x or dy itself.

    Returns
    -------
    dx : ndarray
        Of the shape of x.
    dbias : ndarray
        Of the shape of bias; summed in float64, with the same bits for any number of threads.

    Raises
    ------
    ValueError, TypeError, numpy.exceptions.AxisError
        As bias_act.

    Examples
    --------
    >>> import fastact as fa
    >>> dx, dbias = fa.bias_act.backward([[1.0, -2.0], [3.0, 4.0]], [0.5, -3.0], 1.0, "relu")
    >>> dbias
    array([2., 1.])
    """
    name = "bias_act.backward"
    made, x, bias, axis = arguments(name, activation, parameters, x, bias, axis)
    dy = gradient_of(name, dy, x.shape)
    check_out(name, "out", out, x.shape)
    dx = made.call("backward", x, bias, dy, out=out)
    return dx, summed(dx, axis)


@operation(bias_act, "forward_backward")
def bias_act_forward_backward(
    x, bias, dy=1, activation="identity", out=None, *, axis=-1, **parameters
):
    """The value of bias_act and its gradients, in one pass over memory.

        y = activation(x + bias)
        dx = dy * activation'(x + bias),  dbias = sum(dx) over all axes but `axis`

    Parameters
    ----------
    x, bias, activation, axis, **parameters
        As for bias_act.
    dy : array_like, default 1
        Gradient of the output; broadcasts against x.
    out : tuple of two ndarray or None, optional
        Where to write y and dx; either may be x or dy itself.

    Returns
    -------
    y, dx, dbias : ndarray
        As of bias_act and bias_act.backward.

    Raises
    ------
    ValueError, TypeError, numpy.exceptions.AxisError
        As bias_act.

    Examples
    --------
    >>> import fastact as fa
    >>> y, dx, dbias = fa.bias_act.forward_backward([1.0, -2.0], [0.5, -3.0], 1.0, "tanh")
    >>> y.shape, dx.shape, dbias.shape
    ((2,), (2,), (2,))
    """
    name = "bias_act.forward_backward"
    made, x, bias, axis = arguments(name, activation, parameters, x, bias, axis)
    dy = gradient_of(name, dy, x.shape)
    for place, given in zip(("out[0]", "out[1]"), pair(name, out), strict=True):
        check_out(name, place, given, x.shape)
    y, dx = made.call("forward_backward", x, bias, dy, out=out)
    return y, dx, summed(dx, axis)


def arguments(name, activation, parameters, x, bias, axis):
    """The activation with its parameters, and x, bias and axis as `operands` gives them."""
    made = chosen(name, activation, parameters)
    x, bias, axis = operands(name, x, bias, axis)
    for value in made.parameters:
        check_broadcasts(name, f"a parameter of {made.name}", np.shape(value), x.shape)
    return made, x, bias, axis


def summed(dx, axis):
    """dx summed over all axes but one, in float64; rounded once to its dtype."""
    if dx.flags.f_contiguous and not dx.flags.c_contiguous:
        dx, axis = dx.T, dx.ndim - 1 - axis
    shape = dx.shape
    return _engine.column_sums(dx, prod(shape[:axis]), shape[axis], prod(shape[axis + 1 :]))


def pair(function, out):
    if out is None:
        return None, None
    if not isinstance(out, tuple) or len(out) != 2:
        raise TypeError(f"{function}: out must be a tuple of two arrays or None, for y and dx")
    return out
