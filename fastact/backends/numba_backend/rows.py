"""The stages of the softmax family, over `rows` contiguous rows of n elements."""

import math

from . import row_logs, row_values
from .intrinsics import mul_add, of_numbers, select, use_widest_vectors
from .lanes import LANES, filled_with, larger, largest, total
from .memory import lane_reader, prefetcher, reader, writer
from .row_sums import (
    MINUS_INFINITY,
    ZERO,
    exp_sum,
    exp_sum_near,
    inline,
    row_writer,
    sums,
)
from .wide import DOUBLE, lane_bits

_softmax_at = of_numbers(row_logs.softmax_at)
_log_softmax_shift = of_numbers(row_logs.log_softmax_shift, 2)
_log_softmax_at = of_numbers(row_logs.log_softmax_at)
_log_rest = of_numbers(row_logs.log_rest)
_precise_log_rest = of_numbers(row_logs.precise_log_rest)
_precise_log_rest_of_floats = of_numbers(row_logs.precise_log_rest_of_floats)

STAGES: dict = {"exp_sum": exp_sum, "exp_sum_near": exp_sum_near}
"""Name of a stage -> function that makes its loop for a type."""


def stage(make):
    """Enter the maker into STAGES under its own name."""
    STAGES[make.__name__] = make
    return make


def _reference_finder(real, e_at=0, dy_at=1):
    """find(args, start, n, peak): the largest dy where e is the peak; their arguments' numbers."""
    read_e, read_dy = lane_reader(real, e_at, 0.0), lane_reader(real, dy_at, 0.0)
    lowest = filled_with(real, -math.inf)

    @inline
    def find(args, start, n, peak):
        best = lowest()
        for i in range(0, n, LANES):
            at_peak = read_e(args, start + i, n - i) == peak
            if lane_bits(at_peak) != 0:  # of most rows once: dy is not read for the others
                dy = read_dy(args, start + i, n - i)
                best = larger(best, select(at_peak, dy, MINUS_INFINITY))
        reference = largest(best)
        return select(reference == MINUS_INFINITY, ZERO, reference)

    return find


def _row_dot(real, e_at=0, dy_at=1):
    """dot_of(args, start, n, peak): a row's reference, and sum(e * (dy - reference))."""
    find_reference = _reference_finder(real, e_at, dy_at)
    read_e, read_dy = lane_reader(real, e_at, 0.0), lane_reader(real, dy_at, 0.0)
    zeros = filled_with(real, 0.0)

    @inline
    def dot_of(args, start, n, peak):
        reference, products = find_reference(args, start, n, peak), zeros()
        for i in range(0, n, LANES):
            e = read_e(args, start + i, n - i)
            dy = read_dy(args, start + i, n - i)
            products = mul_add(e, dy - reference, products)
        return reference, total(products)

    return dot_of


def _row_others(real, e_at=0, dy_at=1):
    """others_of(args, start, n, peak): a row's reference, and the sum of all its other dy."""
    find_reference = _reference_finder(real, e_at, dy_at)
    read_e, read_dy = lane_reader(real, e_at, 0.0), lane_reader(real, dy_at, 0.0)
    zeros = filled_with(real, 0.0)

    @inline
    def others_of(args, start, n, peak):
        reference = find_reference(args, start, n, peak)
        elsewhere, at_peaks = zeros(), zeros()
        for i in range(0, n, LANES):
            e = read_e(args, start + i, n - i)
            dy = read_dy(args, start + i, n - i)
            elsewhere = elsewhere + select(e == peak, ZERO, dy)
            at_peaks = at_peaks + select(e == peak, dy, ZERO)
        return reference, total(elsewhere) + (total(at_peaks) - reference)

    return others_of


def _sum_of_slopes(of_row, real):
    """The loop of e, dy, peak -> reference, sum."""
    read_peak, write_reference, write_sum = reader(real, 2), writer(real, 3), writer(real, 4)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n = dims[1]
        for row in range(dims[0]):
            reference, found = of_row(args, row * n, n, read_peak(args, row))
            write_reference(args, row, reference)
            write_sum(args, row, found)

    return loop


