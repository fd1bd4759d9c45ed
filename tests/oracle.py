"""What each activation is, mathematically. Imports nothing of fastact.

A definition is written once and read in two arithmetics: mpmath (``Exact``, the judge) and NumPy's
longdouble (``Wide``, for sweeps of millions of points, checked against mpmath). Slopes are closed
forms, checked against ``mpmath.diff`` of the value.
"""

from collections.abc import Callable
from dataclasses import dataclass

import mpmath
import numpy as np
from ulp import reference_from_mpmath, reference_from_wide, unit_of

PRECISION = 150  # bits; the definitions below lose none of them to cancellation

mp = mpmath.MPContext()
mp.prec = PRECISION

# False where longdouble is float64 (Windows, most of ARM): sweeps of float32 are still good enough,
# sweeps of float64 are not.
WIDE_IS_WIDER = np.finfo(np.longdouble).nmant > np.finfo(np.float64).nmant


class Exact:
    """Scalar functions of mpmath numbers."""

    exp, log1p, tanh, cosh = mp.exp, mp.log1p, mp.tanh, mp.cosh

    @staticmethod
    def where(condition, first, second):
        return first if condition else second


class Wide:
    """The same functions of longdouble arrays."""

    exp, log1p, tanh, cosh, where = np.exp, np.log1p, np.tanh, np.cosh, np.where


@dataclass(frozen=True)
class Definition:
    """One activation: its value, its slope, and where to look closely."""

    value: Callable  # (arithmetic, x, *parameters)
    slope: Callable  # (arithmetic, x, *parameters)
    kinks: Callable = lambda *parameters: {}  # where the slope jumps -> the slope we document
    # (x, value, slope) that must come out exactly, the sign of a zero included
    special: Callable = lambda *parameters: ()
    landmarks: tuple = ()  # points where an implementation may change its formula or saturate
    odd: bool = False
    rising: bool = True  # never falls, with the default parameters
    parameter_cases: tuple = ((),)  # the parameters to test with
    # (low, high) ranges of x around an isolated zero of the slope. No formula keeps relative
    # accuracy there, so errors of the slope count in units of the last place of 1/16.
    slope_zeros: tuple = ()


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
TANH_LIMITS = (2.0**-12, 2.0**-27, 0.55, 0.625, 9.011, 19.07, 43.67, 44.37, 51.99, 354.2, 372.57)

INF = float("inf")

DEFINITIONS = {
    "identity": Definition(
        value=lambda m, x: x,
        slope=lambda m, x: m.where(x > 0, 1, 1),
        special=lambda: ((0.0, 0.0, 1.0), (-0.0, -0.0, 1.0), (INF, INF, 1.0), (-INF, -INF, 1.0)),
        odd=True,
    ),
    "sigmoid": Definition(
        value=lambda m, x: 1 / (1 + m.exp(-x)),
        slope=lambda m, x: 1 / ((1 + m.exp(x)) * (1 + m.exp(-x))),
        special=lambda: ((0.0, 0.5, 0.25), (-0.0, 0.5, 0.25), (INF, 1.0, 0.0), (-INF, 0.0, 0.0)),
        landmarks=EXP_LIMITS,
    ),
    "tanh": Definition(
        value=lambda m, x: m.tanh(x),
        slope=lambda m, x: 1 / m.cosh(x) ** 2,
        special=lambda: ((0.0, 0.0, 1.0), (-0.0, -0.0, 1.0), (INF, 1.0, 0.0), (-INF, -1.0, 0.0)),
        landmarks=TANH_LIMITS,
        odd=True,
    ),
    "relu": Definition(
        value=lambda m, x: m.where(x > 0, x, 0),
        slope=lambda m, x: m.where(x > 0, 1, 0),
        kinks=lambda: {0.0: 0.0},
        special=lambda: ((0.0, 0.0, 0.0), (-0.0, 0.0, 0.0), (INF, INF, 1.0), (-INF, 0.0, 0.0)),
    ),
    "leaky_relu": Definition(
        value=lambda m, x, negative_slope: m.where(x > 0, x, negative_slope * x),
        slope=lambda m, x, negative_slope: m.where(x > 0, 1, negative_slope),
        kinks=lambda negative_slope: {0.0: negative_slope},
        special=lambda negative_slope: (
            (0.0, np.copysign(0.0, negative_slope), negative_slope),
            (-0.0, np.copysign(0.0, -negative_slope), negative_slope),
            (INF, INF, 1.0),
            (-INF, np.copysign(INF, -negative_slope), negative_slope),
        ),
        parameter_cases=((0.01,), (0.3,), (1.0,), (-1.5,), (1e-6,)),
    ),
}


