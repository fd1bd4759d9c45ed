"""Activations shaped like an S, and the logarithms and exponentials around them."""

from math import log

from .definition import (
    EXP_LIMITS,
    INF,
    NAN,
    TANH_LIMITS,
    Definition,
    sigmoid,
    sigmoid_slope,
    softplus,
)


def x_minus_tanh(m, x):
    """Lambert's fraction, tanh x = x/(1 + x^2/(3 + x^2/(5 + ...))), has no cancellation; 20 levels
    leave 2^-160 where abs(x) < 1."""
    near = m.where(abs(x) < 1, x, 0)
    fraction = 0
    for odd in range(41, 1, -2):
        fraction = near * near / (odd + fraction)
    return m.where(abs(x) < 1, near * fraction / (1 + fraction), x - m.tanh(x))


def logit(m, x):
    """Near 1/2 from the difference to it, elsewhere each logarithm has its own tail."""
    middle = abs(2 * x - 1) < 0.5
    inside = m.where(middle, x, m.number("0.5"))
    near = m.log1p((2 * inside - 1) / (1 - inside))
    domain = (x >= 0) & (x <= 1)
    within = m.where(domain, x, m.number("0.5"))
    return m.where(domain, m.where(middle, near, m.log(within) - m.log1p(-within)), m.nan)


def logit_slope(m, x):
    domain = (x >= 0) & (x <= 1)
    return m.where(domain, abs(m.divide(m.number("1"), x * (1 - x))), m.nan)


def softplus_parameter_slope(m, x, beta):
    z = beta * x
    e = m.exp(-abs(z))
    return -(abs(z) * e / (1 + e) + m.log1p(e)) / (beta * beta)


DEFINITIONS = {
    "sigmoid": Definition(
        value=sigmoid,
        slope=sigmoid_slope,
        special=lambda: ((0.0, 0.5, 0.25), (-0.0, 0.5, 0.25), (INF, 1.0, 0.0), (-INF, 0.0, 0.0)),
        landmarks=EXP_LIMITS,
    ),
    "log_sigmoid": Definition(
        value=lambda m, x: -softplus(m, -x),
        slope=lambda m, x: sigmoid(m, -x),
        special=lambda: (
            (0.0, -log(2), 0.5),
            (-0.0, -log(2), 0.5),
            (INF, -0.0, 0.0),
            (-INF, -INF, 1.0),
        ),
        landmarks=EXP_LIMITS,
    ),
    "tanh": Definition(
        value=lambda m, x: m.tanh(x),
        slope=lambda m, x: 1 / m.cosh(x) ** 2,
        special=lambda: ((0.0, 0.0, 1.0), (-0.0, -0.0, 1.0), (INF, 1.0, 0.0), (-INF, -1.0, 0.0)),
        landmarks=(*TANH_LIMITS, 30.49 / 2),  # a table of 31 polynomials ends
        tail=400.0,
        odd=True,
    ),
    "tanh_shrink": Definition(
        value=x_minus_tanh,
        slope=lambda m, x: m.tanh(x) ** 2,
        special=lambda: ((0.0, 0.0, 0.0), (-0.0, -0.0, 0.0), (INF, INF, 1.0), (-INF, -INF, 1.0)),
        # x^3/3 and x^2 leave the normal and the subnormal numbers, too; a polynomial ends.
        landmarks=(
            *TANH_LIMITS,
            0.25,
            1.0,
            1.75**0.5,
            3.3e-13,
            1.6e-15,
            1.08e-19,
            2.6e-23,
            4.0e-103,
            2.4e-108,
        ),
        tail=40.0,
        odd=True,
    ),
    "softsign": Definition(
        value=lambda m, x: x / (1 + abs(x)),
        slope=lambda m, x: 1 / ((1 + abs(x)) * (1 + abs(x))),
        special=lambda: ((0.0, 0.0, 1.0), (-0.0, -0.0, 1.0), (INF, 1.0, 0.0), (-INF, -1.0, 0.0)),
        landmarks=(2.0**24, 2.0**53, 2.0**63, 2.0**74, 2.0**127, 2.0**511, 2.0**537),
        odd=True,
    ),
    "softplus": Definition(
        value=lambda m, x, beta: softplus(m, beta * x) / beta,
        slope=lambda m, x, beta: sigmoid(m, beta * x),
        special=lambda beta: (
            (0.0, log(2) / beta, 0.5),
            (-0.0, log(2) / beta, 0.5),
            (INF, INF, 1.0),
            (-INF, 0.0, 0.0),
        ),
        parameter_slope=softplus_parameter_slope,
        parameter_limits=(0.0, 0.0),
        landmarks=(*EXP_LIMITS, 20.0),
        parameter_cases=((1.0,), (0.3,), (20.0,)),
    ),
    "exponential": Definition(
        value=lambda m, x: m.exp(x),
        slope=lambda m, x: m.exp(x),
        special=lambda: ((0.0, 1.0, 1.0), (-0.0, 1.0, 1.0), (INF, INF, INF), (-INF, 0.0, 0.0)),
        landmarks=(*EXP_LIMITS, 11.09, 709.0, 0.3466),
    ),
    "logit": Definition(
        value=logit,
        slope=logit_slope,
        special=lambda: (
            (0.0, -INF, INF),
            (-0.0, -INF, INF),
            (0.5, 0.0, 4.0),
            (1.0, INF, INF),
            (INF, NAN, NAN),
            (-INF, NAN, NAN),
            (-1e-30, NAN, NAN),
            (1.5, NAN, NAN),
        ),
        landmarks=(0.25, 1 / 3, 0.5, 2 / 3, 0.7071, 0.75, 1.0, 1e-3, 0.999),
        tail=1.0,
    ),
    "softcap": Definition(
        value=lambda m, x, cap: cap * m.tanh(x / cap),
        slope=lambda m, x, cap: 1 / m.cosh(x / cap) ** 2,
        special=lambda cap: (
            (0.0, 0.0, 1.0),
            (-0.0, -0.0, 1.0),
            (INF, cap, 0.0),
            (-INF, -cap, 0.0),
        ),
        landmarks=tuple(30 * limit for limit in TANH_LIMITS),
        tail=12_000.0,
        odd=True,
        parameter_cases=((30.0,), (0.7,), (50.0,)),
    ),
}
