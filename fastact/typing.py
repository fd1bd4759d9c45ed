"""Types of fastact's functions, for annotations: `activation: fastact.typing.Activation`."""

from typing import Any, Protocol

__all__ = ["Activation", "Differentiable", "Gated", "Loss", "Operation", "Rowwise"]


class Operation(Protocol):
    """A function of arrays by fastact."""

    @property
    def __name__(self) -> str: ...
    def __call__(self, *arguments: Any, **keywords: Any) -> Any: ...


class Differentiable(Operation, Protocol):
    """One that has gradients."""

    @property
    def backward(self) -> Operation: ...
    @property
    def forward_backward(self) -> Operation: ...


class Activation(Differentiable, Protocol):
    """A pointwise activation, of the catalogue or by `fa.define`."""

    @property
    def derivative(self) -> Operation: ...


class Rowwise(Differentiable, Protocol):
    """A function of rows, such as softmax."""


class Loss(Differentiable, Protocol):
    """A loss with the activation before it."""


class Gated(Differentiable, Protocol):
    """A gated unit of two arrays; `packed` is the same of one array that holds both."""

    @property
    def packed(self) -> Differentiable: ...
