"""What a definition says, and the points of interest that several share."""

from collections.abc import Callable
from dataclasses import dataclass

INF, NAN = float("inf"), float("nan")


@dataclass(frozen=True)
class Definition:
    """One activation: its value, its slope, and where to look closely.

    Parameters are those of the catalogue, in its order, rounded to the dtype of the loop.
    """

    value: Callable  # (m, x, *parameters); x is finite
    slope: Callable  # (m, x, *parameters); x is finite
    # (x, value, slope) for 0.0, -0.0, both infinities and whatever else must come out exactly, the
    # sign of a zero included; an integer 0 is a zero of either sign. Where no float is exact, a
    # Fraction or the nearest float.
    special: Callable  # (*parameters)
    # Derivative by the first parameter, for activations that train it, and its limits at -inf, inf.
    parameter_slope: Callable | None = None  # (m, x, *parameters); x is finite
    parameter_limits: tuple = ()
    kinks: Callable = lambda *parameters: {}  # where the slope jumps -> the slope we document
    landmarks: tuple = ()  # abs(x) where an implementation may change its formula or saturate
    tail: float = 760.0  # nothing new happens beyond this abs(x) in any dtype
    odd: bool = False  # with the first parameters
    rising: bool = True  # never falls, with the first parameters
    parameter_cases: tuple = ((),)  # the parameters to test with; first the defaults, if any
    # (low, high) ranges of x around isolated zeros of the slope. No formula keeps relative accuracy
    # there, so errors of a slope below 1/16 count in units of the last place of 1/16.
    slope_zeros: Callable = lambda *parameters: ()


# Where exp(-|x|), or its square, leaves the normal or the subnormal numbers of a dtype.
EXP_LIMITS = (
    16.64,
    17.33,
    36.74,
    37.43,
    87.34,
    88.03,
    88.73,
    103.28,
    103.98,
    708.4,
    709.79,
    745.14,
)
# Where x*exp(-|x|) does.
GATE_LIMITS = (*EXP_LIMITS, 20.1, 40.5, 91.85, 92.54, 108.6, 714.96, 715.65, 751.7, 752.0)
TANH_LIMITS = (2.0**-12, 2.0**-27, 0.55, 0.625, 9.011, 19.07, 43.67, 44.37, 51.99, 354.2, 372.57)
# Where expm1 may switch between exp(x) - 1 and a polynomial: at multiples of log(2)/2.
EXPM1_LIMITS = (2.0**-25, 2.0**-54, 0.25, 0.3466, 0.5, 0.6932, 1.04, 1.3863, 17.33, 37.43)


def sigmoid(m, x):
    e = m.exp(-abs(x))
    return m.where(x > 0, 1, e) / (1 + e)


def sigmoid_slope(m, x):
    e = m.exp(-abs(x))
    return e / ((1 + e) * (1 + e))


def softplus(m, x):
    return m.where(x > 0, x, 0) + m.log1p(m.exp(-abs(x)))
