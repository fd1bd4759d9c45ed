"""From how many bytes of x on a second thread pays: what PARALLEL_FROM is taken from.

A call on all threads is compared with the same call on one, for functions of each cost, twice: back
to back, when the pool's threads are still looking for work, and after a pause, when they sleep and
must be woken. The threshold of a cost is the least power of two from which on the typical function
gains back to back, and loses next to nothing after a pause.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter, sleep
from typing import Any

import numpy as np

import fastact as fa
from fastact import dispatch
from fastact.activation import PARALLEL_FROM
from fastact.activations import CATALOGUE
from fastact.bench.inputs import ROW, Case, inputs
from fastact.bench.timing import Timed
from fastact.engine import _engine
from fastact.engine.cpus import usable_cores

from .progress import progress

SIZES = tuple(2**k for k in range(14, 24))
DTYPES = ("float32", "float64")
FUNCTIONS = {
    "light": ("relu", "leaky_relu", "hard_swish"),
    "heavy": ("sigmoid", "tanh", "silu", "gelu", "softplus"),
    "rows": ("softmax", "log_softmax"),
}

# Gains from which on threads are taken: back to back, and after a pause.
GAIN, AFTER_PAUSE = 1.1, 0.95
PAUSE = 1e-3
ROUNDS = 21
SHORTEST = 300e-6


@dataclass(frozen=True)
class Gain:
    """The time on one thread over the time on all, medians of the rounds."""

    cost: str
    size: int  # bytes of x
    back_to_back: float
    after_pause: float


def measure(quiet: bool = False) -> list[Gain]:
    """The typical gain of every cost and size."""
    threads = usable_cores()
    if threads < 2:
        raise RuntimeError("there is one core here: threads cannot pay")
    before = fa.get_num_threads()
    steps = [(cost, size) for cost in FUNCTIONS for size in SIZES]
    found = []
    fa.set_num_threads(threads)
    try:
        with progress("thresholds", len(steps), quiet) as advance:
            for cost, size in steps:
                advance(f"{cost}, {size:,} bytes")
                gains = [gain(*calls(n, size, d)) for n in FUNCTIONS[cost] for d in DTYPES]
                found.append(
                    Gain(cost, size, median(g[0] for g in gains), median(g[1] for g in gains))
                )
    finally:
        fa.set_num_threads(before)
        inputs.cache_clear()
    return found


def derived(gains: list[Gain]) -> dict[str, int | None]:
    """The threshold of every cost; None where no size was large enough."""
    found: dict[str, int | None] = {}
    for cost in dict.fromkeys(g.cost for g in gains):
        found[cost] = None
        for g in sorted((g for g in gains if g.cost == cost), key=lambda g: -g.size):
            if g.back_to_back < GAIN or g.after_pause < AFTER_PAUSE:
                break
            found[cost] = g.size
    return found


def table(gains: list[Gain]) -> str:
    """Gains by size and cost, what is derived from them, and what is in force."""
    costs = list(dict.fromkeys(g.cost for g in gains))
    by_place = {(g.cost, g.size): g for g in gains}
    lines = ["gain of all threads over one, back to back / after a pause of 1 ms", ""]
    lines.append(f"{'bytes of x':>10}" + "".join(f"{cost:>16}" for cost in costs))
    for size in dict.fromkeys(g.size for g in gains):
        cells = (by_place[cost, size] for cost in costs)
        shown = "".join(f"{f'{g.back_to_back:.2f} / {g.after_pause:.2f}':>16}" for g in cells)
        lines.append(f"{size:>10,}{shown}")
    found = derived(gains)
    sizes = ("-" if found[cost] is None else f"{found[cost]:,}" for cost in costs)
    lines += ["", f"{'derived':>10}" + "".join(f"{size:>16}" for size in sizes)]
    lines.append(f"{'in force':>10}" + "".join(f"{PARALLEL_FROM[cost]:>16,}" for cost in costs))
    lines += ["", f"derived: the least size from which on the gain is at least {GAIN:g} back to "]
    lines[-1] += f"back and {AFTER_PAUSE:g} after a pause"
    return "\n".join(lines)


Call = Callable[[], Any]


def calls(name: str, size: int, dtype: str) -> tuple[Timed, Timed]:
    """The call on one thread, and on all whatever the size."""
    entry = CATALOGUE[name]
    size //= np.dtype(dtype).itemsize
    x, *_ = inputs(Case(name, "forward", size, dtype))
    if entry.kind == "rowwise":
        x = np.resize(x, (max(1, size // ROW), ROW))
        out = np.empty_like(x)
        function = getattr(fa, name)
        return (
            Timed(function, x, context=lambda: rows_from(2**62), out=out),
            Timed(function, x, context=lambda: rows_from(1), out=out),
        )
    constants = [np.array(p.default, dtype) for p in entry.parameters]
    out = np.empty_like(x)
    one, every = (ufunc(name, least) for least in (2**62, 1))
    return Timed(one, x, *constants, out=out), Timed(every, x, *constants, out=out)


def ufunc(name: str, parallel_from: int) -> Any:
    """The function as a ufunc with a threshold of its own."""
    loops = dispatch.table("cython")
    inputs = 1 + len(CATALOGUE[name].parameters)
    label = f"{name}_from_{parallel_from}"
    return _engine.new_ufunc(
        label, label, inputs, 1, parallel_from, lambda dtype: loops.loop(name, "forward", dtype)
    )


@contextmanager
def rows_from(least: int) -> Iterator[None]:
    """Another threshold for row-wise functions."""
    before = _engine.set_rows_parallel_from(least)
    try:
        yield
    finally:
        _engine.set_rows_parallel_from(before)


def gain(one: Timed, every: Timed) -> tuple[float, float]:
    """Back to back, and after a pause."""
    repeats = [timer.repeats_for(SHORTEST) for timer in (one, every)]
    together, apart = [], []
    for _ in range(ROUNDS):
        together.append(one.seconds(repeats[0]) / every.seconds(repeats[1]))
        apart.append(after_pause(one) / after_pause(every))
    return median(together), median(apart)


def after_pause(timer: Timed) -> float:
    """Seconds of one call, when the pool's threads have gone to sleep."""
    with timer.context():
        sleep(PAUSE)
        begin = perf_counter()
        timer.call()
        return perf_counter() - begin
