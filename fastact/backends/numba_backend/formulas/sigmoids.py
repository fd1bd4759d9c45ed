"""Functions with two ends, and the logarithm of one."""

from ..number import Constant, absolute, copy_sign, flip_sign, mul_add, select
from ..vecmath.exponential import (
    SHORT_END,
    exp_nonpositive,
    expm1_and_4_exp,
    near_or_0,
    not_above,
    short_exp,
    short_exp_factors,
)
from ..vecmath.logarithm import log1p_of_unit
from ..vecmath.pairs import (
    divide,
    fused,
    quotient_and_error,
    sum_to_divide_by,
    times_constant,
)
from .table import formula, keep_nan, short_formula_of

SIXTH = Constant(0.1666666716337204, 0.16666666666666666)
SIXTH_REST = Constant(-4.967053879312289e-09, 9.25185853854297e-18)


def is_beyond_short_exp(x):
    """Where short_exp is not right."""
    return absolute(x) > SHORT_END


@short_formula_of("sigmoid", is_beyond_short_exp)
def short_sigmoid(x):
    """1 / (1 + e) with e = exp(-x), and e / (1 + e)^2."""
    e = short_exp(-x)
    value = 1 / (1 + e)
    return value, (e * value) * value


@formula
def sigmoid(x):
    """1 / (1 + exp(-x)), from e = exp(-|x|); slope e / (1 + e)^2."""
    e = exp_nonpositive(-absolute(x))
    divisor = sum_to_divide_by(x.like(1), e)
    value = divide(select(x < 0, e, 1), divisor)
    reciprocal = divide(x.like(1), divisor)
    return value, e * reciprocal * reciprocal


@formula
def log_sigmoid(x):
    """-log(1 + exp(-x)), as min(x, 0) - log(1 + exp(-|x|)); slope sigmoid(-x)."""
    e = exp_nonpositive(-absolute(x))
    value = select(x < 0, x, -0.0) - log1p_of_unit(e)
    slope = divide(select(x < 0, e.like(1), e), sum_to_divide_by(x.like(1), e))
    return value, slope


@formula
def hard_sigmoid(x):
    """clip(x + 3, 0, 6) / 6."""
    value = times_constant(x + 3, SIXTH, SIXTH_REST)
    value = select(x <= -3, x.like(0), select(x >= 3, x.like(1), value))
    slope = select(x <= -3, x.like(0), select(x >= 3, x.like(0), SIXTH))
    return value, keep_nan(x, slope)


@formula
def hard_sigmoid_affine(x, slope, offset):
    """clip(slope * x + offset, 0, 1), product and sum rounded once."""
    line = fused(slope, x, offset)
    value = select(line <= 0, x.like(0), select(line >= 1, x.like(1), line))
    # What rounds to 1 may be less: the difference to 1 does not round where it matters.
    inside = (line > 0) & (fused(slope, x, offset - 1) < 0)
    return value, keep_nan(line, select(inside, slope, 0))


@formula
def sparse_sigmoid(x):
    """clip((x + 1) / 2, 0, 1)."""
    value = select(x <= -1, x.like(0), select(x >= 1, x.like(1), mul_add(x, 0.5, 0.5)))
    slope = select(x <= -1, x.like(0), select(x >= 1, x.like(0), 0.5))
    return value, keep_nan(x, slope)


SHORT_TANH_END = Constant(40.0, 350.0)


def tanh_of_size(size, low=None):
    """(tanh, slope) of size + low >= 0: (1 - e) / (1 + e) with e = exp(-2 size) by way of e - 1;
    slope 4e / (1 + e)^2."""
    difference, four_e = expm1_and_4_exp(-2 * size, low if low is None else -2 * low)
    divisor = sum_to_divide_by(difference.like(2), difference)
    reciprocal = divide(size.like(1), divisor)
    return divide(-difference, divisor), four_e * reciprocal * reciprocal


def short_tanh_of_size(size, low=None):
    """(tanh, slope) of size + low >= 0 by e = exp(2 size): (e - 1) / (e + 1), 4e / (e + 1)^2."""
    p, scale = short_exp_factors(2 * size, low if low is None else 2 * low, near_0=True)
    difference = mul_add(p, scale, scale - 1)
    divisor = difference + 2
    reciprocal = 1 / divisor
    return difference / divisor, (4 * mul_add(p, scale, scale) * reciprocal) * reciprocal


def tanh_is_far(x):
    """Where short_tanh is not right."""
    return absolute(x) > SHORT_TANH_END


@short_formula_of("tanh", tanh_is_far)
def short_tanh(x):
    """tanh(x) of ordinary x."""
    value, slope = short_tanh_of_size(absolute(x))
    return copy_sign(value, x), slope


@formula
def tanh(x):
    """tanh(x)."""
    value, slope = tanh_of_size(absolute(x))
    return copy_sign(value, x), slope


@formula
def hard_tanh(x, min_val, max_val):
    """x between min_val and max_val; the slope at both is 0."""
    value = select(x <= min_val, min_val, select(x >= max_val, max_val, x))
    slope = select(x <= min_val, x.like(0), select(x >= max_val, x.like(0), 1))
    return value, keep_nan(x, slope)


# Further out softsign is 1 and its slope 0; its divisor must stay finite.
SOFTSIGN_END = Constant(2.0**100, 2.0**600)


@formula
def softsign(x):
    """x / (1 + |x|)."""
    size = not_above(absolute(x), SOFTSIGN_END)
    reciprocal = 1 / (1 + size)
    return copy_sign(size * reciprocal, x), reciprocal * reciprocal


# Beyond these caps, or ratios, a step of short_softcap could be subnormal.
CAP_FROM, CAP_TO = Constant(2.0**-60, 2.0**-500), Constant(2.0**60, 2.0**500)

# Where |x / cap| is less, cap * tanh(x / cap) is x (x / cap may have lost its digits by then).
TANH_IS_X = Constant(2.0**-14, 2.0**-28)


def softcap_is_far(x, cap):
    """Where short_softcap is not right."""
    size, cap = absolute(x * (1 / cap)), absolute(cap)
    is_far = (size > SHORT_TANH_END) | (cap < CAP_FROM) | (cap > CAP_TO)
    return is_far | ((size < CAP_FROM) & (x != 0))


@short_formula_of("softcap", softcap_is_far)
def short_softcap(x, cap):
    """cap * tanh(x / cap) of ordinary x and cap."""
    reciprocal = 1 / cap
    ratio = x * reciprocal
    error = fused(-ratio, cap, x) * reciprocal
    value, slope = short_tanh_of_size(absolute(ratio), flip_sign(error, ratio))
    return cap * copy_sign(value, ratio), slope


@formula
def softcap(x, cap):
    """cap * tanh(x / cap)."""
    ratio, error = quotient_and_error(x, cap)
    size = absolute(ratio)
    straight = size < TANH_IS_X
    low = select(straight, 0, near_or_0(flip_sign(error, ratio), ratio))  # NaN if cap is infinite
    value, slope = tanh_of_size(size, low)
    return select(straight, x, cap * copy_sign(value, ratio)), slope
