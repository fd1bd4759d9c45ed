"""Activations that bend once: ELU and its kin, squareplus, snake."""

from fractions import Fraction

from .definition import EXP_LIMITS, EXPM1_LIMITS, INF, Definition

# Klambauer and others (2017), https://arxiv.org/abs/1706.02515
SELU_ALPHA = "1.6732632423543772848170429916717"
SELU_SCALE = "1.0507009873554804934193349852946"
SELU_LEFT = Fraction(SELU_ALPHA) * Fraction(SELU_SCALE)


def negative(m, x):
    """x where it is negative, else 0: what is right of 0 must not overflow in vain."""
    return m.where(x > 0, 0, x)


def selu(m, x):
    alpha, scale = m.number(SELU_ALPHA), m.number(SELU_SCALE)
    return scale * m.where(x > 0, x, alpha * m.expm1(negative(m, x)))


def selu_slope(m, x):
    alpha, scale = m.number(SELU_ALPHA), m.number(SELU_SCALE)
    return scale * m.where(x > 0, 1, alpha * m.exp(negative(m, x)))


def celu_parameter_slope(m, x, alpha):
    """expm1(z) - z exp(z) at z = x/alpha < 0 is -exp(z) times the sum of w^k/k! from k = 2 with
    w = -z: positive terms, of which 40 leave 2^-150 where w < 1."""
    w = -negative(m, x) / alpha
    near = m.where(w < 1, w, 0)
    total = 1
    for k in range(40, 2, -1):
        total = 1 + near / k * total
    z = m.where(w < 1, 0, -w)
    far = m.expm1(z) - z * m.exp(z)
    return m.where(w < 1, -m.exp(-near) * near * near / 2 * total, far)


def snake_slope(m, x, alpha):
    """1 + sin(2z) = (sin z + cos z)**2, which does not cancel to 0."""
    z = alpha * x
    root = m.sin(z) + m.cos(z)
    return root * root


def squareplus(m, x, b):
    root = m.sqrt(x * x + b)
    left = m.divide(b, 2 * (root + abs(x)))
    return m.where(x < 0, left, (x + root) / 2)


def squareplus_slope(m, x, b):
    root = m.sqrt(x * x + b)
    left = m.divide(m.divide(b, 2 * root), root + abs(x))
    return m.where(root > 0, m.where(x < 0, left, (1 + m.divide(x, root)) / 2), m.number("0.5"))


DEFINITIONS = {
    "elu": Definition(
        value=lambda m, x, alpha: m.where(x > 0, x, alpha * m.expm1(negative(m, x))),
        slope=lambda m, x, alpha: m.where(x > 0, 1, alpha * m.exp(negative(m, x))),
        kinks=lambda alpha: {0.0: alpha},
        special=lambda alpha: (
            (0.0, 0.0, alpha),
            (-0.0, -0.0, alpha),
            (INF, INF, 1.0),
            (-INF, -alpha, 0.0),
        ),
        parameter_slope=lambda m, x, alpha: m.expm1(negative(m, x)),
        parameter_limits=(-1.0, 0.0),
        landmarks=(*EXPM1_LIMITS, *EXP_LIMITS),
        parameter_cases=((1.0,), (0.5,), (2.5,), (1e-4,)),
    ),
    "selu": Definition(
        value=selu,
        slope=selu_slope,
        kinks=lambda: {0.0: SELU_LEFT},
        special=lambda: (
            (0.0, 0.0, SELU_LEFT),
            (-0.0, -0.0, SELU_LEFT),
            (INF, INF, Fraction(SELU_SCALE)),
            (-INF, -SELU_LEFT, 0.0),
        ),
        landmarks=(*EXPM1_LIMITS, *EXP_LIMITS),
    ),
    "celu": Definition(
        value=lambda m, x, alpha: m.where(x > 0, x, alpha * m.expm1(negative(m, x) / alpha)),
        slope=lambda m, x, alpha: m.where(x > 0, 1, m.exp(negative(m, x) / alpha)),
        special=lambda alpha: (
            (0.0, 0.0, 1.0),
            (-0.0, -0.0, 1.0),
            (INF, INF, 1.0),
            (-INF, -alpha, 0.0),
        ),
        parameter_slope=celu_parameter_slope,
        parameter_limits=(-1.0, 0.0),
        landmarks=(*EXPM1_LIMITS, *EXP_LIMITS),
        parameter_cases=((1.0,), (2.0,), (0.7,), (1.3,)),
    ),
    "squareplus": Definition(
        value=squareplus,
        slope=squareplus_slope,
        kinks=lambda b: {} if b else {0.0: 0.5},
        special=lambda b: (
            (0.0, b**0.5 / 2, 0.5),
            (-0.0, b**0.5 / 2, 0.5),
            (INF, INF, 1.0),
            (-INF, 0.0, 0.0),
        ),
        landmarks=(2.0, 2.0**12, 2.0**27, 2.0**63, 2.0**64, 2.0**511, 2.0**512),
        parameter_cases=((4.0,), (1.0,), (0.3,), (0.0,)),
    ),
    "snake": Definition(
        value=lambda m, x, alpha: x + m.sin(alpha * x) ** 2 / alpha,
        slope=snake_slope,
        # sin(x)^2 is lost next to -0.0; which zero comes out is left open.
        special=lambda alpha: (
            (0.0, 0.0, 1.0),
            (-0.0, 0, 1.0),
            (INF, INF, float("nan")),
            (-INF, -INF, float("nan")),
        ),
        # Multiples of pi/8 and where reductions of the argument give out.
        landmarks=(
            *(0.39269908169872414 * k for k in (1, 2, 3, 4, 5, 6, 8, 12, 16, 100, 1001)),
            *(2.0**k for k in (12, 16, 20, 24, 31, 53, 63, 127)),
            48039.3,
            117435.992,
            7.613945e11,  # of all floats the next to a zero of the slope
        ),
        parameter_cases=((1.0,), (0.5,), (0.3,), (7.3,)),
        slope_zeros=lambda alpha: ((-INF, INF),),
    ),
}
