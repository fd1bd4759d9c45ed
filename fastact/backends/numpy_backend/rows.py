"""softmax, log_softmax and logsumexp of the rows of a block."""

import numpy as np

from fastact.backends.numpy_backend.operations import quiet


def exponentials(x):
    """e = exp(x - base), where each row's first top is, its e (peak), and the sum of all other e.

    base is a whole number that brings the top down to where nothing overflows, 0 if it is there:
    so x - base is exact wherever the result is a normal number. The top itself would round it.
    """
    n = x.shape[1]
    at_top = np.argmax(x, axis=1)[:, None]
    top = np.take_along_axis(x, at_top, axis=1)
    limit = (87 if x.dtype == np.float32 else 708) - int(np.log(n))
    base = np.trunc(top - np.clip(top, 0, limit))
    odd = ~np.isfinite(top[:, 0])
    e = np.subtract(x, np.where(odd[:, None], 0, base)) if odd.any() or base.any() else x
    e = np.exp(e, out=None if e is x else e)
    if odd.any():
        e[odd] = limits(x[odd], top[odd])
    peak = np.take_along_axis(e, at_top, axis=1)
    np.put_along_axis(e, at_top, 0, axis=1)
    rest = np.sum(e, axis=1, keepdims=True)
    np.put_along_axis(e, at_top, peak, axis=1)
    peak[odd], rest[odd] = 1, 0  # limits() has divided already
    return e, at_top, top, peak, rest


def limits(x, top):
    """e of rows whose top is infinite or NaN."""
    largest = x == top
    several = np.sum(largest, axis=1, keepdims=True) > 1
    e = np.where(largest, np.where(several, np.nan, 1), 0)  # inf/inf of several is undefined
    e[np.broadcast_to(top == -np.inf, x.shape) | np.isnan(top)] = np.nan
    return e


def softmax(x, dy, y, dx):
    e, at_top, _, peak, rest = exponentials(x)
    e /= peak + rest
    if dx is not None:
        # Relative to dy at the largest element the sum does not cancel against dy.
        relative = dy - np.take_along_axis(dy, at_top, axis=1)
        relative -= np.sum(e * relative, axis=1, keepdims=True)
        np.multiply(e, relative, out=dx)
    if y is not None:
        y[...] = e


def log_softmax(x, dy, y, dx):
    e, at_top, top, peak, rest = exponentials(x)
    if dx is not None:
        p = e / (peak + rest)
        dy_top = np.take_along_axis(dy, at_top, axis=1)
        total = np.sum(dy, axis=1, keepdims=True)
        others = np.sum(np.where(np.arange(x.shape[1]) == at_top, 0, dy), axis=1, keepdims=True)
        slope_top = dy_top * (rest / (peak + rest)) - others * (peak / (peak + rest))
        np.subtract(dy, p * total, out=dx)
        np.put_along_axis(dx, at_top, slope_top, axis=1)  # here the difference would cancel
    if y is not None:
        log_sum = np.log1p(rest / peak)
        infinite = np.isinf(top[:, 0])
        special = np.log(e[infinite]) if infinite.any() else None
        np.subtract(x, top, out=y)
        y -= log_sum
        np.copyto(y, -log_sum, where=y == 0)  # -0.0 where the sum is lost
        if special is not None:
            y[infinite] = special


def logsumexp(x, dy, y, dx):
    e, _, top, peak, rest = exponentials(x)
    if dx is not None:
        np.multiply(e, dy / (peak + rest), out=dx)
    if y is not None:
        np.add(top, np.log1p(rest / peak), out=y)
        np.copyto(y, top, where=np.isinf(top) & ~np.isnan(x).any(axis=1, keepdims=True))


ROWWISE = {
    "softmax": quiet(softmax),
    "log_softmax": quiet(log_softmax),
    "logsumexp": quiet(logsumexp),
}
