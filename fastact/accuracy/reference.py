"""Exact results as seen from a dtype: what ``ulp.py`` measures distances from."""

import numpy as np

from .arithmetic import Exact
from .definitions import DEFINITIONS
from .ulp import Sweep, reference_from_mpmath, unit_of


def rounded_parameters(dtype, parameters):
    """A parameter counts as rounded to the dtype of the loop: as Python floats."""
    return tuple(float(np.dtype(dtype).type(value)) for value in parameters)


def limits(name, part, parameters):
    """At -inf and inf: the ``part`` ("value", "slope" or "parameter_slope") of the activation."""
    definition = DEFINITIONS[name]
    if part == "parameter_slope":
        return definition.parameter_limits
    column = {"value": 1, "slope": 2}[part]
    special = {row[0]: row[column] for row in definition.special(*parameters)}
    return special[-np.inf], special[np.inf]


def evaluate(name, part, x, parameters=(), arithmetic=Exact):
    """The ``part`` of the activation ``name`` at the floating-point array ``x``.

    A list of mpmath numbers in ``Exact`` arithmetic, an array in the others. NaN gives NaN.
    """
    low, high = limits(name, part, parameters)
    formula = getattr(DEFINITIONS[name], part)
    if arithmetic is Exact:
        mpf = Exact.mp.mpf
        known = {-np.inf: Exact.mp.convert(low), np.inf: Exact.mp.convert(high)}
        exact = [mpf(value) for value in parameters]
        return [
            Exact.nan if p != p else known[p] if p in known else mpf(formula(Exact, mpf(p), *exact))
            for p in np.ravel(x).astype(np.float64).tolist()
        ]
    with np.errstate(all="ignore"):
        wide = np.asarray(x).astype(arithmetic.dtype)
        result = formula(arithmetic, wide, *(arithmetic.dtype(value) for value in parameters))
        result = np.array(np.broadcast_to(result, wide.shape), arithmetic.dtype)
        for special, value in ((wide == -np.inf, low), (wide == np.inf, high)):
            result[special] = value
        return np.where(np.isnan(wide), wide, result)


def as_seen_from(dtype, values):
    """A Reference from what ``evaluate`` returns."""
    if isinstance(values, list):
        return reference_from_mpmath(values, dtype)
    return Sweep(values, np.dtype(dtype))


def value_reference(name, x, parameters=(), arithmetic=Exact):
    """The exact values of the activation ``name`` at ``x``, as seen from the dtype of ``x``."""
    parameters = rounded_parameters(x.dtype, parameters)
    return as_seen_from(x.dtype, evaluate(name, "value", x, parameters, arithmetic))


def slope_reference(name, x, parameters=(), arithmetic=Exact):
    """The exact slopes; see ``Definition.slope_zeros`` for how errors count near a zero."""
    parameters = rounded_parameters(x.dtype, parameters)
    reference = as_seen_from(x.dtype, evaluate(name, "slope", x, parameters, arithmetic))
    return coarser_near_zeros(name, x, parameters, reference)


def coarser_near_zeros(name, x, parameters, reference):
    """A reference of slopes with errors counted as ``Definition.slope_zeros`` says."""
    near = np.zeros(x.shape, bool)
    for low, high in DEFINITIONS[name].slope_zeros(*parameters):
        near |= (x >= low) & (x <= high)
    if not near.any():
        return reference
    return reference.with_least_unit(np.where(near, unit_of(1 / 16, x.dtype), 0.0))


def product_reference(name, x, dy, parameters=(), arithmetic=Exact, part="slope"):
    """The slope, the exact ``dy * slope``, and how large an error of the product may be.

    With ``part="parameter_slope"`` the same of the derivative by the first parameter.
    """
    parameters = rounded_parameters(x.dtype, parameters)
    slopes = evaluate(name, part, x, parameters, arithmetic)
    slope = as_seen_from(x.dtype, slopes)
    product = as_seen_from(x.dtype, _products(slopes, slope.nearest, dy))
    if part == "slope":
        slope = coarser_near_zeros(name, x, parameters, slope)
    return slope, product, product_bound(slope, product, dy)


def _products(slopes, nearest, dy):
    """A slope beyond the largest number is infinite before it is multiplied, but for float16, which
    is computed in float32."""
    if nearest.dtype == np.float16:
        nearest = np.zeros_like(nearest)
    if isinstance(slopes, list):
        triples = zip(slopes, nearest.tolist(), dy.tolist(), strict=True)
        return [
            (Exact.mp.mpf(rounded) if np.isinf(rounded) else slope) * Exact.mp.mpf(factor)
            for slope, rounded, factor in triples
        ]
    with np.errstate(all="ignore"):
        return np.where(np.isinf(nearest), nearest, slopes) * dy.astype(slopes.dtype)


def product_bound(slope, product, dy):
    """``allowed(bound)(mask)``: an error of ``bound`` units of the slope carried into the product,
    and one unit for its own rounding."""

    def allowed(bound):
        def in_units_of_the_product(mask):
            with np.errstate(all="ignore"):
                carried = np.abs(dy[mask].astype(np.float64)) / product[mask].unit
                return np.nan_to_num(bound * slope[mask].unit * carried) + 1

        return in_units_of_the_product

    return allowed
