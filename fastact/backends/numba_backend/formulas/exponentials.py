"""Exponential on the left, straight on the right."""

from ..number import Constant, absolute, copy_sign, mul_add, select
from ..vecmath.exponential import (
    CEILING,
    SHORT_END,
    exp_factors,
    exp_halves,
    near_or_0,
    not_above,
    not_below,
    short_exp_factors,
    times_exp,
    value_of,
)
from ..vecmath.pairs import fused, quotient_and_error, times_constant
from ..vecmath.polynomials import polynomial
from .table import formula, parameter_slope_of, short_formula_of

INFINITY, NAN = float("inf"), float("nan")
SELU_SCALE = Constant(1.0507010221481323, 1.0507009873554805)
SELU_SCALE_REST = Constant(-3.479265231476347e-08, 3.9874847667154144e-17)
SELU_PRODUCT = Constant(1.7580993175506592, 1.7580993408473768)
SELU_PRODUCT_REST = Constant(2.3296717444054593e-08, 1.41535193800845e-17)


def expm1_nonpositive(x, exp):
    """exp(x) - 1 for x <= 0 from the factors of exp(x); a zero keeps its sign."""
    p, first, second = exp
    scale = first * second
    return copy_sign(mul_add(p, scale, scale - 1), x)


def elu_is_far(x, alpha):
    """Where short_elu is not right."""
    return x < -SHORT_END


@short_formula_of("elu", elu_is_far)
def short_elu(x, alpha):
    """elu where exp(x) is normal: whatever alpha is, only the last product rounds to subnormals."""
    p, scale = short_exp_factors(not_above(x, 0))
    value = alpha * copy_sign(mul_add(p, scale, scale - 1), x)
    slope = alpha * mul_add(p, scale, scale)
    return select(x > 0, x, value), select(x > 0, x.like(1), slope)


@formula
def elu(x, alpha):
    """x for x > 0, alpha * (exp(x) - 1) elsewhere; the slope at 0 is alpha."""
    left = not_above(x, 0)
    exp = exp_halves(left)
    value = alpha * expm1_nonpositive(left, exp)
    slope = copy_sign(times_exp(alpha, exp), alpha)
    # However small exp(x) is, times an endless alpha it is endless.
    slope = select((absolute(alpha) == INFINITY) & (x > -INFINITY), alpha, slope)
    return select(x > 0, x, value), select(x > 0, x.like(1), slope)


@parameter_slope_of("elu")
def elu_alpha(x, alpha):
    """exp(x) - 1 where x <= 0, else 0."""
    left = not_above(x, 0)
    return select(x > 0, x.like(0), expm1_nonpositive(left, exp_factors(left)))


@formula
def selu(x):
    """scale * elu(x, alpha) with the two constants that keep mean and variance."""
    left = not_above(x, 0)
    exp = exp_factors(left)
    p, first, second = exp
    value = times_constant(expm1_nonpositive(left, exp), SELU_PRODUCT, SELU_PRODUCT_REST)
    right = select(x == INFINITY, x, times_constant(x, SELU_SCALE, SELU_SCALE_REST))
    e = mul_add(first, p, first)
    slope = times_constant(e, SELU_PRODUCT, SELU_PRODUCT_REST) * second
    return select(x > 0, right, value), select(x > 0, x.like(SELU_SCALE), slope)


# Where |x / alpha| is less, alpha * (exp(x / alpha) - 1) is x.
EXPM1_IS_X = Constant(2.0**-26, 2.0**-55)


# Between these alpha, and for x from the first on, x / alpha is normal.
CELU_FROM, CELU_TO = Constant(2.0**-60, 2.0**-500), Constant(2.0**60, 2.0**500)


def celu_is_far(x, alpha):
    """Where short_celu is not right."""
    tiny = (absolute(x) < CELU_FROM) & (x != 0)
    return (x / alpha < -SHORT_END) | (alpha < CELU_FROM) | (alpha > CELU_TO) | tiny


@short_formula_of("celu", celu_is_far)
def short_celu(x, alpha):
    """celu of ordinary x and alpha. What x / alpha is rounded by counts in the slope alone."""
    z = not_above(x / alpha, 0)
    p, scale = short_exp_factors(z)
    value = alpha * copy_sign(mul_add(p, scale, scale - 1), x)
    e = mul_add(p, scale, scale)
    slope = mul_add(e, fused(-z, alpha, x) / alpha, e)
    return select(x > 0, x, value), select(x > 0, x.like(1), slope)


@formula
def celu(x, alpha):
    """x for x > 0, alpha * (exp(x / alpha) - 1) elsewhere; the slope at 0 is 1."""
    z, error = quotient_and_error(x, alpha)
    z = not_above(select(alpha > 0, z, NAN), CEILING)
    straight = absolute(z) < EXPM1_IS_X
    error = select(straight, 0, near_or_0(error, z))  # NaN if alpha is infinite
    exp = exp_halves(z, error, near_0=True)
    p, first, second = exp
    scale = first * second
    value = alpha * mul_add(p, scale, scale - 1)
    return select((x > 0) | straight, x, value), select(x > 0, x.like(1), value_of(exp))


# ((z exp(z) - expm1(z)) / z^2 - 1/2) / z for -1.5 <= z <= 1. Relative error of
# z exp(z) - expm1(z): 2^-25.7 and 2^-55.5.
exp_defect = polynomial(
    float32=(
        0.3333333134651184,
        0.1249999925494194,
        0.03333335369825363,
        0.006944417487829924,
        0.0011904211714863777,
        0.00017366725660394877,
        2.2162155801197514e-05,
        2.4909650164772756e-06,
        1.9797460026893532e-07,
    ),
    float64=(
        0.3333333333333333,
        0.12499999999999988,
        0.033333333333333784,
        0.006944444444446639,
        0.001190476190473204,
        0.00017361111109733454,
        2.2045855384828005e-05,
        2.480158769713953e-06,
        2.5052108809293214e-07,
        2.296437679223031e-08,
        1.9270599200518876e-09,
        1.4915523257325547e-10,
        1.0733825250066037e-11,
        7.120830572489614e-13,
        3.5342286759879016e-14,
    ),
)


FAR = -2048.0  # exp(z) is 0 there


@parameter_slope_of("celu")
def celu_alpha(x, alpha):
    """expm1(z) - z exp(z) with z = x / alpha, where x <= 0, else 0."""
    z, error = quotient_and_error(x, alpha)
    z = not_above(select(alpha > 0, z, NAN), CEILING)
    exp = exp_halves(z, near_or_0(error, z))
    z = not_below(z, FAR)
    near = -(z * z) * mul_add(z, exp_defect(z), 0.5)
    far = times_exp(1 - z, exp) - 1
    inside = (z > -1.5) & (z < 1)
    return select(x > 0, x.like(0), select(inside, near, far))
