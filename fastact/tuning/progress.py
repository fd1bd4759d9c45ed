"""A bar with the time left where rich is installed and a terminal is there; else a few lines."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Without a terminal: a line each time another tenth is done.
LINES = 10

Advance = Callable[[str], None]


@contextmanager
def progress(title: str, total: int, quiet: bool) -> Iterator[Advance]:
    """A function to be called with a description before each of `total` steps."""
    if quiet:
        yield lambda what: None
    elif sys.stderr.isatty() and (bar := _rich()) is not None:
        with bar:
            task = bar.add_task(title, total=total)
            yield lambda what: bar.update(task, advance=1, description=f"{what:<24.24}")
    else:
        yield _plain(title, total)


def _rich():
    try:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
    except ImportError:
        return None
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("left"),
        console=Console(stderr=True),
        transient=True,
    )


def _plain(title: str, total: int) -> Advance:
    done = 0

    def advance(what: str) -> None:
        nonlocal done
        if done * LINES // total != (done - 1) * LINES // total:
            print(f"{title}: {done} of {total}, {what}", file=sys.stderr, flush=True)
        done += 1

    return advance
