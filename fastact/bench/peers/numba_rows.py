"""Row-wise loops as a user of Numba would write them: one row after the other, shared by prange."""

import math
from typing import Any

import numba
import numpy as np
from numba import prange

from .numba_loops import OPTIONS


@numba.njit(**OPTIONS)
def top_and_sum(x, i):
    """The largest number of a row, and the sum of exp(x - largest)."""
    top = x[i, 0]
    for j in range(x.shape[1]):
        top = max(top, x[i, j])
    total = x.dtype.type(0)
    for j in range(x.shape[1]):
        total += math.exp(x[i, j] - top)
    return top, total


@numba.njit(**OPTIONS)
def softmax(x, y, i):
    top, total = top_and_sum(x, i)
    for j in range(x.shape[1]):
        y[i, j] = math.exp(x[i, j] - top) / total


@numba.njit(**OPTIONS)
def softmax_gradient(x, dy, dx, i):
    top, total = top_and_sum(x, i)
    dot = x.dtype.type(0)
    for j in range(x.shape[1]):
        dot += dy[i, j] * math.exp(x[i, j] - top)
    for j in range(x.shape[1]):
        dx[i, j] = math.exp(x[i, j] - top) / total * (dy[i, j] - dot / total)


@numba.njit(**OPTIONS)
def log_softmax(x, y, i):
    top, total = top_and_sum(x, i)
    shift = top + math.log(total)
    for j in range(x.shape[1]):
        y[i, j] = x[i, j] - shift


@numba.njit(**OPTIONS)
def log_softmax_gradient(x, dy, dx, i):
    top, total = top_and_sum(x, i)
    together = x.dtype.type(0)
    for j in range(x.shape[1]):
        together += dy[i, j]
    for j in range(x.shape[1]):
        dx[i, j] = dy[i, j] - math.exp(x[i, j] - top) / total * together


@numba.njit(**OPTIONS)
def logsumexp(x, y, i):
    top, total = top_and_sum(x, i)
    y[i] = top + math.log(total)


@numba.njit(**OPTIONS)
def logsumexp_gradient(x, dy, dx, i):
    top, total = top_and_sum(x, i)
    for j in range(x.shape[1]):
        dx[i, j] = dy[i] * (math.exp(x[i, j] - top) / total)


# The value of row i into y, its gradient into dx.
ROWS = {
    "softmax": (softmax, softmax_gradient),
    "log_softmax": (log_softmax, log_softmax_gradient),
    "logsumexp": (logsumexp, logsumexp_gradient),
}


def by_rows(activation: str, operation: str, dtype: str, parallel: bool) -> tuple[Any, ...]:
    """A loop over given 2-d arrays, which it also returns, and one that makes new ones."""
    value, gradient = ROWS[activation]
    compiled = numba.njit(parallel=parallel, **OPTIONS)
    reduces = activation == "logsumexp"

    @compiled
    def forward(x, y):
        for i in prange(x.shape[0]):
            value(x, y, i)
        return y

    @compiled
    def backward(x, dy, dx):
        for i in prange(x.shape[0]):
            gradient(x, dy, dx, i)
        return dx

    @compiled
    def forward_backward(x, dy, y, dx):
        for i in prange(x.shape[0]):
            gradient(x, dy, dx, i)
            value(x, y, i)
        return y, dx

    def like_value(x: np.ndarray) -> np.ndarray:
        return np.empty(x.shape[:1], x.dtype) if reduces else np.empty_like(x)

    fresh = {
        "forward": lambda x: forward(x, like_value(x)),
        "backward": lambda x, dy: backward(x, dy, np.empty_like(x)),
        "forward_backward": lambda x, dy: forward_backward(x, dy, like_value(x), np.empty_like(x)),
    }
    loop = {"forward": forward, "backward": backward, "forward_backward": forward_backward}
    return loop[operation], fresh[operation]
