"""Cases of activation, operation, size and dtype, and ordinary inputs for them."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

import fastact as fa
from fastact.activations import CATALOGUE

# The kinds of functions that inputs are made for; others have arguments of their own.
KINDS = ("elementwise", "rowwise", "gated")
TIMED = tuple(name for name, entry in CATALOGUE.items() if entry.kind in KINDS)
OF_ONE_ARRAY = tuple(name for name in TIMED if CATALOGUE[name].kind != "gated")

# Row-wise functions see rows of this many elements unless told, or one shorter row.
ROW = 1000

# What parameters are that have no default.
REQUIRED = {"weight": 0.25, "threshold": 0.1, "value": 0.0}

# Defined between 0 and 1 only.
OF_PROBABILITIES = ("logit",)

# Where a kink is not at a number: rounding decides on which side of it x lies, so x keeps away.
KINKS = {"hard_sigmoid_affine": 2.5}


class Case(NamedTuple):
    """One cell of the benchmark."""

    activation: str
    operation: str
    size: int
    dtype: str
    row_length: int = ROW

    @property
    def rowwise(self) -> bool:
        return CATALOGUE[self.activation].kind == "rowwise"

    @property
    def shape(self) -> tuple[int, ...]:
        if self.rowwise and self.size > self.row_length:
            return (self.size // self.row_length, self.row_length)
        return (self.size,)


def left_out(activations: Iterable[str], timed: Collection[str] = TIMED) -> str:
    """A note about those of a kind that is not timed; empty if there are none."""
    names = [name for name in activations if name not in timed]
    kinds = ", ".join(dict.fromkeys(CATALOGUE[name].kind for name in names))
    return f"not timed, of other kinds ({kinds}): {', '.join(names)}" if names else ""


@lru_cache(maxsize=4)
def inputs(case: Case) -> tuple[Any, ...]:
    """Ordinary inputs: `x`, `dy` where the operation takes one, parameters without a default.

    Of a gated unit the gate and the value, and `dy`.
    """
    random = np.random.default_rng(20260101)
    x = 2 * random.standard_normal(case.shape)
    if case.activation in OF_PROBABILITIES:
        x = random.uniform(0.01, 0.99, case.shape)
    if case.activation in KINKS:
        x[np.abs(np.abs(x) - KINKS[case.activation]) < 0.01] = 0
    x = x.astype(case.dtype)
    if CATALOGUE[case.activation].kind == "gated":
        others = random.standard_normal((2, *case.shape)).astype(case.dtype)
        return (x, *others[: 1 if case.operation == "forward" else 2])
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
