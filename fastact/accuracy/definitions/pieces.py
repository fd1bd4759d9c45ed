"""Activations made of straight pieces and parabolas."""

from fractions import Fraction
from math import copysign

from .definition import INF, Definition


def constant(m, x, value):
    return m.where(x > 0, value, value)


def clip(m, x, low, high):
    return m.where(x <= low, low, m.where(x >= high, high, x))


def between(m, x, low, high, inside):
    """``inside`` strictly between the two, 0 elsewhere."""
    return m.where(x <= low, 0, m.where(x >= high, 0, inside))


def leaky_special(slope):
    return (
        (0.0, copysign(0.0, slope), slope),
        (-0.0, copysign(0.0, -slope), slope),
        (INF, INF, 1.0),
        (-INF, copysign(INF, -slope), slope),
    )


def leaky(**others):
    return Definition(
        value=lambda m, x, slope: m.where(x > 0, x, slope * x),
        slope=lambda m, x, slope: m.where(x > 0, 1, slope),
        kinks=lambda slope: {0.0: slope},
        special=leaky_special,
        **others,
    )


def affine_kinks(slope, offset):
    """Where slope*x + offset is 0 or 1, if a float64 is exactly there."""
    found = {}
    for level in (0, 1):
        x = (level - offset) / slope
        if Fraction(x) * Fraction(slope) + Fraction(offset) == level:
            found[x] = 0.0
    return found


def affine_special(slope, offset):
    at_zero = min(max(offset, 0.0), 1.0)
    slope_there = slope if 0 < offset < 1 else 0.0
    high, low = (1.0, 0.0) if slope > 0 else (0.0, 1.0)
    zeros = ((0.0, at_zero, slope_there), (-0.0, at_zero, slope_there))
    return (*zeros, (INF, high, 0.0), (-INF, low, 0.0))


def hard_tanh_special(low, high):
    def at(x):
        return (x, x, 1.0) if low < x < high else (x, low if x <= low else high, 0.0)

    return tuple(at(x) for x in (0.0, -0.0, INF, -INF, low, high))


def threshold_special(threshold, value):
    return tuple(
        (x, x if x > threshold else value, 1.0 if x > threshold else 0.0)
        for x in (0.0, -0.0, INF, -INF, threshold)
    )


def shrink_special(lambd, bias):
    edges = ((lambd, 0.0, 0.0), (-lambd, -0.0, 0.0)) if lambd else ()
    return ((0.0, 0.0, 0.0), (-0.0, -0.0, 0.0), (INF, INF, 1.0), (-INF, -INF, 1.0), *edges)


def shrinking(move, bias_of, cases):
    return Definition(
        value=lambda m, x, lambd, *bias: m.where(abs(x) > lambd, move(m, x, lambd, *bias), 0),
        slope=lambda m, x, lambd, *bias: m.where(abs(x) > lambd, 1, 0),
        kinks=lambda lambd, *bias: {-lambd: 0.0, lambd: 0.0} if lambd else {},
        special=lambda lambd, *bias: shrink_special(lambd, bias_of(lambd, *bias)),
        odd=True,
        parameter_cases=cases,
    )


