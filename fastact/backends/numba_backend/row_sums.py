"""The sums that the softmax family begins with: of e = exp(x - base) / 2^exponent along a row.

Where the largest x, the top, is of ordinary size, base is 0: nothing is subtracted from x, and
nothing rounded. The sum is kept relative to the peak, the e of the top: what remains may be small,
and small numbers keep their digits.
"""

import math

import numpy as np
from numba import types

from .intrinsics import of_numbers, select, use_widest_vectors
from .lane_sums import inline, pauses, totals, wide_zeros
from .lanes import LANES, filled_with, larger, largest, smaller
from .memory import lane_reader, lane_writer, writer
from .vecmath import exponential, pairs
from .wide import lane_bits

ZERO, ONE, MINUS_INFINITY = np.float32(0), np.float32(1), np.float32(-np.inf)

difference_and_error = of_numbers(pairs.difference_and_error, 2)
_any_exp = of_numbers(exponential.exp_nonpositive)
_short_exp = of_numbers(exponential.short_exp)
_exp_over = of_numbers(exponential.exp_over)
_short_exp_over = of_numbers(exponential.short_exp_over)
_short_end_over = of_numbers(exponential.short_end_over)
_exponent_of = of_numbers(exponential.exponent_of)


def in_type(constant, real):
    """A Constant, to compare with numbers or Lanes of a type."""
    return np.float32(constant.float32) if real == types.float32 else np.float64(constant.float64)


def rests(real, e):
    """rest_of(args, start, n, sum, peak, precisely): the sum of a row's e but for the peak."""
    read_e, zeros, pause = lane_reader(real, e, 0.0), filled_with(real, 0.0), pauses(real)
    total_of, precise_total_of = totals(real), totals(real, precisely=True)
    # A float's few e are added as doubles, which have digits to spare. From 1.75 peaks on the
    # logarithm of the sum is above 1, its last place twice as large.
    single = real == types.float32
    least_of_few = 2.0**-20 if single else 1.0

    @inline
    def rest_of(args, start, n, sum_, peak, precisely):
        rest = sum_ - peak
        few = least_of_few if n <= LANES else 1.0
        # Where little is left the difference has lost digits.
        if not rest >= (1.75 if precisely and not single else few) * peak:
            others, wide = zeros(), wide_zeros()
            for i in range(0, n, LANES):
                e = read_e(args, start + i, n - i)
                others, wide = pause(i, others + select(e == peak, ZERO, e), wide)
            if precisely and not single:
                small = precise_total_of(others, wide)
            else:
                small = total_of(others, wide)
            # From 1 peak on one of the others may be as large, and is left out with it.
            rest = small + peak if rest - small > 0.5 * peak else small
        return rest

    return rest_of


@inline
def nothing(args, start):
    """What is done beside the exponentials, where nothing is."""


def _sums(real, e, beside=nothing):
    """sum_row(args, x_start, e_start, n): top, sum, peak, base, exponent of a row."""
    # Lanes past the end hold -inf: no candidate, and exp makes them 0.
    read_x, write_e = lane_reader(real, 0, -math.inf), lane_writer(real, e)
    zeros, lowest = filled_with(real, 0.0), filled_with(real, -math.inf)
    pause, total_of = pauses(real), totals(real)
    ordinary = in_type(exponential.ORDINARY, real)

    @inline
    def sum_row(args, x_start, e_start, n):
        best, sums, wide = lowest(), zeros(), wide_zeros()
        for i in range(0, n, LANES):
            best = larger(best, read_x(args, x_start + i, n - i))
        top = largest(best)
        if abs(top) <= ordinary:
            base, exponent = real(0), _exponent_of((top,))
            peak = _exp_over((top, exponent))
            end = _short_end_over((exponent,))
            for i in range(0, n, LANES):
                x = read_x(args, x_start + i, n - i)
                if lane_bits(x < end) == 0:
                    e = _short_exp_over((x, exponent))
                else:
                    e = _exp_over((x, exponent))
                beside(args, x_start + i)
                write_e(args, e_start + i, n - i, e)
                sums, wide = pause(i, sums + e, wide)
        else:
            base, exponent, peak = top, real(0), real(1)
            # A row of nothing but -inf has no peak: its e are 0, and so is its sum.
            e_of_top = select(top == MINUS_INFINITY, ZERO, ONE)
            for i in range(0, n, LANES):
                x = read_x(args, x_start + i, n - i)
                e = select(x == top, e_of_top, _any_exp(difference_and_error((x, top))))
                write_e(args, e_start + i, n - i, e)
                sums, wide = pause(i, sums + e, wide)
        return top, total_of(sums, wide), peak, base, exponent

    return sum_row


