"""Compiled loops on disk, so that a second process need not compile them.

A file counts only if its name, its digest and everything that made it are right; whatever is
wrong with it, or with the directory, the loop is compiled again. Numba's own cache looks at one
source file only and unpickles what it finds; this one sees all sources, and nothing is unpickled.
"""

import base64
import hashlib
import json
import os
import platform
import stat
import sys
import tempfile
from pathlib import Path

import llvmlite
import numba

from fastact.caches import cache_folder, mark_used, prune

from .target import target

SOURCES = Path(__file__).parent
FORMAT = "fastact numba loops 1"
# Settings of Numba that change what it compiles.
SETTINGS = ("OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "DEBUGINFO_DEFAULT", "ENABLE_AVX")


def key():
    """Digest of all that decides the machine code: sources, versions, CPU and settings."""
    parts = [FORMAT, numba.__version__, llvmlite.__version__, platform.python_version()]
    parts += [*map(str, target()), sys.implementation.cache_tag or "", str(sys.maxsize)]
    parts += [f"{name}={getattr(numba.config, name, None)}" for name in SETTINGS]
    for source in sorted(SOURCES.rglob("*.py")):
        parts += [str(source.relative_to(SOURCES)), hashlib.sha256(source.read_bytes()).hexdigest()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _private_directory(path):
    """The directory and its parent, made where missing; None if another could write to them."""
    path.parent.parent.mkdir(parents=True, exist_ok=True)
    for directory in (path.parent, path):
        directory.mkdir(mode=0o700, exist_ok=True)
        status = os.lstat(directory)
        if not stat.S_ISDIR(status.st_mode):
            return None
        if hasattr(os, "getuid"):
            others_write = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
            if status.st_uid != os.getuid() or others_write:
                return None
    return path


class Cache:
    """A directory with one file per loop; every method is silent about failure."""

    def __init__(self):
        self.key = key()
        self.directory = None
        try:
            base = cache_folder()
            if base is not None:
                self.directory = _private_directory(base / "numba" / self.key[:32])
                if self.directory is not None:
                    mark_used(self.directory)
                    prune(self.directory.parent, keep=self.directory)
        except (OSError, RuntimeError):  # RuntimeError: there is no home directory
            pass

    def _digest(self, name, content):
        return hashlib.sha256(f"{self.key}\n{name}\n".encode() + content).hexdigest().encode()

    def load(self, name):
        """(symbol, state of the library) as given to `save`, or None."""
        if self.directory is None:
            return None
        try:
            digest, _, content = (self.directory / name).read_bytes().partition(b"\n")
            if digest != self._digest(name, content):
                return None
            stored = json.loads(content)
        except (OSError, ValueError):
            return None
        machine_code, bitcode = (base64.b64decode(part) for part in stored["code"])
        return stored["symbol"], (stored["library"], "object", (machine_code, bitcode))

    def save(self, name, symbol, state):
        """Write a file under a passing name, then move it into place in one step."""
        if self.directory is None:
            return
        library, _, code = state
        parts = [base64.b64encode(part).decode() for part in code]
        content = json.dumps({"symbol": symbol, "library": library, "code": parts}).encode()
        try:
            handle, passing = tempfile.mkstemp(dir=self.directory)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(self._digest(name, content) + b"\n" + content)
                os.replace(passing, self.directory / name)
            except BaseException:
                os.unlink(passing)
                raise
        except OSError:
            pass
