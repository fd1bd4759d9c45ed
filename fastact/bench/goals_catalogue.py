"""The checks on the pointwise catalogue: against torch, and where numbers are subnormal."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

import fastact as fa
from fastact.activations import CATALOGUE

from .checks import Check, Pair, ratio
from .goals import DTYPES, LARGE, imported_torch, timed
from .inputs import Case, fa_function, inputs
from .peers.jobs import parameters
from .timing import Timed

POINTWISE = [entry.name for entry in CATALOGUE.values() if entry.kind == "elementwise"]

# A twentieth more time than the peer is the most.
AS_FAST = 1.05


def over_torch() -> Iterator[Check]:
    """Large arrays on one thread, torch's `out` form where it has one."""
    torch = imported_torch()
    if not torch:
        return
    for dtype in DTYPES:
        for name in torch_functions():
            yield Check(
                "10^6 elements, out= given, one thread, over torch",
                f"{name} {dtype}",
                ratio(partial(_over_torch, torch, name, dtype)),
                AS_FAST,
            )


def torch_functions() -> dict[str, Callable[..., Any]]:
    """By our names, with our parameters: torch's form with `out` where it has one."""
    from .peers.torch_functions import FUNCTIONS

    return {
        name: _with_out(function, tuple(parameters(name).values()))
        for name, function in FUNCTIONS.items()
        if name in POINTWISE
    }


def _with_out(function: Any, constants: tuple[float, ...]) -> Callable[..., Any]:
    if function.into is None:
        return lambda x, out: function.value(x, *constants)
    if not constants:
        return function.into
    return lambda x, out: function.into(x, *constants, out=out)


def _over_torch(torch: Any, name: str, dtype: str) -> Pair:
    x, *required = inputs(Case(name, "forward", LARGE, dtype))
    theirs = torch.from_numpy(x)
    ours = timed(getattr(fa, name), x, *required, out=np.empty_like(x))
    return ours, Timed(torch_functions()[name], theirs, out=torch.empty_like(theirs))


def subnormals() -> Iterator[Check]:
    """Where x is subnormal, and where a result is, against ordinary numbers."""
    for dtype in DTYPES:
        for name in POINTWISE:
            for operation in ("forward", "derivative"):
                yield Check(
                    "subnormal x, over ordinary x, one thread",
                    f"{name} {dtype} {operation}",
                    ratio(partial(_over_ordinary, name, operation, dtype, subnormal_inputs)),
                    3.0,
                )
        for name in POINTWISE:
            if not len(where_results_are_subnormal(name, dtype)):
                continue
            for operation in ("forward", "derivative", "backward"):
                yield Check(
                    "subnormal results, over ordinary x, one thread",
                    f"{name} {dtype} {operation}",
                    ratio(
                        partial(_over_ordinary, name, operation, dtype, where_results_are_subnormal)
                    ),
                    3.0,
                )


def subnormal_inputs(name: str, dtype: str) -> np.ndarray:
    """Of both signs, but for a function of probabilities."""
    x, *_ = inputs(Case(name, "forward", 10_000, dtype))
    return (x / 16 * np.finfo(dtype).tiny).astype(dtype)


def where_results_are_subnormal(name: str, dtype: str) -> np.ndarray:
    """Normal x in the tails for which the value or the slope is subnormal."""
    _, *parameters = inputs(Case(name, "forward", 10_000, dtype))
    x = np.linspace(-800, 800, 400_001).astype(dtype)
    tiny = np.finfo(dtype).tiny
    found = np.zeros(x.shape, bool)
    for operation in ("forward", "derivative"):
        size = np.abs(fa_function(name, operation)(x, *parameters))
        found |= (size > 0) & (size < tiny)
    return x[found]


def _over_ordinary(
    name: str, operation: str, dtype: str, make: Callable[[str, str], np.ndarray]
) -> Pair:
    function = fa_function(name, operation)
    x, *rest = inputs(Case(name, operation, 10_000, dtype))
    unusual, out = np.resize(make(name, dtype), x.shape), np.empty_like(x)
    return timed(function, unusual, *rest, out=out), timed(function, x, *rest, out=out)
