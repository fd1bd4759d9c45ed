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
        f = torch.nn.functional
        self._functions: dict[str, Function] = {
            "sigmoid": torch.sigmoid,
            "log_sigmoid": f.logsigmoid,
            "hard_sigmoid": f.hardsigmoid,
            "tanh": torch.tanh,
            "hard_tanh": f.hardtanh,
            "tanh_shrink": f.tanhshrink,
            "softsign": f.softsign,
            "relu": f.relu,
            "relu6": f.relu6,
            "leaky_relu": f.leaky_relu,
            "prelu": lambda x, weight: f.prelu(x, torch.tensor(weight, dtype=x.dtype)),
            "thresholded_relu": lambda x, alpha: f.threshold(x, alpha, 0.0),
            "threshold": f.threshold,
            "elu": f.elu,
            "selu": f.selu,
            "celu": f.celu,
            "gelu": f.gelu,
            "gelu_tanh": lambda x: f.gelu(x, approximate="tanh"),
            "silu": f.silu,
            "hard_swish": f.hardswish,
            "mish": f.mish,
            "softplus": f.softplus,
            "soft_shrink": f.softshrink,
            "hard_shrink": f.hardshrink,
            "exponential": torch.exp,
            "logit": torch.logit,
        }

    def results(
        self, activation: str, parameters: tuple[float, ...], x: np.ndarray
    ) -> dict[str, np.ndarray]:
        function = self._functions.get(activation)
        if function is None:
            return {}
        inputs = self._torch.tensor(x, requires_grad=True)
        value = function(inputs, *parameters)
        value.backward(self._torch.ones_like(value))
        return {"value": value.detach().numpy(), "slope": inputs.grad.numpy()}


class Jax:
    """jax.nn under jit, and grad."""

    def __init__(self) -> None:
        import jax

        jax.config.update("jax_enable_x64", True)  # float32 inputs stay float32
        self._jax = jax
        nn, numpy = jax.nn, jax.numpy
        self._functions: dict[str, Function] = {
            "identity": nn.identity,
            "sigmoid": nn.sigmoid,
            "log_sigmoid": nn.log_sigmoid,
            "hard_sigmoid": nn.hard_sigmoid,
            "tanh": nn.tanh,
            "hard_tanh": lambda x, low, high: numpy.clip(x, low, high),
            "softsign": nn.soft_sign,
            "relu": nn.relu,
            "relu6": nn.relu6,
            "leaky_relu": nn.leaky_relu,
            "elu": nn.elu,
            "selu": nn.selu,
            "celu": nn.celu,
            "gelu": lambda x: nn.gelu(x, approximate=False),
            "gelu_tanh": lambda x: nn.gelu(x, approximate=True),
            "silu": nn.silu,
            "hard_swish": nn.hard_swish,
            "mish": nn.mish,
            "softplus": lambda x, beta: nn.softplus(beta * x) / beta,
            "squareplus": nn.squareplus,
            "sparse_plus": nn.sparse_plus,
            "sparse_sigmoid": nn.sparse_sigmoid,
            "exponential": numpy.exp,
            "logit": jax.scipy.special.logit,
        }
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
        from scipy import special

        self._functions: dict[str, Function] = {
            "sigmoid": special.expit,
            "log_sigmoid": special.log_expit,
            "logit": special.logit,
        }
        if hasattr(special, "softplus"):
            self._functions["softplus"] = lambda x, beta: special.softplus(beta * x) / beta

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
