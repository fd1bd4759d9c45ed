"""The profile that `fa.tune` saves: which backend "auto" takes first, for every activation."""

import os
import warnings
from pathlib import Path

from fastact._version import __version__
from fastact.activations import CATALOGUE
from fastact.availability import instruction_sets, names
from fastact.caches import cache_folder
from fastact.engine.cpus import processor

FORMAT = "fastact profile 1"

#: What there is to know of the profile; None until somebody asks.
_state = None


class State:
    """The file, the backends by activation if it is followed, and else why not."""

    def __init__(self, path, backends=None, why=None):
        self.path, self.backends, self.why = path, backends or {}, why

    @property
    def followed(self):
        return self.path is not None and self.why is None


def profile_path():
    """FASTACT_PROFILE, or a file in the cache folder; None where either variable is empty."""
    named = os.environ.get("FASTACT_PROFILE")
    if named is not None:
        return Path(named).expanduser() if named.strip() else None
    folder = cache_folder()
    return None if folder is None else folder / "profile.json"


def state():
    """The profile of this process: read once, when it is first asked for."""
    global _state
    if _state is None:
        named = os.environ.get("FASTACT_PROFILE")
        path = named or None
        try:
            path = profile_path()
            _state = State(path, read(path) if path is not None else None)
            if path is None:
                _state.why = "none is wanted: FASTACT_PROFILE or FASTACT_CACHE_DIR is empty"
        except ValueError as error:
            _state = State(path, why=str(error))
            warn(_state)
        except (OSError, RuntimeError) as error:  # RuntimeError: there is no home directory
            missing = isinstance(error, FileNotFoundError)
            _state = State(path, why="there is no such file" if missing else str(error))
            if named:  # nobody asked for what cannot be reached in the cache folder
                warn(_state)
    return _state


def warn(found):
    warnings.warn(
        f"the profile {found.path} is not followed: {found.why}; fa.tune(save=True) makes another, "
        "FASTACT_PROFILE= does without",
        RuntimeWarning,
        stacklevel=2,
    )


def forget():
    """Read the profile again when it is asked for next."""
    global _state
    _state = None


def machine():
    """What a profile is valid for."""
    sets = instruction_sets()
    return {
        "fastact": __version__,
        "processor": processor(),
        "instruction_set": sets[-1] if sets else None,
    }


def read(path):
    """The backends by activation; a `ValueError` that says why, if the file is no profile of ours
    for this machine."""
    return _content(path)["backends"]


def _content(path):
    import json

    with open(path, "rb") as file:
        content = file.read(1_000_000)
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is damaged ({error})") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ValueError(f'it does not say "format": "{FORMAT}"')
    here = machine()
    for key, value in here.items():
        if found.get(key) != value:
            raise ValueError(f"it was made for {key} {found.get(key)!r}, this is {value!r}")
    backends = found.get("backends")
    if not isinstance(backends, dict):
        raise ValueError("it is damaged (no backends)")
    for activation, backend in backends.items():
        if activation not in CATALOGUE:
            raise ValueError(f"it names {activation!r}, which is no activation")
        if backend not in names():
            raise ValueError(f"it names {backend!r} for {activation}, which is no backend")
    return found


def require_writable(path):
    """Raise OSError if no file can be put there."""
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=path.parent):
        pass
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder")


def write(path, backends, measured):
    """A profile, complete or not at all: a process that reads it meanwhile sees the old one.

    What the file says of other activations stays, if it is a profile of ours for this machine.
    """
    import json
    import tempfile

    path = Path(path)
    try:
        old = _content(path)
    except (OSError, ValueError):
        old = {"backends": {}}
    measured = [*_cells_of_others(old, backends), *measured]
    backends = {**old["backends"], **backends}
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"format": FORMAT, **machine(), "backends": backends, "measured": measured}
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
            file.write("\n")
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _cells_of_others(content, backends):
    cells = content.get("measured")
    return [
        cell
        for cell in (cells if isinstance(cells, list) else ())
        if isinstance(cell, dict) and cell.get("activation") not in backends
    ]
