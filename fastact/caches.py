"""Where fastact may keep what it can make again."""

import os
import sys
from pathlib import Path

__all__ = ["cache_folder", "user_cache_folder"]


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
