"""softmax and its kin of the rows of a block.

What a call asks for besides comes as keywords: `temperature`, with which a block is float64, and
`present`, which elements are there (an absent x is -inf).
"""

from functools import wraps

import numpy as np

from fastact.backends.numpy_backend.exact import quotient


def exponentials(x, low=None):
    """e = exp(x - base), where each row's first top is, its e (peak), and the sum of all other e.

    base is a whole number that brings the top down to where nothing overflows, 0 if it is there:
    so x - base is exact wherever the result is a normal number. The top itself would round it.
    """
    n = x.shape[1]
    at_top = np.argmax(x, axis=1)[:, None]
    top = np.take_along_axis(x, at_top, axis=1)
    limit = (87 if x.dtype == np.float32 else 708) - int(np.log(n))
    base = np.trunc(top - np.clip(top, 0, limit))
    # Of what has no digits behind the point the top itself is a whole number, and near enough.
    np.copyto(base, top, where=np.abs(top) > 1 / np.finfo(x.dtype).eps)
    odd = ~np.isfinite(top[:, 0])
    e = np.subtract(x, np.where(odd[:, None], 0, base)) if odd.any() or base.any() else x
    e = np.exp(e, out=None if e is x else e)
    if low is not None:
        e += e * np.where(np.isfinite(low), low, 0)
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


def divided(x, temperature):
    """x / temperature, what rounding left out of it, and what multiplies the gradient."""
    if temperature is None or temperature == 1:
        return x, None, 1
    return *quotient(x, float(temperature)), 1 / float(temperature)


def softmax(x, dy, y, dx, temperature=None, present=None):
    x, low, slope = divided(x, temperature)
    e, at_top, _, peak, rest = exponentials(x, low)
    e /= peak + rest
    if dx is not None:
        # Relative to dy at the largest element the sum does not cancel against dy.
        relative = dy - np.take_along_axis(dy, at_top, axis=1)
        relative -= np.sum(e * relative, axis=1, keepdims=True)
        np.multiply(e, relative if slope == 1 else relative * slope, out=dx)
    if y is not None:
        y[...] = e


def softmin(x, dy, y, dx, **keywords):
    softmax(-x, dy, y, dx, **keywords)
    if dx is not None:
        np.negative(dx, out=dx)


def softmax_from_output(y, dy, _, dx, temperature=1, present=None):
    at_top = np.argmax(y, axis=1)[:, None]
    total = np.sum(y, axis=1, keepdims=True)
    relative = dy - np.take_along_axis(dy, at_top, axis=1)
    relative -= np.sum(y * relative, axis=1, keepdims=True) / np.where(total == 0, 1, total)
    np.multiply(y, relative / (temperature or 1), out=dx)


def softmin_from_output(y, dy, _, dx, **keywords):
    softmax_from_output(y, dy, None, dx, **keywords)
    np.negative(dx, out=dx)


def log_softmax(x, dy, y, dx, temperature=None, present=None):
    x, low, slope = divided(x, temperature)
    e, at_top, top, peak, rest = exponentials(x, low)
    if dx is not None:
        p = e / (peak + rest)
        dy_top = np.take_along_axis(dy, at_top, axis=1)
        total = np.sum(dy, axis=1, keepdims=True)
        others = np.sum(np.where(np.arange(x.shape[1]) == at_top, 0, dy), axis=1, keepdims=True)
        slope_top = dy_top * (rest / (peak + rest)) - others * (peak / (peak + rest))
        np.subtract(dy, p * total, out=dx)
        np.put_along_axis(dx, at_top, slope_top, axis=1)  # here the difference would cancel
        if slope != 1:
            np.multiply(dx, slope, out=dx)
    if y is not None:
        log_sum = np.log1p(rest / peak)
        infinite = np.isinf(top[:, 0])
        special = np.log(e[infinite]) if infinite.any() else None
        np.subtract(x, top, out=y)
        y -= log_sum
        if low is not None:
            missing = low - np.take_along_axis(low, at_top, axis=1)
            np.add(y, missing, out=y, where=np.isfinite(missing))
        np.copyto(y, -log_sum, where=y == 0)  # -0.0 where the sum is lost
        if special is not None:
            y[infinite] = special


