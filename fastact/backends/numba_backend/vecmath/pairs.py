"""Sums, products and quotients with what rounding took from them."""

from ..number import Constant, mul_add, select
from ..target import FAST_DIVIDER, FUSED, WIDEST

# Of a product without a fused step: these bits of each factor, times each other, are exact.
UPPER_HALF = Constant(-(2**12), -(2**27))

# Less the bits of a positive number, these are those of its reciprocal but for 1/19 of it at most.
RECIPROCAL = Constant(0x7EF31000, 0x7FDE620000000000)


def product(a, b):
    """a * b rounded, and what rounding took (NaN where a * b is not finite)."""
    high = a * b
    if FUSED:
        return high, mul_add(a, b, -high)
    b = a.like(b)
    a_top, b_top = ((value.bits() & UPPER_HALF).number() for value in (a, b))
    a_rest, b_rest = a - a_top, b - b_top
    low = ((a_top * b_top - high) + a_top * b_rest + a_rest * b_top) + a_rest * b_rest
    return high, low


def limit_of_product(a, b):
    """The product, but 0 for 0 times infinity: what comes of it as either is approached."""
    high, low = product(a, b)
    high = select(high == high, high, select(a == a, select(b == b, b.like(0), b), a))
    return high, select(low == low, low, 0)


def fused(a, b, c):
    """a * b + c rounded (all but) once, also where the CPU has no such step."""
    if FUSED:
        return mul_add(a, b, c)
    high, low = product(a, b)
    total, error = sum_and_error(high, c)
    rest = error + low
    return total + select(rest == rest, rest, 0)  # NaN where the total is not finite


def sum_and_error(a, b):
    """a + b rounded, and what rounding took (NaN where a + b is not finite)."""
    total = a + b
    back = total - a
    return total, (a - (total - back)) + (b - back)


def sum_of_ordered(a, b):
    """The same for |a| >= |b|, or a = 0."""
    total = a + b
    return total, b - (total - a)


def difference_and_error(a, b):
    """a - b rounded, and what rounding took (NaN where a - b is not finite)."""
    difference = a - b
    back = difference - a
    return difference, (a - (difference - back)) - (b + back)


def sum_to_divide_by(a, b):
    """a + b for |a| >= |b|, as `divide` wants it: (rounded, what rounding took, 1 / rounded)."""
    total, lost = sum_of_ordered(a, b)
    return total, lost, 1 / total


def divide(numerator, divisor):
    """The quotient, to little more than half a unit in the last place; a zero keeps its sign."""
    total, lost, reciprocal = divisor
    quotient = numerator * reciprocal
    excess = mul_add(lost, quotient, fused(total, quotient, -numerator))
    return mul_add(-reciprocal, excess, quotient)


def rough_reciprocal(b):
    """1 / b for b > 0, but for 1/19 of it at most."""
    return (b.bits().like(RECIPROCAL) - b.bits()).number()


def quotient(a, b):
    """a / b within an ULP, beside a square root that keeps the divider busy.

    For b > 0, and where nothing is subnormal or overflows. With few registers, or where both fit
    into the divider's time, it does not pay.
    """
    if FAST_DIVIDER or not (FUSED and WIDEST):
        return a / b
    reciprocal = rough_reciprocal(b)
    for _ in range(1 if b.single else 2):  # each time the error becomes its third power
        error = mul_add(-b, reciprocal, 1)
        reciprocal = mul_add(reciprocal, mul_add(error, error, error), reciprocal)
    rough = a * reciprocal
    return mul_add(mul_add(-b, rough, a), reciprocal, rough)


def quotient_and_error(a, b):
    """a / b all but rounded, and what is missing (NaN where a / b is not finite)."""
    reciprocal = 1 / b
    quotient = select(a == 0, a, a * reciprocal)  # the reciprocal of a subnormal is infinite
    return quotient, fused(-quotient, b, a) * reciprocal


def times_constant(x, high, rest):
    """x times a constant that is given in two parts."""
    return mul_add(x, high, x * rest)
