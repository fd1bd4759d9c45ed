"""Sums along a row, lane by lane.

Equal summands would be rounded the same way again and again: every ROUNDS of them a lane is added
to one that is `wide`. Of float32 that is in float64; of float64 what the additions lose is kept.
"""

import math

from numba import njit, types

from .lanes import LANES, filled_with, precise_total, total
from .wide import DOUBLE, add, widening

ROUNDS = 4
LAST_ROUND = (ROUNDS - 1) * LANES

inline = njit(error_model="numpy", forceinline=True)
_zeros = filled_with(DOUBLE, 0.0)


@inline
def wide_zeros():
    return _zeros(), _zeros()


def _additions(real):
    """added(sums, wide): wide after them."""
    widen, single = widening(real), real == types.float32

    @inline
    def added(sums, wide):
        whole, lost = wide
        if single:
            return whole + widen(sums), lost
        whole, error = add((whole, widen(sums)))
        return whole, lost + error

    return added


def pauses(real):
    """pause(i, sums, wide): the two after the summands from i on."""
    zeros, added = filled_with(real, 0.0), _additions(real)

    @inline
    def pause(i, sums, wide):
        if i & LAST_ROUND == LAST_ROUND:
            return zeros(), added(sums, wide)
        return sums, wide

    return pause


def totals(real, precisely=False):
    """total_of(sums, wide): what all lanes come to, in float64."""
    added, single = _additions(real), real == types.float32

    @inline
    def total_of(sums, wide):
        whole, lost = added(sums, wide)
        if single:
            return total(whole)
        if precisely:
            return precise_total(whole, lost)
        sum_, rest = total(whole), total(lost)
        return sum_ + rest if math.isfinite(rest) else sum_  # nothing is lost of infinity

    return total_of
