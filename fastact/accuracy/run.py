"""Blocks of many jobs on several processes, counted in their order.

Processes, since NumPy takes Python's lock between any two operations: two threads were no faster
than one. In their order, so that the sums do not depend on who was first, and so that what is done
is told by one number, from which a run can be resumed.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from .measure import Job, Tallies, measure, seconds_per_block

# Blocks that are handed out, for each process, so that none waits for work.
AHEAD = 3


@dataclass
class Progress:
    """How far a job is: its first `blocks` are in `tallies`."""

    job: Job
    blocks: int = 0
    tallies: Tallies = field(default_factory=dict)

    @property
    def done(self) -> bool:
        return self.blocks == self.job.points.blocks

    def count(self, tallies: Tallies) -> None:
        """Add the next block."""
        merged = dict(self.tallies)
        for key, tally in tallies.items():
            merged[key] = merged[key] + tally if key in merged else tally
        # In one step, so that Ctrl-C comes before it or after it.
        vars(self).update(blocks=self.blocks + 1, tallies=merged)


def run(
    progresses: Sequence[Progress],
    pool: ProcessPoolExecutor,
    processes: int,
    on_block: Callable[[Progress], None] = lambda progress: None,
) -> None:
    """Measure all that is left of all jobs; `on_block` is called after each block."""
    left = ((progress, block) for progress in progresses for block in _left(progress))
    handed_out: deque[tuple[Progress, Future[Tallies]]] = deque()

    def hand_out(count: int) -> None:
        for _, (progress, block) in zip(range(count), left, strict=False):
            handed_out.append((progress, pool.submit(measure, progress.job, block)))

    hand_out(AHEAD * processes)
    while handed_out:
        progress, result = handed_out.popleft()
        progress.count(result.result())
        hand_out(1)
        on_block(progress)


def _left(progress: Progress) -> Iterable[int]:
    return range(progress.blocks, progress.job.points.blocks)


def estimates(jobs: Sequence[Job], pool: ProcessPoolExecutor) -> list[float]:
    """Seconds that one process takes for one block of each job, about."""
    return list(pool.map(seconds_per_block, jobs))


@contextmanager
def processes(count: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of new processes; on the way out, also by Ctrl-C, what was not begun is dropped."""
    context = multiprocessing.get_context("spawn")  # a fork would copy threads that peers started
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_begin)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """Ctrl-C reaches every process of a terminal: this one is ended by its parent alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # The C library's allocator keeps memory up to the size of the largest piece given back to it.
    np.empty(2**22)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
