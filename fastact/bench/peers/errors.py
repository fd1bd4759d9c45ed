"""How far results are from the exact ones, in units in the last place, on the benchmark's inputs.

Next to a zero of the slope no formula keeps relative accuracy: errors of a gradient below `dy / 16`
count in units of the last place of that. Gradients of row-wise functions are not judged.
"""

from functools import lru_cache
from math import isfinite
from typing import Any

import numpy as np

from fastact.accuracy.arithmetic import WIDE_IS_WIDER, Double, Exact
from fastact.accuracy.reference import evaluate, rounded_parameters
from fastact.accuracy.ulp import (
    Reference,
    reference_from_mpmath,
    reference_from_wide,
    ulp_errors,
)
from fastact.bench.formulas import FORMULAS
from fastact.bench.layouts import AXES

from .jobs import Given, Job, parameters, reduces

# Of so many elements: a float64 reference is cheap, mpmath's is not.
ELEMENTS = {"float16": 20_000, "float32": 20_000, "float64": 300}
ROWS = 100

# Next to a threshold, and to a mean, the plain formula in a wider type cancels, too.
CANCELLING = ("sparsemax", "entmax15", "standardize")


def worst_errors(
    job: Job, given: Given, results: dict[str, tuple[np.ndarray, ...]]
) -> dict[str, float | None]:
    """The largest error of each candidate, None if it is infinite; empty where there is no
    reference for the job."""
    expected = references(job, given)
    largest = {
        name: max(
            float(np.max(ulp_errors(first(array, job), reference)))
            for array, reference in zip(arrays, expected, strict=False)
        )
        for name, arrays in results.items()
        if expected
    }
    return {name: error if isfinite(error) else None for name, error in largest.items()}


def first(array: np.ndarray, job: Job) -> np.ndarray:
    """The elements, or the rows, that are judged."""
    if not job.rowwise:
        array = array[: ELEMENTS[job.dtype]]
    elif len(job.case.shape) > 1 or array.ndim == 0:  # several rows, or a number for each
        array = np.atleast_1d(by_rows(array, job))[:ROWS]
    return np.ascontiguousarray(array)


def by_rows(array: np.ndarray, job: Job) -> np.ndarray:
    """Rows along the last of two axes, or a number for each, wherever they lie."""
    if job.layout not in AXES:
        return array
    if reduces(job.activation) and array.ndim < 2 + job.axis:
        return array.ravel()
    return np.moveaxis(array, job.axis, -1).reshape(-1, job.row_length)


def references(job: Job, given: Given) -> list[Reference]:
    """Of every result that is judged, in order."""
    x = first(given.x, job)
    if job.rowwise:
        return [] if job.operation == "backward" else of_rows(job.activation, x)
    constants = tuple(parameters(job.activation).values())
    found = []
    if job.operation != "backward":
        values = exact(job.activation, "value", constants, job.dtype, x.tobytes())
        found.append(seen_from(job.dtype, values))
    if given.dy is not None:
        dy = first(given.dy, job)
        slopes = exact(job.activation, "slope", constants, job.dtype, x.tobytes())
        reference = seen_from(job.dtype, products(slopes, dy))
        least = reference_from_wide(dy.astype(np.float64) / 16, job.dtype).unit
        found.append(reference.with_least_unit(least))
    return found


@lru_cache(maxsize=200)
def exact(activation: str, part: str, constants: tuple[float, ...], dtype: str, x: bytes) -> Any:
    """Far more digits than the dtype has: an array of float64 or a list of mpmath numbers."""
    arithmetic: Any = Exact if dtype == "float64" else Double
    rounded = rounded_parameters(dtype, constants)
    return evaluate(activation, part, np.frombuffer(x, dtype), rounded, arithmetic)


def products(slopes: Any, dy: np.ndarray) -> Any:
    if isinstance(slopes, list):
        return [s * Exact.mp.mpf(d) for s, d in zip(slopes, dy.tolist(), strict=True)]
    return slopes * dy.astype(np.float64)


def seen_from(dtype: str, values: Any) -> Reference:
    if isinstance(values, list):
        return reference_from_mpmath(values, dtype)
    return reference_from_wide(values, dtype)


def of_rows(activation: str, x: np.ndarray) -> list[Reference]:
    """By the plain formula in a wider type; nothing where there is none."""
    wider = np.longdouble if x.dtype == np.float64 else np.float64
    known = activation in FORMULAS and activation not in CANCELLING
    if not known or not (WIDE_IS_WIDER or wider is np.float64):
        return []
    values = np.atleast_1d(FORMULAS[activation].value(x.astype(wider)))
    return [reference_from_wide(values, x.dtype)]
