"""The stages of the softmax family, over `rows` contiguous rows of n elements.

e is exp(x - top), so its peak, where x is the largest, is exactly 1. Sums are kept relative to
those elements: what remains is small, and small numbers keep their digits.
"""

import math

import numpy as np
from numba import njit, types

from .intrinsics import mul_add, of_numbers, select, use_widest_vectors
from .lanes import LANES, filled_with, larger, largest, total
from .memory import lane_reader, lane_writer, reader, writer
from .vecmath import exponential, pairs
from .wide import lane_bits

ZERO, ONE, MINUS_INFINITY = np.float32(0), np.float32(1), np.float32(-np.inf)

inline = njit(error_model="numpy", forceinline=True)
_any_exp = of_numbers(exponential.exp_nonpositive)
_short_exp = of_numbers(exponential.short_exp)
difference_and_error = of_numbers(pairs.difference_and_error, 2)

# exponential.SHORT_END, to compare with Lanes of either type.
SHORT_END = {types.float32: np.float32(-80), types.float64: np.float32(-700)}


def exp_of_sums(real):
    """exp_of_sum(high, low): exp(high + low) of Lanes, for high <= 0; the same bits either way."""
    end = SHORT_END[real]

    @inline
    def exp_of_sum(high, low):
        if lane_bits(high < end) == 0:
            return _short_exp((high, low))
        return _any_exp((high, low))

    return exp_of_sum


STAGES: dict = {}
"""Name of a stage -> function that makes its loop for a type."""


def stage(make):
    """Enter the maker into STAGES under its own name."""
    STAGES[make.__name__] = make
    return make


@stage
def exp_sum(real):
    """x -> e, top, rest, peak = 1, base = top, exponent = 0; the sum of the row is 1 + rest.

    A backend may also give exp(x - base) / 2**exponent, with another peak.
    """
    # Lanes past the end hold -inf: no candidate, and exp makes them 0.
    read_x, write_e = lane_reader(real, 0, -math.inf), lane_writer(real, 1)
    write_top, write_rest = writer(real, 2), writer(real, 3)
    write_peak, write_base, write_exponent = writer(real, 4), writer(real, 5), writer(real, 6)
    zeros, lowest = filled_with(real, 0.0), filled_with(real, -math.inf)
    exp_of_sum = exp_of_sums(real)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n = dims[1]
        for row in range(dims[0]):
            start = row * n
            best = lowest()
            for i in range(0, n, LANES):
                best = larger(best, read_x(args, start + i, n - i))
            top = largest(best)
            # A row of nothing but -inf has no peak: its e are 0, and so is its sum.
            peak = select(top == MINUS_INFINITY, ZERO, ONE)
            nothing = zeros()
            others, peaks = nothing, nothing
            for i in range(0, n, LANES):
                x = read_x(args, start + i, n - i)
                difference, error = difference_and_error((x, top))
                e = exp_of_sum(difference, error)
                is_peak = x == top
                write_e(args, start + i, n - i, select(is_peak, peak, e))
                others = others + select(is_peak, nothing, e)
                peaks = peaks + select(is_peak, peak, nothing)
            write_top(args, row, top)
            write_rest(args, row, total(others) + (total(peaks) - ONE))
            write_peak(args, row, ONE)
            write_base(args, row, top)
            write_exponent(args, row, ZERO)

    return loop


def _reference_finder(real):
    """find(args, start, n, peak): the largest dy (argument 1) where e (argument 0) is the peak."""
    read_e, read_dy = lane_reader(real, 0, 0.0), lane_reader(real, 1, 0.0)
    lowest = filled_with(real, -math.inf)

    @inline
    def find(args, start, n, peak):
        best = lowest()
        for i in range(0, n, LANES):
            e = read_e(args, start + i, n - i)
            dy = read_dy(args, start + i, n - i)
            best = larger(best, select(e == peak, dy, MINUS_INFINITY))
        reference = largest(best)
        return select(reference == MINUS_INFINITY, ZERO, reference)

    return find


