"""jax.nn's activations, on NumPy arrays: its names, arguments and defaults.

Those that jax calls as fastact does are fastact's own, `backward` and all. Slopes are fastact's,
also where jax takes another at a kink: 1 for leaky_relu at 0 and for hard_tanh at -1 and 1, a
quarter for sparse_sigmoid there.
Left out: `log1mexp`, which fastact does not have, and what is no activation.
"""

from typing import TYPE_CHECKING

import numpy as np

import fastact as fa
from fastact import (
    celu,
    elu,
    hard_sigmoid,
    hard_silu,
    hard_swish,
    hard_tanh,
    identity,
    leaky_relu,
    log_sigmoid,
    mish,
    relu,
    relu6,
    selu,
    sigmoid,
    silu,
    soft_sign,
    sparse_plus,
    sparse_sigmoid,
    squareplus,
    tanh,
)
from fastact.neuron.arguments import array as _plain_array

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Literal

    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "celu",
    "elu",
    "gelu",
    "glu",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "identity",
    "leaky_relu",
    "log_sigmoid",
    "log_softmax",
    "logmeanexp",
    "logsumexp",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "soft_sign",
    "softmax",
    "softplus",
    "sparse_plus",
    "sparse_sigmoid",
    "squareplus",
    "standardize",
    "swish",
    "tanh",
]

swish = silu  # without a beta


def gelu(x: "ArrayLike", approximate: bool = True) -> "Any":
    """fa.gelu; by default the approximation by tanh."""
    return fa.gelu(x, approximate=approximate)


def softplus(x: "ArrayLike") -> "Any":
    """fa.softplus with a beta of 1."""
    return fa.softplus(x)


def glu(x: "ArrayLike", axis: int = -1) -> "Any":
    """fa.glu of one array: the first half is the value, the second the gate."""
    return fa.glu.packed(x, axis=axis, layout="value_first")


def softmax(
    x: "ArrayLike",
    axis: "int | str | Sequence[int | str] | None" = -1,
    where: "ArrayLike | None" = None,
) -> "Any":
    """fa.softmax."""
    return fa.softmax(x, axis=axis, where=where)


def log_softmax(
    x: "ArrayLike",
    axis: "int | str | Sequence[int | str] | None" = -1,
    where: "ArrayLike | None" = None,
) -> "Any":
    """fa.log_softmax."""
    return fa.log_softmax(x, axis=axis, where=where)


def logsumexp(
    a: "ArrayLike",
    axis: "int | str | Sequence[int | str] | None" = None,
    b: "ArrayLike | None" = None,
    keepdims: bool = False,
    return_sign: bool = False,
    where: "ArrayLike | None" = None,
) -> "Any":
    """fa.logsumexp, by default of all elements."""
    return fa.logsumexp(a, axis=axis, b=b, keepdims=keepdims, return_sign=return_sign, where=where)


def logmeanexp(
    x: "ArrayLike",
    axis: "int | str | Sequence[int | str] | None" = None,
    where: "ArrayLike | None" = None,
    keepdims: bool = False,
) -> "Any":
    """fa.logmeanexp, by default of all elements; of none -inf, where jax has NaN."""
    return fa.logmeanexp(x, axis=axis, where=where, keepdims=keepdims)


def standardize(
    x: "ArrayLike",
    axis: int | tuple[int, ...] | None = -1,
    mean: "ArrayLike | None" = None,
    variance: "ArrayLike | None" = None,
    epsilon: float = 1e-5,
    where: "ArrayLike | None" = None,
    *,
    algorithm: "Literal['fast', 'stable']" = "fast",
) -> "Any":
    """fa.standardize; with a mean or a variance given, or `where`, by their definitions in jax.

    `where` says what mean and variance are of; every element is standardized. With any of the
    three x must be a plain array of NumPy's.
    """
    if algorithm not in ("fast", "stable"):
        raise ValueError(f'standardize: algorithm must be "fast" or "stable", not {algorithm!r}')
    if mean is None and variance is None and where is None:
        return fa.standardize(x, axis=axis, eps=epsilon)
    plain: NDArray[Any] = _plain_array("standardize with mean, variance or where", "x", x)
    with np.errstate(all="ignore"):
        return _standardized(plain, axis, mean, variance, epsilon, where, algorithm)


def _standardized(
    x: "NDArray[Any]",
    axis: int | tuple[int, ...] | None,
    mean: "Any",
    variance: "Any",
    epsilon: float,
    where: "Any",
    algorithm: str,
) -> "Any":
    dtype = x.dtype if x.dtype.kind == "f" else np.dtype(float)
    x, where = x.astype(float), np.broadcast_to(True if where is None else where, x.shape)

    def mean_of(numbers: "NDArray[Any]") -> "Any":  # np.mean warns where there are none
        total = np.sum(numbers, axis=axis, keepdims=True, where=where)
        return total / np.sum(where, axis=axis, keepdims=True)

    if mean is None:
        mean = mean_of(x)
    if variance is None and algorithm == "stable":
        variance = mean_of(np.square(x - mean))
    elif variance is None:  # not that around a mean of somebody else's
        of_squares = mean_of(np.square(x))
        variance = np.maximum(of_squares - np.square(mean), 0)
    return ((x - mean) / np.sqrt(np.add(variance, epsilon))).astype(dtype)
