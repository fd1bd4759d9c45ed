"""Losses fused with the activation before them."""

import numpy as np

from fastact.backends.numpy_backend.decay import sigmoid
from fastact.backends.numpy_backend.operations import in_double_operations, quiet
from fastact.backends.numpy_backend.rowexponentials import exponentials, sums


def softmax_cross_entropy(x, shares, scale, loss, dx):
    """sum(shares * (log(sum(exp(x))) - x)) of every row; dx gets scale times its gradient."""
    e, first, top, odd, _ = exponentials(x)
    peak, rest = sums(e, first, odd)
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
    shares.put(first, 0)
    others = np.sum(shares, axis=1, keepdims=True)
    slope = np.where(peak > rest, others - whole * (rest / total), np.nan)
    direct = dx.take(first)
    certain = (peak > rest) & ~np.isnan(direct)
    dx.put(first, np.where(certain, slope, direct))
    dx *= scale


def binary_cross_entropy(x, target, pos_weight, weight):
    no, yes = weight * (1 - target), weight * (pos_weight * target)
    slant = np.where(x > 0, no, yes)
    far = np.multiply(slant, np.abs(x), out=np.zeros_like(x), where=slant != 0)
    return far + (no + yes) * np.log1p(np.exp(-np.abs(x)))


def binary_cross_entropy_slope(x, target, pos_weight, weight):
    # For a target of 1 the one is -0.0, and so is a slope that is lost.
    no, yes = -(weight * (target - 1)), weight * (pos_weight * target)
    return no * sigmoid(x) - yes * sigmoid(-x)


LOSSES = {"softmax_cross_entropy": quiet(softmax_cross_entropy)}

FORMULAS = {
    "binary_cross_entropy_with_logits": in_double_operations(
        binary_cross_entropy, binary_cross_entropy_slope
    ),
}
