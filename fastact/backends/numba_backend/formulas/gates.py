"""x times a gate between 0 and 1."""

from ..number import Constant, absolute, copy_sign, flip_sign, mul_add, select
from ..vecmath.exponential import (
    SHORT_END,
    exp_factors,
    exp_halves,
    near_or_0,
    not_above,
    not_below,
    short_exp,
    value_of,
)
from ..vecmath.pairs import (
    divide,
    limit_of_product,
    product,
    sum_and_error,
    sum_to_divide_by,
    times_constant,
)
from .sigmoids import SIXTH, SIXTH_REST, is_beyond_short_exp
from .table import formula, parameter_slope_of, short_formula_of

# Beyond, a gate is 0 or 1.
END = Constant(174.0, 1420.0)


def within(x, end):
    """x moved into [-end, end]; NaN stays."""
    return not_below(not_above(x, end), -end)


def gated(x, near, v, low, w, factors=exp_factors):
    """(x s, s + w s (1 - s)) with s = sigmoid(v + low), w + low = x v'; near is x, but finite.

    With e = exp(-|v|) and D = 1 + e, s is 1/D or e/D, and the slope (D + w e)/D^2 or e (D + w)/D^2.
    Whatever is multiplied with e is so between the two factors of its power of 2. All but x must
    be finite.
    """
    negative = v < 0
    exp = factors(-absolute(v), None if low is None else -flip_sign(low, v))
    e = value_of(exp)
    p, first, second = (
        select(negative, part, at_0) for part, at_0 in zip(exp, (0, 1, 1), strict=True)
    )
    divisor = sum_to_divide_by(x.like(1), e)
    numerator = near * first
    value = divide(mul_add(numerator, p, numerator), divisor) * second
    value = select(v >= END, x, copy_sign(value, x))
    left = (1 + w) + (e if low is None else e + low)
    right = mul_add(w if low is None else w + low, e, divisor[0])
    numerator = select(negative, left, right) * first
    quotient = divide(mul_add(numerator, p, numerator), divisor)
    return value, copy_sign(quotient * divisor[2] * second, numerator)


def short_gated(x, v, low, w):
    """The same for |v| up to SHORT_END, with e = exp(-v): x/D and (1 + (1 + w) e)/D^2."""
    e = short_exp(-v, low if low is None else -low)
    reciprocal = 1 / (1 + e)
    slope = mul_add(1 + w, e, 1) * reciprocal
    return x * reciprocal, slope * reciprocal


@short_formula_of("silu", is_beyond_short_exp)
def short_silu(x):
    """x * sigmoid(x) of ordinary x."""
    return short_gated(x, x, None, x)


@formula
def silu(x):
    """x * sigmoid(x)."""
    near = within(x, END)
    return gated(x, near, near, None, near)


INFINITY = float("inf")
LARGEST = Constant(3.4028234663852886e38, 1.7976931348623157e308)


@formula
def swish(x, beta):
    """x * sigmoid(beta * x)."""
    near = within(x, LARGEST)
    v, low = product_of_any(beta, near, x)
    low, v = near_or_0(low, v), within(v, END)
    value, slope = gated(x, near, v, low, v, exp_halves)
    return select((v == 0) & (near != x), x, value), slope


def product_of_any(beta, near, x):
    """beta times `near`, which is x or the largest number; infinite where x is, but for a beta of
    0."""
    v, low = limit_of_product(beta, near)
    return select((absolute(x) == INFINITY) & (v != 0), v * INFINITY, v), low


def swish_is_far(x, beta):
    """Where short_swish is not right."""
    return ~(absolute(beta * x) <= SHORT_END) | (absolute(x) > LARGEST)


@short_formula_of("swish", swish_is_far)
def short_swish(x, beta):
    """x * sigmoid(beta * x) of ordinary beta * x."""
    v, low = product(beta, x)
    return short_gated(x, v, low, v)


