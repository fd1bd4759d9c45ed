"""`fastact accuracy` finds faults that are planted, and survives Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from accuracy_here import accuracy_here

from fastact.accuracy import arithmetic, candidates

COMMAND = [sys.executable, "-W", "error", "-m", "fastact.cli", "accuracy"]
ENVIRONMENT = os.environ | {"COLUMNS": "80"}

TANH = ("tanh", "--step", "400009")


def test_without_a_fault_all_is_well():
    finished = accuracy_here(*TANH, "--dtype", "float32")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "2 of 2 promises kept" in finished.stdout


def large(x, found):
    found["slope"][x == 1] *= 1 + 8 * np.finfo(x.dtype).eps


def not_finite(x, found):
    found["value"][x == np.inf] = np.nan


def no_nan(x, found):
    found["value"][np.isnan(x)] = 0


@pytest.mark.parametrize(
    ("fault", "dtypes"),
    [
        (large, ("float16", "float32", "float64")),
        (not_finite, ("float32",)),
        (no_nan, ("float64",)),
    ],
    ids=["large", "infinity-32", "nan-64"],
)
def test_one_wrong_result_is_found(fault, dtypes, monkeypatch):
    """One of the two promises, of each dtype."""
    true = candidates.Backend.results

    def results(self, activation, parameters, x):
        found = true(self, activation, parameters, x)
        fault(x, found)
        return found

    monkeypatch.setattr(candidates.Backend, "results", results)
    finished = accuracy_here(*TANH, "--dtype", *dtypes)
    assert finished.returncode == 1, finished.stdout + finished.stderr
    assert f"{len(dtypes)} of {2 * len(dtypes)} promises kept" in finished.stdout
    assert finished.stdout.count("FAIL") == len(dtypes)


def test_a_wrong_reference_is_found(monkeypatch):
    monkeypatch.setattr(arithmetic.Double, "tanh", lambda x: np.tanh(x) * (1 + 1e-9))
    finished = accuracy_here(*TANH, "--dtype", "float32")
    assert finished.returncode == 1, finished.stdout + finished.stderr
    assert "2 of 2 promises kept" in finished.stdout
    assert "within 1.7e-02 ULP of mpmath" in " ".join(finished.stdout.split())


# The worker processes import it, too, and the fault with it.
OPERATIONS_THAT_DIFFER = """
import sys
import fastact as fa
from fastact.cli import main

class Face:
    def __getattr__(self, name):
        return getattr(true_face, name)
    def __call__(self, x):
        y = true_face(x)
        y[x == 1] = 0.75
        return y

true_face, fa.tanh = fa.tanh, Face()
if __name__ == "__main__":
    sys.exit(main(["accuracy", *sys.argv[1:]]))
"""


def test_operations_that_differ_are_found(tmp_path):
    """By a worker process, whose error reaches the command."""
    script = tmp_path / "faulty.py"
    script.write_text(OPERATIONS_THAT_DIFFER)
    options = (*TANH, "--dtype", "float32", "--processes", "1")
    finished = subprocess.run(
        [sys.executable, "-W", "error", str(script), *options],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=ENVIRONMENT,
    )
    assert finished.returncode == 1
    assert "forward_backward with dy=1 gives np.float32(0.76" in finished.stderr
    assert "at x=np.float32(1.0), forward gives np.float32(0.75)" in finished.stderr
    assert "Traceback" not in finished.stderr


@pytest.fixture
def interruptible():
    """Programs started here heed Ctrl-C, even if this one was started to ignore it (`nohup ... &`):
    that is handed on, but a handler of its own is not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupted(command, seconds):
    """What it said, Ctrl-C being sent to all its processes, as a terminal does, so long after the
    first word; it must end as a program that was interrupted."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=ENVIRONMENT, start_new_session=True, **pipes) as process:
        try:
            assert "minutes left" in process.stderr.readline()
            time.sleep(seconds)
            os.killpg(process.pid, signal.SIGINT)
            output, errors = process.communicate(timeout=90)
        finally:
            process.kill()
    assert process.returncode == 130
    assert "Traceback" not in output + errors
    return errors.strip()


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent otherwise there")
@pytest.mark.usefixtures("interruptible")
def test_control_c_keeps_what_was_measured(tmp_path):
    """The second run begins where the first ended."""
    options = ["identity", "--exhaustive", "--state", str(tmp_path), "--processes", "1"]
    measured = [0]
    for seconds in (0.5, 0.5, 1, 2, 4, 8):  # a block takes long on a busy machine
        errors = interrupted([*COMMAND, *options], seconds)
        if errors:  # a block was measured
            assert errors.endswith("the same command goes on from here")
            (found,) = tmp_path.glob("identity*.json")
            measured.append(json.loads(found.read_text())["blocks"])
        if len(measured) == 3:
            break
    assert 0 < measured[1] < measured[2] < 4096
