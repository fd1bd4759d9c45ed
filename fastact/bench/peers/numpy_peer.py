"""NumPy: the formula that people write, and the same with SciPy's functions in it."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import numpy as np

from fastact.bench.formulas import FORMULAS, SCIPY_FORMULAS, Formula

from .form import Form
from .jobs import Given, Job, parameters

# SciPy's erf gives float64 here, and the formula by hand has it, too.
FLOAT64_INSTEAD = ("float16", "gelu")


class NumPy:
    """Plain expressions. A single ufunc gets `out`; of more, the last could, but nobody does."""

    name = "numpy"
    inexact: ClassVar[dict[str, str]] = {}
    formulas = FORMULAS

    def __init__(self, threads: int) -> None:
        """NumPy's own functions run on one thread, always."""

    def forms(self, job: Job, given: Given) -> list[Form]:
        """One form, with `out` where that is simple."""
        if job.activation not in self.formulas or (job.dtype, job.activation) == FLOAT64_INSTEAD:
            return []
        formula = self.formulas[job.activation]
        constants = parameters(job.activation)
        # Of rows that lie otherwise the formula sees views: NumPy reduces along any axis alike.
        arrays = tuple(last_axis(array, job, given) for array in given.arrays)
        quiet = partial(np.errstate, all="ignore")
        if job.in_place:
            return [
                Form(
                    over_inputs(formula, job, constants),
                    context=quiet,
                    consumed=lambda: tuple(array.copy() for array in arrays),
                )
            ]
        if job.operation == "forward" and isinstance(formula.value, np.ufunc):
            keywords = {} if job.layout == "fresh" else {"out": given.out[0]}
            return [Form(formula.value, arrays, keywords, quiet)]
        function = formula.value if job.operation == "forward" else getattr(formula, job.operation)
        return [Form(function, arrays, constants, quiet, arrays=partial(as_asked, job, given))]


class SciPy(NumPy):
    """SciPy's functions; it has no gradients, so those are completed by hand."""

    name = "scipy"
    formulas = SCIPY_FORMULAS

    def forms(self, job: Job, given: Given) -> list[Form]:
        """None in float16: its ufuncs give float32 for that."""
        return [] if job.dtype == "float16" else super().forms(job, given)


def last_axis(array: np.ndarray, job: Job, given: Given) -> np.ndarray:
    """The array with its rows along the last axis, as the formulas take them."""
    return np.moveaxis(array, job.axis, -1) if array.ndim == given.x.ndim else array


def as_asked(job: Job, given: Given, result: Any) -> tuple[np.ndarray, ...]:
    """Results with their rows along the axis of the job."""
    several = result if isinstance(result, tuple) else (result,)
    return tuple(
        np.moveaxis(array, -1, job.axis) if job.rowwise and array.ndim == given.x.ndim else array
        for array in map(np.asarray, several)
    )


def over_inputs(formula: Formula, job: Job, constants: dict[str, float]) -> Callable[..., Any]:
    """The job with its results copied over the inputs, or written there by a ufunc."""
    function = getattr(formula, job.operation)
    if job.operation == "forward" and isinstance(formula.value, np.ufunc):
        return lambda x: formula.value(x, out=x)

    def copied(*arrays: np.ndarray) -> Any:
        result = function(*arrays, **constants)
        results = result if isinstance(result, tuple) else (result,)
        for to, made in zip(arrays[-len(results) :], results, strict=True):
            to[...] = made
        return arrays[-len(results) :]

    return copied
