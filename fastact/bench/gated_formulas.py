"""Gated units by hand: the peers that every backend is measured against."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .by_hand import (
    gelu,
    gelu_gradient,
    gelu_tanh,
    gelu_tanh_gradient,
    relu,
    sigmoid,
    swish,
    swish_gradient,
)


@dataclass(frozen=True)
class GatedFormula:
    """A gated unit by hand.

    Parameters
    ----------
    activation
        `gate -> value` of the activation.
    gradient
        `gate, y, dy -> dgate` of the activation, whose value is y.
    """

    activation: Callable[[Any], Any]
    gradient: Callable[[Any, Any, Any], Any]

    def forward(self, gate: Any, value: Any) -> Any:
        return self.activation(gate) * value

    def backward(self, gate: Any, value: Any, dy: Any) -> Any:
        return self.forward_backward(gate, value, dy)[1:]

    def forward_backward(self, gate: Any, value: Any, dy: Any) -> Any:
        y = self.activation(gate)
        return y * value, self.gradient(gate, y, dy * value), y * dy


GATED_FORMULAS = {
    "glu": GatedFormula(sigmoid, lambda gate, y, dy: dy * y * (1 - y)),
    "reglu": GatedFormula(relu, lambda gate, y, dy: dy * (gate > 0)),
    "geglu": GatedFormula(gelu, gelu_gradient),
    "geglu_tanh": GatedFormula(gelu_tanh, gelu_tanh_gradient),
    "swiglu": GatedFormula(
        lambda gate: swish(gate, 1), lambda gate, y, dy: swish_gradient(gate, y, dy, 1)
    ),
    "bilinear": GatedFormula(lambda gate: gate, lambda gate, y, dy: dy),
}
