"""Correct rounding, and the distance of a result from the exact value in units of the last place.

Imports nothing of fastact. An exact value is kept as the nearest number of the dtype plus what is
left over, in units of the last place of the exact value, so that a distance of 0.01 unit is seen
also in float64 and among the subnormals.
"""

from dataclasses import dataclass
from functools import cached_property
from math import ldexp

import numpy as np


@dataclass(frozen=True)
class Reference:
    """Exact values as seen from one dtype."""

    nearest: np.ndarray  # rounded to the dtype, half to even, the sign of an underflow kept
    residual: np.ndarray  # float64: (exact - nearest) / unit
    unit: np.ndarray  # float64: one unit in the last place of the exact value

    def __getitem__(self, index):
        return Reference(self.nearest[index], self.residual[index], self.unit[index])

    def with_least_unit(self, least):
        """The same values with errors in units of at least ``least`` (see ``reference.py``)."""
        unit = np.maximum(self.unit, least)
        return Reference(self.nearest, self.residual * (self.unit / unit), unit)


@dataclass(frozen=True)
class Sweep:
    """The same of millions of values in a wider type; residual and unit only where asked for."""

    values: np.ndarray
    dtype: np.dtype
    least_unit: np.ndarray | None = None  # per value

    @cached_property
    def nearest(self):
        with np.errstate(all="ignore"):
            return self.values.astype(self.dtype)

    def __getitem__(self, index):
        reference = reference_from_wide(self.values[index], self.dtype)
        if self.least_unit is None:
            return reference
        return reference.with_least_unit(self.least_unit[index])

    def with_least_unit(self, least):
        return Sweep(self.values, self.dtype, least)


def unit_of(value, dtype):
    """The unit in the last place of numbers of ``dtype`` in the binade of ``value``."""
    info = np.finfo(dtype)
    _, exponent = np.frexp(np.float64(value))
    return np.ldexp(1.0, max(int(exponent) - 1, info.minexp) - info.nmant)


def round_exact(value, dtype):
    """``(nearest, residual, unit)`` of one mpmath number: three floats.

    In integers, so that no step rounds but the one to ``dtype``.
    """
    info = np.finfo(dtype)
    negative, mantissa, scale, length = value._mpf_  # (-1)^negative * mantissa * 2^scale
    sign = -1.0 if negative else 1.0
    if not mantissa:  # 0, an infinity or NaN
        if value == 0:
            return 0.0, 0.0, float(info.smallest_subnormal)
        return float(value), 0.0, 1.0
    binade = scale + length - 1
    last_place = min(max(binade, info.minexp), info.maxexp - 1) - info.nmant
    unit = ldexp(1.0, last_place)
    if binade >= info.maxexp:
        return sign * np.inf, 0.0, unit
    if scale >= last_place:
        steps, residual = mantissa << (scale - last_place), 0.0
    elif binade < last_place - 1000:  # far below the smallest subnormal
        steps, residual = 0, 5e-324
    else:
        shift = last_place - scale
        whole = 1 << shift
        steps = mantissa >> shift
        rest = mantissa - (steps << shift)
        up = 2 * rest > whole or (2 * rest == whole and steps % 2 == 1)
        steps, residual = steps + up, (rest - whole if up else rest) / whole
    if steps == 2 << info.nmant and last_place == info.maxexp - 1 - info.nmant:
        return sign * np.inf, 0.0, unit
    return sign * ldexp(steps, last_place), sign * residual, unit


def reference_from_mpmath(values, dtype):
    """A Reference from a list of mpmath numbers, each rounded once, straight to ``dtype``."""
    rows = np.array([round_exact(value, dtype) for value in values], dtype=np.float64)
    nearest, residual, unit = rows.reshape(-1, 3).T
    return Reference(nearest.astype(dtype), residual.copy(), unit.copy())


def reference_from_wide(values, dtype):
    """A Reference from an array of a wider type (``longdouble``), for sweeps."""
    info = np.finfo(dtype)
    with np.errstate(all="ignore"):
        negative, not_zero = np.signbit(values), values != 0
        if info.nmant < 30:  # float64 holds a value to 2^-29 of a unit of float32, and is faster
            values = values.astype(np.float64)
        nearest = values.astype(dtype)
        exponent = np.frexp(values)[1] - 1
        np.clip(exponent, info.minexp, info.maxexp - 1, out=exponent)
        exponent[values == 0] = info.minexp
        unit = np.ldexp(1.0, exponent - info.nmant)
        residual = ((values - nearest) / unit).astype(np.float64, copy=False)
        residual[~np.isfinite(nearest)] = 0
        lost = (residual == 0) & (nearest == 0) & not_zero  # the sign must not be lost
        residual[lost] = np.where(negative[lost], -5e-324, 5e-324)
    return Reference(nearest, residual, unit)


