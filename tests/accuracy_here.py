"""`fastact accuracy` in this process: most of what the command takes is the start of two others."""

import subprocess
from concurrent.futures import Future
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from io import StringIO

import pytest

from fastact.accuracy import command
from fastact.cli import main


class Here:
    """A pool without processes: what is handed to it is done at once."""

    map = staticmethod(map)

    def submit(self, function, *arguments):
        future = Future()
        future.set_result(function(*arguments))
        return future


def accuracy_here(*arguments):
    """As if the command had finished; what it would have measured elsewhere is measured here."""
    output, errors = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(output), redirect_stderr(errors):
        patch.setenv("COLUMNS", "80")
        patch.setattr(command, "processes", lambda count: nullcontext(Here()))
        status = main(["accuracy", *map(str, arguments)])
    return subprocess.CompletedProcess(arguments, status, output.getvalue(), errors.getvalue())
