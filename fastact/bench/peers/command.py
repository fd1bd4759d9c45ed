"""`fastact bench --peers`: what it does with its options."""

import argparse
import json
import os
import shlex
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from fastact.activations import CATALOGUE
from fastact.bench.cases import USUAL
from fastact.bench.command import thread_counts
from fastact.bench.inputs import OF_ONE_ARRAY, ROW, left_out
from fastact.bench.machine import describe, load_average
from fastact.bench.report import head

from .installed import PEERS, installed, missing
from .jobs import Job, all_jobs
from .measure import Row
from .report import show
from .worker import Failed, measured

# Seconds of turns for each row, and rounds at most.
SECONDS, ROUNDS = 0.25, 25
QUICK_SECONDS, QUICK_ROUNDS = 0.03, 7

# What limits the instruction sets of fastact, and of torch and the libraries below it.
LIMITS = (
    "FASTACT_ISA",
    "ATEN_CPU_CAPABILITY",
    "ONEDNN_MAX_CPU_ISA",
    "MKL_ENABLE_INSTRUCTIONS",
)


def race(options: argparse.Namespace, out: Console, progress: Progress) -> int:
    """Measure or read, then print, write and draw; 0 unless a peer's values were wrong."""
    recorded = read(options.recorded) if options.recorded else _measure(options, progress)
    progress.stop()
    rows = [Row(**row) for row in recorded["results"]]
    head(out, recorded=recorded["machine"])
    show(out, rows, options.errors)
    if options.json:
        options.json.write_text(json.dumps(recorded, indent=1) + "\n", encoding="utf-8")
    pictures = []
    if options.plot:
        from .pictures import draw

        pictures = draw(rows, options.plot)
    if options.markdown:
        from .markdown import write

        write(options.markdown, recorded, rows, pictures)
    return int(any(row.wrong for row in rows))


def read(path: Path) -> dict[str, Any]:
    """What --json has written."""
    try:
        recorded = json.loads(path.read_text(encoding="utf-8"))
        [Row(**row) for row in recorded["results"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.exit(f"fastact bench: {path} is not what --peers --json writes: {error}")
    return recorded


def _measure(options: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """Machine, settings and rows, in plain types."""
    load = load_average()
    peers = _peers(options.peers, progress.console)
    jobs = _jobs(options, progress.console)
    seconds, rounds = (QUICK_SECONDS, QUICK_ROUNDS) if options.quick else (SECONDS, ROUNDS)
    seconds = options.seconds / len(jobs) if options.seconds else seconds
    rounds = options.repeat or rounds
    bar = progress.add_task("", total=len(jobs))
    rows: list[Row] = []

    def on_job(job: Job) -> None:
        what = f"{job.activation} {job.operation} {job.size:,}"
        progress.update(bar, completed=len(rows), description=what)

    try:
        for row in measured(jobs, peers, seconds=seconds, rounds=rounds, on_job=on_job):
            rows.append(row)
    except Failed as failure:
        sys.exit(f"fastact bench --peers: {failure}")
    except KeyboardInterrupt:
        progress.console.print(f"stopped after {len(rows)} of {len(jobs)} rows", style="yellow")
        if not rows:
            raise
    settings = {
        "command": shlex.join([*_limits(), "fastact", *sys.argv[1:]]),
        "peers": peers,
        "seconds": seconds,
        "rounds": rounds,
        "load_average_before": load,
    }
    results = [asdict(row) for row in rows]
    return {"machine": describe(), "settings": settings, "results": results}


def _limits() -> list[str]:
    """Assignments as in front of a command."""
    return [f"{name}={os.environ[name]}" for name in LIMITS if os.environ.get(name)]


def _peers(wanted: list[str], console: Console) -> list[str]:
    """Those named, which must be there, or all that are."""
    unknown = [name for name in wanted if name not in PEERS]
    if unknown:
        sys.exit(f"fastact bench --peers: no {unknown[0]}; choose from {', '.join(PEERS)}")
    for name in wanted or PEERS:
        if packages := missing(name):
            said = f"without {name}: not installed: {', '.join(packages)}"
            if wanted:
                sys.exit(f"fastact bench --peers {said}")
            console.print(said, style="yellow", markup=False, highlight=False)
    return wanted or installed()


def _jobs(options: argparse.Namespace, console: Console) -> list[Job]:
    dtypes = options.dtypes or ["float32", "float64"]
    names = options.activations or USUAL
    names = list(CATALOGUE) if "all" in names else list(names)
    if note := left_out(names, OF_ONE_ARRAY):
        console.print(note, style="yellow", highlight=False)
    jobs = all_jobs(
        names,
        options.operations,
        options.sizes,
        dtypes,
        options.layouts or ["out"],
        thread_counts(options.threads or [1]),
        options.row_length or [ROW],
    )
    if not jobs:
        sys.exit("fastact bench --peers: no function has such an operation or layout")
    return jobs
