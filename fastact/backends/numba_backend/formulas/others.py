"""exp, the inverse of sigmoid, and a wave."""

from ..number import Constant, absolute, mul_add, select
from ..vecmath import sine
from ..vecmath.exponential import exp
from ..vecmath.logarithm import log_of_quotient
from ..vecmath.pairs import fused, product, sum_and_error
from ..vecmath.turns import reduce_product
from .table import far_formula_of, formula

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
# An alpha out of this range is left to snake_far.
ALPHA_FROM, ALPHA_TO = Constant(2.0**-100, 2.0**-1000), Constant(2.0**100, 2.0**1000)


def product_in_double(alpha, x):
    """alpha * x as two float64; the second is 0 for float32, whose product is exact."""
    if x.single:
        z = alpha.widened() * x.widened()
        return z, z.like(0)
    return product(alpha, x)


def inverse_in_double(alpha):
    """1 / alpha; of a float32 in two steps, as dividing in float64 takes twice the time."""
    if not alpha.single:
        return 1 / alpha
    rough, alpha = (1 / alpha).widened(), alpha.widened()
    return rough * mul_add(-alpha, rough, 2)


def snake_from(x, alpha, inverse, by_sine, by_slope):
    """x + sin(z)^2 / alpha and 2 sin(z + pi/4)^2; z = alpha x and z + pi/4 come reduced."""
    z, _ = product_in_double(alpha, x)
    wide_x = x.widened() if x.single else x
    if x.single:
        value = mul_add(sine.rough_square(*by_sine), inverse, wide_x)
        slope = 2 * sine.rough_square(*by_slope)
    else:
        square, rest = sine.square(*by_sine)
        quotient = square * inverse
        rest = (fused(-quotient, alpha, square) + rest) * inverse
        value, error = sum_and_error(x, quotient)
        value = value + (error + rest)
        square, rest = sine.square(*by_slope)
        slope = 2 * (square + rest)
    value = select(absolute(z) < SINE_IS_X, mul_add(wide_x, z, wide_x), value)
    value = select(absolute(wide_x) == INFINITY, wide_x, value)
    return (value.narrowed(), slope.narrowed()) if x.single else (value, slope)


@formula
def snake(x, alpha):
    """x + sin(z)^2 / alpha with z = alpha x; slope 2 sin(z + pi/4)^2."""
    z, low = product_in_double(alpha, x)
    reduced = sine.reduce(z, low, 0), sine.reduce(z, low, 1)
    return snake_from(x, alpha, inverse_in_double(alpha), *reduced)


def snake_is_far(x, alpha):
    """Where sine.reduce, or the inverse of alpha, is not right; not at infinities and NaN."""
    size = absolute(alpha)
    is_far = (size < ALPHA_FROM) | (size > ALPHA_TO) | (absolute(alpha * x) > sine.REDUCIBLE)
    return is_far & (absolute(x) < INFINITY)


@far_formula_of("snake", snake_is_far)
def snake_far(x, alpha):
    """snake for an alpha and a z of any size."""
    factors = (alpha.widened(), x.widened()) if x.single else (alpha, x)
    reduced = reduce_product(*factors, 0), reduce_product(*factors, 1)
    return snake_from(x, alpha, 1 / factors[0], *reduced)
