"""jax's names for our activations."""

from collections.abc import Callable
from typing import Any

import jax

nn, numpy = jax.nn, jax.numpy

# Functions of x and of our parameters; row-wise ones of x and the axis.
FUNCTIONS: dict[str, Callable[..., Any]] = {
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
    "softmax": nn.softmax,
    "log_softmax": nn.log_softmax,
    "logsumexp": nn.logsumexp,
}
