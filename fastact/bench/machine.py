"""What a measurement was made on: the machine, the versions, the settings."""

import os
import platform
import sys
from importlib import metadata
from typing import Any

import fastact as fa
from fastact.engine.cpus import processor

PACKAGES = ("numpy", "scipy", "numba", "numexpr", "torch", "jax", "onnxruntime")


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def load_average() -> float | None:
    """How many processes wanted a processor in the last minute, where the system tells."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def versions() -> dict[str, str]:
    """The installed versions of what is compared; a missing package is left out."""
    found = {"python": platform.python_version(), "fastact": fa.__version__}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def describe() -> dict[str, Any]:
    """Machine, versions and fastact's configuration, in plain types."""
    return {
        "processor": processor(),
        "cores": cores(),
        "load_average": load_average(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "command": sys.argv,
        "versions": versions(),
        "config": fa.show_config(mode="dict"),
    }


def headline(threads: int | None = None, recorded: dict[str, Any] | None = None) -> list[str]:
    """The lines above every table; `threads` where one number of them made all figures."""
    found = recorded or describe()
    count = "" if threads is None else f"; {threads} thread{'s' if threads > 1 else ''}"
    return [
        f"{found['processor']}, {found['cores']} cores; instruction set "
        f"{found['config']['instruction_set']}{count}",
        ", ".join(f"{name} {version}" for name, version in found["versions"].items()),
    ]