@stage
def dot(real):
    """e, dy, peak -> reference, dot = sum(e * (dy - reference))."""
    find_reference = _reference_finder(real)
    read_e, read_dy = lane_reader(real, 0, 0.0), lane_reader(real, 1, 0.0)
    read_peak = reader(real, 2)
    write_reference, write_dot = writer(real, 3), writer(real, 4)
    zeros = filled_with(real, 0.0)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n = dims[1]
        for row in range(dims[0]):
            start = row * n
            peak = read_peak(args, row)
            reference = find_reference(args, start, n, peak)
            products = zeros()
            for i in range(0, n, LANES):
                e = read_e(args, start + i, n - i)
                dy = read_dy(args, start + i, n - i)
                products = mul_add(e, dy - reference, products)
            write_reference(args, row, reference)
            write_dot(args, row, total(products))

    return loop


@stage
def others(real):
    """e, dy, peak -> reference, others = the sum of all dy but the reference, one of the peaks'."""
    find_reference = _reference_finder(real)
    read_e, read_dy = lane_reader(real, 0, 0.0), lane_reader(real, 1, 0.0)
    read_peak = reader(real, 2)
    write_reference, write_others = writer(real, 3), writer(real, 4)
    zeros = filled_with(real, 0.0)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n = dims[1]
        for row in range(dims[0]):
            start = row * n
            peak = read_peak(args, row)
            reference = find_reference(args, start, n, peak)
            elsewhere, at_peaks = zeros(), zeros()
            for i in range(0, n, LANES):
                e = read_e(args, start + i, n - i)
                dy = read_dy(args, start + i, n - i)
                elsewhere = elsewhere + select(e == peak, ZERO, dy)
                at_peaks = at_peaks + select(e == peak, dy, ZERO)
            write_reference(args, row, reference)
            write_others(args, row, total(elsewhere) + (total(at_peaks) - reference))

    return loop


@stage
def scale(real):
    """e, factor, what its rounding left out -> y = e * factor."""
    read_e, read_factor, read_low = reader(real, 0), reader(real, 1), reader(real, 2)
    write_y = writer(real, 3)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n = dims[1]
        for row in range(dims[0]):
            factor, low = read_factor(args, row), read_low(args, row)
            for i in range(row * n, row * n + n):
                e = read_e(args, i)
                write_y(args, i, mul_add(e, factor, e * low))

    return loop


@stage
def softmax_backward(real):
    """e, dy, factor, reference, dot -> dx = (e * factor) * ((dy - reference) - dot)."""
    read_e, read_dy, read_factor = reader(real, 0), reader(real, 1), reader(real, 2)
    read_reference, read_dot = reader(real, 3), reader(real, 4)
    write_dx = writer(real, 5)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n = dims[1]
        for row in range(dims[0]):
            factor = read_factor(args, row)
            reference, dot = read_reference(args, row), read_dot(args, row)
            for i in range(row * n, row * n + n):
                y = read_e(args, i) * factor
                write_dx(args, i, y * ((read_dy(args, i) - reference) - dot))

    return loop


@stage
def log_softmax(real):
    """x, top, log_sum -> y = (x - top) - log_sum, with the rounding error of x - top."""
    read_x, read_top, read_log_sum = reader(real, 0), reader(real, 1), reader(real, 2)
    write_y = writer(real, 3)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n = dims[1]
        for row in range(dims[0]):
            top, log_sum = read_top(args, row), read_log_sum(args, row)
            for i in range(row * n, row * n + n):
                x = read_x(args, i)
                difference, error = difference_and_error((x, top))
                error = select(error == error, error, ZERO)
                write_y(args, i, select(x == top, -log_sum, (difference - log_sum) + error))

    return loop


@stage
def log_softmax_backward(real):
    """e, dy, peak, factor, remainder, reference, others -> dx = dy - softmax(x) * sum(dy)."""
    read_e, read_dy, read_peak, read_factor = (reader(real, k) for k in range(4))
    read_remainder, read_reference, read_others = (reader(real, k) for k in range(4, 7))
    write_dx = writer(real, 7)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n = dims[1]
        for row in range(dims[0]):
            peak, factor = read_peak(args, row), read_factor(args, row)
            remainder, p = read_remainder(args, row), peak * factor
            reference, others = read_reference(args, row), read_others(args, row)
            for i in range(row * n, row * n + n):
                e, dy = read_e(args, i), read_dy(args, i)
                at_peak = dy * remainder - p * (others + (reference - dy))
                elsewhere = dy - (e * factor) * (others + reference)
                write_dx(args, i, select(e == peak, at_peak, elsewhere))

    return loop
