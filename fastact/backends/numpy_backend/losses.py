"""Losses fused with the activation before them."""

import numpy as np

from fastact.backends.numpy_backend.operations import quiet
from fastact.backends.numpy_backend.rows import exponentials


def softmax_cross_entropy(x, shares, scale, loss, dx):
    """sum(shares * (log(sum(exp(x))) - x)) of every row; dx gets scale times its gradient."""
    e, at_top, top, peak, rest = exponentials(x)
    whole = np.sum(shares, axis=1, keepdims=True)
    distance = np.subtract(top, x, out=np.zeros_like(x), where=x != top)
    cross = np.multiply(shares, distance, out=np.zeros_like(x), where=shares != 0)
    undefined = np.isnan(e) & ((shares != 0) | np.isnan(e).all(axis=1, keepdims=True))
    value = np.sum(cross, axis=1) + (whole * np.log1p(rest / peak))[:, 0]
    loss[...] = np.where(undefined.any(axis=1), np.nan, value)
    if dx is None:
        return
    total = peak + rest
    np.subtract(whole * (e / total), shares, out=dx)
    # 1 - softmax of a class that has more than half of it, without cancellation.
    np.put_along_axis(shares, at_top, 0, axis=1)
    others = np.sum(shares, axis=1, keepdims=True)
    slope = np.where(peak > rest, others - whole * (rest / total), np.nan)
    direct = np.take_along_axis(dx, at_top, axis=1)
    certain = (peak > rest) & ~np.isnan(direct)
    np.put_along_axis(dx, at_top, np.where(certain, slope, direct), axis=1)
    dx *= scale


LOSSES = {"softmax_cross_entropy": quiet(softmax_cross_entropy)}
