"""Rows of a block less their mean, over their standard deviation."""

import numpy as np

from fastact.backends.numpy_backend.exact import finite_two_sum, long_sum, two_product

# The square of a distance from the mean at which digits are missing, over the mean square of x: the
# mean is off by a few 2**-53 of what it is the mean of, and float32 has 24 bits.
NEAR = 2.0**-46
# Squares of float32 above it, and sums of dy between these, have all their digits.
LEAST_SQUARE = 2.0**-120
LEAST_SLOPE, MOST_SLOPE = 2.0**-90, 2.0**90
MOST_EPS = 2.0**120
# Elements, by the size of an item, whose temporaries of float64 fit into the cache.
FEW = {4: 8192, 8: 32768}


def standardize(x, dy, y, dx, eps):
    if x.itemsize == 8:
        few_in_double(careful_deviations, x, dy, y, dx, eps)
    elif eps > MOST_EPS:
        few_in_double(float32_deviations, x, dy, y, dx, eps)
    else:
        in_float32(x, dy, y, dx, eps)


def in_float32(x, dy, y, dx, eps):
    """Rows of usual numbers; the others in double."""
    d = dx if y is None else y  # what is written last
    if any(np.may_share_memory(d, a) for a in (x, dy) if a is not None):
        d = np.empty_like(x)
    variance, usual = float32_moments(x, d)
    both = usual
    if dx is not None:
        slopes = has_usual_slopes(dy)
        both = slopes if usual is None else usual & slopes
    left = None if both is None or both.all() else ~both[:, 0]
    # What is left may lie under the result.
    x_left, dy_left = (None if a is None or left is None else a[left] for a in (x, dy))
    np.add(variance, eps, variance)
    np.sqrt(variance, variance)
    np.divide(d, variance, y if dx is None else d)
    if dx is not None:
        float32_gradient(d, variance, dy, dx)
        if y is not None and y is not d:
            np.copyto(y, d)
    if left is not None:
        of_values, of_slopes = (None if a is None else np.empty_like(x_left) for a in (y, dx))
        few_in_double(float32_deviations, x_left, dy_left, of_values, of_slopes, eps)
        if y is not None and usual is not None:  # the same value whatever the slopes are
            unusual = ~usual[:, 0]
            y[unusual] = of_values[unusual[left]]
        if dx is not None:
            dx[left] = of_slopes


def float32_moments(x, d):
    """The variance of float32 rows, and which are usual (None: all); `d` gets x less its mean."""
    n = x.shape[1]
    mean = np.add.reduce(x, 1, np.float64, None, True)
    np.divide(mean, n, mean)
    high = mean.astype(np.float32)
    low = np.subtract(mean, high, mean).astype(np.float32)
    # Next to the mean the first difference is exact, and elsewhere the second does not count.
    np.subtract(x, high, d)
    np.subtract(d, low, d)
    squares = np.square(d)
    variance = np.add.reduce(squares, 1, None, None, True)
    np.divide(variance, n, variance)
    limit = np.square(high, high)
    np.add(limit, variance, limit)
    np.multiply(limit, NEAR, limit)
    np.add(limit, LEAST_SQUARE, limit)
    # Few blocks need to be asked row by row.
    if np.minimum.reduce(squares, None) > limit.item(limit.argmax()):
        return variance, None
    return variance, np.greater(np.minimum.reduce(squares, 1, None, None, True), limit)


def has_usual_slopes(dy):
    """Which rows have sums of slopes that neither overflow nor lose digits."""
    peak = np.maximum.reduce(np.abs(dy), 1, None, None, True)
    return (peak < MOST_SLOPE) & ((peak > LEAST_SLOPE) | (peak == 0))


def float32_gradient(y, deviation, dy, dx):
    n = y.shape[1]
    part = np.multiply(y, dy)
    dot = np.add.reduce(part, 1, None, None, True)
    np.divide(dot, n, dot)
    mean = np.add.reduce(dy, 1, None, None, True)
    np.divide(mean, n, mean)
    np.multiply(y, dot, part)
    np.add(part, mean, part)
    np.subtract(dy, part, part)
    np.divide(part, deviation, dx)


def few_in_double(deviations, x, dy, y, dx, eps):
    """Rows in double, as few at a time as the temporaries want."""
    step = FEW[x.itemsize] // x.shape[1] or 1
    for start in range(0, len(x), step):
        few = (a if a is None else a[start : start + step] for a in (x, dy, y, dx))
        in_double(deviations, *few, eps)


def in_double(deviations, x, dy, y, dx, eps):
    d, scale, unit = deviations(x, eps)
    if dx is None:
        np.multiply(d, scale, y, casting="same_kind")
        return
    d *= scale
    gradient(d, scale, unit, dy, dx)
    if y is not None:
        np.copyto(y, d)


def float32_deviations(x, eps):
    """From the mean, what makes them the values, and a factor that both have had.

    No square of a float32 overflows or vanishes.
    """
    d = x.astype(float)
    variance, near = spread(d, centre(d))
    careful = ()
    if np.count_nonzero(near):
        left = np.flatnonzero(near)
        part = d[left]  # what rounding has left of the mean
        variance[left], near = spread(part, centre(part))
        d[left], careful = part, left[near[:, 0]]
    scale = 1 / np.sqrt(variance + eps)
    if len(careful):
        d[careful], scale[careful], _ = careful_deviations(x[careful].astype(float), eps)
    return d, scale, 1.0


def spread(d, mean):
    """The variance of each row, and whether an element is too near to its mean."""
    squares = d * d
    variance = means(squares)
    least = np.minimum.reduce(squares, 1, None, None, True)
    return variance, ~(least > NEAR * (variance + mean * mean))


def means(d):
    """Of each row; a column."""
    return np.add.reduce(d, 1, None, None, True) / d.shape[1]


def centre(d):
    """Takes from each row its mean, and returns that."""
    mean = means(d)
    np.subtract(d, mean, d)
    return mean


def careful_deviations(x, eps):
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
    small = 1.0
    if dy.dtype == np.float64:
        peak = np.max(np.abs(dy), axis=1, keepdims=True)
        small = np.where(peak > 2.0**900, 2.0**-128, 1.0)  # the sums of larger ones might overflow
        dy = dy * small
    else:
        dy = dy.astype(float)
    dot = means(dy * y)
    centre(dy)
    dy -= y * dot
    dy *= scale
    if np.any(unit != 1.0) or np.any(small != 1.0):
        dy *= unit
        dy /= small
    np.copyto(dx, dy)


WHOLE_ROWS = {"standardize": (standardize, 2)}
