"""Pictures of the comparison: time per element over size, and ratios."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("agg")

from matplotlib import pyplot
from matplotlib.figure import Figure

from fastact.bench.inputs import ROW
from fastact.plotting import COLOURS

from .installed import PEERS
from .measure import COPY, Row
from .ours import NAME
from .summary import BEHIND, SHORT_NAMES, operations, ratio_picture, tables, title

# The same colour for the same candidate in every picture.
CANDIDATES = (NAME, *PEERS, COPY)
STYLE = dict(zip(CANDIDATES, (*COLOURS, "#8B5A2B", "0.55"), strict=True))
BARS = 48  # in one panel at most, or nothing can be read


def draw(rows: Sequence[Row], folder: Path) -> list[Path]:
    """Write every picture there is something to draw for, and say which."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = {**_times(rows), **_ratios(rows)}
    paths = []
    for name, figure in figures.items():
        path = folder / name
        figure.savefig(path, dpi=100)
        pyplot.close(figure)
        paths.append(path)
    return paths


def _times(rows: Sequence[Row]) -> dict[str, Figure]:
    """One picture for each operation, dtype, layout, length of rows and number of threads of
    several sizes."""

    def key(row: Row) -> tuple[str, str, str, int, int]:
        return row.operation, row.dtype, row.layout, row.row_length, row.threads

    found = {}
    for common in dict.fromkeys(map(key, rows)):
        chosen = [row for row in rows if key(row) == common]
        if len({row.size for row in chosen}) > 1:
            operation, dtype, layout, length, threads = common
            short = SHORT_NAMES.get(operation, operation)
            of = ("", "") if length == ROW else (f"-rows-{length}", f", rows of {length:,}")
            name = f"time-{short}{of[0]}-{dtype}-{layout}-{threads}.png"
            found[name] = _panels(chosen, f"{short}{of[1]}, {dtype}, {layout}, threads: {threads}")
    return found


def _panels(rows: Sequence[Row], heading: str) -> Figure:
    names = list(dict.fromkeys(row.activation for row in rows))
    columns = min(4, len(names))
    lines = -(-len(names) // columns)
    figure, grid = pyplot.subplots(
        lines,
        columns,
        figsize=(2.6 * columns + 1.2, 2.2 * lines + 0.8),
        layout="constrained",
        squeeze=False,
        sharex=True,
        sharey=True,
    )
    for ax in list(grid.flat)[len(names) :]:
        ax.set_axis_off()
    for ax, name in zip(grid.flat, names, strict=False):
        some = [row for row in rows if row.activation == name]
        for candidate in CANDIDATES:
            points = [
                (row.size, 1e9 * row.seconds[candidate]["median"] / row.size)
                for row in sorted(some, key=lambda row: row.size)
                if candidate in row.seconds
            ]
            if points:
                ours = candidate == NAME
                ax.loglog(
                    *zip(*points, strict=True),
                    color=STYLE[candidate],
                    linewidth=2.4 if ours else 1.2,
                    marker="o" if ours else ".",
                    markersize=4,
                    zorder=3 if ours else 2,
                    linestyle=":" if candidate == COPY else "-",
                )
        ax.set_title(name, fontsize=9, loc="left")
        ax.grid(color="0.92")
        ax.tick_params(labelsize=7)
    present = [c for c in CANDIDATES if any(c in row.seconds for row in rows)]
    figure.legend(
        [pyplot.Line2D([], [], color=STYLE[c], linewidth=2) for c in present],
        present,
        loc="outside right upper",
        frameon=False,
        fontsize=8,
    )
    figure.suptitle(f"ns per element over elements: {heading}", fontsize=10)
    return figure


def _ratios(rows: Sequence[Row]) -> dict[str, Figure]:
    """One picture for each table of rows that have a peer."""
    found = {}
    for group in tables(rows):
        some = [row for row in group if row.ratio]
        if some:
            found[ratio_picture(some[0])] = _bars(some)
    return found


def _bars(rows: Sequence[Row]) -> Figure:
    names = list(dict.fromkeys(row.activation for row in rows))
    present = operations(rows)
    columns = 1 if len(names) * len(present) <= BARS else 2
    per_column = -(-len(names) // columns)
    figure, grid = pyplot.subplots(
        1,
        columns,
        figsize=(4.6 * columns + 0.6, 0.22 * per_column * len(present) + 1.4),
        layout="constrained",
        squeeze=False,
        sharex=True,
    )
    for column, ax in enumerate(grid.flat):
        _bars_of(ax, rows, names[column * per_column : (column + 1) * per_column], present)
    handles = [pyplot.Rectangle((0, 0), 1, 1, color=COLOURS[i]) for i in range(len(present))]
    labels = [SHORT_NAMES.get(name, name) for name in present]
    figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False, fontsize=8)
    figure.suptitle(f"best peer over {NAME}: {title(rows[0])}", fontsize=10)
    return figure


def _bars_of(ax, rows, names, present):
    height = 0.8 / len(present)
    for number, operation in enumerate(present):
        for place, name in enumerate(names):
            for row in rows:
                if (row.activation, row.operation) == (name, operation):
                    ratio, at = row.ratio["median"], place + number * height
                    ax.barh(at, ratio - 1, 0.9 * height, 1, color=COLOURS[number], align="edge")
                    ax.annotate(
                        f"{ratio:.1f} {row.best}",
                        (max(ratio, 1), at + height / 2),
                        xytext=(3, 0),
                        textcoords="offset points",
                        va="center",
                        fontsize=5.5,
                        color="0.3" if ratio >= BEHIND else "#D55E00",
                    )
    ax.set_yticks([place + 0.4 for place in range(len(names))], names, fontsize=7)
    ax.set_xscale("log")
    ax.axvline(1, color="0.3", linewidth=0.8)
    ax.invert_yaxis()
    ax.margins(x=0.25)
    ax.tick_params(axis="x", labelsize=7)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
