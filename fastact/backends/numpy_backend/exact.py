"""float64 results together with their rounding error (Dekker 1971, doi:10.1007/BF01397083).

An error that is not a number, because something overflowed, is given as 0.
"""

import numpy as np

UPPER_HALF = np.int64(-1 << 27)  # of the 53 bits of a float64, the first 26


def two_sum(a, b):
    """a + b rounded, and what the rounding lost."""
    total, error = finite_two_sum(a, b)
    return total, finite(error)


def finite_two_sum(a, b):
    """The same where nothing overflows, or nobody looks (Knuth)."""
    total = a + b
    part = total - a
    error = b - part
    part -= total  # less what of `a` is in the total
    part += a
    error += part
    return total, error


def long_sum(values, lost):
    """The sum of each row of finite values, and of what they have lost, in two parts.

    Leading digits that are multiples of one unit add up without an error, and what is left of the
    values is so small that its errors do not count (Rump, Ogita and Oishi 2008,
    doi:10.1137/050645671).
    """
    peak = np.max(np.abs(values), axis=1, keepdims=True)
    _, exponent = np.frexp(peak * values.shape[1])
    unit = np.ldexp(1.0, exponent)  # 2**53 of what its neighbours are apart hold the sum
    leading = values + unit
    leading -= unit
    high = np.add.reduce(leading, axis=1, keepdims=True)
    low = np.add.reduce(values - leading, axis=1, keepdims=True)
    return two_sum(high, low + np.add.reduce(lost, axis=1, keepdims=True))


def two_product(a, b):
    """a * b rounded, and what the rounding lost."""
    product = a * b
    a_high, b_high = upper(a), upper(b)
    a_low, b_low = a - a_high, b - b_high
    error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, finite(error)


def limit_of_product(a, b):
    """The same, but 0 for 0 times infinity: what comes of it as either is approached."""
    product, error = two_product(a, b)
    return np.where(np.isnan(product) & ~np.isnan(a) & ~np.isnan(b), 0, product), error


def quotient(a, b):
    """a / b rounded, and what the rounding lost."""
    ratio = a / b
    product, error = two_product(ratio, b)
    return ratio, finite(((a - product) - error) / b)


def upper(a):
    return (np.asarray(a, np.float64).view(np.int64) & UPPER_HALF).view(np.float64)


def finite(error):
    return np.where(np.isfinite(error), error, 0)
