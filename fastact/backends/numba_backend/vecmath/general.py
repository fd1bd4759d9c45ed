"""expm1, log and log1p of any number, for formulas that are not the catalogue's."""

from ..number import absolute, mul_add, select
from .exponential import (
    EXPONENT_FIELD,
    LN2_HIGH,
    LN2_LOW,
    exp,
    exp_halves,
    exp_nonpositive,
    not_above,
)
from .logarithm import (
    BIAS_IN_PLACE,
    BITS_OF_SQRT_HALF,
    INTEGER,
    INTEGER_AND_BIAS,
    LEAST_NORMAL,
    LIFT,
    LIFTED,
    TWICE_THE_BIAS_LESS_1,
    log1p_bend,
    log1p_of_unit,
)

INFINITY, NAN = float("inf"), float("nan")
REST_COUNTS_TO = 2.0**60


def expm1(x):
    """exp(x) - 1; above 1 the difference itself is right."""
    p, first, second = exp_halves(not_above(x, 1), near_0=True)
    scale = first * second
    return select(x > 1, exp(x) - 1, select(x == 0, x, mul_add(p, scale, scale - 1)))


def log(x):
    """log(x)."""
    return log_of_sum(x, x.like(0))


def log1p(x):
    """log(1 + x), from 1 + x and what it is rounded by."""
    total = 1 + x
    smaller, larger = select(absolute(x) > 1, x.like(1), x), select(absolute(x) > 1, x, 1)
    rest = smaller - (total - larger)
    return select(absolute(x) < INFINITY, select(x == 0, x, log_of_sum(total, rest)), log(x))


def log_of_sum(a, rest, more=0):
    """log(a + rest) + more, with a rest and more below the last places of a and the result."""
    tiny = a < LEAST_NORMAL
    a = select(tiny, a * LIFT, a)
    biased = (a.bits() - BITS_OF_SQRT_HALF + BIAS_IN_PLACE) >> EXPONENT_FIELD
    near_1 = (a.bits() - (biased << EXPONENT_FIELD) + BIAS_IN_PLACE).number()
    exponent = (biased + a.like(INTEGER).bits()).number() - INTEGER_AND_BIAS
    exponent = exponent - select(tiny, a.like(LIFTED), 0)
    scale = ((biased.like(TWICE_THE_BIAS_LESS_1) - biased) << EXPONENT_FIELD).number()
    f = near_1 - 1 + select(a < REST_COUNTS_TO, rest * scale, 0)
    low = mul_add(exponent, LN2_LOW, log1p_bend(f)) + more
    value = mul_add(exponent, LN2_HIGH, f + low)
    value = select(a == INFINITY, a, value)
    return select(a > 0, value, select(a == 0, a.like(-INFINITY), NAN))


def log_add_exp(a, b):
    """log(exp(a) + exp(b))."""
    larger, smaller = select(a > b, a, b), select(a > b, b, a)
    difference = smaller - larger
    equal = a == b  # also two infinities of one sign
    return larger + log1p_of_unit(exp_nonpositive(select(equal, difference.like(0), difference)))
