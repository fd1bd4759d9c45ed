"""What people write in NumPy today: the peers that every backend is measured against.

Plain expressions, as found in courses and repositories; not tuned, and not safe in the tails.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import special


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


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def relu(x):
    return np.maximum(x, 0)


def leaky_relu(x, negative_slope):
    return np.where(x > 0, x, negative_slope * x)


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def logsumexp(x):
    top = x.max(axis=-1)
    return top + np.log(np.exp(x - top[..., np.newaxis]).sum(axis=-1))


FORMULAS: dict[str, Formula] = {
    "identity": Formula(np.copy, lambda x, y, dy: np.copy(dy)),
    "sigmoid": Formula(sigmoid, lambda x, y, dy: dy * y * (1 - y), needs_value=True),
    "tanh": Formula(np.tanh, lambda x, y, dy: dy * (1 - y**2), needs_value=True),
    "relu": Formula(relu, lambda x, y, dy: dy * (x > 0)),
    "leaky_relu": Formula(
        leaky_relu, lambda x, y, dy, negative_slope: np.where(x > 0, dy, negative_slope * dy)
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
}


_SCIPY_VALUES: dict[str, Callable[..., Any]] = {
    "sigmoid": special.expit,
    "softmax": lambda x: special.softmax(x, axis=-1),
    "log_softmax": lambda x: special.log_softmax(x, axis=-1),
    "logsumexp": lambda x: special.logsumexp(x, axis=-1),
}

# SciPy has no gradients, so those stay by hand.
SCIPY_FORMULAS: dict[str, Formula] = {
    name: replace(FORMULAS[name], value=value) for name, value in _SCIPY_VALUES.items()
}