@parameter_slope_of("swish")
def swish_beta(x, beta):
    """x^2 e / (1 + e)^2 with e = exp(-|beta * x|); the limit at both ends is 0."""
    size = absolute(within(x, LARGEST))
    v, low = product_of_any(beta, size, x)
    exp = exp_halves(-absolute(v), -flip_sign(near_or_0(low, v), v))
    p, first, second = exp
    divisor = sum_to_divide_by(x.like(1), value_of(exp))
    numerator = size * first
    quotient = divide(mul_add(numerator, p, numerator), divisor)
    return divide(quotient, divisor) * (size * second)


QUICK = Constant(1.7020000219345093, 1.702)
QUICK_END = Constant(47.0, 411.0)
QUICK_REST = Constant(-2.1934509319976314e-08, 4.263256414560601e-17)


@formula
def quick_gelu(x):
    """x * sigmoid(1.702 x)."""
    near = within(x, END)
    v, low = product(near, near.like(QUICK))
    return gated(x, near, v, mul_add(near, QUICK_REST, low), v)


def quick_gelu_is_far(x):
    """Where short_quick_gelu is not right."""
    return absolute(x) > QUICK_END


@short_formula_of("quick_gelu", quick_gelu_is_far)
def short_quick_gelu(x):
    """x * sigmoid(1.702 x) of ordinary x."""
    v, low = product(x, x.like(QUICK))
    return short_gated(x, v, mul_add(x, QUICK_REST, low), v)


@formula
def hard_swish(x):
    """x * clip(x + 3, 0, 6) / 6; the slope at -3 is 0, at 3 it is 1."""
    value = copy_sign(times_constant(x * (x + 3), SIXTH, SIXTH_REST), x)
    value = select(x <= -3, x.like(-0.0), select(x >= 3, x, value))
    slope = times_constant(mul_add(x, 2, 3), SIXTH, SIXTH_REST)
    return value, select(x <= -3, x.like(0), select(x >= 3, x.like(1), slope))


@formula
def mish(x):
    """x * tanh(log(1 + exp(x))).

    For x < 0, with e = exp(x), it is x n / d with n = e (e + 2), d = n + 2, and its slope
    e (4 (1 + x) (1 + e) + e (2 + 4e + e^2)) / d^2; with e = exp(-x) for x >= 0, x n / d with
    n = 1 + 2e, d = n + 2e^2, and (n d + 4x e^2 (1 + e)) / d^2.
    """
    negative = x < 0
    exp = exp_factors(-absolute(x))
    e = value_of(exp)
    p, first, second = (
        select(negative, part, at_0) for part, at_0 in zip(exp, (0, 1, 1), strict=True)
    )
    n_right = mul_add(e, 2, 1)
    rest = select(negative, e * (e + 2), 2 * (e * e))
    total, lost = sum_and_error(select(negative, e.like(2), n_right), rest)
    divisor = total, lost, 1 / total
    near = within(x, END)
    numerator = near * first
    numerator = mul_add(numerator, p, numerator) * select(negative, e + 2, n_right)
    value = copy_sign(divide(numerator, divisor) * second, x)
    left = mul_add(4 * (1 + near), 1 + e, e * mul_add(e, e + 4, 2))
    right = mul_add(n_right, total, 4 * near * (e * e) * (1 + e))
    numerator = select(negative, left, right) * first
    slope = divide(divide(mul_add(numerator, p, numerator), divisor), divisor) * second
    slope = copy_sign(slope, numerator)
    return select(x > END, x, value), slope


# Up to this size of x exp(x)^4 is an ordinary number.
MISH_END = Constant(21.0, 170.0)


def mish_is_far(x):
    """Where short_mish is not right."""
    return absolute(x) > MISH_END


@short_formula_of("mish", mish_is_far)
def short_mish(x):
    """x * tanh(log(1 + exp(x))) of ordinary x, as for x < 0 above."""
    e = short_exp(x)
    n = mul_add(e, e, 2 * e)
    d = n + 2
    reciprocal = 1 / d

    def over_d(numerator):
        rough = numerator * reciprocal
        return mul_add(mul_add(-rough, d, numerator), reciprocal, rough)

    bend = mul_add(4 * (1 + x), 1 + e, e * mul_add(e, e + 4, 2))
    return x * over_d(n), over_d(over_d(e * bend))
