"""The pool of threads alone, compiled here: each chunk once, and no data race (ThreadSanitizer)."""

import shutil
import subprocess
from pathlib import Path

import pytest

import fastact

COMPILER = shutil.which("g++") or shutil.which("clang++")
ENGINE = Path(fastact.__file__).parent / "engine"
SOURCE = Path(__file__).parent / "pool_jobs.cpp"
SANITIZED = ("-g", "-fsanitize=thread")

pytestmark = pytest.mark.skipif(COMPILER is None, reason="no compiler whose name is known")


def compiled(folder, *flags):
    program = folder / "jobs"
    finished = subprocess.run(
        [COMPILER, "-std=c++17", "-O1", "-pthread", f"-I{ENGINE}", *flags, SOURCE, "-o", program],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if finished.returncode != 0 and "tsan" in finished.stderr:
        pytest.skip("the compiler has no ThreadSanitizer here")
    assert finished.returncode == 0, finished.stderr
    return program


def run_jobs(program, jobs, forks=0, seed=1):
    finished = subprocess.run(
        [program, *map(str, (seed, jobs, forks))],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if "FATAL: ThreadSanitizer" in finished.stderr:
        pytest.skip("ThreadSanitizer does not run on this kernel")
    return finished


def test_each_chunk_once_and_children_too(tmp_path):
    program = compiled(tmp_path)
    for seed in (1, 2, 3):
        finished = run_jobs(program, jobs=6_000, forks=30, seed=seed)
        found = finished.returncode, finished.stdout
        assert found == (0, "well\n"), f"seed {seed}: {finished.stderr}"


def test_no_data_race(tmp_path):
    finished = run_jobs(compiled(tmp_path, *SANITIZED), jobs=1500)
    assert (finished.returncode, finished.stdout) == (0, "well\n"), finished.stderr


def test_a_race_is_found(tmp_path):
    finished = run_jobs(compiled(tmp_path, *SANITIZED, "-DPLANTED"), jobs=200)
    assert finished.returncode != 0
    assert "data race" in finished.stderr
