"""exp, the inverse of sigmoid, and a wave."""

from ..number import Constant, absolute, mul_add, select
from ..vecmath import sine
from ..vecmath.exponential import exp
from ..vecmath.logarithm import LEAST_NORMAL, log_of_quotient
from ..vecmath.pairs import fused, product, sum_and_error
from ..vecmath.turns import reduce_product
from .table import formula, short_formula_of

INFINITY, NAN = float("inf"), float("nan")


@formula
def exponential(x):
    """exp(x)."""
    value = exp(x)
    return value, value


@formula
def logit(x):
    """log(x / (1 - x)), as log(a / b) with a and b the smaller and the larger of x and 1 - x."""
    upper = x > 0.5
    other = 1 - x
    a, b = absolute(select(upper, other, x)), select(upper, x, other)
    rest = select(upper, x.like(0), (1 - other) - x)
    log = select(a == 0, x.like(-INFINITY), log_of_quotient(a, b, rest))
    inside = (x >= 0) & (x <= 1)
    value = select(inside, select(upper, -log, log), NAN)
    return value, select(inside, 1 / (a * b), NAN)


# Where |alpha x| is less, sin(alpha x)^2 is (alpha x)^2.
SINE_IS_X = 2.0**-28
# An alpha out of this range is far.
ALPHA_FROM, ALPHA_TO = Constant(2.0**-100, 2.0**-1000), Constant(2.0**100, 2.0**1000)


def snake_begin(x, z, value):
    """`value` but where sin(z)^2 is z^2."""
    return select(absolute(z) < SINE_IS_X, mul_add(x, z, x), value)


def snake_of_double(x, alpha, by_sine, by_slope):
    """x + sin(z)^2 / alpha, and the same slope."""
    # The inverse of a subnormal alpha may be infinite.
    scale = select(absolute(alpha) < LEAST_NORMAL, x.like(2.0**64), 1)
    inverse = 1 / (alpha * scale)
    square, rest = sine.square(*by_sine)
    quotient = square * scale * inverse
    rest = (fused(-quotient, alpha, square) + rest) * scale * inverse
    value, error = sum_and_error(x, quotient)
    value = value + select(absolute(value) < INFINITY, error + rest, 0)
    square, rest = sine.square(*by_slope)
    return snake_begin(x, alpha * x, value), 2 * (square + rest)


def snake_is_far(x, alpha):
    """Where short_snake is not right, at infinities, too."""
    size = absolute(alpha)
    return (size < ALPHA_FROM) | (size > ALPHA_TO) | (absolute(alpha * x) > sine.REDUCIBLE)


@short_formula_of("snake", snake_is_far)
def short_snake(x, alpha):
    """snake for an ordinary alpha and z; of float32 as (z + sin(z)^2) / alpha."""
    if not x.single:
        z, low = product(alpha, x)
        return snake_of_double(x, alpha, sine.reduce(z, low, 0), sine.reduce(z, low, 1))
    z = alpha.widened() * x.widened()  # exact
    by_sine, by_slope = sine.reduce_short(z, 0), sine.reduce_short(z, 1)
    value = (z + sine.rough_square(*by_sine)).narrowed() / alpha
    slope = sine.rough_square(*by_slope).narrowed()
    return snake_begin(x, alpha * x, value), slope + slope


@formula
def snake(x, alpha):
    """x + sin(z)^2 / alpha with z = alpha x; slope 2 sin(z + pi/4)^2.

    Of an endless alpha the value is x; the slope has no limit there, nor at an endless x.
    """
    value, slope = snake_of_any_product(x, alpha)
    endless = absolute(alpha) == INFINITY
    finite = ~endless & (absolute(x) < INFINITY)
    return select(endless | (absolute(x) == INFINITY), x, value), select(finite, slope, NAN)


def snake_of_any_product(x, alpha):
    """snake, whatever alpha * x is modulo pi."""
    if not x.single:
        return snake_of_double(x, alpha, *(reduce_product(alpha, x, halves) for halves in (0, 1)))
    wide_alpha, wide_x = alpha.widened(), x.widened()
    (r, rest, odd), by_slope = (reduce_product(wide_alpha, wide_x, halves) for halves in (0, 1))
    value = wide_x + sine.rough_square(r + rest, odd) / wide_alpha
    r, rest, odd = by_slope
    slope = 2 * sine.rough_square(r + rest, odd)
    return snake_begin(x, alpha * x, value.narrowed()), slope.narrowed()