def evaluate_exact(formula, x, parameters=()):
    """``formula`` at each element of the floating-point array ``x``: a list of mpmath numbers."""
    parameters = [mp.mpf(float(value)) for value in parameters]
    points = (float(point) for point in np.ravel(x))
    return [mp.nan if p != p else mp.mpf(formula(Exact, mp.mpf(p), *parameters)) for p in points]


def evaluate_wide(formula, x, parameters=()):
    """``formula`` of a whole array in longdouble arithmetic."""
    with np.errstate(all="ignore"):
        wide = np.asarray(x).astype(np.longdouble)
        result = formula(Wide, wide, *(np.longdouble(value) for value in parameters))
        return np.where(np.isnan(wide), wide, np.asarray(result, np.longdouble))


def rounded_parameters(dtype, parameters):
    """A parameter counts as rounded to the dtype of the loop."""
    return tuple(np.dtype(dtype).type(value) for value in parameters)


def _reference(formula, x, dtype, parameters, wide):
    parameters = rounded_parameters(dtype, parameters)
    if wide:
        return reference_from_wide(evaluate_wide(formula, x, parameters), dtype)
    return reference_from_mpmath(evaluate_exact(formula, x, parameters), dtype)


def value_reference(name, x, parameters=(), wide=False):
    """The exact values of the activation ``name`` at ``x``, as seen from the dtype of ``x``."""
    return _reference(DEFINITIONS[name].value, x, x.dtype, parameters, wide)


def slope_reference(name, x, parameters=(), wide=False):
    """The exact slopes; see ``Definition.slope_zeros`` for how errors count near a zero."""
    reference = _reference(DEFINITIONS[name].slope, x, x.dtype, parameters, wide)
    return _coarser_near_zeros(name, x, reference)


def _coarser_near_zeros(name, x, reference):
    near = np.zeros(x.shape, bool)
    for low, high in DEFINITIONS[name].slope_zeros:
        near |= (x >= low) & (x <= high)
    if not near.any():
        return reference
    return reference.with_least_unit(np.where(near, unit_of(1 / 16, x.dtype), 0.0))


def product_reference(name, x, dy, parameters=(), wide=False):
    """The slope, the exact ``dy * slope``, and one unit of the slope carried into the product."""
    formula, dtype = DEFINITIONS[name].slope, x.dtype
    parameters = rounded_parameters(dtype, parameters)
    if wide:
        slopes = evaluate_wide(formula, x, parameters)
        slope = reference_from_wide(slopes, dtype)
        with np.errstate(all="ignore"):
            product = reference_from_wide(slopes * dy.astype(np.longdouble), dtype)
    else:
        slopes = evaluate_exact(formula, x, parameters)
        slope = reference_from_mpmath(slopes, dtype)
        factors = (mp.mpf(float(factor)) for factor in dy)
        product = reference_from_mpmath(
            [s * factor for s, factor in zip(slopes, factors, strict=True)], dtype
        )
    slope = _coarser_near_zeros(name, x, slope)
    with np.errstate(all="ignore"):
        return slope, product, slope.unit * (np.abs(dy.astype(np.float64)) / product.unit)
