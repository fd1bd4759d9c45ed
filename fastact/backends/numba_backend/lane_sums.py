"""Sums along a row, lane by lane.

Of float32 each lane is added up in float64 every ROUNDS summands: equal ones would be rounded the
same way again and again.
"""

from numba import njit, types

from .lanes import LANES, filled_with, precise_total, total
from .wide import DOUBLE, widening

ROUNDS = 4
LAST_ROUND = (ROUNDS - 1) * LANES

inline = njit(error_model="numpy", forceinline=True)
wide_zeros = filled_with(DOUBLE, 0.0)


def pauses(real):
    """pause(i, sums, wide): the two after the summands from i on, `wide` being in float64."""
    zeros, widen, single = filled_with(real, 0.0), widening(real), real == types.float32

    @inline
    def pause(i, sums, wide):
        if single and i & LAST_ROUND == LAST_ROUND:
            return zeros(), wide + widen(sums)
        return sums, wide

    return pause


def totals(real, precisely=False):
    """total_of(sums, wide): what all lanes come to, in float64."""
    widen = widening(real)
    add_up = precise_total if precisely else total

    @inline
    def total_of(sums, wide):
        return add_up(wide + widen(sums))

    return total_of
