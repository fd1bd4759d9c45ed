"""exp and its relatives: x = n ln(2) + r with |r| <= ln(2)/2, a polynomial in r, and 2^n.

Powers of two come as two factors, because 2^n itself may be subnormal where the result, once
multiplied with something large, is not. Whatever else is to be multiplied goes between them.
"""

from ..number import Constant, absolute, mul_add, select
from .pairs import sum_of_ordered
from .polynomials import polynomial

# ln(2) in two parts; the high one is short, so that its product with any exponent is exact.
INVERSE_LN2 = Constant(1.4426950216293335, 1.4426950408889634)
LN2 = Constant(0.6931471824645996, 0.6931471805599453)
LN2_HIGH = Constant(0.69317626953125, 0.6931471805601177)
LN2_LOW = Constant(-2.9088971132296138e-05, -1.7239444525614835e-13)
INVERSE_LN2_BY_MINUS_2 = INVERSE_LN2.scaled(-0.5)
TWICE_LN2_HIGH, TWICE_LN2_LOW = LN2_HIGH.scaled(2), LN2_LOW.scaled(2)

# (exp(r) - 1 - r) / r^2 for |r| <= ln(2)/2. Relative error of exp(r): 2^-28.0 and 2^-57.2.
exp_remainder = polynomial(
    float32=(
        0.4999999701976776,
        0.16666530072689056,
        0.041667789220809937,
        0.008367849513888359,
        0.0013838756131008267,
    ),
    float64=(
        0.5000000000000004,
        0.1666666666666652,
        0.04166666666657846,
        0.008333333333447105,
        0.0013888888931947844,
        0.0001984126957925297,
        2.4801504327060926e-05,
        2.75575412928474e-06,
        2.762650247775837e-07,
        2.500943726439742e-08,
    ),
)

# (exp(-q/2) - 1) / q, the same polynomial.
density_slope = polynomial(
    **{
        dtype: (-0.5, *(c * (-0.5) ** k for k, c in enumerate(coefficients, start=2)))
        for dtype, coefficients in exp_remainder.coefficients.items()
    },
    careful=True,
)

# Powers of two are built with a head start of 2^64 (2^512), which stays normal where the result
# is subnormal: the one multiplication that removes it rounds a subnormal result correctly.
HEAD_START = Constant(2.0**64, 2.0**512)
NO_HEAD_START = Constant(2.0**-64, 2.0**-512)
# Adding this rounds n to an integer and leaves the biased exponent of 2^n with its head start in
# the low bits of the significand.
SHIFTER = Constant(1.5 * 2**23 + 127 + 64, 1.5 * 2**52 + 1023 + 512)
TWICE_THE_HEAD_START = Constant(128.0, 1024.0)
# For 2^n in two halves of about n/2: this leaves n + 2^8 (2^11).
SHIFTER_OF_HALVES = Constant(1.5 * 2**23 + 2**8, 1.5 * 2**52 + 2**11)
# The same without a head start, for 2^n that is normal.
SHORT_SHIFTER = Constant(1.5 * 2**23 + 127, 1.5 * 2**52 + 1023)
EXPONENT_FIELD = Constant(23, 52)

# Up to this size of x exp(x) is normal, and so it is times or over ordinary numbers.
SHORT_END = Constant(80.0, 700.0)

# Up to this size exp(x), and what a row's e add up to, is the same number but for a power of two
# whether it has the row's unit or none.
NEAR = Constant(43.0, 300.0)

# Up to this size of a row's largest element its unit is a power of two: n in what exp_over reduces
# has so few digits that n ln(2) is exact.
ORDINARY = Constant(200.0, 1400.0)

# Below the floor a product of exp(x) and any number of ordinary size rounds to 0; above the ceiling
# exp(x) is infinite.
FLOOR = Constant(-130.0, -1060.0)
FLOOR_OF_HALVES = Constant(-172.0, -1410.0)
CEILING = Constant(89.0, 710.0)


def not_below(x, least):
    """x, or `least` where x is less; NaN stays."""
    return select(x < least, least, x)


def not_above(x, most):
    """x, or `most` where x is more; NaN stays."""
    return select(x > most, most, x)


def near_or_0(low, x):
    """`low`, or 0 where x is so large that exp(-|x|) is 0, and low maybe no number."""
    return select(absolute(x) < -FLOOR_OF_HALVES, low, 0)


def power_of_two(shifted, x):
    """2^n with its head start; exactly 0 at the floor, which spares slow subnormal steps."""
    return select(x > FLOOR, (shifted.bits() << EXPONENT_FIELD).number(), 0)


def reduce(x, low=None, shifter=SHIFTER):
    """x + low = n ln(2) + r with |r| <= ln(2)/2: returns (r, what r is rounded by, n + shifter)."""
    shifted = mul_add(x, INVERSE_LN2, shifter)
    n = shifted - shifter
    high = mul_add(n, -LN2_HIGH, x)  # exact
    if low is None:
        return mul_add(n, -LN2_LOW, high), None, shifted
    r, rest = sum_of_ordered(high, mul_add(n, -LN2_LOW, low))
    return r, rest, shifted


def expm1_reduced(r, rest=None):
    """exp(r + rest) - 1 for |r| <= ln(2)/2, with small relative error near 0, too."""
    if rest is None:
        return mul_add(exp_remainder(r) * r, r, r)
    return r + mul_add(exp_remainder(r) * r, r, mul_add(rest, r, rest))