DEFINITIONS = {
    "identity": Definition(
        value=lambda m, x: x,
        slope=lambda m, x: constant(m, x, 1),
        special=lambda: ((0.0, 0.0, 1.0), (-0.0, -0.0, 1.0), (INF, INF, 1.0), (-INF, -INF, 1.0)),
        odd=True,
    ),
    "linear": Definition(
        value=lambda m, x, slope: slope * x,
        slope=lambda m, x, slope: constant(m, x, slope),
        special=lambda slope: tuple(
            (x, copysign(abs(x), x * copysign(1, slope)), slope) for x in (0.0, -0.0, INF, -INF)
        ),
        odd=True,
        parameter_cases=((1.0,), (-2.5,), (1e-3,)),
    ),
    "step": Definition(
        value=lambda m, x, at_zero: m.where(x > 0, 1, m.where(x < 0, 0, at_zero)),
        slope=lambda m, x, at_zero: constant(m, x, 0),
        kinks=lambda at_zero: {0.0: 0.0},
        special=lambda at_zero: (
            (0.0, at_zero, 0.0),
            (-0.0, at_zero, 0.0),
            (INF, 1.0, 0.0),
            (-INF, 0.0, 0.0),
        ),
        parameter_cases=((0.0,), (0.5,), (1.0,), (-2.0,)),
    ),
    "hard_sigmoid": Definition(
        value=lambda m, x: clip(m, x + 3, 0, 6) / m.number("6"),
        slope=lambda m, x: between(m, x, -3, 3, 1 / m.number("6")),
        kinks=lambda: {-3.0: 0.0, 3.0: 0.0},
        special=lambda: (
            (0.0, 0.5, Fraction(1, 6)),
            (-0.0, 0.5, Fraction(1, 6)),
            (3.0, 1.0, 0.0),
            (-3.0, 0.0, 0.0),
            (INF, 1.0, 0.0),
            (-INF, 0.0, 0.0),
        ),
    ),
    "hard_sigmoid_affine": Definition(
        value=lambda m, x, slope, offset: clip(m, slope * x + offset, 0, 1),
        slope=lambda m, x, slope, offset: between(m, slope * x + offset, 0, 1, slope),
        kinks=affine_kinks,
        special=affine_special,
        landmarks=(2.5,),
        parameter_cases=((0.2, 0.5), (0.25, 0.5), (3.0, -0.125), (-0.5, 0.25)),
    ),
    "hard_tanh": Definition(
        value=lambda m, x, low, high: clip(m, x, low, high),
        slope=lambda m, x, low, high: between(m, x, low, high, 1),
        kinks=lambda low, high: {low: 0.0, high: 0.0},
        special=hard_tanh_special,
        odd=True,
        parameter_cases=((-1.0, 1.0), (-0.5, 6.0), (0.0, 20.0), (0.1, 2.0)),
    ),
    "relu": Definition(
        value=lambda m, x: m.where(x > 0, x, 0),
        slope=lambda m, x: m.where(x > 0, 1, 0),
        kinks=lambda: {0.0: 0.0},
        special=lambda: ((0.0, 0.0, 0.0), (-0.0, 0.0, 0.0), (INF, INF, 1.0), (-INF, 0.0, 0.0)),
    ),
    "relu6": Definition(
        value=lambda m, x: clip(m, x, 0, 6),
        slope=lambda m, x: between(m, x, 0, 6, 1),
        kinks=lambda: {0.0: 0.0, 6.0: 0.0},
        special=lambda: (
            (0.0, 0.0, 0.0),
            (-0.0, 0.0, 0.0),
            (6.0, 6.0, 0.0),
            (INF, 6.0, 0.0),
            (-INF, 0.0, 0.0),
        ),
    ),
    "squared_relu": Definition(
        value=lambda m, x: m.where(x > 0, x * x, 0),
        slope=lambda m, x: m.where(x > 0, 2 * x, 0),
        special=lambda: ((0.0, 0.0, 0.0), (-0.0, 0.0, 0.0), (INF, INF, INF), (-INF, 0.0, 0.0)),
        landmarks=(2.0**-63, 2.0**-75, 2.0**64, 2.0**-511, 2.0**-537, 2.0**512),
    ),
    "leaky_relu": leaky(parameter_cases=((0.01,), (0.3,), (1.0,), (-1.5,), (1e-6,))),
    "prelu": leaky(
        parameter_slope=lambda m, x, weight: m.where(x > 0, 0, x),
        parameter_limits=(-INF, 0.0),
        parameter_cases=((0.25,), (1.0,), (-1.5,), (1e-6,)),
    ),
    "thresholded_relu": Definition(
        value=lambda m, x, alpha: m.where(x > alpha, x, 0),
        slope=lambda m, x, alpha: m.where(x > alpha, 1, 0),
        kinks=lambda alpha: {alpha: 0.0},
        special=lambda alpha: threshold_special(alpha, 0.0),
        parameter_cases=((1.0,), (0.0,), (2.7,), (-0.5,)),
    ),
    "threshold": Definition(
        value=lambda m, x, threshold, value: m.where(x > threshold, x, value),
        slope=lambda m, x, threshold, value: m.where(x > threshold, 1, 0),
        kinks=lambda threshold, value: {threshold: 0.0},
        special=threshold_special,
        parameter_cases=((0.1, -2.0), (0.1, 20.0), (0.0, 0.0), (-1.5, -1.5)),
    ),
    "soft_shrink": shrinking(
        move=lambda m, x, lambd: x - m.copysign(lambd, x),
        bias_of=lambda lambd: lambd,
        cases=((0.5,), (0.1,), (2.0,), (0.0,)),
    ),
    "shrink": shrinking(
        move=lambda m, x, lambd, bias: m.where(x < 0, x + bias, x - bias),
        bias_of=lambda lambd, bias: bias,
        cases=((0.5, 0.0), (0.5, 0.5), (1.5, 0.3), (0.0, 0.25), (0.5, -0.75)),
    ),
    "hard_shrink": shrinking(
        move=lambda m, x, lambd: x,
        bias_of=lambda lambd: 0.0,
        cases=((0.5,), (0.1,), (2.0,), (0.0,)),
    ),
    "hard_swish": Definition(
        value=lambda m, x: x * clip(m, x + 3, 0, 6) / m.number("6"),
        slope=lambda m, x: m.where(x <= -3, 0, m.where(x >= 3, 1, (2 * x + 3) / m.number("6"))),
        kinks=lambda: {-3.0: 0.0, 3.0: 1.0},
        special=lambda: (
            (0.0, 0.0, 0.5),
            (-0.0, -0.0, 0.5),
            (3.0, 3.0, 1.0),
            (-3.0, -0.0, 0.0),
            (-4.0, -0.0, 0.0),
            (INF, INF, 1.0),
            (-INF, -0.0, 0.0),
        ),
        landmarks=(1.5,),
        rising=False,
        slope_zeros=lambda: ((-1.75, -1.25),),
    ),
    "sparse_plus": Definition(
        value=lambda m, x: m.where(x <= -1, 0, m.where(x >= 1, x, (x + 1) * (x + 1) / 4)),
        slope=lambda m, x: m.where(x <= -1, 0, m.where(x >= 1, 1, (x + 1) / 2)),
        special=lambda: (
            (0.0, 0.25, 0.5),
            (-0.0, 0.25, 0.5),
            (1.0, 1.0, 1.0),
            (-1.0, 0.0, 0.0),
            (INF, INF, 1.0),
            (-INF, 0.0, 0.0),
        ),
        landmarks=(1.0,),
    ),
    "sparse_sigmoid": Definition(
        value=lambda m, x: clip(m, (x + 1) / 2, 0, 1),
        slope=lambda m, x: between(m, x, -1, 1, 1 / m.number("2")),
        kinks=lambda: {-1.0: 0.0, 1.0: 0.0},
        special=lambda: (
            (0.0, 0.5, 0.5),
            (-0.0, 0.5, 0.5),
            (1.0, 1.0, 0.0),
            (-1.0, 0.0, 0.0),
            (INF, 1.0, 0.0),
            (-INF, 0.0, 0.0),
        ),
    ),
}
