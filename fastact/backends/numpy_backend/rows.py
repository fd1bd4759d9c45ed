"""softmax, log_softmax and hardmax of the rows of a block.

What a call asks for besides comes as keywords: `temperature`, with which a block is float64, and
`present`, which elements are there (an absent x is -inf). A y or dx alone may lie over x or dy.
"""

import math

import numpy as np

from fastact.backends.numpy_backend.rowexponentials import (
    IN_CACHE,
    divided,
    exponentials,
    exponentials_and_sums,
    first_tops,
    room_for,
    sums,
)
from fastact.backends.numpy_backend.rowlogarithms import (
    add_finite,
    logmeanexp,
    logsumexp,
    weighted_logsumexp,
)


def softmax(x, dy, y, dx, temperature=None, present=None):
    x, low, slope, _ = divided(x, temperature)
    first = None if dx is None else first_tops(x)
    e, total, odd, _ = exponentials_and_sums(x, low, room_for(y, x))
    y = np.divide(e, total, e if y is None else y)
    if dx is not None:
        np.subtract(dy, leading(dy, y, 0.5, first), dx)
        parts = np.multiply(y, dx, None if e is y else e)
        np.subtract(dx, np.add.reduce(parts, 1, None, None, True), dx)
        np.multiply(dx, y, dx)
        if odd is not None:  # of several +inf the sum is NaN, which does not concern the others
            dx[odd] = np.where(y[odd] == 0, 0 * dy[odd], dx[odd])
        if slope != 1:
            np.multiply(dx, slope, dx)


def leading(dy, y, half, first):
    """dy at the largest y if that is more than half of the sum: relative to it the sum of y dy does
    not cancel against dy. Elsewhere 0: a large one would take the digits of the rest."""
    return np.where(y.take(first) > half, dy.take(first), dy.dtype.type(0))


def softmin(x, dy, y, dx, **keywords):
    softmax(-x, dy, y, dx, **keywords)
    if dx is not None:
        np.negative(dx, out=dx)


def softmax_from_output(y, dy, _, dx, temperature=1, present=None):
    y = np.require(y, requirements="A")  # of others NumPy adds up in another order
    total = np.sum(y, axis=1, keepdims=True)
    relative = dy - leading(dy, y, total / 2, first_tops(y))
    relative -= np.sum(y * relative, axis=1, keepdims=True) / np.where(total == 0, 1, total)
    np.multiply(y, relative / (temperature or 1), out=dx)


def softmin_from_output(y, dy, _, dx, **keywords):
    softmax_from_output(y, dy, None, dx, **keywords)
    np.negative(dx, out=dx)


def log_softmax(x, dy, y, dx, temperature=None, present=None):
    x, low, slope, _ = divided(x, temperature)
    e, first, top, odd, _ = exponentials(x, low, room_for(y, x) if dx is None else None)
    peak, rest = sums(e, first, odd, restore=False)
    if y is not None:
        limits = None if odd is None else np.log(e[odd])
        # In this order the top gets -0.0 where the sum is lost.
        np.subtract(top, x, y)
        np.subtract(-np.log1p(rest / peak), y, y)
        if low is not None:
            add_finite(y, low - low.take(first))
        if odd is not None:
            y[odd] = limits
    if dx is not None:
        log_softmax_gradient(e, first, peak, rest, odd, dy, dx)
        if slope != 1:
            np.multiply(dx, slope, dx)


def log_softmax_gradient(e, first, peak, rest, odd, dy, dx):
    """dy less softmax times the sum of dy."""
    whole = peak + rest
    at_top = dy.take(first)
    if dx is not dy:
        dx[...] = dy
    dx.put(first, 0)
    others = np.add.reduce(dx, 1, None, None, True)
    undefined = None if odd is None else np.isnan(e.take(first))
    np.multiply(e, (others + at_top) / whole, e)
    np.subtract(dx, e, dx)
    # At the top the difference would cancel.
    at_top = at_top * (rest / whole) - others * (peak / whole)
    dx.put(first, at_top if odd is None else np.where(undefined, np.nan, at_top))


def log_softmax_from_output(y, dy, _, dx, temperature=None, present=None):
    # The softmax of a log_softmax is that of its x.
    log_softmax(y, dy, None, dx)
    np.divide(dx, temperature or 1, out=dx)


def has_nan(x):
    # Of many numbers NumPy finds the largest faster than its place, of few it does not.
    largest = x.item(x.argmax()) if x.size < IN_CACHE else np.maximum.reduce(x, None)
    return math.isnan(largest)


def hardmax(x, dy, y, dx, present=None):
    if y is None:
        some_nan = has_nan(x)
    else:
        first = first_tops(x)
        top = x.take(first)
        some_nan = math.isnan(top.item(top.argmax()))
        if present is not None:  # of -inf alone, the first that is there
            largest = present & (x == top)
            first = np.where(largest.any(axis=1, keepdims=True), first_tops(largest), first)
    undefined = np.isnan(x).any(axis=1) if some_nan else None
    if y is not None:
        y.fill(0)
        y.put(first, 1)
    if dx is not None:
        dx.fill(0)
    for out in (y, dx):
        if out is not None and some_nan:
            out[undefined] = np.nan


ROWWISE = {
    "softmax": softmax,
    "log_softmax": log_softmax,
    "softmin": softmin,
    "hardmax": hardmax,
    "logsumexp": logsumexp,
    "logmeanexp": logmeanexp,
}
FROM_OUTPUT = {
    "softmax": softmax_from_output,
    "softmin": softmin_from_output,
    "log_softmax": log_softmax_from_output,
}
SHARES = {"hardmax": 0.25}  # it keeps nothing that its next call could find in the cache
WEIGHTED = {"logsumexp": weighted_logsumexp}
