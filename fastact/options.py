"""Keywords that are no input of a loop: gelu's `approximate`, prelu's `axis`."""

import operator
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

__all__ = ["OPTIONS", "Option"]


class Option(NamedTuple):
    """A keyword of every operation of an activation."""

    name: str
    default: object
    type: str  # as numpydoc writes it
    doc: str
    choices: dict | None = None  # value -> the activation that serves it
    arrange: Callable | None = None  # (name, x, last input, value) -> last input


def along_axis(name, x, weight, axis):
    """`weight`, if 1-d, in a shape that broadcasts along `axis` of `x`."""
    shape, length = np.shape(x), np.shape(weight)
    try:
        axis = operator.index(axis)
    except TypeError:
        raise TypeError(
            f"{name}: axis must be an integer or None, not {type(axis).__name__}"
        ) from None
    ndim = len(shape)
    if not -ndim <= axis < ndim:
        there = f"there are {-ndim} to {ndim - 1}" if ndim else "a single number has none"
        raise np.exceptions.AxisError(f"{name}: x of shape {shape} has no axis {axis}; {there}")
    if len(length) == 0:
        return weight
    if len(length) > 1:
        raise ValueError(
            f"{name}: weight has shape {length}; with axis= it must be 1-d, without it broadcasts"
        )
    if length[0] not in (1, shape[axis]):
        raise ValueError(
            f"{name}: weight has {length[0]} elements, axis {axis} of x of shape {shape} has "
            f"{shape[axis]}; there must be as many, or one"
        )
    if not hasattr(weight, "reshape"):
        weight = np.asarray(weight)
    return weight.reshape(length + (1,) * (ndim - 1 - axis % ndim))


def approximate(exact, by_tanh):
    """GELU's option, for what is made of it."""
    return Option(
        "approximate",
        "none",
        '{"none", "tanh"} or bool',
        f'"tanh" or True: {by_tanh}.',
        choices={"none": exact, "tanh": by_tanh, False: exact, True: by_tanh},
    )


OPTIONS = {
    "gelu": approximate("gelu", "gelu_tanh"),
    "geglu": approximate("geglu", "geglu_tanh"),
    "prelu": Option(
        "axis",
        None,
        "int or None",
        "The axis of x that a 1-d weight runs along, 1 for channels as in PyTorch; None: weight "
        "broadcasts as NumPy does, along the last axis.",
        arrange=along_axis,
    ),
}
