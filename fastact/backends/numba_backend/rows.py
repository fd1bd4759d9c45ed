"""The stages of the softmax family, over `rows` contiguous rows of n elements."""

from . import row_dots, row_logs, row_values
from .intrinsics import of_numbers, select, use_widest_vectors
from .memory import reader, writer
from .row_sums import (
    exp_sum,
    exp_sum_near,
)
from .wide import DOUBLE

_softmax_at = of_numbers(row_logs.softmax_at)
_log_softmax_shift = of_numbers(row_logs.log_softmax_shift, 2)
_log_softmax_at = of_numbers(row_logs.log_softmax_at)
_log_rest = of_numbers(row_logs.log_rest)
_precise_log_rest = of_numbers(row_logs.precise_log_rest)
_precise_log_rest_of_floats = of_numbers(row_logs.precise_log_rest_of_floats)

STAGES: dict = {
    "exp_sum": exp_sum,
    "exp_sum_near": exp_sum_near,
    "dot": row_dots.dot,
    "others": row_dots.others,
}
"""Name of a stage -> function that makes its loop for a type."""


def stage(make):
    """Enter the maker into STAGES under its own name."""
    STAGES[make.__name__] = make
    return make


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
    "exp_sum_dot": row_dots.exp_sum_dot,
}
VALUES = {
    "softmax": OF_SOFTMAX,
    "softmin": OF_SOFTMAX,
    "log_softmax": {
        "log_softmax_values": row_values.log_softmax_values,
        "exp_sum_others": row_dots.exp_sum_others,
    },
    "logsumexp": {"logsumexp_values": row_values.logsumexp_values},
}
"""Name of an activation -> the stages that only it needs."""
