"""Narrow tables and one process for `pytest benchmarks`, and what a benchmark does with a job."""

import numpy as np
import pytest

import fastact as fa
from fastact.bench.peers import ours
from fastact.bench.peers.jobs import given
from fastact.bench.peers.measure import disagreement

COLUMNS = ["median", "iqr", "rounds"]

# Larger ones are not compared again: the same code computes them.
CHECKED = 10_000


def pytest_configure(config):
    """Show few columns, unless the command line names its own."""
    arguments = config.invocation_params.args
    if not any(argument.startswith("--benchmark-columns") for argument in arguments):
        config.option.benchmark_columns = COLUMNS


def pytest_xdist_auto_num_workers():
    """None: benchmarks do not run beside each other, as the tests do."""
    return 0


@pytest.fixture
def run(benchmark):
    """Check a job's values against the numpy backend's, then time it."""

    def check_and_time(job):
        arrays = given(job)
        form = ours.form(job, arrays)
        if job.size <= CHECKED:
            found = tuple(np.array(array) for array in form.result())
            with fa.use_backend("numpy"):
                expected = ours.form(job, arrays).result()
            assert disagreement(job.dtype, found, expected) is None
        with form.context():
            if form.consumed is None:
                benchmark(form.function, *form.inputs, **form.keywords)
            else:  # over its inputs: copies for every round
                benchmark.pedantic(
                    form.function, setup=lambda: (form.consumed(), {}), rounds=50, warmup_rounds=2
                )

    return check_and_time
