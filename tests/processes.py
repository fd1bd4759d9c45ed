"""Run a piece of Python in a fresh process, with a time limit and without our own settings."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

STRICT = ("-W", "error")


def run_python(code, timeout=120, arguments=(), **environment):
    """The finished process; variables named FASTACT_... reach it only if given here."""
    inherited = {name: v for name, v in os.environ.items() if not name.startswith("FASTACT_")}
    inherited["FASTACT_PROFILE"] = ""  # this user's own must not decide what is tested
    return subprocess.run(
        [sys.executable, *arguments, "-c", textwrap.dedent(code)],
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=Path(__file__).parent,
        check=False,
    )


def output_of(code, **options):
    """What it printed; it must have ended well and said nothing on stderr."""
    finished = run_python(code, **options)
    assert finished.returncode == 0, finished.stderr
    assert not finished.stderr.strip(), finished.stderr
    return finished.stdout.strip()


def error_of(code, **options):
    """The last line of its traceback: the error that ended it."""
    finished = run_python(code, **options)
    assert finished.returncode == 1, f"ended with {finished.returncode}: {finished.stdout}"
    return finished.stderr[finished.stderr.index("Traceback") :]
