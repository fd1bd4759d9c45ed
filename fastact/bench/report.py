"""The tables of `fastact bench`, readable at 80 columns, and its JSON."""

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .cases import PEERS, TOLERANCE
from .checks import Verdict
from .inputs import ROW
from .machine import cores, describe, headline, load_average
from .run import Result

SHORT_NAMES = {"forward_backward": "fused"}


def show(
    console: Console, results: Sequence[Result], backends: Sequence[str], threads: int
) -> None:
    """Print a table per size, and what a reader must know to read it."""
    head(console, threads)
    for size, group in groupby(results, key=lambda result: result.case.size):
        console.print(_table(size, list(group), backends))
        console.print()
    dtype = results[0].case.dtype
    console.print(
        f"speed-up: {backends[0]} against the better of by hand and SciPy, median of interleaved "
        f"rounds. fused: forward_backward. Row-wise functions: rows of {ROW:,}. SciPy has no "
        f"gradients: there its value is completed by hand. All values agreed within "
        f"{TOLERANCE} eps of {dtype} before they were timed.",
        style="dim",
        highlight=False,
    )


def head(
    console: Console, threads: int | None = None, recorded: dict[str, Any] | None = None
) -> None:
    """What the figures were made on: this machine, or the recorded one."""
    for line in headline(threads, recorded):
        console.print(line, style="dim", highlight=False)
    load = (recorded["load_average"] if recorded else load_average()) or 0
    if load > cores() / 2:
        console.print(
            f"busy machine (load {load:.1f}): figures for threads mean little", style="red"
        )
    console.print()


def new_table(title: str) -> Table:
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_edge=False,
    )


def _table(size: int, results: Sequence[Result], backends: Sequence[str]) -> Table:
    count, unit = ("1 element", "call") if size == 1 else (f"{size:,} elements", "element")
    table = new_table(f"{count}, {results[0].case.dtype}: nanoseconds per {unit}")
    table.add_column("activation", no_wrap=True)
    table.add_column("operation", no_wrap=True)
    for name in (*backends, *PEERS):
        table.add_column(name, justify="right")
    table.add_column("speed-up", justify="right", no_wrap=True)
    previous = ""
    for result in results:
        case = result.case
        new = case.activation != previous
        previous = case.activation
        times = [result.seconds(name) for name in (*backends, *PEERS)]
        best = min(t for t in times if t is not None)
        table.add_row(
            case.activation if new else "",
            SHORT_NAMES.get(case.operation, case.operation),
            *(_time(t, size, t == best) for t in times),
            _speedup(result.speedup(backends[0])),
        )
    return table


def _time(seconds: float | None, elements: int, best: bool) -> Text:
    if seconds is None:
        return Text("-", style="dim")
    nanoseconds = seconds * 1e9 / elements
    digits = 0 if nanoseconds >= 100 else 1 if nanoseconds >= 10 else 2
    return Text(f"{nanoseconds:,.{digits}f}", style="bold green" if best else "")


def _speedup(factor: float | None) -> Text:
    if factor is None:
        return Text("-", style="dim")
    style = "red" if factor < 0.95 else "" if factor < 1.05 else "green"
    return Text(f"{factor:.1f}x" if factor >= 9.95 else f"{factor:.2f}x", style=style)


def show_verdicts(console: Console, verdicts: Sequence[Verdict]) -> None:
    """Print a table per group of checks, and how many goals were met."""
    head(console)
    for title, group in groupby(verdicts, key=lambda verdict: verdict.check.group):
        console.print(_verdict_table(title, list(group)))
        console.print()
    judged = [verdict.passed for verdict in verdicts if verdict.passed is not None]
    console.print(
        "figure: the median of interleaved pairs, and of the passes; passes: the lowest and the "
        "highest of them.",
        style="dim",
        highlight=False,
    )
    met = sum(judged)
    style = "bold green" if met == len(judged) else "bold red"
    console.print(f"{met} of {len(judged)} goals met", style=style, highlight=False)


def _verdict_table(title: str, verdicts: Sequence[Verdict]) -> Table:
    table = new_table(title)
    table.add_column("check", no_wrap=True, width=40)
    table.add_column("figure", justify="right", no_wrap=True, width=8)
    table.add_column("passes", justify="right", no_wrap=True, width=11)
    table.add_column("goal", justify="right", no_wrap=True, width=8)
    table.add_column("", no_wrap=True, width=4)
    for verdict in verdicts:
        check = verdict.check
        sign = ">=" if check.at_least else "<="
        goal = "" if check.goal is None else f"{sign} {check.goal:g}{_unit(check.unit)}"
        low, high = min(verdict.passes), max(verdict.passes)
        table.add_row(
            check.label,
            _number(verdict.figure, check.unit) + _unit(check.unit),
            f"{_number(low, check.unit)}-{_number(high, check.unit)}",
            goal,
            {True: Text("ok", "green"), False: Text("FAIL", "bold red"), None: Text("")}[
                verdict.passed
            ],
        )
    return table


def _number(value: float, unit: str) -> str:
    return (
        f"{value:.2f}" if unit == "x" else f"{value:.0f}" if unit in ("ns", "") else f"{value:.1f}"
    )


def _unit(unit: str) -> str:
    return unit if unit in ("x", "") else f" {unit}"


def write_json(path: Path, settings: dict[str, Any], results: Sequence[dict[str, Any]]) -> None:
    """Raw medians and spread, with the machine, versions and settings they belong to."""
    content = {"machine": describe(), "settings": settings, "results": results}
    path.write_text(json.dumps(content, indent=1) + "\n")
