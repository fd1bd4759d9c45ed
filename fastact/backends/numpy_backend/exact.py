"""float64 results together with their rounding error (Dekker 1971, doi:10.1007/BF01397083).

An error that is not a number, because something overflowed, is given as 0.
"""

import numpy as np

UPPER_HALF = np.int64(-1 << 27)  # of the 53 bits of a float64, the first 26


def two_sum(a, b):
    """a + b rounded, and what the rounding lost (Knuth)."""
    total = a + b
    part = total - a
    return total, finite((a - (total - part)) + (b - part))


def two_product(a, b):
    """a * b rounded, and what the rounding lost."""
    product = a * b
    a_high, b_high = upper(a), upper(b)
    a_low, b_low = a - a_high, b - b_high
    error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, finite(error)


def quotient(a, b):
    """a / b rounded, and what the rounding lost."""
    ratio = a / b
    product, error = two_product(ratio, b)
    return ratio, finite(((a - product) - error) / b)


def upper(a):
    return (np.asarray(a, np.float64).view(np.int64) & UPPER_HALF).view(np.float64)


def finite(error):
    return np.where(np.isfinite(error), error, 0)
