"""Which backend wins on this machine: measured for every activation, dtype and size."""

from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

import fastact as fa
from fastact.activations import CATALOGUE, NAMES
from fastact.availability import BACKENDS, missing, table
from fastact.bench.inputs import TIMED, Case, inputs, left_out
from fastact.bench.timing import Timed

from .progress import progress
from .result import CLASSES, Cell, Tuning

DTYPES = ("float32", "float64")

# One timing lasts so many seconds, and there are so many of each candidate.
SHORTEST, ROUNDS = 100e-6, (5, 25)

# A backend that takes so many times as long as the fastest one is not timed again.
HOPELESS = 3.0


def tune(given: Sequence[str | Callable], seconds: float, quiet: bool) -> Tuning:
    """Measure; see `fastact.tune`."""
    names: list[Any] = [getattr(one, "activation", one) for one in given]
    for name in names:
        if not isinstance(name, str) or name not in NAMES:
            raise ValueError(f"unknown activation {name!r}; there are {', '.join(CATALOGUE)}")
    if not 0 <= seconds < float("inf"):
        raise ValueError(f"tune: seconds must be a number from 0 on, not {seconds}")
    wanted = list(dict.fromkeys(NAMES[name] for name in names)) or list(CATALOGUE)
    chosen = [name for name in wanted if name in TIMED]
    if (note := left_out(wanted)) and not quiet:
        print(note)
    found = Tuning()
    grid = [(dtype, size) for dtype in DTYPES for size in CLASSES]
    begin = perf_counter()
    with progress("tuning", len(chosen), quiet) as advance:
        for done, name in enumerate(chosen):
            advance(name)
            left = begin + seconds - perf_counter()
            if left <= 0:
                found.unmeasured = chosen[done:]
                break
            share = left / (len(chosen) - done) / len(grid)
            found.cells += [cell(name, dtype, size, share) for dtype, size in grid]
    inputs.cache_clear()
    return found


def cell(activation: str, dtype: str, size: int, seconds: float) -> Cell:
    """Every backend that has the activation, in turn, for about so many seconds."""
    x, *required = inputs(Case(activation, "forward", size, dtype))
    function = getattr(fa, activation)
    backends = [name for name in BACKENDS if missing(name) is None]
    backends = [name for name in backends if table(name).covers(activation)]
    for backend in backends:
        with fa.use_backend(backend):
            out = function(x, *required)  # Numba compiles here
    keywords = {"out": out} if isinstance(out, np.ndarray) else {}
    timers = {
        backend: Timed(function, x, *required, context=partial(fa.use_backend, backend), **keywords)
        for backend in backends
    }
    end = perf_counter() + seconds
    first = {name: timer.seconds() for name, timer in timers.items()}
    racing = [name for name in timers if first[name] <= HOPELESS * min(first.values())]
    repeats = {name: timers[name].repeats_for(SHORTEST) for name in racing}
    times = {name: [] if name in racing else [first[name]] for name in timers}
    fewest, most = ROUNDS
    for done in range(most):
        if done >= fewest and perf_counter() > end:
            break
        for name in racing if done % 2 else racing[::-1]:
            times[name].append(timers[name].seconds(repeats[name]))
    return Cell(activation, dtype, size, times)
