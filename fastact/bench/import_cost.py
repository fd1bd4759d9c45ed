"""What `import fastact` costs after `import numpy`, measured in fresh processes."""

import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from statistics import median

from .checks import Check

PROGRAM = """
import sys, time
import numpy
start = time.perf_counter()
import fastact
print(time.perf_counter() - start)
print(*{"numba", "llvmlite", "matplotlib"}.intersection(sys.modules))
"""


def import_cost() -> Iterator[Check]:
    """The time of the import, and what it must not bring along."""
    group = "import fastact, after import numpy"
    yield Check(group, "time", lambda _: median(_fresh()[0] for _ in range(5)), 20, unit="ms")
    yield Check(
        group, "numba, llvmlite, matplotlib imported", lambda _: len(_fresh()[1]), 0, unit=""
    )


def _fresh() -> tuple[float, list[str]]:
    """Milliseconds, and the modules that came along, of one new process."""
    printed = _run(_bytecode().name)
    seconds, modules = printed.split("\n")[:2]
    return 1000 * float(seconds), modules.split()


@functools.cache
def _bytecode() -> tempfile.TemporaryDirectory[str]:
    """A folder with the modules compiled, as pip leaves them.

    Where PYTHONDONTWRITEBYTECODE is set, an editable install compiles its source at each import,
    and that takes longer than all the rest.
    """
    folder = tempfile.TemporaryDirectory()
    _run(folder.name)
    return folder


def _run(bytecode: str) -> str:
    environment = os.environ | {"PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment
    ).stdout
