"""The measurements of one number of threads, in a process of their own.

jax, Numba and OpenMP fix their threads when they are imported, so a process has one number of them.
"""

import multiprocessing
import os
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from .installed import create
from .jobs import Job
from .measure import Row, measure

# Who reads what: jax (NPROC and the flags), Numba, and OpenMP, which torch and others use.
ONE_THREAD = {"NPROC": "1", "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false"}


class Failed(Exception):
    """The process ended before its jobs did."""


def environment(threads: int) -> dict[str, str]:
    """What limits the threads of every library."""
    limits = {"OMP_NUM_THREADS": str(threads), "NUMBA_NUM_THREADS": str(threads)}
    limits["NUMEXPR_MAX_THREADS"] = str(threads)
    if threads > 1:
        return limits
    flags = f"{os.environ.get('XLA_FLAGS', '')} {ONE_THREAD['XLA_FLAGS']}".strip()
    return limits | {"NPROC": ONE_THREAD["NPROC"], "XLA_FLAGS": flags}


def measured(
    jobs: Sequence[Job],
    peers: Sequence[str],
    *,
    seconds: float,
    rounds: int,
    on_job: Callable[[Job], None] = lambda job: None,
) -> Iterator[Row]:
    """A row for each job, as it comes; a process for each number of threads."""
    for threads in dict.fromkeys(job.threads for job in jobs):
        some = [job for job in jobs if job.threads == threads]
        yield from _in_process(some, peers, threads, seconds, rounds, on_job)


def _in_process(
    jobs: Sequence[Job],
    peers: Sequence[str],
    threads: int,
    seconds: float,
    rounds: int,
    on_job: Callable[[Job], None],
) -> Iterator[Row]:
    fresh = multiprocessing.get_context("spawn")
    receiver, sender = fresh.Pipe(duplex=False)
    arguments = (sender, list(jobs), list(peers), threads, seconds, rounds)
    process = fresh.Process(target=work, args=arguments, daemon=True)
    with variables(environment(threads)):
        process.start()
    sender.close()
    try:
        for job in jobs:
            on_job(job)
            try:
                row = receiver.recv()
            except EOFError:
                process.join()
                raise Failed(f"the process ended with {process.exitcode} at {job}") from None
            if isinstance(row, str):
                raise Failed(f"at {job}:\n{row}")
            yield row
        process.join()
    finally:
        if process.is_alive():
            process.terminate()
            process.join()


@contextmanager
def variables(values: dict[str, str]) -> Iterator[None]:
    """Environment variables for a process that is started inside."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def work(
    sender: Connection,
    jobs: Sequence[Job],
    peers: Sequence[str],
    threads: int,
    seconds: float,
    rounds: int,
) -> None:
    """Measure every job and send its row, or the traceback of what went wrong."""
    try:
        present: list[Any] = [create(name, threads) for name in peers]
        for job in jobs:
            sender.send(measure(job, present, seconds=seconds, rounds=rounds))
    except KeyboardInterrupt:
        pass
    except BaseException:
        sender.send(traceback.format_exc())
    finally:
        sender.close()
