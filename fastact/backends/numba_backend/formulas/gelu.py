"""x times the normal distribution, and the usual approximation of it."""

from ..number import Constant, absolute, copy_sign, mul_add, select
from ..target import FUSED
from ..vecmath.exponential import exp_factors, not_above, short_density_factors, times_exp
from ..vecmath.normal import normal_tail, short_normal_tail
from ..vecmath.pairs import fused, product
from .gates import gated, short_gated, within
from .table import formula, short_formula_of

# 2 sqrt(2 / pi) and 2 sqrt(2 / pi) * 0.044715. The first is short: subtracting it is exact.
LINEAR = Constant(1.5957698822021484, 1.5957691216057341)
LINEAR_REST = Constant(-7.605964356116601e-07, -3.430362161966579e-15)
CUBIC = Constant(0.07135481387376785, 0.07135481627260025)
CUBIC_REST = Constant(2.3988324659995897e-09, -6.175149918155315e-19)


GELU_TANH_END = 32.0  # beyond, the gate is 0 or 1
SHORT_GELU_TANH_END = Constant(9.5, 20.5)


def gelu_tanh_exponent(x):
    """v = x (LINEAR + CUBIC x^2), what that lacks, and x v' but for that."""
    square, rest = product(x, x)
    inner = fused(square, CUBIC, LINEAR)
    rest = mul_add(rest, CUBIC, mul_add(square, CUBIC_REST, LINEAR_REST))
    rest = rest + fused(square, CUBIC, LINEAR - inner)
    v, low = product(x, inner)
    return v, mul_add(x, rest, low), mul_add(2 * x, square * CUBIC, v)


@formula
def gelu_tanh(x):
    """x * sigmoid(v) with v = x (LINEAR + CUBIC x^2)."""
    near = within(x, GELU_TANH_END)
    return gated(x, near, *gelu_tanh_exponent(near))


def gelu_tanh_is_far(x):
    """Where short_gelu_tanh is not right."""
    return absolute(x) > SHORT_GELU_TANH_END


@short_formula_of("gelu_tanh", gelu_tanh_is_far)
def short_gelu_tanh(x):
    """gelu_tanh of ordinary x."""
    v, low, w = gelu_tanh_exponent(x)
    return short_gated(x, v, low, w + low)  # LINEAR is so short that low counts


DENSITY = Constant(0.3989422917366028, 0.3989422804014327)  # 1 / sqrt(2 pi)
DENSITY_REST = Constant(-1.1335170135851058e-08, -2.49232720227773e-17)
# Beyond, exp(-x^2/2) is 0.
GELU_END = Constant(24.0, 48.0)


@formula
def gelu(x):
    """x Phi(x), where Phi(-t) = E H with t = |x| and E = exp(-t^2/2).

    The slope is E (H - t / sqrt(2 pi)) for x < 0, and 1 less that for x >= 0.
    """
    t = not_above(absolute(x), GELU_END)
    square, rest = product(t, t)
    exp = exp_factors(-0.5 * square, -0.5 * rest)
    tail = normal_tail(t)
    left = times_exp(t * tail, exp)
    right = mul_add(-t, times_exp(tail, exp), t)
    value = copy_sign(select(x < 0, left, select(x > GELU_END, x, right)), x)
    bend = mul_add(-t, DENSITY_REST, fused(-t, DENSITY, tail))  # nearly all of it may cancel
    bend = copy_sign(times_exp(bend, exp), bend)
    return value, select(x < 0, bend, 1 - bend)


# Up to here exp(-x^2/2) is normal, and so is it times x and its tail.
SHORT_GELU_END = Constant(12.9, 37.0)


def gelu_is_far(x):
    """Where short_gelu is not right."""
    return absolute(x) > SHORT_GELU_END


@short_formula_of("gelu", gelu_is_far, serves=FUSED)
def short_gelu(x):
    """max(x, 0) - t E H of ordinary x, and the same slope.

    Without fused steps both would be more than their bounds off.
    """
    t = absolute(x)
    square, rest = product(x, x)
    p, scale = short_density_factors(square, rest)
    tail, lost = short_normal_tail(t)
    scaled = tail * scale
    above = select(x < 0, 0.0, x)  # LLVM has one instruction for it
    value = mul_add(-t, mul_add(scaled, p, scaled), above)
    scaled = (mul_add(-t, DENSITY, tail) + mul_add(-t, DENSITY_REST, lost)) * scale
    bend = mul_add(scaled, p, scaled)
    return value, select(x < 0, bend, 1 - bend)
