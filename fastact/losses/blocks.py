"""Rows of logits through a Python formula that knows 2-d blocks: the numpy backend's engine."""

import math
from itertools import product

import numpy as np

#: Elements per block: hides NumPy's cost per call, while the temporaries stay in cache.
BLOCK = 32768


def by_blocks(formula):
    """`formula(x, shares, scale, loss, dx)` on 2-d blocks of float64 as a call of the engine's."""

    def run(x, axis, targets, dy, factor, loss, dx):
        labels, classes, *rest = targets
        x, dx = (a if a is None else np.moveaxis(a, axis, -1) for a in (x, dx))
        labels = labels if classes else np.moveaxis(labels, axis, -1)
        *outer, n = x.shape
        # The last outer axis is cut into blocks; the others are walked one index at a time.
        last = outer[-1] if outer else 1
        step = max(1, BLOCK // n)
        totals = []
        with np.errstate(all="ignore"):  # float16 results may overflow when they are cast
            for index in product(*map(range, outer[:-1])):
                for start in range(0, last, step):
                    at = (*index, slice(start, start + step)) if outer else ()
                    logits = np.array(x[at], np.float64, order="C").reshape(-1, n)
                    shares, ignored = shares_of(labels[at], classes, n, *rest)
                    if ignored is not None:
                        logits[ignored] = 0  # a NaN there must not count
                    scale = np.full((len(logits), 1), factor)
                    if dy is not None:
                        scale *= dy[at].reshape(-1, 1)
                    losses = np.empty(len(logits))
                    slopes = None if dx is None else np.empty(logits.shape)
                    formula(logits, shares, scale, losses, slopes)
                    totals.append(float(np.sum(losses)))
                    if loss is not None:
                        loss[at] = losses.reshape(np.shape(loss[at]))
                    if dx is not None:
                        if ignored is not None:
                            slopes[ignored] = 0
                        dx[at] = slopes.reshape(np.shape(dx[at]))
        return math.fsum(totals) if all(map(math.isfinite, totals)) else sum(totals)

    return run


def shares_of(labels, classes, n, smoothing, ignored, weights):
    """What each class has of each row of a block, and which rows are ignored."""
    if classes:
        labels = np.atleast_1d(labels).reshape(-1)
        out = None if ignored is None else labels == ignored
        known = labels if out is None else np.where(out, 0, labels)
        shares = np.zeros((len(labels), n))
        shares[np.arange(len(labels)), known.astype(np.intp)] = 1 - smoothing
    else:
        out = None
        shares = np.array(labels, np.float64, order="C").reshape(-1, n) * (1 - smoothing)
    shares += smoothing / n
    if weights is not None:
        # A class that no label names may have any weight, NaN, too.
        np.multiply(shares, weights, out=shares, where=shares != 0 if classes else True)
    if out is not None:
        shares[out] = 0
    return shares, out
