"""Numba: the catalogue's formulas in a compiled loop, shared among threads by prange."""

from collections.abc import Callable
from typing import Any, ClassVar

import numba
import numpy as np

from fastact.bench.layouts import AXES

from .form import Form
from .jobs import Given, Job
from .numba_loops import pointwise
from .numba_rows import ROWS, by_rows

# Below this a parallel loop of Numba's only costs.
PARALLEL_FROM = 10_000


class Numba:
    """Numba's own loops around the formulas; serial ones for small arrays."""

    name = "numba"
    inexact: ClassVar[dict[str, str]] = {}

    def __init__(self, threads: int) -> None:
        self._threads = min(threads, numba.config.NUMBA_NUM_THREADS)  # type: ignore[attr-defined]
        numba.set_num_threads(self._threads)
        self._made: dict[tuple[str, str, str, bool], tuple[Callable[..., Any], ...]] = {}

    def forms(self, job: Job, given: Given) -> list[Form]:
        """A loop that writes into arrays: those it is given, or new ones of its own."""
        if job.dtype == "float16" or job.layout in AXES:  # Numba has no float16 on processors
            return []
        if job.rowwise and job.activation not in ROWS:
            return []
        key = (
            job.activation,
            job.operation,
            job.dtype,
            self._threads > 1 and (job.size >= PARALLEL_FROM),
        )
        if key not in self._made:
            self._made[key] = (by_rows if job.rowwise else pointwise)(*key)
        loop, fresh = self._made[key]
        ndim = given.x.ndim

        def rows(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
            """A single row as one of several."""
            return tuple(a[None] for a in arrays) if job.rowwise and ndim == 1 else arrays

        def shaped(result: Any) -> tuple[np.ndarray, ...]:
            several = result if isinstance(result, tuple) else (result,)
            return tuple(a.reshape(o.shape) for a, o in zip(several, given.out, strict=True))

        if job.in_place:
            over: dict[str, Callable[..., Any]] = {
                "forward": lambda x: loop(x, x),
                "backward": lambda x, dy: loop(x, dy, dy),
                "forward_backward": lambda x, dy: loop(x, dy, x, dy),
            }

            def copies() -> tuple[np.ndarray, ...]:
                return rows(*(array.copy() for array in given.arrays))

            return [Form(over[job.operation], consumed=copies, arrays=shaped)]
        if job.layout == "fresh":
            return [Form(fresh, rows(*given.arrays), arrays=shaped)]
        return [Form(loop, rows(*given.arrays, *given.out), arrays=shaped)]
