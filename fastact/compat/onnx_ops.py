"""ONNX's activations as functions on NumPy arrays: its names, attributes and defaults.

The operators of opset 24, without those whose arithmetic is that of another name (`Clip` is
`fa.hard_tanh`). Their element types are fastact's: integers and bool become float64.
"""

import numpy as np

import fastact as fa

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


def Celu(X, alpha=1.0):
    """fa.celu."""
    return fa.celu(X, alpha)


def Elu(X, alpha=1.0):
    """fa.elu."""
    return fa.elu(X, alpha)


def Gelu(X, approximate="none"):
    """fa.gelu."""
    return fa.gelu(X, approximate=approximate)


def HardSigmoid(X, alpha=0.2, beta=0.5):
    """min(max(alpha * X + beta, 0), 1)."""
    return fa.hard_sigmoid_affine(X, alpha, beta)


def HardSwish(X):
    """fa.hard_swish."""
    return fa.hard_swish(X)


def Hardmax(input, axis=-1):
    """fa.hardmax."""
    return fa.hardmax(input, axis=axis)


def LeakyRelu(X, alpha=0.01):
    """fa.leaky_relu."""
    return fa.leaky_relu(X, alpha)


def LogSoftmax(input, axis=-1):
    """fa.log_softmax."""
    return fa.log_softmax(input, axis=axis)


def Mish(X):
    """fa.mish."""
    return fa.mish(X)


def PRelu(X, slope):
    """fa.prelu; the slope broadcasts as in NumPy, along the last axes."""
    return fa.prelu(X, slope)


def Relu(X):
    """fa.relu."""
    return fa.relu(X)


def Selu(X, alpha=1.67326319217681884765625, gamma=1.05070102214813232421875):
    """gamma * fa.elu(X, alpha); the defaults are float32 numbers, unlike those of fa.selu."""
    with np.errstate(over="ignore"):
        return gamma * fa.elu(X, alpha)


def Shrink(input, bias=0.0, lambd=0.5):
    """fa.shrink."""
    return fa.shrink(input, lambd, bias)


def Sigmoid(X):
    """fa.sigmoid."""
    return fa.sigmoid(X)


def Softmax(input, axis=-1):
    """fa.softmax."""
    return fa.softmax(input, axis=axis)


def Softplus(X):
    """fa.softplus with a beta of 1."""
    return fa.softplus(X)


def Softsign(input):
    """fa.softsign."""
    return fa.softsign(input)


def Swish(X, alpha=1.0):
    """fa.swish."""
    return fa.swish(X, alpha)


def Tanh(input):
    """fa.tanh."""
    return fa.tanh(input)


def ThresholdedRelu(X, alpha=1.0):
    """fa.thresholded_relu."""
    return fa.thresholded_relu(X, alpha)
