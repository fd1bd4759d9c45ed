"""Smooth versions of relu."""

from ..number import Constant, absolute, copy_sign, flip_sign, mul_add, select, square_root
from ..vecmath.exponential import exp_halves, near_or_0, not_above, not_below, value_of
from ..vecmath.logarithm import log1p_of_unit, log1p_ratio
from ..vecmath.pairs import divide, limit_of_product, quotient, sum_to_divide_by
from .table import formula, keep_nan, parameter_slope_of, short_formula_of

# Where e is less, log(1 + e) is e, and so is e / (1 + e).
SMALL = Constant(2.0**-30, 2.0**-60)
# Beyond, exp(-|z|) is 0.
END = Constant(2.0**8, 2.0**11)


def exp_of_minus_size(z, low):
    """The factors of exp(-|z + low|)."""
    return exp_halves(-absolute(z), -flip_sign(near_or_0(low, z), z))


@formula
def softplus(x, beta):
    """log(1 + exp(z)) / beta with z = beta * x, as max(x, 0) + log(1 + exp(-|z|)) / beta."""
    z, low = limit_of_product(beta, x)
    p, first, second = exp_of_minus_size(z, low)
    scaled = mul_add(first, p, first)
    e = scaled * second
    # Divided by beta, a subnormal logarithm may become normal.
    log = scaled * log1p_ratio(e - 0.5)
    value = select(z > 0, x, -0.0) + log / beta * second
    slope = divide(select(z < 0, e, 1), sum_to_divide_by(x.like(1), e))
    return value, slope


@parameter_slope_of("softplus")
def softplus_beta(x, beta):
    """-(|z| e / (1 + e) + log(1 + e)) / beta^2 with e = exp(-|z|)."""
    z, low = limit_of_product(beta, x)
    exp = exp_of_minus_size(z, low)
    e = value_of(exp)
    p, first, second = exp
    small = e < SMALL
    size = not_above(absolute(z), END)
    scaled = mul_add(first, p, first)
    ordinary = divide(size * e, sum_to_divide_by(x.like(1), e)) + log1p_of_unit(e)
    total = select(small, mul_add(size, scaled, scaled), ordinary)
    return -(total / beta * select(small, second, 1) / beta)


# Between these x and b need no scaling; b also not below the first, beside an x that does.
SQUARES_FROM, SQUARES_TO = Constant(2.0**-40, 2.0**-400), Constant(2.0**60, 2.0**500)
SQUARED_FROM = Constant(2.0**-80, 2.0**-800)
UP, DOWN = Constant(2.0**100, 2.0**600), Constant(2.0**-66, 2.0**-540)
LARGEST = Constant(3.4028234663852886e38, 1.7976931348623157e308)
INFINITY, NAN = float("inf"), float("nan")
BACK_UP, BACK_DOWN = Constant(2.0**-100, 2.0**-600), Constant(2.0**66, 2.0**540)


# No step of short_squareplus is subnormal, nor does one overflow, where its value is at least this
# and below 2**128 or 2**1024 times as much.
SHORT_FROM = Constant(2.0**-57, 2.0**-450)


def not_negative(b):
    """b, or NaN where squareplus is not defined for all x."""
    return select(b >= 0, b, NAN)


def squareplus_is_far(x, b):
    """Not 0 where short_squareplus is not right: by its value, which is computed once for both."""
    value, _ = short_squareplus(x, b)
    return (value.bits() - value.like(SHORT_FROM).bits()) >> (30 if x.single else 62)


@short_formula_of("squareplus", squareplus_is_far)
def short_squareplus(x, b):
    """squareplus where its value is ordinary; the slope is the value over the root."""
    root = square_root(mul_add(x, x, not_negative(b)))
    total = root + absolute(x)
    value = select(x < 0, quotient(0.5 * b, total), 0.5 * total)
    return value, value / root


@formula
def squareplus(x, b):
    """(x + root) / 2 with root = sqrt(x^2 + b); for x < 0 it is b / (2 (root - x)).

    x and b are scaled by a power of 2 (4) if a square would overflow or underflow. The slope is
    (1 + x / root) / 2, or b / (2 root (root - x)) where that would cancel.
    """
    b = not_negative(b)
    size = absolute(x)
    large = (size > SQUARES_TO) | (b > SQUARES_TO)
    small = (size < SQUARES_FROM) & (b < SQUARED_FROM)
    scale = select(large, x.like(DOWN), select(small, x.like(UP), 1))
    back = select(large, x.like(BACK_DOWN), select(small, x.like(BACK_UP), 1))
    size = not_above(size, LARGEST) * scale
    scaled_b = b * scale
    twice_scaled_b = scaled_b * scale
    root = square_root(mul_add(size, size, twice_scaled_b))
    total = sum_to_divide_by(root, size)
    value = select(x < 0, 0.5 * divide(scaled_b, total), 0.5 * total[0] * back)
    value = select(absolute(x) == INFINITY, not_below(x, 0), value)
    value = select(b < INFINITY, value, keep_nan(x, b))
    inverse = 1 / (root * total[0])
    # Nothing here may become subnormal before the last product.
    left = select(large, scaled_b, twice_scaled_b) * inverse * select(large, scale, 1) * 0.5
    left = select(x == -INFINITY, x.like(0), left)
    right = mul_add(copy_sign(size * (inverse * total[0]), x), 0.5, 0.5)
    slope = select(x * scale < -0.5 * root, left, right)
    slope = select(root == 0, x.like(0.5), slope)
    return value, select(b == INFINITY, keep_nan(x, 0.5), slope)


@formula
def sparse_plus(x):
    """0 for x <= -1, (x + 1)^2 / 4 between, x for x >= 1."""
    raised = mul_add(x, 0.5, 0.5)
    value = select(x <= -1, x.like(0), select(x >= 1, x, raised * raised))
    slope = select(x <= -1, x.like(0), select(x >= 1, x.like(1), raised))
    return value, slope
