"""What a run found, one row per candidate and operation, and the check of its reference."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from .arithmetic import Double, Exact
from .candidates import candidate, is_backend, promise
from .definitions import DEFINITIONS
from .distance import gap, near_slope_zeros
from .measure import Job
from .points import INTEGERS, edges
from .reference import evaluate, rounded_parameters
from .run import Progress
from .tally import Tally

# float64 arithmetic is a reference for float32 if it is right to a thousandth of a unit.
CLOSE_ENOUGH = 1e-3
RANDOM_INPUTS = 100


@dataclass(frozen=True)
class Result:
    """One candidate, one operation, one dtype, one activation."""

    job: Job
    candidate: str
    operation: str
    tally: Tally
    got: float | None  # at the worst input; None where all is exact
    exact: str | None  # 20 digits by mpmath
    reference_gap: float | None  # from mpmath, in ULP; None where mpmath is the reference
    reference_inputs: int = 0

    @property
    def dtype(self) -> str:
        return self.job.points.dtype

    @property
    def promised(self) -> float | None:
        return promise(self.candidate, self.operation, self.dtype)

    @property
    def kept(self) -> bool | None:
        """Whether no error is larger than promised; None for peers."""
        return None if self.promised is None else self.tally.largest <= self.promised

    @property
    def reference_holds(self) -> bool:
        return self.reference_gap is None or self.reference_gap <= CLOSE_ENOUGH

    def as_dict(self) -> dict[str, Any]:
        """Everything in plain types, for JSON."""
        worst = self.tally.worst_input
        return {
            "activation": self.job.activation,
            "parameters": list(self.job.parameters),
            "operation": self.operation,
            "dtype": self.dtype,
            "candidate": self.candidate,
            "inputs": self.tally.inputs,
            "max_ulp": _plain(self.tally.largest),
            "mean_ulp": _plain(self.tally.mean),
            "correctly_rounded": self.tally.share_correct,
            "worst_input": None if worst is None else _plain(worst),
            "worst_input_hex": None if worst is None else worst.hex(),
            "got": None if self.got is None else _plain(self.got),
            "exact": self.exact,
            "promised_ulp": self.promised,
            "promise_kept": self.kept,
            "reference_gap_ulp": None if self.reference_gap is None else _plain(self.reference_gap),
            "reference_inputs": self.reference_inputs,
        }


def _plain(number: float) -> float | str:
    """JSON has no infinities and no NaN."""
    return number if np.isfinite(number) else str(number)


def results_of(progress: Progress) -> list[Result]:
    """The rows of a finished job; mpmath looks at its worst inputs, and at others at random."""
    job = progress.job
    gaps = {} if job.points.dtype == "float64" else _check_reference(progress)
    found = []
    for (name, operation), tally in progress.tallies.items():
        got, exact = _at_worst(job, name, operation, tally)
        distance, inputs = gaps.get(operation, (None, 0))
        found.append(Result(job, name, operation, tally, got, exact, distance, inputs))
    return found


def _check_reference(progress: Progress) -> dict[str, tuple[float, int]]:
    job = progress.job
    dtype = job.points.dtype
    parameters = rounded_parameters(dtype, job.parameters)
    checked = {}
    for operation in dict.fromkeys(operation for _, operation in progress.tallies):
        tallies = [tally for (_, of), tally in progress.tallies.items() if of == operation]
        worst = [x for tally in tallies for _, x in tally.worst]
        x = np.concatenate([np.array(worst, dtype), _other_inputs(job)])
        fast = evaluate(job.activation, operation, x, parameters, Double)
        exact = evaluate(job.activation, operation, x, parameters, Exact)
        near = near_slope_zeros(job.activation, parameters, x) if operation == "slope" else None
        checked[operation] = float(gap(fast, exact, dtype, near).max()), len(x)
    return checked


def _other_inputs(job: Job) -> np.ndarray:
    """The edges, any bit patterns, and points where the function bends."""
    generator = np.random.default_rng(32)
    dtype = job.points.dtype
    integer = INTEGERS[dtype]
    patterns = generator.integers(0, np.iinfo(integer).max, RANDOM_INPUTS, dtype=integer)
    bends = np.exp2(generator.uniform(-20, np.log2(DEFINITIONS[job.activation].tail), 50))
    with np.errstate(over="ignore"):
        bends = np.concatenate([bends, -bends]).astype(dtype)
    at_edges = edges(job.activation, job.parameters, dtype)
    return np.concatenate([patterns.view(dtype), bends, at_edges])


def _at_worst(job: Job, name: str, operation: str, tally: Tally) -> tuple[float | None, str | None]:
    if tally.worst_input is None or not is_backend(name):
        return None, None
    x = np.array([tally.worst_input], job.points.dtype)
    with np.errstate(all="ignore"):
        got = candidate(name).results(job.activation, job.parameters, x)[operation]
    parameters = rounded_parameters(x.dtype, job.parameters)
    exact = evaluate(job.activation, operation, x, parameters, Exact)[0]
    return float(got[0]), Exact.mp.nstr(exact, 20)
