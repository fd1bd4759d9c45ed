"""Gated units: an activation of the gate times a value, and the gradients of both.

`near` is right where the short formula of the activation is, and no product on the way to a result
overflows or is subnormal (a result itself may); `far` is right everywhere. Which of them serves
depends, for each result, on its own operands alone.
"""

from ..number import Constant, absolute, mul_add, select
from ..vecmath.exponential import expm1_reduced, not_above, not_below, reduce
from ..vecmath.pairs import product
from .gelu import CUBIC
from .table import FORMULAS, SHORT

# Of a gate below this the value of a smooth unit, about half of it, might be subnormal.
LOWEST_GATE = Constant(2.0**-120, 2.0**-1000)
LEAST_NORMAL = Constant(2.0**-126, 2.0**-1022)
LARGEST = Constant(3.4028234663852886e38, 1.7976931348623157e308)

BIAS, DIGITS, EXPONENT = 1023, 52, 0x7FF
INTEGER = 2.0**52  # its last bits are an integer
INFINITY = float("inf")


class Scaled:
    """digits * 2^exponent in float64: no product of them overflows or vanishes."""

    def __init__(self, digits, exponent):
        self.digits, self.exponent = digits, exponent

    def __mul__(self, other):
        return Scaled(self.digits * other.digits, self.exponent + other.exponent)

    def where(self, condition, other):
        """This where the condition holds, the other elsewhere."""
        return Scaled(
            select(condition, self.digits, other.digits),
            select(condition, self.exponent, other.exponent),
        )

    def rounded(self):
        """As a number; one multiplication rounds it, if it is subnormal."""
        exponent = not_below(not_above(self.exponent, 1100.0), -1140.0)
        first = select(exponent < 0, exponent + 600.0, not_above(exponent, 1000.0))
        return self.digits * power_of_two(first) * power_of_two(exponent - first)


def power_of_two(exponent):
    """2^exponent, a normal number."""
    return ((exponent + (1.5 * INTEGER + BIAS)).bits() << DIGITS).number()


def scaled(x):
    """x with digits from 1 to 2."""
    size = absolute(x)
    tiny = (size < 2.0**-1022) & (size > 0)
    normal = select(tiny, x * 2.0**128, x)
    kept = (normal == 0) | ~(absolute(normal) < INFINITY)
    bits = normal.bits()
    biased = (bits >> DIGITS) & EXPONENT
    digits = ((bits & ~(EXPONENT << DIGITS)) | (BIAS << DIGITS)).number()
    bias = select(tiny, x.like(BIAS + 128.0), float(BIAS))
    exponent = ((biased | x.like(INTEGER).bits()).number() - INTEGER) - bias
    return Scaled(select(kept, normal, digits), select(kept, x.like(0), exponent))


def scaled_exp(x, low=None):
    """exp(x + low) for -2500 <= x <= 0."""
    shifter = Constant(1.5 * 2**23, 1.5 * INTEGER)
    r, rest, shifted = reduce(x, low, shifter)
    return Scaled(1 + expm1_reduced(r, rest), shifted - shifter)


class Unit:
    """What is to be known of the activation of the gate.

    Up to `end` its formula serves in float64. Left of `shut`, in float64, whatever it gates is 0 in
    float32. An activation without a short formula has exact values, and slopes of 0 and 1.
    """

    through_zero = False  # a tiny gate's value is half of it

    def __init__(self, activation, shut=None, end=None):
        self.activation, self.shut, self.end = activation, shut, end

    @property
    def exact(self):
        """Whether no result needs `far`."""
        return self.activation not in SHORT

    def near_point(self, gate):
        """Value and slope where `is_far` does not hold."""
        return self.point(gate) if self.exact else SHORT[self.activation][0](gate)

    def is_far(self, gate):
        """Where near_point is not right, or its value maybe subnormal."""
        is_far = SHORT[self.activation][1](gate)
        tiny = (absolute(gate) < LOWEST_GATE) & (gate != 0)
        return is_far | tiny if self.through_zero else is_far

    def point(self, gate):
        """Value and slope."""
        return FORMULAS[self.activation](gate)

    def wide_point(self, gate):
        """The same in float64 of any float32, 0 at an infinite gate alone."""
        if self.shut is None:
            return self.point(gate)
        shut = (gate < self.shut) & (gate > -INFINITY)
        return self.point(select(shut, gate.like(self.shut), gate))

    def tail(self, gate):
        """Scaled value and slope of a gate beyond `end`."""
        raise NotImplementedError

    def scaled_point(self, gate):
        """Scaled value and slope at any float64."""
        if self.end is None:
            return tuple(map(scaled, self.point(gate)))
        far = (absolute(gate) > self.end) & (absolute(gate) < INFINITY)
        near = select(far, gate.like(0), gate)
        value, slope = map(scaled, self.point(near))
        if self.through_zero:
            tiny = absolute(near) < 2.0**-60
            own = scaled(near)
            value = Scaled(own.digits, own.exponent - 1.0).where(tiny, value)
        tail_value, tail_slope = self.tail(gate)
        return tail_value.where(far, value), tail_slope.where(far, slope)


