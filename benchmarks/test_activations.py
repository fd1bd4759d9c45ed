"""Every activation on every backend, next to the formula by hand and to SciPy.

    pytest benchmarks
    pytest benchmarks -k "softmax and 1000000" --benchmark-columns=min,median,ops

The cases, and the check that all candidates agree, are those of `fastact bench`.
"""

import pytest

import fastact as fa
from fastact.bench.cases import PEERS, all_cases, candidates, require_agreement

BACKENDS = [name for name in ("cython", "numba", "numpy") if fa.available_backends()[name] is None]

# Short rounds, because there are hundreds of benchmarks.
pytestmark = pytest.mark.benchmark(max_time=0.1, min_rounds=5, disable_gc=True)


def case_id(case):
    return f"{case.activation}-{case.operation}-{case.size}"


def names_of_candidates(case):
    return [*BACKENDS, *(peer for peer, formulas in PEERS.items() if case.activation in formulas)]


PARAMETERS = [
    pytest.param(case, name, id=f"{case_id(case)}-{name}")
    for case in all_cases()
    for name in names_of_candidates(case)
]


@pytest.mark.parametrize(("case", "candidate"), PARAMETERS)
def test_speed(benchmark, case, candidate):
    calls = candidates(case, BACKENDS)
    require_agreement(case, calls)
    benchmark.group = case_id(case)
    with calls[candidate].context():
        benchmark(calls[candidate].call)
