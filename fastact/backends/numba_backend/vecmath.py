"""Elementary functions from plain arithmetic: no branch and no library call, so they vectorise.

Written once for float32 and float64. A NumPy float32 that both types hold exactly (0, 1, 2, ...)
takes the type of whatever it meets; every other constant is a `constant` or a `polynomial` with
one value per type. All coefficients are printed by tools/derive_numba_polynomials.py.
"""

import numpy as np
from numba import njit

from .intrinsics import constant, low_bits_as_exponent, mul_add, polynomial, select

inline = njit(error_model="numpy", forceinline=True)
"""Compiles a part of a loop: it leaves no call behind, also in a loop from the cache."""

ZERO = np.float32(0)
ONE = np.float32(1)
TWO = np.float32(2)
FOUR = np.float32(4)

# ln(2) in two parts; the high one is short, so that its product with any exponent is exact.
inverse_ln2 = constant(1.4426950216293335, 1.4426950408889634)
ln2_high = constant(0.69317626953125, 0.6931471805601177)
ln2_low = constant(-2.9088971132296138e-05, -1.7239444525614835e-13)

# (exp(r) - 1 - r) / r^2 for |r| <= ln(2)/2. Relative error of exp: 2^-27.8 and 2^-56.4; of
# exp - 1: 2^-25.7 and 2^-54.9.
exp_remainder = polynomial(
    float32=(
        0.4999999403953552,
        0.16666530072689056,
        0.041668228805065155,
        0.008367849513888359,
        0.0013818814186379313,
    ),
    float64=(
        0.5000000000000004,
        0.16666666666666471,
        0.041666666666580025,
        0.008333333333476215,
        0.0013888888931557742,
        0.0001984126951493957,
        2.4801504725373626e-05,
        2.7557599676387608e-06,
        2.7626364043272217e-07,
        2.499077019150027e-08,
    ),
)

# Powers of two are built with a head start of 2^64 (2^512), which stays normal where the result
# is subnormal: the one multiplication that removes it rounds a subnormal result correctly.
head_start = constant(2.0**64, 2.0**512)
no_head_start = constant(2.0**-64, 2.0**-512)
# Adding this rounds n to an integer and leaves the biased exponent of 2^n with its head start in
# the low bits of the significand.
shifter = constant(1.5 * 2**23 + 127 + 64, 1.5 * 2**52 + 1023 + 512)
twice_the_head_start = constant(128.0, 1024.0)

# Below: 4 exp(x) rounds to 0. Above: exp(x) is infinite.
exp_floor = constant(-106.0, -748.0)
exp_ceiling = constant(89.0, 710.0)


@inline
def clamp_below(x):
    """x, or exp_floor where x is less; NaN stays."""
    return select(x < exp_floor(x), exp_floor(x), x)


@inline
def reduce(x):
    """x = n ln(2) + r with |r| <= ln(2)/2: returns (r, n + shifter)."""
    shifted = mul_add(x, inverse_ln2(x), shifter(x))
    n = shifted - shifter(x)
    return mul_add(n, -ln2_low(x), mul_add(n, -ln2_high(x), x)), shifted


@inline
def power_of_two(shifted, x):
    """2^n with its head start; exactly 0 at the floor, which spares slow subnormal steps."""
    return select(x > exp_floor(x), low_bits_as_exponent(shifted), ZERO)


@inline
def exp_reduced(r):
    """exp(r) for |r| <= ln(2)/2."""
    return mul_add(mul_add(exp_remainder(r), r, ONE), r, ONE)


@inline
def expm1_reduced(r):
    """exp(r) - 1 for |r| <= ln(2)/2, with small relative error near 0."""
    return mul_add(exp_remainder(r) * r, r, r)


@inline
def exp(x):
    """exp(x)."""
    x = select(x > exp_ceiling(x), exp_ceiling(x), clamp_below(x))
    r, shifted = reduce(x)
    positive = x > ZERO
    scale = power_of_two(shifted - select(positive, twice_the_head_start(x), ZERO), x)
    return exp_reduced(r) * scale * select(positive, head_start(x), no_head_start(x))


@inline
def exp_nonpositive(x):
    """exp(x) for x <= 0: as exp, a little less work."""
    x = clamp_below(x)
    r, shifted = reduce(x)
    return exp_reduced(r) * power_of_two(shifted, x) * no_head_start(x)


@inline
def exp_nonpositive_sum(x, low):
    """exp(x + low) for x <= 0 and |low| at most half a unit in the last place of x.

    Where exp(x) rounds to 0, low may be anything.
    """
    clamped = clamp_below(x)
    r, shifted = reduce(clamped)
    r = r + select(clamped > exp_floor(x), low, ZERO)
    return exp_reduced(r) * power_of_two(shifted, clamped) * no_head_start(x)


@inline
def expm1_and_4_exp(x):
    """(exp(x) - 1, 4 exp(x)) for x <= 0; both with small relative error everywhere."""
    x = clamp_below(x)
    r, shifted = reduce(x)
    difference = expm1_reduced(r)
    scale = power_of_two(shifted, x)
    four_exp = mul_add(difference, scale, scale) * (FOUR * no_head_start(x))
    scale *= no_head_start(x)
    return mul_add(difference, scale, scale - ONE), four_exp


@inline
def sum_to_divide_by(a, b):
    """a + b for |a| >= |b|, as `divide` wants it: (rounded, what rounding lost, 1 / rounded)."""
    total = a + b
    return total, b - (total - a), ONE / total


@inline
def divide(numerator, divisor):
    """The quotient, correct to little more than half a unit in the last place."""
    total, lost, reciprocal = divisor
    quotient = numerator * reciprocal
    remainder = mul_add(-lost, quotient, mul_add(-total, quotient, numerator))
    return mul_add(reciprocal, remainder, quotient)


@inline
def difference_and_error(a, b):
    """a - b rounded, and what the rounding lost (NaN where a - b is not finite)."""
    difference = a - b
    back = difference - a
    return difference, (a - (difference - back)) - (b + back)
