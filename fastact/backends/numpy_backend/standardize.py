"""Rows of a block less their mean, over their standard deviation; in float64."""

import numpy as np

from fastact.backends.numpy_backend.exact import two_product, two_sum
from fastact.backends.numpy_backend.projections import long_sum


def standardize(x, dy, y, dx, eps):
    x = x.astype(float)
    unit = units(x, eps)
    x *= unit
    n = x.shape[1]
    # Relative to a number of few digits: then the sum is often exact, and an element that is the
    # mean comes out as 0.
    shift = x[:, :1] + np.mean(x - x[:, :1], axis=1, keepdims=True)
    shift = np.where(np.abs(shift) < 1e38, shift.astype(np.float32), shift)
    total, lost = long_sum(*two_sum(x, -shift))
    off = total / n
    product, error = two_product(off, n)
    mean, mean_low = two_sum(shift, off)
    mean_low = mean_low + (((total - product) - error) + lost) / n
    d, error = two_sum(x, -mean)
    d += error - mean_low
    scale = 1 / np.sqrt(np.mean(d * d, axis=1, keepdims=True) + eps * unit * unit)
    values = d * scale
    values[~np.isfinite(x).all(axis=1)] = np.nan
    if dx is not None:
        gradient(values, scale, unit, dy, dx)
    if y is not None:
        y[...] = values


def units(x, eps):
    """Powers of two that keep squares of the rows from overflow, and from underflow above eps."""
    peak = np.max(np.abs(x), axis=1, keepdims=True)
    small = (peak < 2.0**-300) & (eps < 2.0**-900)
    large = (peak > 2.0**450) & (x != x[:, :1]).any(axis=1, keepdims=True)  # of equal ones none is
    return np.where(large, 2.0**-600, np.where(small, 2.0**600, 1.0))


def gradient(y, scale, unit, dy, dx):
    dy = dy.astype(float)
    peak = np.max(np.abs(dy), axis=1, keepdims=True)
    small = np.where(peak > 2.0**900, 2.0**-128, 1.0)  # the sums of larger ones might overflow
    dy *= small
    mean = np.mean(dy, axis=1, keepdims=True)
    dot = np.mean(dy * y, axis=1, keepdims=True)
    dx[...] = ((dy - mean) - y * dot) * scale * unit / small


WHOLE_ROWS = {"standardize": standardize}
