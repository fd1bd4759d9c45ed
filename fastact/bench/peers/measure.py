"""Check that all candidates of a job agree, then time them in turn."""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter, sleep
from typing import Any

import numpy as np

from fastact.activations import CATALOGUE
from fastact.bench.cases import TOLERANCE
from fastact.bench.inputs import ROW
from fastact.bench.timing import SHORTEST_TIMING, Times, ratios, summary

from . import ours
from .copying import copy_form
from .errors import worst_errors
from .form import Form, Peer
from .jobs import Job, given

COPY = "copy"

# Who needs more than so many times the time of the fastest peer is not timed in turn: it cannot
# be the best one.
HOPELESS = 3.0

FEWEST_ROUNDS = 5

# Another library's threads may spin for a while after a call; they are given time to stop.
# (libgomp's wait for 300,000 PAUSE instructions, some 15 ms on Intel's processors.)
SETTLE = 20e-3


@dataclass
class Row:
    """What came out for a job, in plain types."""

    activation: str
    operation: str
    size: int
    dtype: str
    layout: str
    threads: int
    light: bool  # the catalogue's: bound by memory, if the arrays are large
    streams: int  # bytes read and written by a call
    seconds: dict[str, dict[str, float]] = field(default_factory=dict)  # median and quartiles
    best: str | None = None  # the fastest peer
    ratio: dict[str, float] | None = None  # its time over ours: median and quartiles of the rounds
    copied: int = 0  # bytes that the copy reads and writes
    errors: dict[str, float | None] = field(default_factory=dict)  # ULP; None: infinitely many
    wrong: dict[str, str] = field(default_factory=dict)  # who disagrees, and how far
    row_length: int = ROW

    @property
    def job(self) -> Job:
        return Job(**{name: getattr(self, name) for name in Job._fields})


def measure(job: Job, peers: Sequence[Peer], *, seconds: float, rounds: int) -> Row:
    """The row of a job; a peer whose values differ is named in it and not timed."""
    arrays = given(job)
    forms = {ours.NAME: [ours.form(job, arrays)]}
    forms |= {peer.name: peer.forms(job, arrays) for peer in peers}
    light = CATALOGUE[job.activation].cost == "light"
    row = Row(**job._asdict(), light=light, streams=arrays.streams)
    inexact = {peer.name for peer in peers if job.activation in peer.inexact}
    agreeing, results = compared(job, forms, inexact, row.wrong)
    row.errors = worst_errors(job, arrays, results)
    del results
    chosen = {name: fastest(several) for name, several in agreeing.items() if several}
    if job.size >= 100_000:
        chosen[COPY] = copy_form(arrays, job.threads).timed()
        row.copied = 2 * arrays.out[-1].nbytes
    times, others = turns(chosen, seconds, rounds, job.threads > 1)
    row.seconds = {name: summary(found) for name, found in (times | others).items()}
    racing = [name for name in times if name not in (ours.NAME, COPY)]
    if racing:
        row.best = min(racing, key=lambda name: median(times[name]))
        row.ratio = summary(ratios(times, row.best, ours.NAME))
    return row


def compared(
    job: Job, forms: dict[str, list[Form]], inexact: Container[str], wrong: dict[str, str]
) -> tuple[dict[str, list[Form]], dict[str, tuple[np.ndarray, ...]]]:
    """The forms that give the values of fastact, and the results of the first one of each."""
    (mine,) = forms[ours.NAME]
    expected = copied(mine.result())
    agreeing, results = {ours.NAME: [mine]}, {ours.NAME: expected}
    for name, several in forms.items():
        if name == ours.NAME:
            continue
        for form in several:
            arrays = copied(form.result())
            dtype = "float32" if name in inexact and job.dtype == "float64" else job.dtype
            difference = disagreement(dtype, arrays, expected)
            if difference:
                wrong[name] = difference
                continue
            agreeing.setdefault(name, []).append(form)
            results.setdefault(name, arrays)
    return agreeing, results


def copied(arrays: Iterable[np.ndarray]) -> tuple[np.ndarray, ...]:
    """Results that the next candidate does not write over."""
    return tuple(np.array(array) for array in arrays)


def disagreement(
    dtype: str, arrays: tuple[np.ndarray, ...], expected: tuple[np.ndarray, ...]
) -> str | None:
    """How results differ from the expected ones by more than the dtype allows, if they do."""
    if len(arrays) != len(expected):
        return f"{len(arrays)} results where {len(expected)} were due"
    tolerance = TOLERANCE * float(np.finfo(dtype).eps)
    for array, right in zip(arrays, expected, strict=True):
        if array.shape != right.shape or array.dtype != right.dtype:
            return (
                f"{array.dtype} of shape {array.shape} where {right.dtype} of shape "
                f"{right.shape} was due"
            )
        with np.errstate(all="ignore"):
            difference = np.abs(array - right)
            beyond = ~(difference <= tolerance * np.maximum(1, np.abs(right)))
        if beyond.any():
            at = np.unravel_index(np.argmax(np.where(beyond, difference, -1)), right.shape)
            return f"{array[at]} where fastact gives {right[at]}, {beyond.sum():,} such elements"
    return None


def fastest(forms: Sequence[Form]) -> Any:
    """The timer of the form that takes the least time in two short trials."""
    timers = [form.timed() for form in forms]
    if len(timers) == 1:
        return timers[0]

    def shortest(timer: Any) -> float:
        repeats = timer.repeats_for(SHORTEST_TIMING / 4)
        return min(timer.seconds(repeats), timer.seconds(repeats))

    return min(timers, key=shortest)


def turns(timers: dict[str, Any], seconds: float, most: int, settle: bool) -> tuple[Times, Times]:
    """Seconds per call in every round; and apart, of those who cannot win, in a few trials."""
    pause: Callable[[float], None] = sleep if settle else lambda _: None
    repeats, trials = {}, {}
    for name, timer in timers.items():
        pause(SETTLE)
        repeats[name] = timer.repeats_for(SHORTEST_TIMING)
        trials[name] = [timer.seconds(repeats[name]) for _ in range(2)]
    peers = [min(found) for name, found in trials.items() if name not in (ours.NAME, COPY)]
    limit = HOPELESS * min(peers, default=0)
    others = {
        name: found
        for name, found in trials.items()
        if name not in (ours.NAME, COPY) and min(found) > limit
    }
    order = [name for name in timers if name not in others]
    times: Times = {name: [] for name in order}
    end = perf_counter() + seconds
    for done in range(most):
        if done >= min(FEWEST_ROUNDS, most) and perf_counter() > end:
            break
        for name in order:
            pause(SETTLE)
            times[name].append(timers[name].seconds(repeats[name]))
        order.reverse()
    return times, others