@stage
def dot(real):
    """e, dy, peak -> reference, dot = sum(e * (dy - reference))."""
    return _sum_of_slopes(_row_dot(real), real)


@stage
def others(real):
    """e, dy, peak -> reference, others = the sum of all dy but the reference, one of the peaks'."""
    return _sum_of_slopes(_row_others(real), real)


def _exp_sum_and(of_row, real):
    """The loop of x, ..., exponent, dy -> the results of exp_sum, then reference and sum, by rows.

    A row's e are still in the first cache then; dy comes to it while they are made, and the memory
    that arguments 10 and 11 say will be written next.
    """
    sum_row, write_sums = sums(real, beside=prefetcher(real, 7, 10, 11)), row_writer(real)
    write_reference, write_sum = writer(real, 8), writer(real, 9)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n = dims[1]
        for row in range(dims[0]):
            known = sum_row(args, row * n, row * n, n, data != 0)
            write_sums(args, row, known)
            reference, found = of_row(args, row * n, n, known[2])
            write_reference(args, row, reference)
            write_sum(args, row, found)

    return loop


def exp_sum_dot(real):
    """The stages exp_sum and dot."""
    return _exp_sum_and(_row_dot(real, 1, 7), real)


def exp_sum_others(real):
    """The stages exp_sum and others."""
    return _exp_sum_and(_row_others(real, 1, 7), real)


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
                write_y(args, i, _softmax_at((read_e(args, i), factor, low)))

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


def softmax_both(real):
    """e, dy, factor, reference, dot, what rounding left out of factor -> dx, y in one go.

    dx is softmax_backward's, y that of scale.
    """
    read_e, read_dy, read_factor = reader(real, 0), reader(real, 1), reader(real, 2)
    read_reference, read_dot, read_low = reader(real, 3), reader(real, 4), reader(real, 5)
    write_dx, write_y = writer(real, 6), writer(real, 7)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n = dims[1]
        for row in range(dims[0]):
            factor, low = read_factor(args, row), read_low(args, row)
            reference, dot = read_reference(args, row), read_dot(args, row)
            for i in range(row * n, row * n + n):
                e = read_e(args, i)
                write_dx(args, i, (e * factor) * ((read_dy(args, i) - reference) - dot))
                write_y(args, i, _softmax_at((e, factor, low)))

    return loop


@stage
def log_softmax(real):
    """x, top, log_sum -> y = x - (top + log_sum), with the rounding error of the sum."""
    read_x, read_top, read_log_sum = reader(real, 0), reader(real, 1), reader(real, 2)
    write_y = writer(real, 3)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        n = dims[1]
        for row in range(dims[0]):
            high, low = _log_softmax_shift((read_top(args, row), read_log_sum(args, row)))
            for i in range(row * n, row * n + n):
                write_y(args, i, _log_softmax_at((read_x(args, i), high, low)))

    return loop


@stage
def log_rest(real):
    """rest, peak, top -> log(1 + rest / peak), of float64 whatever the type of the row.

    With any data precisely.
    """
    read_rest, read_peak, read_top = (reader(DOUBLE, k) for k in range(3))
    write_log = writer(DOUBLE, 3)
    precise_log = _precise_log_rest if real == DOUBLE else _precise_log_rest_of_floats

    def loop(args, dims, steps, data):
        use_widest_vectors()
        for i in range(dims[0]):
            rest, peak = read_rest(args, i), read_peak(args, i)
            if data != 0:
                write_log(args, i, precise_log((rest, peak, read_top(args, i))))
            else:
                write_log(args, i, _log_rest((rest, peak)))

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


OF_SOFTMAX = {
    "softmax_values": row_values.softmax_values,
    "softmax_both": softmax_both,
    "exp_sum_dot": exp_sum_dot,
}
VALUES = {
    "softmax": OF_SOFTMAX,
    "softmin": OF_SOFTMAX,
    "log_softmax": {
        "log_softmax_values": row_values.log_softmax_values,
        "exp_sum_others": exp_sum_others,
    },
    "logsumexp": {"logsumexp_values": row_values.logsumexp_values},
}
"""Name of an activation -> the stages that only it needs."""