def ulp_errors(got, reference):
    """Distance of each element of ``got`` from the exact value, in units of the last place.

    Infinities and NaNs must be met exactly, an exact zero must be a zero, and a result that
    underflows must keep the sign of the exact value: anything else is infinitely far.
    The sign of an exact zero is not judged here (``test_special_values.py`` does).
    """
    nearest, residual = reference.nearest, reference.residual
    got = np.asarray(got)
    assert got.dtype == nearest.dtype, f"{got.dtype} where {nearest.dtype} was due"
    assert got.shape == nearest.shape, f"shape {got.shape} where {nearest.shape} was due"
    with np.errstate(all="ignore"):
        steps = (got.astype(np.float64) - nearest.astype(np.float64)) / reference.unit
        errors = np.abs(steps - residual)
        special = ~(np.isfinite(got) & np.isfinite(nearest))
        agree = (got == nearest) | (np.isnan(got) & np.isnan(nearest))
    errors[special] = np.where(agree[special], 0.0, np.inf)
    exact_zero = (nearest == 0) & (residual == 0)
    errors[exact_zero] = np.where(got[exact_zero] == 0, 0.0, np.inf)
    flipped = (nearest == 0) & (got == 0) & ~exact_zero & (np.signbit(got) != np.signbit(nearest))
    errors[flipped] = np.inf
    return errors


def to_be_judged(got, reference):
    """Where the bits are not those of the nearest number: elsewhere the error is at most 1/2."""
    integers = f"u{got.itemsize}"
    bits, nearest = (np.asarray(a, order="C").view(integers) for a in (got, reference.nearest))
    return bits != nearest


def assert_within(got, reference, bound, label, **inputs):
    """Fail, naming the worst element and its inputs, if any error is beyond ``bound``.

    That is a number of at least 1/2, one per element, or a function that gives those of a mask.
    """
    got, dtype = np.asarray(got), reference.nearest.dtype
    assert got.dtype == dtype, f"{label}: {got.dtype} where {dtype} was due"
    shape = reference.nearest.shape
    assert got.shape == shape, f"{label}: shape {got.shape} where {shape} was due"
    assert got.size, f"{label}: nothing was compared"
    mask = to_be_judged(got, reference)
    if not mask.any():
        return
    judged, exact = got[mask], reference[mask]
    bound = bound(mask) if callable(bound) else np.broadcast_to(bound, shape)[mask]
    assert np.all(bound >= 0.5), "what is the nearest number was not judged"
    errors = ulp_errors(judged, exact)
    beyond = ~(errors <= bound)
    if not beyond.any():
        return
    excess = np.where(beyond, np.nan_to_num(errors - bound, nan=np.inf), -np.inf)
    worst = np.argmax(excess)
    at = ", ".join(f"{name}={values[mask][worst]!r}" for name, values in inputs.items())
    raise AssertionError(
        f"{label}: {np.count_nonzero(beyond)} of {got.size} beyond; worst {errors[worst]:.4g} "
        f"ULP at {at}: got {judged[worst]!r}, exact is {exact.nearest[worst]!r} and "
        f"{exact.residual[worst]:+.3g} ULP"
    )


def same_bits(first, second):
    """Where two arrays of one dtype hold the same bits; all NaNs count as the same."""
    first, second = np.asarray(first), np.asarray(second)
    assert first.dtype == second.dtype, f"{first.dtype} and {second.dtype}"
    assert first.shape == second.shape, f"{first.shape} and {second.shape}"
    equal = (first == second) & (np.signbit(first) == np.signbit(second))
    return equal | (np.isnan(first) & np.isnan(second))


def assert_same_bits(got, expected, label):
    """Fail, naming the first difference, unless both arrays hold the same bits."""
    got, expected = np.asarray(got), np.asarray(expected)
    alike = got.dtype == expected.dtype and got.shape == expected.shape
    if alike and got.tobytes() == expected.tobytes():  # as almost always, and soon seen
        return
    different = ~same_bits(got, expected)
    if different.any():
        first = np.unravel_index(np.argmax(different), different.shape)
        raise AssertionError(
            f"{label}: {np.count_nonzero(different)} of {different.size} differ, first at {first}: "
            f"{got[first]!r} and {expected[first]!r}"
        )
