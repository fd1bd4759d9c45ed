"""Who is measured: fastact on one of its backends, or a peer."""

from typing import Protocol

import numpy as np

import fastact as fa
from fastact.activations import CATALOGUE

from .definitions import DEFINITIONS
from .ulp import same_bits

ELEMENTWISE = tuple(name for name, entry in CATALOGUE.items() if entry.kind == "elementwise")
OPERATIONS = ("value", "slope")
# The slope in the first parameter, of activations that train it.
PARAMETER_SLOPE = "parameter_slope"

# The promised errors in ULP: value, slope. Numba and NumPy: twice that.
PROMISED = {"float16": (1, 1), "float32": (2, 4), "float64": (3, 4)}


def promise(candidate: str, operation: str, dtype: str) -> float | None:
    """The error that must not be exceeded; None for peers, who promise nothing."""
    if not is_backend(candidate):
        return None
    factor = 1 if candidate.startswith("cython") else 2
    return factor * PROMISED[dtype][operation != "value"]


def is_backend(candidate: str) -> bool:
    """Whether it is a backend of fastact, not a peer."""
    return candidate in fa.available_backends()


def default_parameters(activation: str) -> tuple[float, ...]:
    """The catalogue's defaults; where there are none, the first ones of the definition."""
    return DEFINITIONS[activation].parameter_cases[0]


class Candidate(Protocol):
    """Whoever computes value and slope."""

    def results(
        self, activation: str, parameters: tuple[float, ...], x: np.ndarray
    ) -> dict[str, np.ndarray]:
        """By operation; without those that it does not have."""
        ...


class Backend:
    """fastact on one backend, every operation of it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def results(
        self, activation: str, parameters: tuple[float, ...], x: np.ndarray
    ) -> dict[str, np.ndarray]:
        """Value and slopes, after a look at the other operations: they must give the same bits."""
        face = getattr(fa, activation)
        names = (parameter.name for parameter in CATALOGUE[activation].parameters)
        keywords = dict(zip(names, parameters, strict=True))
        with fa.use_backend(self.name), fa.threads(1):
            value, slope = face(x, **keywords), face.derivative(x, **keywords)
            fused_value, fused_slope = face.forward_backward(x, 1, **keywords)
            backward = face.backward(x, 1, **keywords)
        self._require_same("forward_backward", "forward", activation, x, fused_value, value)
        self._require_same("forward_backward", "derivative", activation, x, fused_slope, slope)
        self._require_same("backward", "derivative", activation, x, backward, slope)
        found = {"value": value, "slope": slope}
        if any(parameter.trainable for parameter in CATALOGUE[activation].parameters):
            # One parameter for each x, so that nothing is summed.
            each = np.full(x.shape, parameters[0], x.dtype)
            with fa.use_backend(self.name), fa.threads(1):
                found[PARAMETER_SLOPE] = face.parameter_backward(x, 1, each)
        return found

    def _require_same(
        self,
        operation: str,
        other: str,
        activation: str,
        x: np.ndarray,
        first: np.ndarray,
        second: np.ndarray,
    ) -> None:
        integer = f"u{first.itemsize}"
        if np.array_equal(first.view(integer), second.view(integer)):
            return
        different = ~same_bits(first, second)  # NaNs count as the same
        if different.any():
            at = int(different.argmax())
            raise Unequal(
                f"{activation} on {self.name}, {x.dtype}: {operation} with dy=1 gives "
                f"{first[at]!r} at x={x[at]!r}, {other} gives {second[at]!r}"
            )


class Unequal(Exception):
    """Two operations gave different bits for the same value or slope."""


def candidate(name: str) -> Candidate:
    """By its name: "cython-avx2", "numba", "torch" ..."""
    if is_backend(name):
        return Backend(name)
    from .peers import PEERS

    return PEERS[name]()
