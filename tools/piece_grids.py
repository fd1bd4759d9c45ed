"""Where pieces lie, where their centers are, and the polynomials of all of them as a table."""

import mpmath as mp
import numpy as np
from minimax import rounded_minimax

PIECES = 32
USED = mp.mpf("0.49")  # of the first and last piece, from their centers
MARGIN = mp.mpf("1.001")  # of a piece: t is assigned to it by a rounded product


def center_of(place, functions, reach=400):
    """A float next to the place, but for 0, where the functions are next to floats."""
    if place == 0:
        return np.float32(0)
    start = np.float32(float(place))
    nearby = start + np.arange(-reach, reach + 1) * np.spacing(start)
    return min(
        nearby.astype(np.float32),
        key=lambda c: max(unrounded(function(mp.mpf(float(c)))) for function in functions),
    )


def falling_center(low, high, function, fall_at, reach):
    """Where the function is next to a float and to the middle of its values."""
    middle, half = (low + high) / 2, (high - low) / 2
    fall = fall_at(middle)
    return center_of(low and middle + mp.log(mp.cosh(fall * half)) / fall, [function], reach)


def unrounded(number):
    """What a float leaves out, in units of its last place."""
    near = np.float32(float(number))
    return abs(number - mp.mpf(float(near))) / mp.mpf(float(np.spacing(near)))


def place_of(index, rate, bend):
    """The t that this is the index of."""
    return 2 * index / (rate + mp.sqrt(rate**2 + 4 * bend * index))


def pieces_of(rate, bend, first=0):
    """From where to where each of them is; with a first index of 0 the first begins at 0."""
    half, ks = MARGIN / 2, range(first, first + PIECES)
    starts = [mp.mpf(0) if k == first == 0 else place_of(k - half, rate, bend) for k in ks]
    return list(zip(starts, [place_of(k + half, rate, bend) for k in ks], strict=True))


def table(function, weight, centers, pieces, degree, first):
    """The coefficients, of a power of d in each row, and the largest error.

    Function and weight are those of a center and d, `first` gives the constant of a center or None.
    """
    rows, worst = np.empty((degree + 1, len(centers)), np.float32), mp.mpf(0)
    for k, (float_center, (low, high)) in enumerate(zip(centers, pieces, strict=True)):
        center = mp.mpf(float(float_center))
        found, error = rounded_minimax(
            lambda d, c=center: function(c, d),
            lambda d, c=center: weight(c, d),
            degree,
            (low - center, high - center),
            np.float32,
            first(center),
        )
        worst = max(worst, error)
        rows[:, k] = [float(found[p]) for p in range(degree + 1)]
    return rows, worst


def at_sum(function):
    return lambda center, d: function(center + d)
