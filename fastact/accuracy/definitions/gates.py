"""Activations that are x times a gate between 0 and 1."""

from .definition import GATE_LIMITS, INF, Definition, sigmoid, sigmoid_slope, softplus

GATE_SPECIAL = (
    (0.0, 0.0, 0.5),
    (-0.0, -0.0, 0.5),
    (INF, INF, 1.0),
    (-INF, -0.0, 0),
)


def gaussian_gate(m, x):
    """The normal distribution function."""
    return m.erfc(-x / m.sqrt(m.number("2"))) / 2


def gaussian_slope(m, x):
    density = m.exp(-x * x / 2) / m.sqrt(2 * m.pi)
    return gaussian_gate(m, x) + x * density


def tanh_argument(m, x):
    """2u, with u = sqrt(2/pi) (x + 0.044715 x^3)."""
    return m.sqrt(8 / m.pi) * (x + m.number("0.044715") * x * x * x)


def tanh_slope(m, x):
    inner = m.sqrt(8 / m.pi) * (1 + 3 * m.number("0.044715") * x * x)
    z = tanh_argument(m, x)
    return sigmoid(m, z) + x * inner * sigmoid_slope(m, z)


def swish(m, x, beta):
    return x * sigmoid(m, beta * x)


def swish_slope(m, x, beta):
    z = beta * x
    return sigmoid(m, z) + z * sigmoid_slope(m, z)


def swish_special(beta):
    """swish(x, -beta) is -swish(-x, beta)."""
    if beta > 0:
        return GATE_SPECIAL
    return ((0.0, 0.0, 0.5), (-0.0, -0.0, 0.5), (INF, 0.0, 0), (-INF, -INF, 1.0))


def swish_zeros(beta):
    near, far = sorted((-1.7 / beta, -0.9 / beta))
    return ((near, far),)


def mish(m, x):
    return x * m.tanh(softplus(m, x))


def mish_slope(m, x):
    y = softplus(m, x)
    return m.tanh(y) + x * sigmoid(m, x) / m.cosh(y) ** 2


DEFINITIONS = {
    "gelu": Definition(
        value=lambda m, x: x * gaussian_gate(m, x),
        slope=gaussian_slope,
        special=lambda: GATE_SPECIAL,
        # exp(-x^2/2) leaves the normal and the subnormal numbers; erfc changes its formula; a table
        # of 32 polynomials ends, and each piece of one of 8.
        landmarks=(
            *(
                31.49 * 13 / 64,
                0.25,
                0.46875,
                0.5,
                0.75,
                0.84375,
                1.0,
                1.25,
                1.41421356,
                1.5,
                2.0,
                2.5,
                2.875,
                3.0,
            ),
            *(7.0, 11.0, 12.9),
            *(3.5, 4.0, 5.0, 5.5, 6.0, 8.0, 8.3, 9.0, 10.0, 12.0, 13.0, 13.05, 13.1, 13.22, 13.27),
            *(13.32, 14.1, 14.2, 14.3, 14.37, 14.42, 37.5, 37.54, 37.64, 37.68, 38.4, 38.5, 38.6),
        ),
        tail=40.0,
        rising=False,
        slope_zeros=lambda: ((-0.9, -0.6),),
    ),
    "gelu_tanh": Definition(
        value=lambda m, x: x * sigmoid(m, tanh_argument(m, x)),
        slope=tanh_slope,
        special=lambda: GATE_SPECIAL,
        landmarks=(
            2.7,
            3.0,
            5.0,
            5.5,
            7.5,
            10.0,
            10.02,
            10.1,
            10.15,
            10.9,
            10.95,
            21.2,
            21.3,
            21.7,
        ),
        tail=24.0,
        rising=False,
        slope_zeros=lambda: ((-0.9, -0.6),),
    ),
    "quick_gelu": Definition(
        value=lambda m, x: x * sigmoid(m, m.number("1.702") * x),
        slope=lambda m, x: swish_slope(m, x, m.number("1.702")),
        special=lambda: GATE_SPECIAL,
        landmarks=tuple(limit / 1.702 for limit in GATE_LIMITS),
        tail=450.0,
        rising=False,
        slope_zeros=lambda: ((-1.0, -0.55),),
    ),
    "silu": Definition(
        value=lambda m, x: x * sigmoid(m, x),
        slope=lambda m, x: swish_slope(m, x, m.number("1")),
        special=lambda: GATE_SPECIAL,
        landmarks=GATE_LIMITS,
        rising=False,
        slope_zeros=lambda: swish_zeros(1.0),
    ),
    "swish": Definition(
        value=swish,
        slope=swish_slope,
        special=swish_special,
        parameter_slope=lambda m, x, beta: x * x * sigmoid_slope(m, beta * x),
        parameter_limits=(0.0, 0.0),
        landmarks=GATE_LIMITS,
        rising=False,
        parameter_cases=((1.0,), (1.702,), (0.3,), (-1.5,)),
        slope_zeros=swish_zeros,
    ),
    "mish": Definition(
        value=mish,
        slope=mish_slope,
        special=lambda: ((0.0, 0.0, 0.6), (-0.0, -0.0, 0.6), (INF, INF, 1.0), (-INF, -0.0, 0)),
        landmarks=(*GATE_LIMITS, 0.6),
        rising=False,
        slope_zeros=lambda: ((-1.6, -0.8),),
    ),
}
