"""A function of every kind in all layouts and dtypes, on one thread and on all."""

import pytest

from fastact.bench.layouts import LAYOUTS
from fastact.bench.peers.jobs import all_jobs
from fastact.engine.cpus import usable_cores

# Light and heavy, with a parameter, and of rows.
ACTIVATIONS = ("relu", "leaky_relu", "tanh", "gelu", "softmax", "logsumexp")
THREADS = dict.fromkeys((1, usable_cores()))

JOBS = [
    *all_jobs(
        ACTIVATIONS,
        ("forward", "forward_backward"),
        (1_000_000,),
        ("float32", "float64"),
        LAYOUTS,
        THREADS,
    ),
    *all_jobs(ACTIVATIONS, ("forward",), (1,), ("float32", "float64"), ("fresh", "out"), (1,)),
]

pytestmark = pytest.mark.benchmark(max_time=0.05, min_rounds=5, disable_gc=True)


@pytest.mark.parametrize("job", JOBS, ids=lambda job: "-".join(map(str, job)))
def test_speed(run, job):
    run(job)
