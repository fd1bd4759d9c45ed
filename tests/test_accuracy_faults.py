"""`fastact accuracy` finds faults that are planted, and survives Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

COMMAND = [sys.executable, "-W", "error", "-m", "fastact.cli", "accuracy"]
ENVIRONMENT = os.environ | {"COLUMNS": "80"}

# Faults are found. The script is imported by the worker processes, too, and the fault with it.

FAULT = """
import sys
import numpy as np
from fastact.accuracy import arithmetic, candidates
from fastact.cli import main

true = candidates.Backend.results

def results(self, activation, parameters, x):
    found = true(self, activation, parameters, x)
    {fault}
    return found

candidates.Backend.results = results
{patch}
if __name__ == "__main__":
    points = ["--step", "400009", "--dtype", *{dtypes!r}, "--processes", "1"]
    sys.exit(main(["accuracy", "tanh", *points]))
"""


def with_fault(folder, fault="pass", patch="", dtypes=("float32",)):
    script = folder / "faulty.py"
    script.write_text(FAULT.format(fault=fault, patch=patch, dtypes=dtypes))
    return subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=ENVIRONMENT,
    )


def test_without_a_fault_all_is_well(tmp_path):
    finished = with_fault(tmp_path)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "2 of 2 promises kept" in finished.stdout


LARGE = "found['slope'][x == 1] *= 1 + 8 * np.finfo(x.dtype).eps"
NOT_FINITE = "found['value'][x == np.inf] = np.nan"
NO_NAN = "found['value'][np.isnan(x)] = 0"


@pytest.mark.parametrize(
    ("fault", "dtypes"),
    [
        (LARGE, ("float16", "float32", "float64")),
        (NOT_FINITE, ("float32",)),
        (NO_NAN, ("float64",)),
    ],
    ids=["large", "infinity-32", "nan-64"],
)
def test_one_wrong_result_is_found(tmp_path, fault, dtypes):
    """One of the two promises, of each dtype."""
    finished = with_fault(tmp_path, fault, dtypes=dtypes)
    assert finished.returncode == 1, finished.stdout + finished.stderr
    assert f"{len(dtypes)} of {2 * len(dtypes)} promises kept" in finished.stdout
    assert finished.stdout.count("FAIL") == len(dtypes)


def test_a_wrong_reference_is_found(tmp_path):
    patch = "arithmetic.Double.tanh = lambda x: np.tanh(x) * (1 + 1e-9)"
    finished = with_fault(tmp_path, patch=patch)
    assert finished.returncode == 1, finished.stdout + finished.stderr
    assert "2 of 2 promises kept" in finished.stdout
    assert "within 1.7e-02 ULP of mpmath" in " ".join(finished.stdout.split())


def test_operations_that_differ_are_found(tmp_path):
    patch = """
import fastact as fa
class Face:
    def __getattr__(self, name):
        return getattr(true_face, name)
    def __call__(self, x):
        y = true_face(x)
        y[x == 1] = 0.75
        return y
true_face, fa.tanh = fa.tanh, Face()
"""
    finished = with_fault(tmp_path, patch=patch)
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
