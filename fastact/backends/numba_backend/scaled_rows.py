"""Stages that a first call of softmax does not wait for: of x * scale, and of the largest element.

scale, an argument of two numbers, is 1 / temperature and what rounding left out of it.
"""

import math

import numpy as np

from .intrinsics import of_numbers, select, use_widest_vectors
from .lane_sums import pauses, totals, wide_zeros
from .lanes import LANES, filled_with, larger, largest
from .memory import lane_reader, lane_writer, reader, writer
from .row_sums import MINUS_INFINITY, ONE, ZERO, in_type, inline
from .vecmath import exponential, pairs
from .wide import lane_bits

INDEX_OF_NONE = np.float32(-1)
NOT_A_NUMBER = np.float32(np.nan)

STAGES: dict = {}
"""Name of a stage -> function that makes its loop for a type."""


def stage(make):
    """Enter the maker into STAGES under its own name."""
    STAGES[make.__name__] = make
    return make


def _scaled_difference(x, top, scale, scale_low):
    """(x - top) * scale rounded, and what is missing (NaN where it is not finite)."""
    difference, error = pairs.difference_and_error(x, top)
    high, lost = pairs.product(difference, scale)
    return high, lost + (difference * scale_low + error * scale)


scaled_difference = of_numbers(_scaled_difference, 2)
_any_exp = of_numbers(exponential.exp_nonpositive)
_short_exp = of_numbers(exponential.short_exp)


def exp_of_sums(real):
    """exp_of_sum(high, low): exp(high + low) of Lanes, for high <= 0; the same bits either way."""
    end = in_type(-exponential.SHORT_END, real)

    @inline
    def exp_of_sum(high, low):
        if lane_bits(high < end) == 0:
            return _short_exp((high, low))
        return _any_exp((high, low))

    return exp_of_sum


@stage
def exp_sum_scaled(real):
    """x, ..., scale -> e, top, rest, peak = 1, base = top, exponent = 0, as exp_sum.

    e is exp((x - base) * scale).
    """
    read_x, write_e = lane_reader(real, 0, -math.inf), lane_writer(real, 1)
    write_top, write_rest = writer(real, 2), writer(real, 3)
    write_peak, write_base, write_exponent = writer(real, 4), writer(real, 5), writer(real, 6)
    read_scale = reader(real, 7)
    zeros, lowest = filled_with(real, 0.0), filled_with(real, -math.inf)
    exp_of_sum, pause, total_of = exp_of_sums(real), pauses(real), totals(real)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n = dims[1]
        scale, scale_low = read_scale(args, 0), read_scale(args, 1)
        for row in range(dims[0]):
            start = row * n
            best = lowest()
            for i in range(0, n, LANES):
                best = larger(best, read_x(args, start + i, n - i))
            top = largest(best)
            peak = select(top == MINUS_INFINITY, ZERO, ONE)
            nothing = zeros()
            others, peaks, wide, wide_peaks = nothing, nothing, wide_zeros(), wide_zeros()
            for i in range(0, n, LANES):
                x = read_x(args, start + i, n - i)
                high, low = scaled_difference((x, top, scale, scale_low))
                e = exp_of_sum(high, low)
                is_peak = x == top
                write_e(args, start + i, n - i, select(is_peak, peak, e))
                others, wide = pause(i, others + select(is_peak, nothing, e), wide)
                peaks, wide_peaks = pause(i, peaks + select(is_peak, peak, nothing), wide_peaks)
            write_top(args, row, top)
            rest = total_of(others, wide) + (total_of(peaks, wide_peaks) - ONE)
            write_rest(args, row, real(rest))
            write_peak(args, row, ONE)
            write_base(args, row, top)
            write_exponent(args, row, ZERO)

    return loop


@stage
def log_softmax_scaled(real):
    """x, top, log_sum, scale -> y = (x - top) * scale - log_sum."""
    read_x, write_y = lane_reader(real, 0, 0.0), lane_writer(real, 4)
    read_top, read_log_sum, read_scale = (reader(real, k) for k in (1, 2, 3))

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n = dims[1]
        scale, scale_low = read_scale(args, 0), read_scale(args, 1)
        for row in range(dims[0]):
            start = row * n
            top, log_sum = read_top(args, row), read_log_sum(args, row)
            for i in range(0, n, LANES):
                x = read_x(args, start + i, n - i)
                difference, error = scaled_difference((x, top, scale, scale_low))
                error = select(difference > MINUS_INFINITY, error, ZERO)
                y = select(x == top, -log_sum, (difference - log_sum) + error)
                write_y(args, start + i, n - i, y)

    return loop


@stage
def first_top(real):
    """x -> top, the index of the first element that is the largest, -1 in a row of nothing.

    NaN is the top of a row with a NaN.
    """
    read_x, read_lanes = reader(real, 0), lane_reader(real, 0, -math.inf)
    write_top, write_at = writer(real, 1), writer(real, 2)
    zeros, lowest = filled_with(real, 0.0), filled_with(real, -math.inf)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n = dims[1]
        for row in range(dims[0]):
            start = row * n
            best, odd = lowest(), zeros()
            for i in range(0, n, LANES):
                x = read_lanes(args, start + i, n - i)
                best = larger(best, x)
                odd = select(x == x, odd, ONE)
            top = largest(best)
            at = 0
            while at < n and lane_bits(read_lanes(args, start + at, n - at) == top) == 0:
                at += LANES
            while at < n and read_x(args, start + at) != top:
                at += 1
            at = at if at < n else n
            write_top(args, row, select(largest(odd) == ZERO, top, NOT_A_NUMBER))
            write_at(args, row, INDEX_OF_NONE if at == n else ZERO + real(at))

    return loop
