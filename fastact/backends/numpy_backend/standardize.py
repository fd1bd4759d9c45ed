"""Rows of a block less their mean, over their standard deviation; in float64."""

import numpy as np

from fastact.backends.numpy_backend.exact import finite_two_sum, long_sum, two_product

# Of the mean square, the square of an element that is so near to the mean that digits are missing:
# the mean is off by a few 2**-53 of the standard deviation, and float32 has 24 bits.
NEAR = 2.0**-46


def standardize(x, dy, y, dx, eps):
    if x.dtype == np.float64:
        values, scale, unit = careful_values(x, eps)
    else:
        values, scale, unit = float32_values(x, eps)
    if dx is not None:
        gradient(values, scale, unit, dy, dx)
    if y is not None:
        np.copyto(y, values)


def float32_values(x, eps):
    """The values, and two factors of what the deviations were multiplied by.

    No square of a float32 overflows or vanishes.
    """
    d = x.astype(float)
    n = x.shape[1]
    for _ in range(2):  # the second time what rounding has left of the mean
        d -= np.add.reduce(d, 1, None, None, True) / n
    squares = d * d
    variance = np.add.reduce(squares, 1, None, None, True) / n
    far = np.minimum.reduce(squares, 1, None, None, True) > NEAR * variance
    scale = 1 / np.sqrt(variance + eps)
    d *= scale
    if not far.all():
        near = ~far[:, 0]
        d[near], scale[near], _ = careful_values(x[near].astype(float), eps)
    return d, scale, 1.0


def careful_values(x, eps):
    """The same for any numbers."""
    unit = units(x, eps)
    x = x * unit
    n = x.shape[1]
    # Relative to a number of few digits: then the sum is often exact, and an element that is the
    # mean comes out as 0.
    first = x[:, :1]
    shift = first + np.mean(x - first, axis=1, keepdims=True)
    shift = np.where(np.abs(shift) < 1e38, shift.astype(np.float32), shift)
    d, error = finite_two_sum(x, -shift)
    total, lost = long_sum(d, error)
    mean = total / n
    product, product_error = two_product(mean, n)
    d -= mean
    error -= (((total - product) - product_error) + lost) / n
    d += error
    scale = 1 / np.sqrt(np.mean(d * d, axis=1, keepdims=True) + eps * unit * unit)
    d *= scale
    d[~np.isfinite(x).all(axis=1)] = np.nan
    return d, scale, unit


def units(x, eps):
    """Powers of two that keep squares of the rows from overflow, and from underflow above eps."""
    peak = np.max(np.abs(x), axis=1, keepdims=True)
    small = (peak < 2.0**-300) & (eps < 2.0**-900)
    large = peak > 2.0**450
    if large.any():
        large &= (x != x[:, :1]).any(axis=1, keepdims=True)  # of equal ones none is
    return np.where(large, 2.0**-600, np.where(small, 2.0**600, 1.0))


def gradient(y, scale, unit, dy, dx):
    n = y.shape[1]
    small = 1.0
    if dy.dtype == np.float64:
        peak = np.max(np.abs(dy), axis=1, keepdims=True)
        small = np.where(peak > 2.0**900, 2.0**-128, 1.0)  # the sums of larger ones might overflow
        dy = dy * small
    else:
        dy = dy.astype(float)
    mean = np.add.reduce(dy, 1, None, None, True) / n
    dot = np.add.reduce(dy * y, 1, None, None, True) / n
    dy -= mean
    dy -= y * dot
    dy *= scale
    if np.any(unit != 1.0) or np.any(small != 1.0):
        dy *= unit
        dy /= small
    np.copyto(dx, dy)


WHOLE_ROWS = {"standardize": standardize}
