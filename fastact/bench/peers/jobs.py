"""What the peers are compared on: one call of one shape, and the arrays that all of them get."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from fastact.activations import CATALOGUE
from fastact.bench.inputs import OF_ONE_ARRAY, REQUIRED, ROW, Case, fa_function, inputs
from fastact.bench.layouts import AXES

# What lies along the first axis where rows lie along the middle one.
GROUPS = 10


class Job(NamedTuple):
    """One row of the comparison."""

    activation: str
    operation: str
    size: int
    dtype: str
    layout: str
    threads: int
    row_length: int = ROW

    @property
    def case(self) -> Case:
        return Case(self.activation, self.operation, self.size, self.dtype, self.row_length)

    @property
    def rowwise(self) -> bool:
        return self.case.rowwise

    @property
    def axis(self) -> int:
        """The one along which the rows of a row-wise function lie."""
        return AXES.get(self.layout, -1)

    @property
    def in_place(self) -> bool:
        return self.layout == "in-place"

    def __str__(self) -> str:
        rows = f" in rows of {self.row_length:,}" if self.row_length != ROW else ""
        return (
            f"{self.activation} {self.operation} of {self.size:,} {self.dtype}{rows}, "
            f"{self.layout}, {self.threads} thread{'s' if self.threads > 1 else ''}"
        )


@dataclass(frozen=True)
class Given:
    """The arrays of a job; no peer writes to `x` and `dy`."""

    x: np.ndarray
    dy: np.ndarray | None
    out: tuple[np.ndarray, ...]  # one for each result

    @property
    def arrays(self) -> tuple[np.ndarray, ...]:
        return (self.x,) if self.dy is None else (self.x, self.dy)

    @property
    def streams(self) -> int:
        """Bytes that a call has to read and write."""
        return sum(array.nbytes for array in (*self.arrays, *self.out))


def given(job: Job) -> Given:
    """The inputs that every candidate gets, and arrays for results."""
    x, *rest = inputs(job.case)
    dy = rest[0] if "backward" in job.operation else None
    gives_y, gives_dx = job.operation != "backward", "backward" in job.operation
    like_y = x if dy is None or dy.shape == x.shape else dy
    if gives_y and dy is None and job.rowwise:
        shape = np.shape(fa_function(job.activation, "forward")(x[:1]))
        like_y = x if len(shape) == x.ndim else np.empty(x.shape[:-1], x.dtype)
    if job.layout in AXES:
        like_y = along_axis(like_y, x.ndim, job.axis)
        dy = None if dy is None else along_axis(dy, x.ndim, job.axis)
        x = along_axis(x, x.ndim, job.axis)
    out = [np.empty_like(like_y)] if gives_y else []
    out += [np.empty_like(x)] if gives_dx else []
    if job.layout == "strided":
        x, dy = spaced(x), None if dy is None else spaced(dy)
    return Given(x, dy, tuple(out))


def spaced(array: np.ndarray) -> np.ndarray:
    """The same numbers in every other place of a larger array."""
    if array.ndim == 0:
        return array
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    wide[..., ::2] = array
    return wide[..., ::2]


def along_axis(array: np.ndarray, ndim: int, axis: int) -> np.ndarray:
    """Rows, or a number for each, with the rows along the first axis or between two others."""
    if axis == 1:
        groups = math.gcd(len(array), GROUPS)
        array, ndim = array.reshape(groups, -1, *array.shape[1:]), ndim + 1
    rows = array if array.ndim < ndim else np.moveaxis(array, -1, axis)
    return np.ascontiguousarray(rows)


def parameters(activation: str) -> dict[str, float]:
    """Every parameter of an activation, by name."""
    return {
        p.name: REQUIRED[p.name] if p.default is None else p.default
        for p in CATALOGUE[activation].parameters
    }


def arguments(job: Job) -> tuple[float, ...]:
    """What a library's function takes behind x: the axis if it is row-wise, else parameters."""
    return (job.axis,) if job.rowwise else tuple(parameters(job.activation).values())


def all_jobs(
    activations: Iterable[str],
    operations: Iterable[str],
    sizes: Iterable[int],
    dtypes: Iterable[str],
    layouts: Iterable[str],
    threads: Iterable[int],
    row_lengths: Iterable[int] = (ROW,),
) -> list[Job]:
    """Every combination that exists; what there is only once of a kind comes together.

    Of a row-wise function there is one for each length of rows; its size is that of whole rows.
    """
    grid = product(threads, layouts, dtypes, sizes, row_lengths, activations, operations)
    jobs = [
        sized(Job(name, operation, size, dtype, layout, count, length))
        for count, layout, dtype, size, length, name, operation in grid
    ]
    return [job for job in dict.fromkeys(jobs) if exists(job)]


def sized(job: Job) -> Job:
    """The job as it is measured: of whole rows, or without a length of rows."""
    if not job.rowwise:
        return job._replace(row_length=ROW)
    return job._replace(size=math.prod(job.case.shape))


def exists(job: Job) -> bool:
    """Whether fastact has the operation, and the layout makes sense for it."""
    if job.activation not in OF_ONE_ARRAY:
        return False
    face = fa_function(job.activation, "forward")
    if job.operation != "forward" and getattr(face, job.operation, None) is None:
        return False
    if job.layout in AXES and len(job.case.shape) == 1:  # pointwise, or a single row
        return False
    if job.layout == "strided" and job.size == 1:
        return False
    return not (job.in_place and job.rowwise and reduces(job.activation))


def reduces(activation: str) -> bool:
    """Whether a row-wise activation gives one number for each row."""
    probe: Any = np.zeros(2, np.float32)
    return np.ndim(fa_function(activation, "forward")(probe)) == 0
