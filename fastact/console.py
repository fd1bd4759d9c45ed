"""Where commands print, and the files that they write."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

#: Of a terminal that nobody has widened.
WIDTH = 80


def wide_console() -> "Console":
    """A console of at least that width: in a narrower one, tables would leave figures out."""
    from rich.console import Console

    found = Console()
    found.width = max(found.width, WIDTH)
    return found


def new_file(text: str) -> Path:
    """An option's file, asked for before there is something to lose."""
    path = Path(text)
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is a folder; it must be a file")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {path.parent}")
    return path