def short_exp_factors(x, low=None, near_0=False):
    """(p, scale): exp(x + low) = (1 + p) * scale for |x| <= SHORT_END, as exp_factors."""
    r, rest, shifted = reduce(x, low, SHORT_SHIFTER)
    p = expm1_reduced(r, rest if near_0 else None)
    return p, (shifted.bits() << EXPONENT_FIELD).number()


def short_density_factors(square, low):
    """short_exp_factors of -(square + low)/2, with -2r for r, which spares two products."""
    shifted = mul_add(square, INVERSE_LN2_BY_MINUS_2, SHORT_SHIFTER)
    n = shifted - SHORT_SHIFTER
    q = mul_add(n, TWICE_LN2_HIGH, square) + mul_add(n, TWICE_LN2_LOW, low)
    return q * density_slope(q), (shifted.bits() << EXPONENT_FIELD).number()


def short_exp(x, low=None):
    """exp(x + low) for |x| <= SHORT_END."""
    p, scale = short_exp_factors(x, low)
    return mul_add(p, scale, scale)


def short_exp_error(x):
    """What rounding took from short_exp(x), relative to it."""
    r, _, shifted = reduce(x, None, SHORT_SHIFTER)
    n = shifted - SHORT_SHIFTER
    lost = mul_add(n, -LN2_LOW, mul_add(n, -LN2_HIGH, x) - r)
    bend = exp_remainder(r) * r
    p = mul_add(bend, r, r)
    whole = 1 + p
    rest = mul_add(lost, p, lost) + mul_add(bend, r, r - p)
    return ((p - (whole - 1)) + rest) / whole


def exponent_of(x):
    """The n of 2^n next to exp(x)."""
    return reduce(x)[2] - SHIFTER


def short_end_over(unit):
    """The x from which on exp(x) / 2^unit is surely a normal number."""
    return mul_add(unit, LN2, -SHORT_END)


def short_exp_over(x, unit):
    """exp(x) / 2^unit from short_end_over(unit) on: the bits of exp_over, and of short_exp."""
    r, _, shifted = reduce(x, None, SHORT_SHIFTER)
    scale = ((shifted - unit).bits() << EXPONENT_FIELD).number()
    return mul_add(expm1_reduced(r), scale, scale)


def exp_over(x, unit):
    """exp(x) / 2^unit for x up to the number whose exponent_of is the unit."""
    floor = mul_add(unit, LN2, FLOOR)
    x = not_below(x, floor)
    r, _, shifted = reduce(x)
    scale = select(x > floor, ((shifted - unit).bits() << EXPONENT_FIELD).number(), 0)
    return mul_add(scale, expm1_reduced(r), scale) * NO_HEAD_START


def exp_factors(x, low=None, near_0=False):
    """(p, first, second): exp(x + low) = (1 + p) * first * second, for x <= 0.

    `first` has a head start. `low` is small beside x, and finite. With near_0 a p next to 0 has a
    small relative error, too. NaN comes out in p.
    """
    x = not_below(x, FLOOR)
    r, rest, shifted = reduce(x, low)
    return (
        expm1_reduced(r, rest if near_0 else None),
        power_of_two(shifted, x),
        x.like(NO_HEAD_START),
    )


def exp_halves(x, low=None, near_0=False):
    """As exp_factors, also for x up to CEILING, with two factors of about the same size."""
    x = not_below(x, FLOOR_OF_HALVES)
    r, rest, shifted = reduce(x, low, SHIFTER_OF_HALVES)
    n = shifted.bits()
    half = n >> 1
    first = ((half - 1) << EXPONENT_FIELD).number()
    second = ((n - half - 1) << EXPONENT_FIELD).number()
    first = select(x > FLOOR_OF_HALVES, first, 0)
    return expm1_reduced(r, rest if near_0 else None), first, second


def times_exp(factor, exp):
    """factor * exp(x), rounded once but for p and a subnormal result; `exp` as from exp_factors.

    A result of 0 may have lost the sign of the factor.
    """
    p, first, second = exp
    scaled = factor * first
    return mul_add(scaled, p, scaled) * second


def value_of(exp):
    """exp(x) from its factors."""
    p, first, second = exp
    return mul_add(first, p, first) * second


def exp(x):
    """exp(x)."""
    x = not_below(not_above(x, CEILING), FLOOR)
    r, _, shifted = reduce(x)
    positive = x > 0
    scale = power_of_two(shifted - select(positive, x.like(TWICE_THE_HEAD_START), 0), x)
    return mul_add(scale, expm1_reduced(r), scale) * select(
        positive, x.like(HEAD_START), NO_HEAD_START
    )


def exp_nonpositive(x, low=None):
    """exp(x + low) for x <= 0, with `low` as in exp_factors, or anything where exp(x) is 0."""
    return value_of(exp_factors(x, low if low is None else near_or_0(low, x)))


def expm1_and_4_exp(x, low=None):
    """(exp(x) - 1, 4 exp(x)) for x <= 0; both with small relative error everywhere."""
    p, first, second = exp_factors(x, low, near_0=True)
    scale = first * second
    return mul_add(p, scale, scale - 1), mul_add(p, first, first) * (4 * second)
