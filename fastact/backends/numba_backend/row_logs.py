"""What follows from the sum of a row, peak + rest, in numbers of the row's type."""

from .number import absolute, mul_add, select
from .vecmath.exponential import ORDINARY, short_exp_error
from .vecmath.general import log_of_sum
from .vecmath.pairs import fused, sum_and_error


def _widened(*numbers):
    return [number.widened() if number.single else number for number in numbers]


def log_rest(rest, peak):
    """log(1 + rest / peak) in float64, for a rest that is not negative, or -peak."""
    rest, peak = _widened(rest, peak)
    return log_of_sum(*sum_and_error(1, rest / peak))


def precise_log_rest(rest, peak, top):
    """The same as if the peak, exp(top) in the row's unit, had not been rounded.

    A top so large that its peak is 1 has one that is exact.
    """
    error = select(absolute(top) <= ORDINARY, short_exp_error(top), 0)
    rest, peak, error = _widened(rest, peak, error)
    ratio = rest / peak
    total, lost = sum_and_error(1, ratio)
    missing = mul_add(-ratio * peak, error, fused(-ratio, peak, rest)) / (peak + rest)
    return log_of_sum(total, lost, select(missing == missing, missing, 0))


def precise_log_rest_of_floats(rest, peak, top):
    """The same of float32 rows, all of it given in float64."""
    return precise_log_rest(rest, peak, top.narrowed())


def log_sum(top, rest, peak):
    """The same in the row's type."""
    log = precise_log_rest(rest, peak, top)
    return log.narrowed() if top.single else log


def log_sum_exp(top, rest, peak):
    """top + log(1 + rest / peak); an infinite top itself, unless the rest is NaN."""
    log = _widened(top)[0] + log_rest(rest, peak)
    log = log.narrowed() if rest.single else log
    return select((rest == rest) & (top - top != 0), top, log)


def softmax_factor(rest, peak):
    """1 / (peak + rest), and what rounding took from it."""
    if rest.single:
        rest, peak = _widened(rest, peak)
        inverse = 1 / (peak + rest)
        factor = inverse.narrowed()
        return factor, (inverse - factor.widened()).narrowed()
    total, lost = sum_and_error(peak, rest)
    inverse = 1 / total
    return inverse, (fused(-inverse, total, 1) - inverse * lost) / total


def softmax_at(e, factor, low):
    """e * factor, with what rounding took from the factor."""
    return mul_add(e, factor, e * low)


def log_softmax_shift(top, log_sum):
    """The logarithm of a row's sum: top + log_sum rounded, and what rounding took."""
    return sum_and_error(top, log_sum)


def log_softmax_at(x, high, low):
    """x - (high + low); the difference of near ones is exact, and none is -0.0."""
    return -((high - x) + low)