def log_softmax_from_output(y, dy, _, dx, temperature=None, present=None):
    # The softmax of a log_softmax is that of its x.
    log_softmax(y, dy, None, dx)
    np.divide(dx, temperature or 1, out=dx)


def logsumexp(x, dy, y, dx, present=None, mean=False):
    e, _, top, peak, rest = exponentials(x)
    if dx is not None:
        np.multiply(e, dy / (peak + rest), out=dx)
    if y is not None:
        others = rest / peak
        if mean:
            count = x.shape[1] if present is None else np.sum(present, axis=1, keepdims=True)
            ratio = (1 + others) / count
            near_1 = np.log1p((others - (count - 1)) / count)
            np.add(top, np.where(ratio > 0.5, near_1, np.log(ratio)), out=y)
        else:
            np.add(top, np.log1p(others), out=y)
        np.copyto(y, top, where=np.isinf(top) & ~np.isnan(x).any(axis=1, keepdims=True))


def logmeanexp(x, dy, y, dx, **keywords):
    # In double: the largest element and the logarithm of the mean nearly cancel.
    logsumexp(x.astype(np.float64), dy, y, dx, mean=True, **keywords)


def weighted_logsumexp(x, weights, dy, y, sign, dx):
    """log(sum(weights * exp(x))), and the sign of the sum; NaN if that is -1 and not asked for."""
    x = np.where(weights == 0, -np.inf, x)
    e, _, top, peak, _ = exponentials(x)
    infinite = np.isposinf(top) & ~np.isnan(x).any(axis=1, keepdims=True)
    e = np.where(infinite, x == np.inf, np.where(np.isneginf(top), np.where(x == x, 0, x), e))
    terms = np.where(e == 0, 0, weights * e)
    total = np.sum(terms, axis=1, keepdims=True)
    if y is not None:
        total[infinite] = np.sum(np.where(terms == 0, 0, terms * np.inf), axis=1)[infinite[:, 0]]
        whole = np.sign(total)
        base = np.where(infinite, np.inf, top - np.log(peak))
        np.add(base, np.log(np.abs(total)), out=y)
        np.copyto(y, -np.inf, where=total == 0)
        if sign is None:
            np.copyto(y, np.nan, where=whole < 0)
        else:
            sign[...] = whole
    if dx is not None:
        np.multiply(terms, dy / total, out=dx)


def hardmax(x, dy, y, dx, present=None):
    at_top = np.argmax(x, axis=1)[:, None]
    if present is not None:  # of -inf alone, the first that is there
        largest = present & (x == np.take_along_axis(x, at_top, axis=1))
        first = np.argmax(largest, axis=1)[:, None]
        at_top = np.where(largest.any(axis=1, keepdims=True), first, at_top)
    undefined = np.isnan(np.take_along_axis(x, at_top, axis=1))
    if y is not None:
        y[...] = np.where(undefined, np.nan, 0)
        np.put_along_axis(y, at_top, np.where(undefined, np.nan, 1), axis=1)
    if dx is not None:
        dx[...] = np.where(undefined, np.nan, 0)


def quietly(formula):
    @wraps(formula)
    def silent(*arrays, **keywords):
        with np.errstate(all="ignore"):
            formula(*arrays, **keywords)

    return silent


ROWWISE = {
    "softmax": quietly(softmax),
    "log_softmax": quietly(log_softmax),
    "softmin": quietly(softmin),
    "hardmax": quietly(hardmax),
    "logsumexp": quietly(logsumexp),
    "logmeanexp": quietly(logmeanexp),
}
FROM_OUTPUT = {
    "softmax": quietly(softmax_from_output),
    "softmin": quietly(softmin_from_output),
    "log_softmax": quietly(log_softmax_from_output),
}
WEIGHTED = {"logsumexp": quietly(weighted_logsumexp)}
