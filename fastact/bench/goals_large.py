"""The checks on arrays that no cache holds: a function should cost what moving them costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

import fastact as fa
from fastact.activations import CATALOGUE

from .checks import Check, Pair, ratio
from .goals import LARGE, imported_torch, numbers, thread_gain, timed
from .inputs import REQUIRED
from .peers.copying import copy_on
from .timing import Timed

SIZE = 32_000_000
NAMES = ("relu", "sigmoid", "tanh", "gelu", "silu")
LIGHT = [e for e in CATALOGUE.values() if e.kind == "elementwise" and e.cost == "light"]


def large() -> Iterator[Check]:
    """Against a copy on as many threads, against torch, and against half the size."""
    shown = f"{SIZE:,} elements of float32"
    for name in NAMES:
        over_copy = ratio(partial(_over_copy, name, 2))
        yield Check(f"{shown}, out= given, two threads, over a copy", name, over_copy, 1.15)
    for entry in LIGHT:
        over_copy = ratio(partial(_over_copy, entry.name, 1))
        yield Check(f"{shown}, out= given, one thread, over a copy", entry.name, over_copy, 1.1)
    torch = imported_torch()
    for name in NAMES if torch else ():
        over_ours = ratio(partial(_torch_over_ours, torch, name))
        group = f"{shown}, a new result, two threads, torch over fastact"
        yield Check(group, name, over_ours, 2.0, at_least=True)
    for name in NAMES:
        whole = ratio(partial(_over_halves, name))
        yield Check(f"{2 * SIZE:,} elements over twice {SIZE:,}, two threads", name, whole, 1.1)
    for name in ("gelu", "tanh", "softplus"):
        gain = ratio(partial(thread_gain, getattr(fa, name), "float64"))
        group = f"{LARGE:,} elements of float64, out= given, one thread over two"
        yield Check(group, name, gain, 1.8, at_least=True)


def _arrays(size: int) -> tuple[np.ndarray, np.ndarray]:
    """x, and where its results go; too large to be kept."""
    x = np.resize(numbers(LARGE), size)
    return x, np.zeros_like(x)


def _over_copy(name: str, threads: int) -> Pair:
    x, out = _arrays(SIZE)
    required = [REQUIRED[p.name] for p in CATALOGUE[name].parameters if p.default is None]
    ours = timed(getattr(fa, name), x, *required, threads=threads, out=out)
    return ours, Timed(copy_on(threads, out, x))


def _torch_over_ours(torch: Any, name: str) -> Pair:
    x, _ = _arrays(SIZE)
    function = torch.nn.functional.gelu if name == "gelu" else getattr(torch, name, None)
    function = function or getattr(torch.nn.functional, name)

    @contextmanager
    def two_threads() -> Iterator[None]:
        torch.set_num_threads(2)
        with torch.inference_mode():
            yield
        torch.set_num_threads(1)

    theirs = Timed(function, torch.from_numpy(x), context=two_threads)
    return theirs, timed(getattr(fa, name), x, threads=2)


def _over_halves(name: str) -> Pair:
    x, out = _arrays(2 * SIZE)
    f = getattr(fa, name)

    def halves() -> None:
        f(x[:SIZE], out=out[:SIZE])
        f(x[SIZE:], out=out[SIZE:])

    return timed(f, x, threads=2, out=out), timed(halves, threads=2)
