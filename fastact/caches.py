"""Where fastact may keep what it can make again."""

import os
import re
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path

__all__ = ["cache_folder", "mark_used", "prune", "user_cache_folder"]

#: After so many days without use, what another version or source has left is removed.
KEPT_DAYS = 30


def cache_folder() -> Path | None:
    """FASTACT_CACHE_DIR, or else this user's folder; None where the variable is empty."""
    chosen = os.environ.get("FASTACT_CACHE_DIR")
    if chosen is None:
        return user_cache_folder()
    return Path(chosen).expanduser() if chosen else None


def user_cache_folder() -> Path:
    """The folder for caches that the platform gives this user."""
    try:
        from platformdirs import user_cache_path
    except ImportError:
        pass
    else:
        return user_cache_path("fastact", appauthor=False)
    if os.name == "nt":
        home = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        home = Path.home() / "Library" / "Caches"
    else:
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "fastact"


def mark_used(folder: Path) -> None:
    """Say that a folder named by a digest is in use today; one that is not ours is left alone."""
    with suppress(OSError):
        os.utime(folder)


def prune(folder: Path, keep: Path) -> None:
    """Remove the folders in `folder` that are named by a digest and have not been used for long.

    Only plain files directly in them go, and nothing that somebody else owns. Whoever still uses
    one makes it again; nothing here is an error.
    """
    limit = time.time() - KEPT_DAYS * 86400
    try:
        found = list(folder.iterdir())
    except OSError:
        return
    for old in found:
        try:
            status = old.lstat()
            if (
                old != keep
                and re.fullmatch("[0-9a-f]{32}", old.name)
                and stat.S_ISDIR(status.st_mode)
                and (not hasattr(os, "getuid") or status.st_uid == os.getuid())
                and status.st_mtime < limit
            ):
                empty(old)
        except OSError:
            continue


def empty(folder: Path) -> None:
    """Remove a folder of plain files; with anything else in it, it stays."""
    for file in folder.iterdir():
        if not stat.S_ISREG(file.lstat().st_mode):
            return
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
