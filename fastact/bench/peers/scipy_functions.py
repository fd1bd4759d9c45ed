"""SciPy's names for our activations, and what is made of its functions in one step."""

from collections.abc import Callable
from typing import Any

from scipy import special

# Functions of x and of our parameters; of rows along the last axis.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sigmoid": special.expit,
    "log_sigmoid": special.log_expit,
    "logit": special.logit,
}

if hasattr(special, "softplus"):  # since SciPy 1.17
    FUNCTIONS["softplus"] = lambda x, beta: special.softplus(beta * x) / beta

WITH_A_STEP: dict[str, Callable[..., Any]] = {
    "gelu": lambda x: x * special.ndtr(x),
    "silu": lambda x: x * special.expit(x),
    "swish": lambda x, beta: x * special.expit(beta * x),
    "quick_gelu": lambda x: x * special.expit(1.702 * x),
    "softmax": lambda x: special.softmax(x, axis=-1),
    "log_softmax": lambda x: special.log_softmax(x, axis=-1),
    "logsumexp": lambda x: special.logsumexp(x, axis=-1),
}
