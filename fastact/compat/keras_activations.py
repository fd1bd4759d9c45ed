"""keras.activations (Keras 3), on NumPy arrays: its names, arguments and defaults.

Those that Keras calls as fastact does are fastact's own, `backward` and all.
"""

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


def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    """x above the threshold, up to max_value; negative_slope * (x - threshold) below."""
    y = fa.relu(x) if threshold == 0 else fa.thresholded_relu(x, threshold)
    if max_value is not None:
        y = fa.hard_tanh(y, 0.0, max_value)
    if negative_slope == 0:
        return y
    with np.errstate(over="ignore"):
        return y - negative_slope * fa.relu(threshold - fa.identity(x))  # of integers, too


def leaky_relu(x, negative_slope=0.2):
    """fa.leaky_relu, with a slope of 0.2 unless another is given."""
    return fa.leaky_relu(x, negative_slope)


def threshold(x, threshold, default_value):
    """fa.threshold."""
    return fa.threshold(x, threshold, default_value)


def gelu(x, approximate=False):
    """fa.gelu."""
    return fa.gelu(x, approximate=approximate)


def softplus(x):
    """fa.softplus with a beta of 1."""
    return fa.softplus(x)


def hard_shrink(x, threshold=0.5):
    """fa.hard_shrink."""
    return fa.hard_shrink(x, threshold)


def soft_shrink(x, threshold=0.5):
    """fa.soft_shrink."""
    return fa.soft_shrink(x, threshold)


def glu(x, axis=-1):
    """fa.glu of one array: the first half is the value, the second the gate."""
    return fa.glu.packed(x, axis=axis, layout="value_first")


def softmax(x, axis=-1):
    """fa.softmax."""
    return fa.softmax(x, axis=axis)


def log_softmax(x, axis=-1):
    """fa.log_softmax."""
    return fa.log_softmax(x, axis=axis)


def sparsemax(x, axis=-1):
    """fa.sparsemax."""
    return fa.sparsemax(x, axis=axis)
