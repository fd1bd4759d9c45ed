"""What a long run has measured so far, on disk, so that it can be resumed.

A file per activation and candidate. It is named by a digest of all that decides the result: the
compiled loops, the definitions, and what measures. So results of other loops are never taken.
"""

import hashlib
import json
import os
import tempfile
from importlib import metadata
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import fastact
from fastact.backends import cython_backend
from fastact.caches import cache_folder, user_cache_folder

from .measure import Job
from .run import Progress
from .tally import Tally

PACKAGE = Path(fastact.__file__).parent
JUDGES = ("arithmetic", "candidates", "distance", "measure", "points", "reference", "tally", "ulp")
FORMAT = "fastact accuracy 1"


def default_folder() -> Path:
    """Where this user's caches are."""
    return (cache_folder() or user_cache_folder()) / "accuracy"


def digest(job: Job) -> str:
    """Of everything that decides what is measured."""
    parts = [FORMAT, repr(job), _judge()]
    parts += [_content(backend_files(name)) for name in job.candidates]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


def backend_files(name: str) -> list[Path]:
    """The files that hold a backend's loops, and the engine that runs them."""
    kind, _, isa = name.partition("-")
    folder = PACKAGE / "backends" / f"{kind}_backend"
    engine = _compiled(PACKAGE / "engine", "_engine")
    if kind == "cython":
        modules = cython_backend.modules(isa or cython_backend.supported()[-1])
        return engine + [file for module in modules for file in _compiled(folder, module)]
    return engine + (list(folder.rglob("*.py")) or [folder.with_suffix(".py")])


def _compiled(folder: Path, module: str) -> list[Path]:
    names = [module + suffix for suffix in EXTENSION_SUFFIXES]
    return [folder / name for name in names if (folder / name).exists()]


def _judge() -> str:
    here = Path(__file__).parent
    files = [here / f"{name}.py" for name in JUDGES] + list((here / "definitions").glob("*.py"))
    versions = [metadata.version(package) for package in ("numpy", "scipy", "mpmath")]
    return " ".join([_content(files), *versions])


def _content(files: list[Path]) -> str:
    found = hashlib.sha256()
    for file in sorted(files):
        found.update(file.name.encode() + hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


class Changed(Exception):
    """What is measured was rebuilt or edited on the way."""


class State:
    """The files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._paths: dict[Job, Path] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def _path(self, job: Job) -> Path:
        return self.folder / f"{job.activation}-{'-'.join(job.candidates)}-{digest(job)}.json"

    def load(self, job: Job) -> Progress:
        """How far the job came; not at all, if there is no such file or it is damaged."""
        path = self._paths[job] = self._path(job)
        try:
            stored = json.loads(path.read_text())
            tallies = {
                tuple(key.split()): Tally.from_dict(tally)
                for key, tally in stored["tallies"].items()
            }
            blocks = int(stored["blocks"])
        except (OSError, ValueError, KeyError, TypeError):
            return Progress(job)
        return Progress(job, blocks, tallies)

    def save(self, progress: Progress) -> None:
        """Write a file under a passing name, then move it into place in one step."""
        path = self._path(progress.job)
        if path != self._paths[progress.job]:
            raise Changed("the loops or the definitions changed while they were measured")
        tallies = {" ".join(key): tally.as_dict() for key, tally in progress.tallies.items()}
        content = json.dumps({"blocks": progress.blocks, "tallies": tallies})
        handle, passing = tempfile.mkstemp(dir=self.folder)
        try:
            with os.fdopen(handle, "w") as file:
                file.write(content)
            os.replace(passing, path)
        except BaseException:
            Path(passing).unlink(missing_ok=True)
            raise
