"""fastact itself, as a candidate."""

from functools import partial
from typing import Any

import numpy as np

import fastact as fa
from fastact.activations import CATALOGUE
from fastact.bench.inputs import REQUIRED, fa_function
from fastact.bench.layouts import AXES

from .form import Form
from .jobs import Given, Job

NAME = "fastact"


def form(job: Job, given: Given) -> Form:
    """The call, on the backend that serves it anyway; parameters that have a default are left out,
    as users do."""
    function = fa_function(job.activation, job.operation)
    entry = CATALOGUE[job.activation]
    required = {p.name: REQUIRED[p.name] for p in entry.parameters if p.default is None}
    context = partial(fa.threads, job.threads)
    if job.in_place:

        def over_inputs(*arrays: np.ndarray) -> Any:
            out: Any = arrays if job.operation == "forward_backward" else arrays[-1]
            return function(*arrays, out=out, **required)

        return Form(
            over_inputs,
            context=context,
            consumed=lambda: tuple(array.copy() for array in given.arrays),
        )
    keywords: dict[str, Any] = {}
    if job.layout != "fresh":
        keywords["out"] = given.out if len(given.out) > 1 else given.out[0]
    if job.layout in AXES:
        keywords["axis"] = job.axis
    if job.rowwise:  # a position after the arrays is the axis
        return Form(function, given.arrays, keywords | required, context)
    return Form(function, (*given.arrays, *required.values()), keywords, context)
