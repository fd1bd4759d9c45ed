"""NumPy: the formula that people write, and the same with SciPy's functions in it."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import numpy as np

from fastact.bench.formulas import FORMULAS, SCIPY_FORMULAS, Formula

from .form import Form
from .jobs import Given, Job, parameters


class NumPy:
    """Plain expressions. A single ufunc gets `out`; of more, the last could, but nobody does."""

    name = "numpy"
    inexact: ClassVar[dict[str, str]] = {}
    formulas = FORMULAS

    def __init__(self, threads: int) -> None:
        """NumPy's own functions run on one thread, always."""

    def forms(self, job: Job, given: Given) -> list[Form]:
        """One form, with `out` where that is simple."""
        if job.activation not in self.formulas:
            return []
        formula = self.formulas[job.activation]
        constants = parameters(job.activation)
        arrays = given.arrays
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
        return [Form(function, arrays, constants, quiet)]


class SciPy(NumPy):
    """SciPy's functions; it has no gradients, so those are completed by hand."""

    name = "scipy"
    formulas = SCIPY_FORMULAS


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
