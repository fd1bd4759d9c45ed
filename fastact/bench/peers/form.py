"""A way to compute a job, ready to be checked and timed."""

import timeit
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, Protocol

import numpy as np

from fastact.bench.timing import Timed

from .jobs import Given, Job

# What the copies may take together where each call needs inputs of its own.
COPIES_BYTES = 64_000_000


@dataclass
class Form:
    """A call of a peer.

    Parameters
    ----------
    function, keywords
        Called as `function(*inputs, **keywords)`.
    inputs
        `x`, and `dy` if the operation takes it, as the peer wants them.
    context
        Entered around checks and timings, outside of what is timed.
    consumed
        Makes inputs for one call that writes over them: a new copy each time.
    arrays
        What came back as a tuple of NumPy arrays.
    """

    function: Callable[..., Any]
    inputs: tuple[Any, ...] = ()
    keywords: dict[str, Any] = field(default_factory=dict)
    context: Callable[[], AbstractContextManager[Any]] = nullcontext
    consumed: Callable[[], tuple[Any, ...]] | None = None
    arrays: Callable[[Any], tuple[np.ndarray, ...]] = lambda result: as_arrays(result)

    def result(self) -> tuple[np.ndarray, ...]:
        """Call once."""
        with self.context():
            inputs = self.inputs if self.consumed is None else self.consumed()
            return self.arrays(self.function(*inputs, **self.keywords))

    def timed(self) -> "Timed | TimedCopies":
        if self.consumed is not None:
            return TimedCopies(self)
        return Timed(self.function, *self.inputs, context=self.context, **self.keywords)


class TimedCopies:
    """A call that writes over its inputs, each time over copies of its own made beforehand.

    Otherwise every call would see what the one before has left, and soon all the same number.
    """

    def __init__(self, form: Form) -> None:
        self._form = form
        self.context = form.context
        with form.context():
            size = sum(getattr(array, "nbytes", 0) for array in self._copy())
        self._most = max(1, COPIES_BYTES // max(1, size))
        statement = "for inputs in copies: function(*inputs, **keywords)"
        self._globals: dict[str, Any] = {"function": form.function, "keywords": form.keywords}
        self._timer = timeit.Timer(statement, globals=self._globals)

    def _copy(self) -> tuple[Any, ...]:
        assert self._form.consumed is not None
        return self._form.consumed()

    def seconds(self, repeats: int = 1) -> float:
        """Seconds per call, over `repeats` calls after one that is not timed."""
        with self.context():
            self._form.function(*self._copy(), **self._form.keywords)
            self._globals["copies"] = [self._copy() for _ in repeat(None, repeats)]
            try:
                return self._timer.timeit(1) / repeats
            finally:
                del self._globals["copies"]

    def repeats_for(self, seconds: float) -> int:
        """How many calls one timing needs to last `seconds`, or fit into memory."""
        one = min(self.seconds(), self.seconds())
        return max(1, min(self._most, int(1.2 * seconds / max(one, 1e-9))))


def as_arrays(result: Any) -> tuple[np.ndarray, ...]:
    """One result or several, as NumPy arrays."""
    several = result if isinstance(result, (tuple, list)) else (result,)
    return tuple(np.asarray(array) for array in several)


class Peer(Protocol):
    """A library, limited to a number of threads for the life of the process."""

    name: str
    # Activations whose float64 it computes with constants of float32, and why that is known.
    inexact: dict[str, str]

    def __init__(self, threads: int) -> None: ...

    def forms(self, job: Job, given: Given) -> list[Form]:
        """Its ways to compute the job, the fastest of which counts; none if it has none."""
        ...
