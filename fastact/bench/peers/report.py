"""The tables of `fastact bench --peers`, readable at 80 columns."""

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fastact.bench.cases import TOLERANCE
from fastact.bench.inputs import ROW
from fastact.bench.layouts import LAYOUTS
from fastact.bench.report import new_table

from .measure import HOPELESS, Row
from .ours import NAME
from .summary import (
    AS_A_COPY,
    BEHIND,
    LIGHT_FROM,
    SHORT_NAMES,
    behind,
    copied,
    mean,
    memory_bound,
    moved,
    operations,
    overview,
    tables,
    title,
)

EXPLANATION = (
    f"best: the fastest peer. ratio: its time over fastact's, median of interleaved rounds; +-: "
    f"half the distance of the quartiles, in %. GB/s: what fastact reads and writes; copy: the "
    f"same of np.copyto on the same array in the same run. m: bound by memory: a light function "
    f"of {LIGHT_FROM:,} elements or more, or at least {AS_A_COPY:g} of the copy's GB/s. A peer "
    f"that takes more than {HOPELESS:g} times as long as the best one is not timed in turn. "
    f"Everyone gets the same x and dy; backward starts from x, for peers too. fused: "
    f"forward_backward, against a peer's forward and backward. Rows of {ROW:,} unless others are "
    f"named. All values agreed within {TOLERANCE} eps before they were timed."
)
ERRORS = (
    "ULP: the largest error on these inputs in units in the last place, fastact's and the best "
    "peer's; errors of gradients below dy/16 count in units of that."
)


def show(console: Console, rows: Sequence[Row], errors: bool) -> None:
    """Print a table for everything that differs, what is to be known, and what it comes to."""
    for group in tables(rows):
        console.print(_table(group, errors))
        console.print()
    layouts = [f"{name}: {LAYOUTS[name]}" for name in dict.fromkeys(row.layout for row in rows)]
    for text in [". ".join(layouts) + ".", EXPLANATION, *([ERRORS] if errors else [])]:
        console.print(text, style="dim", highlight=False)
    console.print()
    console.print(_overview(rows))
    console.print()
    _verdict(console, rows)


def _table(rows: Sequence[Row], errors: bool) -> Table:
    unit = "call" if rows[0].size == 1 else "element"
    table = new_table(f"{title(rows[0])}: ns per {unit}")
    table.add_column("activation", no_wrap=True, max_width=16)
    table.add_column("", no_wrap=True)
    for name in (NAME, "best"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("peer", no_wrap=True)
    table.add_column("ratio", justify="right", no_wrap=True)
    table.add_column("+-", justify="right", no_wrap=True)
    for name in ("ULP", "theirs") if errors else ("GB/s", "copy"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for name, group in groupby(rows, key=lambda row: row.activation):
        for i, row in enumerate(group):
            table.add_row(name if i == 0 else "", *_cells(row, errors))
    return table


def _cells(row: Row, errors: bool) -> list[Text | str]:
    best = row.seconds[row.best] if row.best else None
    last = (
        [ulp(row, NAME), ulp(row, row.best)]
        if errors
        else [_gigabytes(moved(row)), _gigabytes(copied(row))]
    )
    return [
        SHORT_NAMES.get(row.operation, row.operation),
        nanoseconds(row.seconds[NAME]["median"], row.size),
        nanoseconds(best["median"], row.size) if best else "-",
        row.best or "-",
        ratio_text(row.ratio["median"] if row.ratio else None),
        spread(row),
        *last,
        "m" if memory_bound(row) else "",
    ]


def nanoseconds(seconds: float, elements: int) -> str:
    """Per element, with three digits."""
    figure = seconds * 1e9 / elements
    return f"{figure:,.{0 if figure >= 100 else 1 if figure >= 10 else 2}f}"


def spread(row: Row) -> str:
    """Half the distance of the ratio's quartiles in per cent."""
    if row.ratio is None:
        return "-"
    half = (row.ratio["quartile_high"] - row.ratio["quartile_low"]) / 2
    return f"{100 * half / row.ratio['median']:.0f}"


def ratio_text(ratio: float | None) -> Text:
    """Green where fastact is ahead, red where it is behind."""
    if ratio is None:
        return Text("-", style="dim")
    style = "red" if ratio < BEHIND else "" if ratio < 1 / BEHIND else "green"
    return Text(f"{ratio:.1f}x" if ratio >= 9.95 else f"{ratio:.2f}x", style=style)


def _gigabytes(number: float | None) -> str:
    return "-" if number is None else f"{number:.1f}"


def ulp(row: Row, name: str | None) -> str:
    """The error of a candidate; - where it is not judged."""
    if name is None or name not in row.errors:
        return "-"
    error = row.errors[name]
    if error is None:
        return "inf"
    return f"{error:.2f}" if error < 9.995 else f"{error:.0f}" if error < 9999 else f"{error:.0e}"


def _overview(rows: Sequence[Row]) -> Table:
    table = new_table(f"best peer over {NAME}, geometric means")
    table.add_column("", no_wrap=True)
    for name in (*operations(rows), "all"):
        table.add_column(SHORT_NAMES.get(name, name), justify="right", no_wrap=True)
    for label, means in overview(rows):
        table.add_row(label, *(ratio_text(found) for found in means))
    return table


def _verdict(console: Console, rows: Sequence[Row]) -> None:
    computing = [row for row in rows if not memory_bound(row)]
    bound = [row for row in rows if memory_bound(row)]
    for text in (
        f"geometric mean over {sum(row.ratio is not None for row in rows)} rows: "
        f"{_mean(rows)}; {_mean(computing)} where arithmetic takes the time, "
        f"{_mean(bound)} where memory does",
    ):
        console.print(text, style="bold", highlight=False)
    slower = behind(rows)
    for row in slower[:20]:
        console.print(
            f"behind {row.best}: {row.job}: {row.ratio['median'] if row.ratio else 0:.2f}x",
            style="red",
            highlight=False,
        )
    if len(slower) > 20:
        console.print(f"and {len(slower) - 20} more rows", style="red")
    for row in rows:
        for name, difference in row.wrong.items():
            console.print(
                f"WRONG, not timed: {name} at {row.job}: {difference}",
                style="bold red",
                highlight=False,
                markup=False,
            )


def _mean(rows: Sequence[Row]) -> str:
    found = mean(rows)
    return "-" if found is None else f"{found:.2f}x"
