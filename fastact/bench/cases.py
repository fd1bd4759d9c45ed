"""What is timed: activation, operation, size and dtype; and the proof that all candidates agree."""

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from fastact.activations import CATALOGUE

from .formulas import FORMULAS, SCIPY_FORMULAS
from .gated_formulas import GATED_FORMULAS
from .inputs import REQUIRED, TIMED, Case, fa_function, inputs, settings
from .timing import Timed

OPERATIONS = ("forward", "backward", "forward_backward")
SIZES = (1, 100, 10_000, 1_000_000)

TEXTBOOK = tuple(name for name in TIMED if CATALOGUE[name].textbook)

# What `fastact bench` times unless others are named: the textbook's, and the row-wise ones.
USUAL = tuple(
    name for name in TIMED if CATALOGUE[name].textbook or CATALOGUE[name].kind == "rowwise"
)

# What does without fastact: the name in the tables, and the formulas.
BY_HAND = "by hand"
PEERS: dict[str, Mapping[str, Any]] = {
    BY_HAND: FORMULAS | GATED_FORMULAS,
    "SciPy": SCIPY_FORMULAS,
}

# How closely candidates must agree on ordinary inputs, in units of the dtype's resolution. The
# formulas by hand lose this much to cancellation (`1 - y`); the tests judge fastact far harder.
TOLERANCE = 64


def all_cases(
    activations: Iterable[str] = TIMED,
    operations: Iterable[str] = OPERATIONS,
    sizes: Iterable[int] = SIZES,
    dtype: str = "float32",
) -> list[Case]:
    """Every combination that exists, size by size."""
    cases = (
        Case(name, operation, size, dtype)
        for size, name, operation in product(sizes, activations, operations)
        if name in TIMED
    )
    return [
        c
        for c in cases
        if hasattr(fa_function(c.activation, "forward"), c.operation) or c.operation == "forward"
    ]


def candidates(
    case: Case,
    backends: Iterable[str],
    threads: int | None = None,
    peers: Mapping[str, Mapping[str, Any]] = PEERS,
) -> dict[str, Timed]:
    """The calls that compute `case`: one per backend, one per peer that has the function."""
    given = inputs(case)
    function = fa_function(case.activation, case.operation)
    calls = {
        backend: Timed(function, *given, context=partial(settings, backend, threads))
        for backend in backends
    }
    arrays = [array for array in given if isinstance(array, np.ndarray)]
    parameters: dict[str, Any] = {
        p.name: REQUIRED[p.name] if p.default is None else p.default
        for p in CATALOGUE[case.activation].parameters
    }
    for peer, table in peers.items():
        if case.activation in table:
            by_hand = getattr(table[case.activation], case.operation)
            # In float16 the exponentials of some overflow; so be it.
            quiet = partial(np.errstate, over="ignore")
            calls[peer] = Timed(by_hand, *arrays, context=quiet, **parameters)
    return calls


def require_agreement(case: Case, calls: Mapping[str, Timed]) -> None:
    """Raise `AssertionError` unless every candidate gives the values of the formula by hand."""
    results = {name: _arrays(timed.result()) for name, timed in calls.items()}
    reference_name = BY_HAND if BY_HAND in results else next(iter(results))
    tolerance = TOLERANCE * float(np.finfo(case.dtype).eps)
    for name, arrays in results.items():
        for array, expected in zip(arrays, results[reference_name], strict=True):
            difference = np.abs(array.astype("f8") - expected)
            allowed = tolerance * np.maximum(1, np.abs(expected.astype("f8")))
            if array.shape != expected.shape or not np.all(difference <= allowed):
                raise AssertionError(
                    f"{name} and {reference_name} disagree on {case.activation} {case.operation} "
                    f"of {case.size} {case.dtype}: by up to {np.max(difference):.3g}"
                )


def _arrays(result: Any) -> tuple[np.ndarray, ...]:
    return tuple(np.asarray(r) for r in (result if isinstance(result, tuple) else (result,)))
