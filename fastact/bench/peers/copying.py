"""Copying an array: what any function that reads one and writes one costs at least."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np

from .form import Form
from .jobs import Given

# Handing a part to another Python thread takes tens of microseconds.
SHARED_FROM = 16_000_000  # bytes


def copy_form(given: Given, threads: int) -> Form:
    """`np.copyto` of an array that lies like x; large ones by all threads of the job."""
    to = given.out[-1]
    origin = given.x if given.x.shape == to.shape else np.zeros_like(to)
    if threads == 1 or to.nbytes < SHARED_FROM:
        return Form(np.copyto, (to, origin))
    return Form(copy_on(threads, to, origin))


def copy_on(threads: int, to: np.ndarray, origin: np.ndarray) -> Callable[[], None]:
    """`np.copyto` of a part by each thread."""
    parts = list(zip(np.array_split(to, threads), np.array_split(origin, threads), strict=True))

    def together() -> None:
        for _ in _pool(threads).map(lambda part: np.copyto(*part), parts):
            pass

    return together


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads)
