"""Run tests in a copy of the project that GCC's sanitizers watch.

    python tools/sanitized.py /tmp/copy -k "layouts or edges"    # arguments for pytest

AddressSanitizer and UndefinedBehaviorSanitizer are compiled into the engine and the kernels, which
takes some minutes; a folder that holds such a copy already is only built where sources changed. The
first thing they tell of ends the run.
"""

import os
import subprocess
import sys
from pathlib import Path

from copies import copy

# More optimization takes long to compile. Rows of any alignment are what the kernels are for, and
# what Cython makes has virtual tables of its own.
FLAGS = """-O1 -fsanitize=address,undefined -fno-sanitize=alignment,vptr
    -fno-sanitize-recover=undefined"""
RUNTIMES = ("libasan.so", "libubsan.so", "libstdc++.so")


def write_compiler(path):
    """g++, its last word FLAGS."""
    path.write_text(f'#!/bin/sh\nexec {compiler()} "$@" {" ".join(FLAGS.split())}\n')
    path.chmod(0o755)


def compiler():
    return os.environ.get("CXX", "g++")


def runtime(name):
    """Where the library is that must be loaded before Python is."""
    command = [compiler(), f"-print-file-name={name}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def main():
    folder = Path(sys.argv[1]).resolve()
    copy(folder)
    wrapped = folder / "build" / "compiler"
    wrapped.parent.mkdir(exist_ok=True)
    write_compiler(wrapped)
    build = [sys.executable, "setup.py", "-q", "build_ext", "--inplace"]
    environment = dict(os.environ, CC=str(wrapped), CXX=str(wrapped))
    subprocess.run(build, check=True, cwd=folder, env=environment)
    environment = dict(
        os.environ,
        PYTHONPATH=str(folder),
        LD_PRELOAD=" ".join(map(runtime, RUNTIMES)),
        ASAN_OPTIONS="detect_leaks=0",  # Python's own
        UBSAN_OPTIONS="print_stacktrace=1",
    )
    tests = [sys.executable, "-m", "pytest", "-n", "0", "-x", *sys.argv[2:]]
    raise SystemExit(subprocess.run(tests, check=False, cwd=folder, env=environment).returncode)


if __name__ == "__main__":
    main()
