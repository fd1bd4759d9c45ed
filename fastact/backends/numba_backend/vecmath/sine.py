"""The square of the sine, in float64 alone: float32 is computed in it.

The square has the period pi, and 1 + sin(2z) is 2 sin(z + pi/4)^2, which does not cancel.
"""

from ..number import Constant, mul_add, select
from .pairs import difference_and_error, product, sum_and_error
from .polynomials import polynomial


def _double(number):
    return Constant(number, number)


TWO_BY_PI = _double(0.6366197723675814)
# pi/2 in three parts; the first two are short, so that n/2 times them is exact for n < 2^23.
HALF_PI_PARTS = tuple(
    map(_double, (1.5707963276654482, -8.705515692000731e-10, -3.50343439808993e-19))
)
ROUND = 1.5 * 2**52  # adding and subtracting it rounds to an integer

REDUCIBLE = 2.0**20
"""Up to here `reduce` is right."""

# ((sin(r) - r) / r^3 + 1/6) / r^2 of r^2, for |r| <= pi/4. Relative error of sin(r): 2^-65.8.
SIXTH = _double(0.16666666666666666)
sine_part = polynomial(
    float32=None,
    float64=(
        0.008333333333333333,
        -0.00019841269841267936,
        2.7557319221136436e-06,
        -2.5052106746759303e-08,
        1.605860010999529e-10,
        -7.590150163444348e-13,
    ),
)

# sin(r)^2 / r^2 of r^2, for |r| <= pi/4. Relative error: 2^-30.1.
sine_square = polynomial(
    float32=None,
    float64=(
        0.9999999992068422,
        -0.3333332711685399,
        0.044443655324327945,
        -0.00317106873924358,
        0.00013458059550816438,
    ),
)


def reduce(z, low, halves):
    """z + low + halves * pi/4 as r + rest plus a multiple of pi/2: (r, rest, is it an odd one)."""
    aside = halves / 2
    shifted = mul_add(z, TWO_BY_PI, aside) + ROUND
    n = shifted - ROUND - aside
    first, second, third = HALF_PI_PARTS
    difference, error = difference_and_error(mul_add(-n, first, z), n * second)
    r, rest = sum_and_error(difference, mul_add(-n, third, low + error))
    return r, rest, (shifted.bits() & 1).is_not_0()


# The same in two parts, the second of full length: of a z with 48 digits all but the last step is
# exact.
HIGH, LOW = map(_double, (1.5707963267341256, 6.077100506506192e-11))


def reduce_short(z, halves):
    """z + halves * pi/4 of a product z of two float32 as r plus a multiple of pi/2: (r, is odd)."""
    aside = halves / 2
    shifted = mul_add(z, TWO_BY_PI, aside) + ROUND
    n = shifted - ROUND - aside
    return mul_add(-n, LOW, mul_add(-n, HIGH, z)), (shifted.bits() & 1).is_not_0()


def square(r, rest, odd):
    """sin(r + rest)^2 for |r| <= pi/4, or cos(r + rest)^2, rounded; and what rounding took."""
    y = r * r
    cubic = (r * y) * mul_add(y, sine_part(y), -SIXTH)
    small = cubic + mul_add(y * rest, -0.5, rest)
    sine = r + small
    value, error = product(sine, sine)
    error = mul_add(2 * sine, (r - sine) + small, error)
    other, other_error = sum_and_error(value.like(1), -value)
    return select(odd, other, value), select(odd, other_error - error, error)


def rough_square(r, odd):
    """sin(r)^2 or cos(r)^2 to 2^-30, for float32."""
    y = r * r
    value = y * sine_square(y)
    return select(odd, 1 - value, value)
