"""The stages of the softmax family, over `rows` contiguous rows of n elements."""

import math

from . import row_logs, row_values
from .intrinsics import mul_add, of_numbers, select, use_widest_vectors
from .lanes import LANES, filled_with, larger, largest, total
from .memory import lane_reader, reader, writer
from .row_sums import (
    MINUS_INFINITY,
    ZERO,
    exp_sum,
    exp_sum_near,
    inline,
)
from .wide import DOUBLE

_softmax_at = of_numbers(row_logs.softmax_at)
_log_softmax_at = of_numbers(row_logs.log_softmax_at)
_log_rest = of_numbers(row_logs.log_rest)
_precise_log_rest = of_numbers(row_logs.precise_log_rest)
_precise_log_rest_of_floats = of_numbers(row_logs.precise_log_rest_of_floats)

STAGES: dict = {"exp_sum": exp_sum, "exp_sum_near": exp_sum_near}
"""Name of a stage -> function that makes its loop for a type."""

SOFTMAX_VALUES = {"softmax_values": row_values.softmax_values}
VALUES = {
    "softmax": SOFTMAX_VALUES,
    "softmin": SOFTMAX_VALUES,
    "log_softmax": {"log_softmax_values": row_values.log_softmax_values},
    "logsumexp": {"logsumexp_values": row_values.logsumexp_values},
}
"""Name of an activation -> the stage that only it needs."""


def stage(make):
    """Enter the maker into STAGES under its own name."""
    STAGES[make.__name__] = make
    return make


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
                write_y(args, i, _log_softmax_at((read_x(args, i), top, log_sum)))

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
