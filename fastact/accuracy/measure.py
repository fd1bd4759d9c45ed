"""Errors of candidates over a block of points."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from time import perf_counter

import numpy as np

from .arithmetic import Double
from .candidates import candidate, default_parameters
from .definitions import DEFINITIONS
from .distance import errors_of, near_slope_zeros
from .points import Points
from .reference import as_seen_from, evaluate, rounded_parameters, slope_reference
from .tally import Tally
from .ulp import ulp_errors

# So few that all arrays stay in the cache and none is returned to the system.
ELEMENTS = 2**15

# Results -> their errors, and the correctly rounded results.
Judge = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]

# By candidate and operation.
Tallies = dict[tuple[str, str], Tally]


@dataclass(frozen=True)
class Job:
    """One activation at some points, for candidates that share the reference."""

    activation: str
    parameters: tuple[float, ...]
    points: Points
    candidates: tuple[str, ...]
    # Only where all agree on what is right: finite inputs, no kinks.
    agreed: bool = False

    @property
    def label(self) -> str:
        """As in tables: `swish(1.702)`, with the parameters where they are not the first ones."""
        given = ", ".join(f"{value:g}" for value in self.parameters)
        default = self.parameters == default_parameters(self.activation)
        return self.activation if default else f"{self.activation}({given})"


def measure(job: Job, block: int) -> Tallies:
    """The errors over one block of the job's points."""
    points = job.points.block(block)
    tallies: Tallies = {}
    with np.errstate(all="ignore"):
        for first in range(0, len(points), ELEMENTS):
            _measure(job, points[first : first + ELEMENTS], tallies)
    return tallies


def _measure(job: Job, x: np.ndarray, tallies: Tallies) -> None:
    if job.agreed:
        kinks = DEFINITIONS[job.activation].kinks(*job.parameters)
        x = x[np.isfinite(x) & ~np.isin(x, np.array([*kinks], x.dtype))]
    judges: dict[str, Judge] = {}
    for name in job.candidates:
        for operation, got in _candidate(name).results(job.activation, job.parameters, x).items():
            if operation not in judges:
                judges[operation] = judge(job.activation, operation, job.parameters, x)
            errors, nearest = judges[operation](got)
            tally = tallies.setdefault((name, operation), Tally())
            tally.add(x, errors, _count_equal(got, nearest))


def seconds_per_block(job: Job, pieces: int = 8) -> float:
    """About how long `measure` takes, from pieces of a few blocks."""
    blocks = np.linspace(0, job.points.blocks - 1, pieces).astype(int)
    xs = [job.points.block(int(block))[-ELEMENTS:] for block in blocks]
    if job.points.dtype == "float64":
        xs = [x[:3] for x in xs]
    with np.errstate(all="ignore"):
        _measure(job, xs[0][:1], {})  # the first call may compile
        start = perf_counter()
        for x in xs:
            _measure(job, x, {})
        spent = perf_counter() - start
    per_input = spent / sum(map(len, xs))
    return per_input * job.points.inputs / job.points.blocks


def judge(activation: str, operation: str, parameters: tuple[float, ...], x: np.ndarray) -> Judge:
    """By mpmath for float64, in float64 arithmetic for narrower dtypes."""
    rounded = rounded_parameters(x.dtype, parameters)
    if x.dtype == np.float64:
        if operation == "slope":
            reference = slope_reference(activation, x, parameters)
        else:
            reference = as_seen_from(x.dtype, evaluate(activation, operation, x, rounded))
        return lambda got: (ulp_errors(got, reference), reference.nearest)
    exact = _in_float64(activation, operation, rounded, x)
    near = near_slope_zeros(activation, rounded, x) if operation == "slope" else None
    return lambda got: errors_of(got, exact, near)


def _in_float64(
    activation: str, operation: str, parameters: tuple[float, ...], x: np.ndarray
) -> np.ndarray:
    """What `evaluate` gives, without its passes over `x` where that is finite."""
    if not np.isfinite(x).all():
        return evaluate(activation, operation, x, parameters, Double)
    formula = getattr(DEFINITIONS[activation], operation)
    exact = np.asarray(formula(Double, x.astype(np.float64), *parameters), np.float64)
    return np.ascontiguousarray(np.broadcast_to(exact, x.shape))


def _count_equal(got: np.ndarray, nearest: np.ndarray) -> int:
    equal = np.count_nonzero(got == nearest)
    if equal < len(got):
        equal += np.count_nonzero(np.isnan(got) & np.isnan(nearest))
    return int(equal)


_candidate = cache(candidate)
