"""Peers by the side of fastact: what they compute, and the gradient that they derive themselves."""

from collections.abc import Callable
from importlib import metadata
from importlib.util import find_spec
from typing import Any

import numpy as np

Function = Callable[..., Any]


class Torch:
    """torch.nn.functional and autograd."""

    def __init__(self) -> None:
        import torch

        torch.set_num_threads(1)
        self._torch = torch
        from fastact.bench.peers.torch_functions import FUNCTIONS

        self._functions = FUNCTIONS

    def results(
        self, activation: str, parameters: tuple[float, ...], x: np.ndarray
    ) -> dict[str, np.ndarray]:
        if activation not in self._functions:
            return {}
        function = self._functions[activation].value
        inputs = self._torch.tensor(x, requires_grad=True)
        value = function(inputs, *parameters)
        (slope,) = self._torch.autograd.grad(value, inputs, self._torch.ones_like(value))
        return {"value": value.detach().numpy(), "slope": slope.numpy()}


class Jax:
    """jax.nn under jit, and grad."""

    def __init__(self) -> None:
        import jax

        jax.config.update("jax_enable_x64", True)  # float32 inputs stay float32
        self._jax = jax
        from fastact.bench.peers.jax_functions import FUNCTIONS

        self._functions = FUNCTIONS
        self._compiled: dict[str, tuple[Function, Function]] = {}

    def results(
        self, activation: str, parameters: tuple[float, ...], x: np.ndarray
    ) -> dict[str, np.ndarray]:
        if activation not in self._functions:
            return {}
        if activation not in self._compiled:
            function = self._functions[activation]
            slope = self._jax.grad(lambda x, *given: function(x, *given).sum())
            self._compiled[activation] = self._jax.jit(function), self._jax.jit(slope)
        value, slope = self._compiled[activation]
        given = [x.dtype.type(parameter) for parameter in parameters]
        return {"value": np.asarray(value(x, *given)), "slope": np.asarray(slope(x, *given))}


class SciPy:
    """scipy.special, which has no gradients."""

    def __init__(self) -> None:
        from fastact.bench.peers.scipy_functions import FUNCTIONS

        self._functions = FUNCTIONS

    def results(
        self, activation: str, parameters: tuple[float, ...], x: np.ndarray
    ) -> dict[str, np.ndarray]:
        function = self._functions.get(activation)
        return {} if function is None else {"value": function(x, *parameters)}


PEERS: dict[str, type[Torch] | type[Jax] | type[SciPy]] = {
    "torch": Torch,
    "jax": Jax,
    "scipy": SciPy,
}


def versions() -> dict[str, str]:
    """The peers that are installed, and their versions."""
    return {peer: metadata.version(peer) for peer in PEERS if find_spec(peer)}
