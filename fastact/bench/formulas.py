"""The peers that every backend is measured against: formulas by hand, and SciPy's functions."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .by_hand import (
    SELU_ALPHA,
    SELU_SCALE,
    affine,
    celu,
    elu,
    entmax15,
    entmax15_gradient,
    gelu,
    gelu_gradient,
    gelu_tanh,
    gelu_tanh_gradient,
    hard_sigmoid,
    hard_swish_gradient,
    hardmax,
    leaky,
    leaky_gradient,
    log_softmax,
    logsumexp,
    mish,
    mish_gradient,
    outside,
    relu,
    shrink,
    sigmoid,
    soft_shrink,
    softmax,
    sparse_plus,
    sparsemax,
    sparsemax_gradient,
    squareplus_gradient,
    standardize,
    standardize_gradient,
    swish,
    swish_gradient,
)
from .peers.scipy_functions import FUNCTIONS as SCIPY_FUNCTIONS
from .peers.scipy_functions import WITH_A_STEP


@dataclass(frozen=True)
class Formula:
    """An activation by hand.

    Parameters
    ----------
    value
        `x, **parameters -> y`.
    gradient
        `x, y, dy, **parameters -> dx`.
    needs_value
        Whether the gradient is written in terms of `y`, as in `y * (1 - y)`; else it gets None.
    """

    value: Callable[..., Any]
    gradient: Callable[..., Any]
    needs_value: bool = False

    def forward(self, x: Any, **parameters: Any) -> Any:
        return self.value(x, **parameters)

    def backward(self, x: Any, dy: Any, **parameters: Any) -> Any:
        y = self.value(x, **parameters) if self.needs_value else None
        return self.gradient(x, y, dy, **parameters)

    def forward_backward(self, x: Any, dy: Any, **parameters: Any) -> Any:
        y = self.value(x, **parameters)
        return y, self.gradient(x, y, dy, **parameters)

    def derivative(self, x: Any, **parameters: Any) -> Any:
        slope = self.backward(x, x.dtype.type(1), **parameters)
        return slope if np.ndim(slope) else np.full_like(x, slope)


FORMULAS: dict[str, Formula] = {
    "identity": Formula(np.copy, lambda x, y, dy: np.copy(dy)),
    "linear": Formula(lambda x, slope: slope * x, lambda x, y, dy, slope: slope * dy),
    "step": Formula(
        lambda x, at_zero: np.heaviside(x, at_zero), lambda x, y, dy, at_zero: np.zeros_like(x)
    ),
    "sigmoid": Formula(sigmoid, lambda x, y, dy: dy * y * (1 - y), needs_value=True),
    "log_sigmoid": Formula(
        lambda x: -np.log(1 + np.exp(-x)), lambda x, y, dy: dy / (1 + np.exp(x))
    ),
    "hard_sigmoid": Formula(hard_sigmoid, lambda x, y, dy: dy * ((x > -3) & (x < 3)) / 6),
    "hard_sigmoid_affine": Formula(
        affine,
        lambda x, y, dy, slope, offset: slope * dy * ((y > 0) & (y < 1)),
        needs_value=True,
    ),
    "sparse_sigmoid": Formula(
        lambda x: np.clip((x + 1) / 2, 0, 1), lambda x, y, dy: dy * ((x > -1) & (x < 1)) / 2
    ),
    "tanh": Formula(np.tanh, lambda x, y, dy: dy * (1 - y**2), needs_value=True),
    "hard_tanh": Formula(
        lambda x, min_val, max_val: np.clip(x, min_val, max_val),
        lambda x, y, dy, min_val, max_val: dy * ((x > min_val) & (x < max_val)),
    ),
    "softsign": Formula(lambda x: x / (1 + np.abs(x)), lambda x, y, dy: dy / (1 + np.abs(x)) ** 2),
    "softcap": Formula(
        lambda x, cap: cap * np.tanh(x / cap),
        lambda x, y, dy, cap: dy * (1 - (y / cap) ** 2),
        needs_value=True,
    ),
    "relu": Formula(relu, lambda x, y, dy: dy * (x > 0)),
    "relu6": Formula(lambda x: np.clip(x, 0, 6), lambda x, y, dy: dy * ((x > 0) & (x < 6))),
    "squared_relu": Formula(lambda x: relu(x) ** 2, lambda x, y, dy: dy * 2 * relu(x)),
    "leaky_relu": Formula(
        lambda x, negative_slope: leaky(x, negative_slope),
        lambda x, y, dy, negative_slope: leaky_gradient(x, dy, negative_slope),
    ),
    "prelu": Formula(
        lambda x, weight: leaky(x, weight),
        lambda x, y, dy, weight: leaky_gradient(x, dy, weight),
    ),
    "thresholded_relu": Formula(
        lambda x, alpha: np.where(x > alpha, x, 0), lambda x, y, dy, alpha: dy * (x > alpha)
    ),
    "threshold": Formula(
        lambda x, threshold, value: np.where(x > threshold, x, value),
        lambda x, y, dy, threshold, value: dy * (x > threshold),
    ),
    "softplus": Formula(
        lambda x, beta: np.log(1 + np.exp(beta * x)) / beta,
        lambda x, y, dy, beta: dy * sigmoid(beta * x),
    ),
    "squareplus": Formula(lambda x, b: (x + np.sqrt(x**2 + b)) / 2, squareplus_gradient),
    "sparse_plus": Formula(sparse_plus, lambda x, y, dy: dy * np.clip((x + 1) / 2, 0, 1)),
    "elu": Formula(elu, lambda x, y, dy, alpha: np.where(x > 0, dy, dy * alpha * np.exp(x))),
    "selu": Formula(
        lambda x: SELU_SCALE * elu(x, SELU_ALPHA),
        lambda x, y, dy: dy * SELU_SCALE * np.where(x > 0, 1, SELU_ALPHA * np.exp(x)),
    ),
    "celu": Formula(celu, lambda x, y, dy, alpha: np.where(x > 0, dy, dy * np.exp(x / alpha))),
    "gelu": Formula(gelu, gelu_gradient),
    "gelu_tanh": Formula(gelu_tanh, gelu_tanh_gradient),
    "quick_gelu": Formula(
        lambda x: swish(x, 1.702), lambda x, y, dy: swish_gradient(x, y, dy, 1.702)
    ),
    "silu": Formula(lambda x: x * sigmoid(x), lambda x, y, dy: swish_gradient(x, y, dy, 1)),
    "swish": Formula(swish, swish_gradient),
    "hard_swish": Formula(lambda x: x * hard_sigmoid(x), hard_swish_gradient),
    "mish": Formula(mish, mish_gradient),
    "soft_shrink": Formula(soft_shrink, lambda x, y, dy, lambd: outside(x, dy, lambd)),
    "hard_shrink": Formula(
        lambda x, lambd: np.where(np.abs(x) > lambd, x, 0),
        lambda x, y, dy, lambd: outside(x, dy, lambd),
    ),
    "shrink": Formula(shrink, lambda x, y, dy, lambd, bias: outside(x, dy, lambd)),
    "tanh_shrink": Formula(lambda x: x - np.tanh(x), lambda x, y, dy: dy * np.tanh(x) ** 2),
    "exponential": Formula(np.exp, lambda x, y, dy: dy * y, needs_value=True),
    "logit": Formula(lambda x: np.log(x / (1 - x)), lambda x, y, dy: dy / (x * (1 - x))),
    "snake": Formula(
        lambda x, alpha: x + np.sin(alpha * x) ** 2 / alpha,
        lambda x, y, dy, alpha: dy * (1 + np.sin(2 * alpha * x)),
    ),
    "softmax": Formula(
        softmax,
        lambda x, y, dy: y * (dy - (dy * y).sum(axis=-1, keepdims=True)),
        needs_value=True,
    ),
    "log_softmax": Formula(
        log_softmax,
        lambda x, y, dy: dy - np.exp(y) * dy.sum(axis=-1, keepdims=True),
        needs_value=True,
    ),
    "logsumexp": Formula(
        logsumexp,
        lambda x, y, dy: dy[..., np.newaxis] * np.exp(x - y[..., np.newaxis]),
        needs_value=True,
    ),
    "softmin": Formula(
        lambda x: softmax(-x),
        lambda x, y, dy: -y * (dy - (dy * y).sum(axis=-1, keepdims=True)),
        needs_value=True,
    ),
    "hardmax": Formula(hardmax, lambda x, y, dy: np.zeros_like(x)),
    "logmeanexp": Formula(
        lambda x: logsumexp(x) - np.log(x.dtype.type(x.shape[-1])),
        lambda x, y, dy: dy[..., np.newaxis] * softmax(x),
    ),
    "sparsemax": Formula(sparsemax, sparsemax_gradient, needs_value=True),
    "entmax15": Formula(entmax15, entmax15_gradient, needs_value=True),
    "standardize": Formula(standardize, standardize_gradient, needs_value=True),
}


# SciPy has no gradients, so those stay by hand.
SCIPY_FORMULAS: dict[str, Formula] = {
    name: replace(FORMULAS[name], value=value)
    for name, value in (SCIPY_FUNCTIONS | WITH_A_STEP).items()
}
