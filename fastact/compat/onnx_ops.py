"""ONNX's activations as functions on NumPy arrays: its names, attributes and defaults.

The operators of opset 24, without those whose arithmetic is that of another name (`Clip` is
`fa.hard_tanh`). Their element types are fastact's: integers and bool become float64.
"""

from typing import TYPE_CHECKING

import numpy as np

import fastact as fa

if TYPE_CHECKING:
    from typing import Any, Literal

    from numpy.typing import ArrayLike

__all__ = [
    "Celu",
    "Elu",
    "Gelu",
    "HardSigmoid",
    "HardSwish",
    "Hardmax",
    "LeakyRelu",
    "LogSoftmax",
    "Mish",
    "PRelu",
    "Relu",
    "Selu",
    "Shrink",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Softsign",
    "Swish",
    "Tanh",
    "ThresholdedRelu",
]


def Celu(X: "ArrayLike", alpha: "ArrayLike" = 1.0) -> "Any":
    """fa.celu."""
    return fa.celu(X, alpha)


def Elu(X: "ArrayLike", alpha: "ArrayLike" = 1.0) -> "Any":
    """fa.elu."""
    return fa.elu(X, alpha)


def Gelu(X: "ArrayLike", approximate: "Literal['none', 'tanh']" = "none") -> "Any":
    """fa.gelu."""
    return fa.gelu(X, approximate=approximate)


def HardSigmoid(X: "ArrayLike", alpha: "ArrayLike" = 0.2, beta: "ArrayLike" = 0.5) -> "Any":
    """min(max(alpha * X + beta, 0), 1)."""
    return fa.hard_sigmoid_affine(X, alpha, beta)


def HardSwish(X: "ArrayLike") -> "Any":
    """fa.hard_swish."""
    return fa.hard_swish(X)


def Hardmax(input: "ArrayLike", axis: int | str = -1) -> "Any":
    """fa.hardmax."""
    return fa.hardmax(input, axis=axis)


def LeakyRelu(X: "ArrayLike", alpha: "ArrayLike" = 0.01) -> "Any":
    """fa.leaky_relu."""
    return fa.leaky_relu(X, alpha)


def LogSoftmax(input: "ArrayLike", axis: int | str = -1) -> "Any":
    """fa.log_softmax."""
    return fa.log_softmax(input, axis=axis)


def Mish(X: "ArrayLike") -> "Any":
    """fa.mish."""
    return fa.mish(X)


def PRelu(X: "ArrayLike", slope: "ArrayLike") -> "Any":
    """fa.prelu; the slope broadcasts as in NumPy, along the last axes."""
    return fa.prelu(X, slope)


def Relu(X: "ArrayLike") -> "Any":
    """fa.relu."""
    return fa.relu(X)


def Selu(
    X: "ArrayLike",
    alpha: "ArrayLike" = 1.67326319217681884765625,
    gamma: float = 1.05070102214813232421875,
) -> "Any":
    """gamma * fa.elu(X, alpha); the defaults are float32 numbers, unlike those of fa.selu."""
    with np.errstate(all="ignore"):
        return gamma * fa.elu(X, alpha)


def Shrink(input: "ArrayLike", bias: "ArrayLike" = 0.0, lambd: "ArrayLike" = 0.5) -> "Any":
    """fa.shrink."""
    return fa.shrink(input, lambd, bias)


def Sigmoid(X: "ArrayLike") -> "Any":
    """fa.sigmoid."""
    return fa.sigmoid(X)


def Softmax(input: "ArrayLike", axis: int | str = -1) -> "Any":
    """fa.softmax."""
    return fa.softmax(input, axis=axis)


def Softplus(X: "ArrayLike") -> "Any":
    """fa.softplus with a beta of 1."""
    return fa.softplus(X)


def Softsign(input: "ArrayLike") -> "Any":
    """fa.softsign."""
    return fa.softsign(input)


def Swish(X: "ArrayLike", alpha: "ArrayLike" = 1.0) -> "Any":
    """fa.swish."""
    return fa.swish(X, alpha)


def Tanh(input: "ArrayLike") -> "Any":
    """fa.tanh."""
    return fa.tanh(input)


def ThresholdedRelu(X: "ArrayLike", alpha: "ArrayLike" = 1.0) -> "Any":
    """fa.thresholded_relu."""
    return fa.thresholded_relu(X, alpha)
