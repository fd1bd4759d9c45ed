"""A truthful answer to: what runs here?"""

import platform
import sys

from fastact import availability, dispatch, profiles
from fastact._version import __version__
from fastact.activations import CATALOGUE
from fastact.engine import _engine
from fastact.own.registry import DEFINITIONS
from fastact.parallel import get_num_threads

PACKAGES = ("numpy", "numba", "llvmlite", "scipy")


def show_config(mode=None):
    """Print which backend serves each activation and why, and what there is.

    Parameters
    ----------
    mode : {None, "dict"}
        None prints; "dict" returns the same as a dictionary.

    Returns
    -------
    dict or None

    Raises
    ------
    ValueError
        If `mode` is something else.

    Examples
    --------
    >>> import fastact as fa
    >>> fa.show_config(mode="dict")["backends"]["numpy"] is None
    True
    """
    if mode not in (None, "dict"):
        raise ValueError(f'mode must be None or "dict", not {mode!r}')
    found = configuration()
    if mode == "dict":
        return found
    print(as_text(found))
    return None


def configuration():
    selection = _engine.get_selection()
    sets = availability.instruction_sets()
    return {
        "version": __version__,
        "backends": dispatch.available_backends(),
        "selected": {
            name: dict(zip(("backend", "why"), selection.choice(name), strict=True))
            for name in CATALOGUE
        },
        "own": {
            name: dict(zip(("backend", "why"), selection.choice(name), strict=True))
            for name in DEFINITIONS
        },
        "profile": profile(),
        "instruction_set": sets[-1] if sets else None,
        "instruction_sets": list(sets),
        "threads": get_num_threads(),
        "versions": {"python": platform.python_version(), **versions()},
        "platform": f"{platform.system()} {platform.machine()} ({sys.implementation.name})",
    }


def profile():
    """Which file "auto" follows, or why it follows none; see `fa.tune`."""
    found = profiles.state()
    path = None if found.path is None else str(found.path)
    return {"path": path, "followed": found.followed, "why": found.why}


def versions():
    from importlib.metadata import PackageNotFoundError, version  # slow to import

    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    return found


def profile_text(found):
    if found["followed"]:
        return f"{found['path']}, followed where a backend is not named"
    return "none is followed: " + (f"{found['path']}: " if found["path"] else "") + found["why"]


def as_text(found):
    chosen = found["selected"] | found["own"]
    width = max(map(len, chosen))
    lines = [
        f"fastact {found['version']} on {found['platform']}",
        f"instruction set  {found['instruction_set']} (of {', '.join(found['instruction_sets'])})",
        f"threads          {found['threads']}",
        "profile          " + profile_text(found["profile"]),
        "versions         " + ", ".join(f"{k} {v or '-'}" for k, v in found["versions"].items()),
        "backends",
        *(f"  {name:<16} {why or 'available'}" for name, why in found["backends"].items()),
        "activations",
        *(
            f"  {name:<{width}} {choice['backend'] or '-':<16} {choice['why']}"
            for name, choice in chosen.items()
        ),
    ]
    return "\n".join(lines)
