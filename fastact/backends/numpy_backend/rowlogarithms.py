"""Logarithms of the sums and means of a block's rows of exponentials.

What a call asks for besides comes as keywords, as in rows.py.
"""

import numpy as np

from fastact.backends.numpy_backend.rowexponentials import (
    divided,
    exponentials,
    exponentials_and_sums,
    first_tops,
    sums,
)

# In smaller logarithms of a mean it would show that the exponentials are of float32.
SMALL_LOG = 0.5
# From this sum on its logarithm has as many digits as it has itself.
LEAST_OF_LOG = 8
# Elements: many temporaries of float64 fit into the cache.
IN_DOUBLE = 16384


def logsumexp(x, dy, y, dx, temperature=None, present=None):
    x, low, slope, beyond = divided(x, temperature)
    e, total, odd, base = exponentials_and_sums(x, low)
    if dx is not None:
        np.multiply(e, dy / total, dx)
        if slope != 1:
            np.multiply(dx, x.dtype.type(slope), dx)
    if y is not None:
        logs = total.astype(np.float64)
        np.log(logs, logs)
        if base is not None:
            np.add(logs, base, logs)
        if low is not None or total.item(total.argmin()) < LEAST_OF_LOG:
            near = True if low is not None else total < LEAST_OF_LOG
            np.copyto(logs, log_beside_top(x, low, e, odd), where=near)
        np.copyto(y, logs, casting="same_kind")
        limit_of_infinite_tops(x, odd, y)
        if beyond is not None:
            np.copyto(y, beyond, where=beyond != 0)


def log_beside_top(x, low, e, odd):
    """The logarithm where it may have fewer digits than e has: the sum without the top tells it."""
    first = first_tops(x)
    peak, rest = sums(e, first, odd)
    log = x.take(first) + np.log1p(rest / peak)
    if low is not None:
        add_finite(log, low.take(first))
    return log


def logmeanexp(x, dy, y, dx, temperature=None, present=None):
    if x.itemsize == 4:
        float32_logmeanexp(x, dy, y, dx, present)
        return
    x, low, slope, beyond = divided(x, temperature)
    e, first, top, odd, _ = exponentials(x, low)
    peak, rest = sums(e, first, odd, restore=dx is not None)
    if dx is not None:  # a factor does not change the gradient of a logarithm
        np.multiply(e, dy / (peak + rest), dx)
        if slope != 1:
            np.multiply(dx, x.dtype.type(slope), dx)
    if y is not None:
        np.add(top, log_of_mean(rest / peak, elements(x, present)), y)
        if low is not None:
            add_finite(y, low.take(first))
        limit_of_infinite_tops(x, odd, y)
        if beyond is not None:
            np.copyto(y, beyond, where=beyond != 0)


def log_of_mean(others, count):
    """Of one largest, which is 1, and the sum of the others."""
    mean = (1 + others) / count
    log_mean = np.log(mean)
    close = mean > 0.5
    if np.count_nonzero(close):
        np.log1p((others - (count - 1)) / count, log_mean, where=close)
    return log_mean


def float32_logmeanexp(x, dy, y, dx, present):
    e, total, odd, base = exponentials_and_sums(x)
    if dx is not None:
        np.multiply(e, dy / total, dx)
    if y is None:
        return
    logs = total.astype(np.float64)
    np.divide(logs, elements(x, present), logs)
    np.log(logs, logs)
    if base is not None:
        np.add(logs, base, logs)
    sizes = np.abs(logs)
    if not sizes.item(sizes.argmin()) >= SMALL_LOG:  # or NaN, which hides the others
        refine(np.flatnonzero(sizes < SMALL_LOG), x, logs, present)
    np.copyto(y, logs, casting="same_kind")
    limit_of_infinite_tops(x, odd, y)


def refine(rows, x, logs, present):
    """These logarithms in double, as few at a time as the temporaries want."""
    step = IN_DOUBLE // x.shape[1] or 1
    for start in range(0, len(rows), step):
        few = rows[start : start + step]
        result = np.empty((len(few), 1))
        there = None if present is None else present[few]
        logmeanexp(x[few].astype(np.float64), None, result, None, present=there)
        logs[few] = result


def elements(x, present):
    """How many a row has; of each, in a column, if some are absent."""
    return x.shape[1] if present is None else np.add.reduce(present, 1, None, None, True)


def limit_of_infinite_tops(x, odd, y):
    if odd is not None:
        top = np.max(x, axis=1, keepdims=True)  # NaN of a row with one
        np.copyto(y, top, where=np.isinf(top))


def add_finite(y, missing):
    """Add what rounding left out of x / temperature; of an infinite one nothing is known.

    Nothing is not added: -0.0 stays.
    """
    np.add(y, missing, out=y, where=np.isfinite(missing) & (missing != 0))


def weighted_logsumexp(x, weights, dy, y, sign, dx, temperature=None):
    """log(sum(weights * exp(x))), and the sign of the sum; NaN if that is -1 and not asked for."""
    x, low, slope, beyond = divided(np.where(weights == 0, -np.inf, x), temperature)
    e, first, top, odd, _ = exponentials(x, low)
    peak, _ = sums(e, first, odd)
    infinite = np.isposinf(top) & ~np.isnan(x).any(axis=1, keepdims=True)
    e = np.where(infinite, x == np.inf, np.where(np.isneginf(top), np.where(x == x, 0, x), e))
    terms = np.where((e == 0) & (weights == weights), 0, weights * e)
    total = np.sum(terms, axis=1, keepdims=True)
    if dx is not None:
        np.multiply(terms, dy / total * slope, out=dx)
        several = infinite & (np.count_nonzero(terms, axis=1, keepdims=True) > 1)
        np.copyto(dx, np.nan, where=several & (terms != 0))  # each is as undefined as inf/inf
        np.copyto(dx, 0, where=weights == 0)  # not there, also where nothing is
    if y is not None:
        total[infinite] = np.sum(np.where(terms == 0, 0, terms * np.inf), axis=1)[infinite[:, 0]]
        whole = np.sign(total)
        base = np.where(infinite, np.inf, top - np.log(peak))
        if low is not None:
            add_finite(base, low.take(first))
        np.add(base, np.log(np.abs(total)), out=y)
        if beyond is not None:
            np.copyto(y, beyond, where=(beyond != 0) & ~np.isnan(y))
        np.copyto(y, -np.inf, where=total == 0)
        if sign is None:
            np.copyto(y, np.nan, where=whole < 0)
        else:
            sign[...] = whole
