"""The checks on calls, speed and threads: which two calls are compared, and what may come out."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import Any

import numpy as np

import fastact as fa
from fastact.activations import CATALOGUE

from .checks import Check, Pair, difference, ratio
from .inputs import settings
from .timing import Timed

LARGE = 1_000_000
ROWS = (1000, 1000)
SMOOTH = ("sigmoid", "tanh")
DTYPES = ("float32", "float64")


@lru_cache(maxsize=8)
def numbers(*shape: int, dtype: str = "float32", seed: int = 1) -> np.ndarray:
    """Ordinary inputs of a shape."""
    return (2 * np.random.default_rng(seed).standard_normal(shape)).astype(dtype)


def timed(
    function: Any, *arguments: Any, backend: str = "auto", threads: int = 1, **keywords: Any
) -> Timed:
    """A call on one thread of the default backend, unless it says otherwise."""
    return Timed(function, *arguments, context=partial(settings, backend, threads), **keywords)


def call_cost() -> Iterator[Check]:
    """What a call costs, against `np.tanh`, when there is next to nothing to compute."""
    group = "cost of a call on 1 element, over np.tanh"
    one, ten = numbers(1), numbers(10)

    def against_tanh(label: str, goal: float | None, function: Any, *arguments: Any) -> Check:
        pair = Timed(function, *arguments), Timed(np.tanh, one)
        return Check(group, label, ratio(lambda: pair), goal)

    yield against_tanh("np.tanh itself (noise)", None, np.tanh, one)
    # A call costs the same for the others: what they add is arithmetic.
    textbook = [e for e in CATALOGUE.values() if e.textbook and e.kind == "elementwise"]
    for entry in textbook:
        f = getattr(fa, entry.name)
        alone = 1.15 if entry.parameters else 1.0
        yield against_tanh(entry.name, alone, f, one)
        yield against_tanh(f"{entry.name}.derivative", alone, f.derivative, one)
        yield against_tanh(f"{entry.name}.backward", 1.15, f.backward, one, one)
        yield against_tanh(f"{entry.name}.forward_backward", 2.8, f.forward_backward, one)
    for name in ("softmax", "log_softmax", "logsumexp"):
        yield against_tanh(f"{name} of 10 elements", 3.5, getattr(fa, name), ten)
    keyword = Timed(fa.leaky_relu, one, negative_slope=0.02), Timed(fa.leaky_relu, one)
    yield Check(
        group, "leaky_relu: negative_slope= adds", difference(lambda: keyword), 80, unit="ns"
    )


def one_thread() -> Iterator[Check]:
    """Large arrays on one thread, against NumPy, torch and memory itself."""
    group = "10^6 elements, out= given, one thread"
    torch = imported_torch()
    for dtype in DTYPES:
        for name in SMOOTH:
            yield Check(
                group, f"{name} {dtype} over NumPy", ratio(partial(_over_numpy, name, dtype)), 1.0
            )
        for name in (*SMOOTH, "softmax") if torch else ():
            pair = partial(_over_torch, torch, name, dtype)
            yield Check(group, f"{name} {dtype} over torch", ratio(pair), 1.0)
        for name in SMOOTH:
            pair = partial(_fused_over_forward, name, dtype)
            yield Check(group, f"{name} {dtype}: fused over forward", ratio(pair), 1.4)
        yield Check(group, f"relu {dtype} over np.copyto", ratio(partial(_over_copy, dtype)), 1.1)


def imported_torch() -> Any:
    """torch on one thread; None where it is not installed."""
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    return torch


def _over_numpy(name: str, dtype: str) -> Pair:
    x = numbers(LARGE, dtype=dtype)
    numpy_function: Callable[..., Any] = np.tanh if name == "tanh" else _sigmoid_by_numpy
    ours = timed(getattr(fa, name), x, out=np.empty_like(x))
    return ours, Timed(numpy_function, x, out=np.empty_like(x))


def _sigmoid_by_numpy(x: np.ndarray, out: np.ndarray) -> None:
    """NumPy at its best: without a temporary array."""
    np.negative(x, out=out)
    np.exp(out, out=out)
    np.add(out, 1, out=out)
    np.divide(1, out, out=out)


def _over_torch(torch: Any, name: str, dtype: str) -> Pair:
    x = numbers(*ROWS, dtype=dtype)
    theirs = torch.from_numpy(x)
    keywords: dict[str, Any] = {"dim": -1} if name == "softmax" else {}
    ours = timed(getattr(fa, name), x, out=np.empty_like(x))
    out = torch.empty_like(theirs)
    return ours, Timed(getattr(torch, name), theirs, out=out, **keywords)


def _fused_over_forward(name: str, dtype: str) -> Pair:
    x = numbers(LARGE, dtype=dtype)
    y, dx = np.empty_like(x), np.empty_like(x)
    f = getattr(fa, name)
    return timed(f.forward_backward, x, out=(y, dx)), timed(f, x, out=y)


def _over_copy(dtype: str) -> Pair:
    x = numbers(LARGE, dtype=dtype)
    out = np.empty_like(x)
    return timed(fa.relu, x, out=out), Timed(np.copyto, out, x)


def two_threads() -> Iterator[Check]:
    """What a second thread gives."""
    group = "10^6 elements, out= given, one thread over two"
    yield Check(group, "np.tanh in two Python threads (machine)", ratio(_numpy_in_threads), None)
    for dtype in DTYPES:
        for name in SMOOTH:
            pair = partial(thread_gain, getattr(fa, name), dtype)
            yield Check(group, f"{name} {dtype}", ratio(pair), 1.7, at_least=True)


def _numpy_in_threads() -> Pair:
    """NumPy leaves the interpreter's lock: two halves show what the machine has to give now."""
    x = numbers(LARGE)
    out = np.empty_like(x)
    halves = list(zip(np.split(x, 2), np.split(out, 2), strict=True))
    pool = ThreadPoolExecutor(2)

    def together() -> None:
        for _ in pool.map(lambda half: np.tanh(*half), halves):
            pass

    return Timed(np.tanh, x, out), Timed(together)


def thread_gain(function: Any, dtype: str = "float32", backend: str = "auto") -> Pair:
    """The same call on one thread and on two."""
    x = numbers(LARGE, dtype=dtype)
    call = partial(timed, function, x, backend=backend, out=np.empty_like(x))
    return call(threads=1), call(threads=2)
