"""Errors in units of the last place from float64 references, for billions of inputs.

What `ulp.ulp_errors` gives, to its last bit but for rounding, without `frexp` and `ldexp`: the
exponent of a reference is cut out of its bits, and turned into one over the unit by a subtraction.
"""

from typing import Any, NamedTuple

import numpy as np

from .definitions import DEFINITIONS
from .ulp import unit_of

MANTISSA = 52
EXPONENT = np.uint64(0x7FF << MANTISSA)


class Scale(NamedTuple):
    """Exponents of a dtype, in place among the bits of a float64."""

    least: np.uint64  # of the smallest normal number: no unit is smaller than its unit
    sixteenth: np.uint64
    inverse: np.uint64  # minus an exponent, this is one over the unit of that binade


def _scale(dtype: str) -> Scale:
    info = np.finfo(dtype)
    # Taken modulo 2^64, as the subtraction is.
    inverse = ((2 * 1023 + info.nmant) << MANTISSA) % 2**64
    return Scale(_bits(float(info.tiny)), _bits(1 / 16), np.uint64(inverse))


def _bits(value: float) -> np.uint64:
    return np.float64(value).view(np.uint64)


SCALES = {dtype: _scale(dtype) for dtype in ("float16", "float32")}


def errors_of(
    got: np.ndarray, exact: np.ndarray, near_zero: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """How far each element of `got` is from the float64 `exact`, in ULP of the dtype of `got`; and
    the nearest numbers of that dtype.

    Where `near_zero` holds, a unit is at least that of 1/16. Infinities, NaNs and zeros are judged
    as by `ulp.ulp_errors`; a zero in `exact` is an exact one.
    """
    scale = SCALES[got.dtype.name]
    exponent = exact.view(np.uint64) & EXPONENT
    np.maximum(exponent, scale.least, out=exponent)
    if near_zero is not None:
        floor = np.where(near_zero, scale.sixteenth, scale.least)
        np.maximum(exponent, floor, out=exponent)
    np.subtract(scale.inverse, exponent, out=exponent)
    errors = got.astype(np.float64)
    errors -= exact
    np.abs(errors, out=errors)
    errors *= exponent.view(np.float64)
    nearest = exact.astype(got.dtype)
    if not (nearest.all() and np.isfinite(nearest).all() and np.isfinite(got).all()):
        _judge_special(got, exact, nearest, errors)
    return errors, nearest


def _judge_special(
    got: np.ndarray, exact: np.ndarray, nearest: np.ndarray, errors: np.ndarray
) -> None:
    """Right or infinitely far: infinities, NaNs, exact zeros, and the sign of an underflow."""
    special = ~(np.isfinite(got) & np.isfinite(nearest))
    if special.any():
        agree = (got == nearest) | (np.isnan(got) & np.isnan(nearest))
        np.copyto(errors, np.where(agree, 0.0, np.inf), where=special)
    zero = nearest == 0
    if zero.any():
        wrong = zero & (exact == 0) & (got != 0)
        wrong |= zero & (exact != 0) & (got == 0) & (np.signbit(got) != np.signbit(nearest))
        errors[wrong] = np.inf


def near_slope_zeros(name: str, parameters: tuple[float, ...], x: np.ndarray) -> np.ndarray | None:
    """Where errors of the slope count in units of at least that of 1/16; None for nowhere."""
    near = None
    for low, high in DEFINITIONS[name].slope_zeros(*parameters):
        inside = (x >= low) & (x <= high)
        if inside.any():
            near = inside if near is None else near | inside
    return near


def gap(
    fast: np.ndarray, exact: list[Any], dtype: str, near_zero: np.ndarray | None = None
) -> np.ndarray:
    """How far float64 references are from mpmath's, in ULP of `dtype`: the judge of the judge."""
    least = np.zeros(len(fast)) if near_zero is None else near_zero * unit_of(1 / 16, dtype)
    distances = []
    for first, second, unit in zip(fast.tolist(), exact, least.tolist(), strict=True):
        if not np.isfinite(first) or not np.isfinite(float(second)):
            agree = first == float(second) or (first != first and second != second)
            distances.append(0.0 if agree else np.inf)
        else:
            unit = max(unit, float(unit_of(float(second), dtype)))
            distances.append(float(abs(second - first)) / unit)
    return np.array(distances)
