"""Every activation, its gradient and both fused, at three sizes: to find what has become slower.

    pytest benchmarks --benchmark-autosave         # before a change
    pytest benchmarks --benchmark-compare --benchmark-compare-fail=median:10%
    pytest benchmarks -k "softmax and 1000000"
    FASTACT_BACKEND=numba pytest benchmarks        # another backend, another instruction set

Results go into arrays that are there, on one thread; `test_layouts.py` has the rest. Against other
libraries: `fastact bench --peers`.
"""

import pytest

from fastact.bench.inputs import TIMED
from fastact.bench.peers.jobs import all_jobs

SIZES = (100, 10_000, 1_000_000)
OPERATIONS = ("forward", "backward", "forward_backward")

JOBS = all_jobs(TIMED, OPERATIONS, SIZES, ("float32",), ("out",), (1,))

# Short, because there are hundreds.
pytestmark = pytest.mark.benchmark(max_time=0.05, min_rounds=5, disable_gc=True)


@pytest.mark.parametrize("job", JOBS, ids=lambda job: "-".join(map(str, job[:3])))
def test_speed(run, job):
    run(job)
