"""The tables of `fastact accuracy`, readable at 80 columns, and its JSON."""

import json
from collections.abc import Sequence
from itertools import groupby
from math import floor, isinf
from pathlib import Path
from typing import Any

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fastact.bench.machine import describe, headline

from .candidates import PARAMETER_SLOPE
from .peers import versions
from .points import Patterns
from .results import CLOSE_ENOUGH, Result

SHORT = {PARAMETER_SLOPE: "param"}

EXPLANATION = (
    "max, mean: the distance from the exact value in units of the last place (ULP) of the exact "
    "value; of a slope near one of its zeros, in units of the last place of 1/16. right: the share "
    "of results that are the nearest number of the dtype. backward and forward_backward gave the "
    "same bits at every input."
)

FLUSHED = "8.4e6 (2^23): a subnormal result came out as zero."


def show(console: Console, results: Sequence[Result], side_by_side: bool) -> None:
    """Print a table per candidate and dtype, or candidates side by side, and what to know."""
    peers = ", ".join(f"{name} {version}" for name, version in versions().items())
    for line in [*headline(), f"peers: {peers}"] if side_by_side else headline():
        console.print(line, style="dim", highlight=False)
    console.print()
    for _, group in groupby(sorted(results, key=_by_dtype), key=_by_dtype):
        rows = list(group)
        for title, table in [_together(rows)] if side_by_side else _tables(rows):
            console.print(title, style="bold", highlight=False)
            console.print(table)
            console.print()
    console.print(EXPLANATION, style="dim", highlight=False)
    if side_by_side:
        console.print(FLUSHED, style="dim", highlight=False)
    _show_reference(console, results)
    _show_verdict(console, results)


def _by_dtype(result: Result) -> int:
    return ("float32", "float64", "float16").index(result.dtype)


def _tables(results: Sequence[Result]) -> list[tuple[str, Table]]:
    """One table for each candidate."""
    names = dict.fromkeys(result.candidate for result in results)
    return [_table([r for r in results if r.candidate == name]) for name in names]


def _table(results: Sequence[Result]) -> tuple[str, Table]:
    table = _new_table()
    table.add_column("activation", overflow="fold")  # alone gives way where there is no room
    table.add_column("", no_wrap=True)
    for name in ("max", "mean", "right", "worst input"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("promise", no_wrap=True)
    for result, name in _named(results):
        tally = result.tally
        table.add_row(
            name,
            SHORT.get(result.operation, result.operation),
            ulp(tally.largest),
            ulp(tally.mean),
            share(tally.share_correct),
            number(tally.worst_input, result.dtype),
            _verdict(result),
        )
    return f"{results[0].candidate}, {results[0].dtype}: {described(results)}", table


def _together(results: Sequence[Result]) -> tuple[str, Table]:
    """The largest error of each candidate in a column of its own."""
    names = results[0].job.candidates
    table = _new_table()
    table.add_column("activation", overflow="fold")  # alone gives way where there is no room
    table.add_column("", no_wrap=True)
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    cells = {(r.job.label, r.operation, r.candidate): r for r in results}
    for result, label in _named([r for r in results if r.candidate == names[0]]):
        found = [cells.get((result.job.label, result.operation, name)) for name in names]
        table.add_row(
            label,
            SHORT.get(result.operation, result.operation),
            *(Text("-", style="dim") if r is None else _coloured(r) for r in found),
        )
    return f"{results[0].dtype}, largest error in ULP: {described(results)}", table


def _coloured(result: Result) -> Text:
    error = result.tally.largest
    return Text(ulp(error), style="red" if error > 1000 else "")


def _named(results: Sequence[Result]) -> list[tuple[Result, str]]:
    """Each row, and the name of the activation where it changes."""
    previous = ""
    named = []
    for result in results:
        label = result.job.label
        named.append((result, "" if label == previous else label))
        previous = label
    return named


def described(results: Sequence[Result]) -> str:
    """The points in words."""
    points = results[0].job.points
    finite = ", but only finite ones and no kinks" if results[0].job.agreed else ""
    inputs = f"{max(result.tally.inputs for result in results):,} inputs"
    if not isinstance(points, Patterns):
        return f"{inputs}, by mpmath{finite}"
    if points.step == 1:
        return f"all {inputs}{finite}"
    return f"every {points.step}th bit pattern and the edges{finite}"


def ulp(error: float) -> str:
    """An error in three digits, the last one rounded up: no error is larger than it says."""
    if isinf(error):
        return "inf"
    if error >= 1e4:
        return f"{error:.1e}".replace("e+0", "e").replace("e+", "e")
    digits = 0 if error >= 100 else 1 if error >= 10 else 3
    scaled = error * 10**digits
    return f"{-floor(-scaled) / 10**digits:.{digits}f}"


def share(part: float) -> str:
    """A percentage, rounded down: 100% is said of all alone."""
    return "100%" if part == 1 else f"{floor(part * 1e4) / 100:.2f}%"


def number(x: float | None, dtype: str) -> str:
    """All digits of a float32, the first of a float64."""
    if x is None:
        return "-"
    return f"{x:.12g}" if dtype == "float64" else str(np.dtype(dtype).type(x))


def _verdict(result: Result) -> Text:
    if result.kept is None:
        return Text("")
    if result.kept:
        return Text(f"<= {result.promised:g} ok", "green")
    return Text(f"<= {result.promised:g} FAIL", "bold red")


def _new_table() -> Table:
    return Table(
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_edge=False,
    )


def _show_reference(console: Console, results: Sequence[Result]) -> None:
    checked = [r for r in results if r.reference_gap is not None]
    if not checked:
        return
    worst = max(checked, key=lambda r: r.reference_gap or 0.0)
    inputs = {(r.job.label, r.dtype, r.operation): r.reference_inputs for r in checked}
    console.print(
        f"reference: float64 arithmetic, within {worst.reference_gap:.1e} ULP of mpmath at "
        f"{sum(inputs.values()):,} edges, random and worst inputs "
        f"(allowed: {CLOSE_ENOUGH:g}; {worst.job.label})",
        style="dim" if all(r.reference_holds for r in checked) else "bold red",
        highlight=False,
    )


def _show_verdict(console: Console, results: Sequence[Result]) -> None:
    judged = [result.kept for result in results if result.kept is not None]
    style = "bold green" if all(judged) else "bold red"
    console.print(f"{sum(judged)} of {len(judged)} promises kept", style=style, highlight=False)


def write_json(path: Path, settings: dict[str, Any], results: Sequence[Result]) -> None:
    """Every figure, with the machine, versions and settings they belong to."""
    found = [result.as_dict() for result in results]
    content = {"machine": describe(), "settings": settings, "results": found}
    path.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")
