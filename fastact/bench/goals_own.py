"""The checks on activations of one's own."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

import fastact as fa

from .checks import Check, Pair, ratio
from .goals import DTYPES, LARGE, numbers, thread_gain, timed
from .timing import Timed


def _silu(x: Any) -> Any:
    s = fa.sigmoid(x)
    return x * s, s + x * fa.sigmoid.derivative(x)


def _by_hand(x: Any) -> Any:
    """SiLU as it is written down first, and its slope."""
    e = np.exp(-x)
    return x / (1 + e), (1 + e + x * e) / ((1 + e) * (1 + e))


def own() -> Iterator[Check]:
    """A formula against numba's function of the same value, and against itself in NumPy."""
    if fa.available_backends()["numba"] is not None:
        return
    silu, by_hand = fa.define(_silu, name="own_silu"), fa.define(_by_hand, name="own_by_hand")
    group = "fa.define, numba, 10^6 elements, one thread"
    for dtype in DTYPES:
        # numba's silu has a short form for ordinary x, which a formula from outside cannot have.
        for operation in ("forward", "forward_backward"):
            yield Check(
                group,
                f"{operation} {dtype}: x * fa.sigmoid(x) over silu",
                ratio(partial(_over_numba, silu, operation, dtype)),
                2.0,
            )
        yield Check(
            group,
            f"{dtype}: x / (1 + exp(-x)) by NumPy over ours",
            ratio(partial(_numpy_over_own, by_hand, dtype)),
            3.0,
            at_least=True,
        )
    yield Check(
        "fa.define, numba, one element",
        "x * fa.sigmoid(x) over silu",
        ratio(partial(_call, silu)),
        1.1,
    )
    yield Check(
        "fa.define, numba, 10^6 elements, one thread over two",
        "x / (1 + exp(-x)) float64",
        ratio(partial(thread_gain, by_hand, "float64", "numba")),
        1.7,
        at_least=True,
    )


def _into_out(activation: Any, operation: str, dtype: str) -> Timed:
    x = numbers(LARGE, dtype=dtype)
    if operation == "forward":
        return timed(activation, x, out=np.empty_like(x), backend="numba")
    out = np.empty_like(x), np.empty_like(x)
    return timed(activation.forward_backward, x, out=out, backend="numba")


def _over_numba(silu: Callable[..., Any], operation: str, dtype: str) -> Pair:
    return _into_out(silu, operation, dtype), _into_out(fa.silu, operation, dtype)


def _numpy_over_own(by_hand: Callable[..., Any], dtype: str) -> Pair:
    x = numbers(LARGE, dtype=dtype)
    return Timed(lambda: x / (1 + np.exp(-x))), _into_out(by_hand, "forward", dtype)


def _call(silu: Callable[..., Any]) -> Pair:
    x = np.array([0.5])
    return timed(silu, x, backend="numba"), timed(fa.silu, x, backend="numba")
