"""keras.activations (Keras 3), on NumPy arrays: its names, arguments and defaults.

Those that Keras calls as fastact does are fastact's own, `backward` and all.
"""

from typing import TYPE_CHECKING

import numpy as np

import fastact as fa
from fastact import (
    celu,
    elu,
    exponential,
    hard_sigmoid,
    hard_silu,
    hard_swish,
    hard_tanh,
    log_sigmoid,
    mish,
    relu6,
    selu,
    sigmoid,
    silu,
    softsign,
    sparse_plus,
    sparse_sigmoid,
    squareplus,
    tanh,
    tanh_shrink,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import ArrayLike

__all__ = [
    "celu",
    "elu",
    "exponential",
    "gelu",
    "glu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "leaky_relu",
    "linear",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "swish",
    "tanh",
    "tanh_shrink",
    "threshold",
]

linear = fa.identity
swish = silu  # without a beta


def relu(
    x: "ArrayLike",
    negative_slope: float = 0.0,
    max_value: "ArrayLike | None" = None,
    threshold: float = 0.0,
) -> "Any":
    """x above the threshold, up to max_value; negative_slope * (x - threshold) below."""
    y = fa.relu(x) if threshold == 0 else fa.thresholded_relu(x, threshold)
    if max_value is not None:
        y = fa.hard_tanh(y, 0.0, max_value)
    if negative_slope == 0:
        return y
    with np.errstate(all="ignore"):
        return y - negative_slope * fa.relu(threshold - fa.identity(x))  # of integers, too


def leaky_relu(x: "ArrayLike", negative_slope: "ArrayLike" = 0.2) -> "Any":
    """fa.leaky_relu, with a slope of 0.2 unless another is given."""
    return fa.leaky_relu(x, negative_slope)


def threshold(x: "ArrayLike", threshold: "ArrayLike", default_value: "ArrayLike") -> "Any":
    """fa.threshold."""
    return fa.threshold(x, threshold, default_value)


def gelu(x: "ArrayLike", approximate: bool = False) -> "Any":
    """fa.gelu."""
    return fa.gelu(x, approximate=approximate)


def softplus(x: "ArrayLike") -> "Any":
    """fa.softplus with a beta of 1."""
    return fa.softplus(x)


def hard_shrink(x: "ArrayLike", threshold: "ArrayLike" = 0.5) -> "Any":
    """fa.hard_shrink."""
    return fa.hard_shrink(x, threshold)


def soft_shrink(x: "ArrayLike", threshold: "ArrayLike" = 0.5) -> "Any":
    """fa.soft_shrink."""
    return fa.soft_shrink(x, threshold)


def glu(x: "ArrayLike", axis: int = -1) -> "Any":
    """fa.glu of one array: the first half is the value, the second the gate."""
    return fa.glu.packed(x, axis=axis, layout="value_first")


def softmax(x: "ArrayLike", axis: "int | str | Sequence[int | str] | None" = -1) -> "Any":
    """fa.softmax."""
    return fa.softmax(x, axis=axis)


def log_softmax(x: "ArrayLike", axis: "int | str | Sequence[int | str] | None" = -1) -> "Any":
    """fa.log_softmax."""
    return fa.log_softmax(x, axis=axis)


def sparsemax(x: "ArrayLike", axis: "int | str | Sequence[int | str] | None" = -1) -> "Any":
    """fa.sparsemax."""
    return fa.sparsemax(x, axis=axis)