def one_of(gate):
    return Scaled(gate.like(1), gate.like(0))


class SigmoidUnit(Unit):
    """The slope fades on both sides."""

    def wide_point(self, gate):
        shut = (absolute(gate) > -self.shut) & (absolute(gate) < INFINITY)
        bounded = select(gate < 0, gate.like(self.shut), -self.shut)
        return self.point(select(shut, bounded, gate))

    def tail(self, gate):
        e = scaled_exp(not_below(-absolute(gate), -2500.0))
        return e.where(gate < 0, one_of(gate)), e


class SmoothUnit(Unit):
    """On the far right the gate itself."""

    through_zero = True

    def tail(self, gate):
        e, value, slope = self.left(gate)
        left = gate < 0
        value, slope = Scaled(e.digits * value, e.exponent), Scaled(e.digits * slope, e.exponent)
        return value.where(left, scaled(gate)), slope.where(left, one_of(gate))

    def left(self, gate):
        """An exponential, and what value and slope are times it."""
        x = not_below(-absolute(gate), -2500.0)
        return scaled_exp(x), x, 1 + x


class GeluUnit(SmoothUnit):
    """By the continued fraction of Mills' ratio (Abramowitz and Stegun 26.2.14)."""

    def left(self, gate):
        t = not_below(not_above(absolute(gate), 70.0), self.end)
        square, low = product(t, t)
        fraction = t
        for numerator in range(8, 0, -1):
            fraction = t + float(numerator) / fraction
        ratio = 1 / fraction
        e = scaled_exp(-0.5 * square, -0.5 * low)
        density = e.digits * t.like(Constant(0.0, -0.3989422804014327))
        return Scaled(density, e.exponent), t * ratio, t - ratio


class GeluTanhUnit(SmoothUnit):
    """As silu, of v = x (LINEAR + CUBIC x^2) in place of x."""

    def left(self, gate):
        t = not_below(not_above(absolute(gate), 32.0), self.end)
        exact_linear = Constant(0.0, 1.5957691216057308), Constant(0.0, -9.96930880911092e-17)
        square, square_low = product(t, t)
        bend, bend_low = product(square, t.like(CUBIC))
        inner = bend + exact_linear[0]
        rest = t.like(exact_linear[0]) - (inner - bend)
        rest = rest + (mul_add(square_low, CUBIC, bend_low) + exact_linear[1])
        rest = mul_add(square, Constant(0.0, -6.175149918155315e-19), rest)
        v, low = product(t, inner)
        e = scaled_exp(-v, -mul_add(t, rest, low))
        return e, -t, 1 - mul_add(2 * bend, t, v)


UNITS = {
    "glu": SigmoidUnit("sigmoid", -600.0, 600.0),
    "reglu": Unit("relu"),
    "geglu": GeluUnit("gelu", -34.0, 36.0),
    "geglu_tanh": GeluTanhUnit("gelu_tanh", -19.0, 20.0),
    "swiglu": SmoothUnit("silu", -600.0, 600.0),
    "bilinear": Unit("identity"),
}


def products(value, slope, given, dy):
    """y, dgate, dvalue."""
    return value * given, given * slope * dy, value * dy


def near(unit, gate, given, dy):
    """y, dgate, dvalue of ordinary operands."""
    return products(*unit.near_point(gate), given, dy)


def far_masks(unit, gate, given, dy):
    """Whether y, dgate, dvalue may be beyond what `near` does."""
    far_gate = unit.is_far(gate)
    _, slope = unit.near_point(gate)
    size = absolute(given * slope)
    lost = ((size < LEAST_NORMAL) & (given != 0)) | ~(size <= LARGEST)
    return far_gate, far_gate | lost, far_gate


def far(unit, gate, given, dy):
    """y, dgate, dvalue of any operands."""
    if gate.single:
        wide = (number.widened() for number in (given, dy))
        found = products(*unit.wide_point(gate.widened()), *wide)
        found = [number.narrowed() for number in found]
    else:
        value, slope = unit.scaled_point(gate)
        found = [p.rounded() for p in products(value, slope, scaled(given), scaled(dy))]
    masks = far_masks(unit, gate, given, dy)
    ordinary = near(unit, gate, given, dy)
    return [select(*three) for three in zip(masks, found, ordinary, strict=True)]
