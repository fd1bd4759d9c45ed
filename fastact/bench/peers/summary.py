"""What many rows come to: which are bound by memory, who is ahead, and by how much."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from statistics import geometric_mean

from fastact.bench.inputs import ROW

from .measure import COPY, Row
from .ours import NAME

# A function that the catalogue calls light is bound by memory from so many elements on; anything is
# that moves this share of the bytes that copying moves in the same time.
LIGHT_FROM = 1_000_000
AS_A_COPY = 0.8

# Rows below this are behind.
BEHIND = 0.95

SHORT_NAMES = {"forward_backward": "fused"}


def moved(row: Row) -> float | None:
    """GB/s that fastact reads and writes; None for small arrays."""
    return row.streams / row.seconds[NAME]["median"] / 1e9 if row.copied else None


def copied(row: Row) -> float | None:
    """GB/s of the copy."""
    return row.copied / row.seconds[COPY]["median"] / 1e9 if row.copied else None


def memory_bound(row: Row) -> bool:
    """Whether arithmetic is not what takes the time."""
    ours, copy = moved(row), copied(row)
    if ours is not None and copy is not None and ours >= AS_A_COPY * copy:
        return True
    return row.light and row.size >= LIGHT_FROM


def ratios(rows: Iterable[Row]) -> list[float]:
    """The best peer's time over ours, where there is a peer."""
    return [row.ratio["median"] for row in rows if row.ratio]


def mean(rows: Iterable[Row]) -> float | None:
    """The geometric mean of the ratios."""
    found = ratios(rows)
    return geometric_mean(found) if found else None


def behind(rows: Iterable[Row]) -> list[Row]:
    """Where the best peer is faster, worst first."""
    found = [row for row in rows if row.ratio and row.ratio["median"] < BEHIND]
    return sorted(found, key=lambda row: row.ratio["median"] if row.ratio else 0)


def tables(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows that make up one table: all but activation and operation are the same."""

    def common(row: Row) -> tuple[int, str, str, int, int]:
        return row.threads, row.layout, row.dtype, row.row_length, row.size

    return [list(group) for _, group in groupby(sorted(rows, key=common), key=common)]


def title(row: Row) -> str:
    """What the rows of a table have in common."""
    elements = "1 element" if row.size == 1 else f"{row.size:,} elements"
    threads = "one thread" if row.threads == 1 else f"{row.threads} threads"
    rows = f"rows of {row.row_length:,}, " if row.row_length != ROW else ""
    return f"{elements}, {rows}{row.dtype}, {row.layout}, {threads}"


def ratio_picture(row: Row) -> str:
    """The name of the picture of a table's ratios, by one of its rows."""
    rows = f"-rows-{row.row_length}" if row.row_length != ROW else ""
    return f"ratio-{row.size}{rows}-{row.dtype}-{row.layout}-{row.threads}.png"


def overview(rows: Sequence[Row]) -> list[tuple[str, list[float | None]]]:
    """For every size, dtype, layout and number of threads the means by operation, and of all."""
    return [
        (
            title(table[0]),
            [
                *(mean(r for r in table if r.operation == name) for name in operations(rows)),
                mean(table),
            ],
        )
        for table in tables(rows)
    ]


def operations(rows: Sequence[Row]) -> list[str]:
    """Those there are, in order."""
    return list(dict.fromkeys(row.operation for row in rows))
