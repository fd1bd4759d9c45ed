"""`fastact accuracy`: what it does with its options."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from time import monotonic
from typing import Any

import mpmath  # noqa: F401  (so that what is missing is told at once)
import scipy.special  # noqa: F401
from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from fastact.bench.machine import cores
from fastact.console import wide_console

from . import peers
from .candidates import Unequal
from .jobs import POINTS, chosen_candidates, jobs_of
from .markdown import shown, write_markdown
from .measure import Job
from .report import show, write_json
from .results import Result, results_of
from .run import Progress, estimates, processes, run
from .special_values import write_special_values
from .state import Changed, State, default_folder

SECONDS_BETWEEN_SAVES = 5.0


def main(options: argparse.Namespace) -> int:
    """Measure, or write the special values; 1 if a promise is broken, 2 for wrong options."""
    try:
        if options.special_values:
            backend = chosen_candidates(options.backend, options.isa)[0]
            write_special_values(options.special_values, backend)
            return 0
        jobs = jobs_of(options)
    except (ValueError, ImportError, NotImplementedError) as error:
        print(f"fastact accuracy: {error}", file=sys.stderr)
        return 2
    out, err = wide_console(), Console(stderr=True)
    try:
        results = _measured(jobs, options, err)
    except (Unequal, Changed) as error:
        print(f"fastact accuracy: {error}", file=sys.stderr)
        return 1
    show(out, results, side_by_side=options.peers)
    if options.json:
        write_json(options.json, _settings(options), results)
    if options.markdown:
        write_markdown(options.markdown, command_line(options), results)
    return int(any(r.kept is False or not r.reference_holds for r in results))


def _measured(jobs: Sequence[Job], options: argparse.Namespace, err: Console) -> list[Result]:
    count = options.processes or cores()
    state = State(options.state or default_folder()) if options.exhaustive else None
    progresses = [state.load(job) if state else Progress(job) for job in jobs]
    with processes(count) as pool, _bar(err) as bar:
        _run(progresses, pool, count, state, bar)
        bar.update(bar.task_ids[0], description="the reference, by mpmath")
        return [result for found in pool.map(results_of, progresses) for result in found]


def _run(
    progresses: Sequence[Progress],
    pool: ProcessPoolExecutor,
    count: int,
    state: State | None,
    bar: Bar,
) -> None:
    """Measure what is left, with a bar in seconds of work; what was measured is always kept."""
    task = bar.add_task("how long this will take")
    left = [progress for progress in progresses if not progress.done]
    per_block = estimates([progress.job for progress in progresses], pool)
    seconds = {id(p): s for p, s in zip(progresses, per_block, strict=True)}
    total = sum(seconds[id(p)] * p.job.points.blocks for p in progresses)
    done = sum(seconds[id(p)] * p.blocks for p in progresses)
    bar.update(task, total=total, completed=done)
    if state:
        said = f"about {(total - done) / count / 60:.0f} minutes left on {count} processes"
        bar.console.print(said, style="dim", highlight=False)
    current, saved = None, monotonic()

    def on_block(progress: Progress) -> None:
        nonlocal current, saved
        current = progress
        bar.update(task, advance=seconds[id(progress)], description=_named(progress))
        if state and (progress.done or monotonic() > saved + SECONDS_BETWEEN_SAVES):
            state.save(progress)
            saved = monotonic()
            if progress.done and not bar.console.is_terminal:
                bar.console.print(f"measured: {_named(progress)}", highlight=False)

    try:
        run(left, pool, count, on_block)
    except KeyboardInterrupt:
        if state and current:
            state.save(current)
            said = f"{_named(current)}: stopped; the same command goes on from here"
            bar.console.print(said, highlight=False)
        raise


def _named(progress: Progress) -> str:
    job = progress.job
    alone = f", {job.candidates[0]}" if len(job.candidates) == 1 else ""
    return f"{job.label}, {job.points.dtype}{alone}"


@contextmanager
def _bar(console: Console) -> Iterator[Bar]:
    """With the time left, on the terminal alone: nothing of it reaches a file or a pipe."""
    with Bar(
        TextColumn("{task.description:<40.40}"),
        BarColumn(bar_width=None),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=console,
        transient=True,
        expand=True,
        disable=not console.is_terminal,
        speed_estimate_period=120,
    ) as bar:
        yield bar


def _settings(options: argparse.Namespace) -> dict[str, Any]:
    """The options that decide the figures, and the line that sets them."""
    chosen = ("exhaustive", "peers", "all_parameters", "step", "points")
    settings = {key: getattr(options, key) for key in chosen}
    versions = peers.versions() if options.peers else {}
    return {"command": command_line(options), "peers_installed": versions, **settings}


def command_line(options: argparse.Namespace) -> str:
    """What gives the same figures, without this machine's folders."""
    words = ["fastact", "accuracy", *options.names]
    for flag in ("exhaustive", "peers", "all_parameters"):
        words += [f"--{flag.replace('_', '-')}"] if getattr(options, flag) else []
    for name in ("backend", "isa", "dtype"):
        words += [f"--{name}", *getattr(options, name)] if getattr(options, name) else []
    words += ["--step", str(options.step)] if options.step else []
    words += ["--points", str(options.points)] if options.points != POINTS else []
    if options.markdown:
        words += ["--markdown", shown(options.markdown)]
    return " ".join(words)