def _near_sums(real, e, beside):
    """The same, but e may be far from 1: x is read once, unless it reaches too far from 0."""
    read_x, write_e = lane_reader(real, 0, -math.inf), lane_writer(real, e)
    zeros, lowest = filled_with(real, 0.0), filled_with(real, -math.inf)
    pause, total_of = pauses(real), totals(real)
    sum_row, near = _sums(real, e, beside), in_type(exponential.NEAR, real)

    @inline
    def sum_near_row(args, x_start, e_start, n):
        most, least, sums, wide = lowest(), zeros(), zeros(), wide_zeros()
        whole = n - n % LANES
        for i in range(0, whole, LANES):
            x = read_x(args, x_start + i, LANES)
            e = _short_exp((x,))
            beside(args, x_start + i)
            write_e(args, e_start + i, LANES, e)
            most, least = larger(most, x), smaller(least, x)
            sums, wide = pause(i, sums + e, wide)
        if whole < n:
            x = read_x(args, x_start + whole, n - whole)
            absent = x == MINUS_INFINITY
            e = select(absent, ZERO, _short_exp((x,)))
            write_e(args, e_start + whole, n - whole, e)
            most, least = larger(most, x), smaller(least, select(absent, ZERO, x))
            sums = sums + e
        top = largest(most)
        if abs(top) <= near and lane_bits(least < -near) == 0:
            return top, total_of(sums, wide), _short_exp((top,)), real(0), real(0)
        return sum_row(args, x_start, e_start, n)

    return sum_near_row


def sums(real, e=1, near=False, beside=nothing):
    """sum_row(args, x_start, e_start, n, precisely): top, rest, peak, base, exponent of a row.

    x is argument 0; `e` says which argument the e are written to. `near`: they may be far from 1.
    `beside(args, start)` is done with the Lanes of x that start there.
    Precisely: log(1 + rest / peak) has little more than the error of the largest e.
    """
    sum_row, rest_of = (_near_sums if near else _sums)(real, e, beside), rests(real, e)

    @inline
    def sums_of_row(args, x_start, e_start, n, precisely):
        top, sum_, peak, base, exponent = sum_row(args, x_start, e_start, n)
        rest = rest_of(args, e_start, n, sum_, peak, precisely)
        if top == MINUS_INFINITY and rest == 0:
            rest = -1.0
        return top, real(rest), peak, base, exponent

    return sums_of_row


def row_writer(real):
    """write(args, row, found): what is known of a row into arguments 2 to 6."""
    write_top, write_rest = writer(real, 2), writer(real, 3)
    write_peak, write_base, write_exponent = writer(real, 4), writer(real, 5), writer(real, 6)

    @inline
    def write(args, row, found):
        top, rest, peak, base, exponent = found
        write_top(args, row, top)
        write_rest(args, row, rest)
        write_peak(args, row, peak)
        write_base(args, row, base)
        write_exponent(args, row, exponent)

    return write


def _stage(sum_row, real):
    write = row_writer(real)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n = dims[1]
        for row in range(dims[0]):
            write(args, row, sum_row(args, row * n, row * n, n, data != 0))

    return loop


def exp_sum(real):
    """x -> e, top, rest, peak, base, exponent of rows; a row's sum is peak + rest.

    With any data precisely.
    """
    return _stage(sums(real), real)


def exp_sum_near(real):
    """The same of rows whose e may be far from 1: nothing is made of them but a sum."""
    return _stage(sums(real, near=True), real)
