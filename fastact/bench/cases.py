"""What is timed: activation, operation, size and dtype; and the proof that all candidates agree."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import lru_cache, partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np

import fastact as fa
from fastact.activations import CATALOGUE

from .formulas import FORMULAS, SCIPY_FORMULAS
from .timing import Timed

OPERATIONS = ("forward", "backward", "forward_backward")
SIZES = (1, 100, 10_000, 1_000_000)

# The kinds of functions that inputs are made for; others have arguments of their own.
KINDS = ("elementwise", "rowwise")
TIMED = tuple(name for name, entry in CATALOGUE.items() if entry.kind in KINDS)

# What `fastact bench` times unless others are named: the textbook's, and the row-wise ones.
USUAL = tuple(
    name for name in TIMED if CATALOGUE[name].textbook or CATALOGUE[name].kind == "rowwise"
)

# Row-wise functions see rows of this many elements, or one shorter row.
ROW = 1000

# What does without fastact: the name in the tables, and the formulas.
BY_HAND = "by hand"
PEERS = {BY_HAND: FORMULAS, "SciPy": SCIPY_FORMULAS}

# What parameters are that have no default.
REQUIRED = {"weight": 0.25, "threshold": 0.1, "value": 0.0}

# Defined between 0 and 1 only.
OF_PROBABILITIES = ("logit",)

# Where a kink is not at a number: rounding decides on which side of it x lies, so x keeps away.
KINKS = {"hard_sigmoid_affine": 2.5}

# How closely candidates must agree on ordinary inputs, in units of the dtype's resolution. The
# formulas by hand lose this much to cancellation (`1 - y`); the tests judge fastact far harder.
TOLERANCE = 64


class Case(NamedTuple):
    """One cell of the benchmark."""

    activation: str
    operation: str
    size: int
    dtype: str

    @property
    def rowwise(self) -> bool:
        return CATALOGUE[self.activation].kind == "rowwise"

    @property
    def shape(self) -> tuple[int, ...]:
        if self.rowwise and self.size > ROW:
            return (self.size // ROW, ROW)
        return (self.size,)


def left_out(activations: Iterable[str]) -> str:
    """A note about those of a kind that is not timed; empty if there are none."""
    names = [name for name in activations if name not in TIMED]
    kinds = ", ".join(dict.fromkeys(CATALOGUE[name].kind for name in names))
    return f"not timed, of other kinds ({kinds}): {', '.join(names)}" if names else ""


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
    return [c for c in cases if not (c.rowwise and c.operation == "derivative")]


@lru_cache(maxsize=4)
def inputs(case: Case) -> tuple[Any, ...]:
    """Ordinary inputs: `x`, `dy` where the operation takes one, parameters without a default."""
    random = np.random.default_rng(20260101)
    x = 2 * random.standard_normal(case.shape)
    if case.activation in OF_PROBABILITIES:
        x = random.uniform(0.01, 0.99, case.shape)
    if case.activation in KINKS:
        x[np.abs(np.abs(x) - KINKS[case.activation]) < 0.01] = 0
    x = x.astype(case.dtype)
    given = CATALOGUE[case.activation].parameters
    required = [REQUIRED[p.name] for p in given if p.default is None]
    if case.operation in ("forward", "derivative"):
        return (x, *required)
    reduces = case.rowwise and np.ndim(fa_function(case.activation, "forward")(x[:1])) < x.ndim
    dy_shape = x.shape[:-1] if reduces else x.shape
    return x, np.asarray(random.standard_normal(dy_shape)).astype(case.dtype), *required


def fa_function(activation: str, operation: str) -> Any:
    """`fa.tanh` for forward, `fa.tanh.backward` and so on."""
    function = getattr(fa, activation)
    return function if operation == "forward" else getattr(function, operation)


@contextmanager
def settings(backend: str, threads: int | None = None) -> Iterator[None]:
    """Run with this backend, and with this many threads if a number is given."""
    with fa.use_backend(backend), fa.threads(threads) if threads else nullcontext():
        yield


def candidates(case: Case, backends: Iterable[str], threads: int | None = None) -> dict[str, Timed]:
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
    for peer, table in PEERS.items():
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
