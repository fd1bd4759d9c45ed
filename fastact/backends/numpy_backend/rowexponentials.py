"""The exponentials of the rows of a block, and their sums."""

import math
from functools import lru_cache

import numpy as np

from fastact.backends.numpy_backend.exact import quotient

# Elements: some more temporaries fit into the cache.
IN_CACHE = 32768


def exponentials(x, low=None, out=None):
    """e = exp(x - base), and of each row the place of its first top and the top itself; and which
    tops are not finite, None if all are; and base, None if all are 0. The e of rows whose top is
    not finite is divided by its sum already.

    What x lacks, `low`, counts relative to that of the top.

    base is a whole number that brings the top down to where nothing overflows, 0 if it is there:
    so x - base is exact wherever the result is a normal number. The top itself would round it.
    """
    first = first_tops(x)
    top = x.take(first)
    limit = largest_top(x.itemsize, x.shape[1])
    # The least and the largest top, or NaN.
    if top.item(top.argmin()) >= 0 and top.item(top.argmax()) <= limit:
        odd = base = None
        e = np.exp(x, out)
    else:
        odd = ~np.isfinite(top[:, 0])
        odd = odd if odd.any() else None
        extremes = None if odd is None else limits(x[odd], top[odd])  # `out` may lie over x
        base = bases(top, limit)
        e = np.subtract(x, base, out)
        np.exp(e, e)
    if low is not None:
        of_top = low.take(first)
        if np.abs(of_top).max() < np.finfo(x.dtype).eps ** 0.5:
            e += e * np.where(np.isfinite(low), low - of_top, 0)
        else:  # of a large top it is no small part of 1, and may tell which top is the largest
            np.where(x == top, low, -np.inf).argmax(axis=1, keepdims=True, out=first)
            first += starts(*x.shape)
            low = low - low.take(first)
            np.copyto(low, 0, where=~np.isfinite(low))
            less = x if base is None else x - base
            whole = less + low
            e = np.exp(whole, out)
            e += e * np.where(np.isfinite(whole), low - (whole - less), 0)
    if odd is not None:
        e[odd] = extremes
    return e, first, top, odd, base


def exponentials_and_sums(x, low=None, out=None):
    """e, and its sums, 1 of a row whose top is not finite; which rows these are, and the base.

    The sums tell whether a base was needed at all, which takes less time than to look at the tops
    first. As a processor does before a branch, this expects of a block what the last one was: the
    bits are the same.
    """
    if low is None and EXPECTED["no base"]:
        e = np.exp(x, out)
        total = np.add.reduce(e, 1, None, None, True)
        least, most = sums_without_base(x.itemsize, x.shape[1])
        if least <= total.item(total.argmin()) and total.item(total.argmax()) <= most:
            return e, total, None, None
        EXPECTED["no base"] = False
    e, _, _, odd, base = exponentials(x, low, out)
    EXPECTED["no base"] = low is None and base is None
    total = np.add.reduce(e, 1, None, None, True)
    if odd is not None:
        total[odd] = 1
    return e, total, odd, base


EXPECTED = {"no base": True}


def room_for(out, x):
    """`out`, unless it lies over x; or is so small that the question takes longer than it saves."""
    large = out is not None and x.size > IN_CACHE
    return out if large and not np.may_share_memory(x, out) else None


def sums(e, first, odd, restore=True):
    """e of the first top of each row (peak), and the sum of all others.

    What is not asked to `restore` e may leave 0 there, unless some tops are odd.
    """
    peak = e.take(first)
    e.put(first, 0)
    rest = np.add.reduce(e, 1, None, None, True)
    if restore or odd is not None:
        e.put(first, peak)
    if odd is not None:
        peak[odd], rest[odd] = 1, 0
    return peak, rest


def first_tops(x):
    """Where in the block the first of the largest elements of each row is; a column."""
    first = x.argmax(axis=1, keepdims=True)
    return np.add(first, starts(*x.shape), first)


@lru_cache(maxsize=64)
def largest_top(itemsize, n):
    """Below the next whole number the sum of n exponentials does not overflow."""
    return int((87.7 if itemsize == 4 else 708.7) - math.log(n))


@lru_cache(maxsize=64)
def sums_without_base(itemsize, n):
    """The least and the largest sum whose row surely has a top between 0 and `largest_top`."""
    return 1.001 * n, 0.999 * math.exp(largest_top(itemsize, n))


@lru_cache(maxsize=8)
def starts(rows, n):
    """Where in a block its rows begin; a column."""
    found = np.arange(0, rows * n, n)[:, None]
    found.flags.writeable = False
    return found


def bases(top, limit):
    """The base of `exponentials` for any tops that are finite."""
    base = np.trunc(top - np.clip(top, 0, limit))
    # Of what has no digits behind the point the top itself is a whole number, and near enough.
    np.copyto(base, top, where=np.abs(top) > 1 / np.finfo(top.dtype).eps)
    return base


def limits(x, top):
    """e of rows whose top is infinite or NaN."""
    largest = x == top
    several = np.sum(largest, axis=1, keepdims=True) > 1
    e = np.where(largest, np.where(several, np.nan, 1), 0)  # inf/inf of several is undefined
    e[np.broadcast_to(top == -np.inf, x.shape) | np.isnan(top)] = np.nan
    return e


def divided(x, temperature):
    """x / temperature, what rounding left out of it, and what multiplies the gradient.

    And, if rows have a largest quotient that is beyond all numbers, that quotient, infinite (0 for
    other rows), else None: the elements of these rows count from the largest one.
    """
    if temperature is None or temperature == 1:
        return x, None, 1, None
    temperature = float(temperature)
    beyond = None
    if temperature < 1:
        top = np.maximum.reduce(x, 1, None, None, True)
        largest = top / temperature
        far = np.isfinite(top) & np.isinf(largest)
        if far.any():
            x = np.where(far, x - top, x)
            beyond = np.where(far, largest, 0)
        infinite = np.isposinf(top)
        if infinite.any():  # beside it no quotient of a number counts
            x = np.where(infinite & np.isfinite(x), 0, x)
    return *quotient(x, temperature), 1 / temperature, beyond
