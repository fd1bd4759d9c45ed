"""What an element gives does not depend on the elements beside it.

A vector with a lane out of the ordinary takes another form of the formula. Which lanes share a
vector depends on layout and threads, so both forms must give the same bits: for every size of x,
and for parameters of every size.
"""

from functools import cache

import numpy as np
import pytest
from operations import ELEMENTWISE, Operations
from ulp import assert_same_bits

from fastact.backends.numpy_backend import others as numpy_formulas

LANES = 16  # as many as the widest vector has
OTHERS = [np.inf, -np.inf, np.nan, "signaling", "smallest", "largest", 60.0, 700.0, -60.0]
SIGNED = [-1, 1]


def scattered(random, n, dtype):
    """Normal numbers of both signs, as many in each binade."""
    info = np.finfo(dtype)
    exponents = random.integers(info.minexp, info.maxexp, n)
    return np.ldexp((1 + random.random(n)) * random.choice(SIGNED, n), exponents).astype(dtype)


def near(random, n, dtype):
    return (np.exp2(random.uniform(-5, 7, n)) * random.choice(SIGNED, n)).astype(dtype)


def cases(operations, dtype):
    """Parameters, and x of every size and such as make the formula's argument an ordinary one."""
    random = np.random.default_rng(7)
    chosen = [np.array(p, dtype) for p in operations.definition.parameter_cases]
    if chosen[0].size:
        chosen += [scattered(random, chosen[0].size, dtype) for _ in range(20)]
    for parameters in chosen:
        x = [scattered(random, 50, dtype), near(random, 30, dtype)]
        for p in parameters[parameters != 0]:
            with np.errstate(over="ignore", under="ignore"):
                x += [near(random, 30, dtype) / p, near(random, 30, dtype) * p]
        yield np.concatenate(x), tuple(parameters)


def others(dtype):
    info = np.finfo(dtype)
    signaling = np.array(np.inf, dtype)
    signaling.view(f"i{dtype.itemsize}")[...] += 1
    named = {"smallest": info.smallest_subnormal, "largest": info.max, "signaling": signaling}
    return [np.asarray(named.get(other, other), dtype) for other in OTHERS]


def mixtures(x, other):
    """Arrays with x among others, and where: in each vector, and in one of two vectors."""
    for lanes, of_them in ((LANES, 1), (128 // x.itemsize, 64 // x.itemsize)):
        mixed = np.empty((x.size, lanes), x.dtype)
        mixed[...] = other
        mixed[:, :of_them] = x[:, np.newaxis]
        yield mixed.ravel(), lanes


@pytest.fixture
def known_remainders(monkeypatch):
    """A huge angle takes snake long integers, in Python, and here each comes hundreds of times."""
    monkeypatch.setattr(numpy_formulas, "remainder", cache(numpy_formulas.remainder))


@pytest.mark.usefixtures("known_remainders")
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_an_element_gives_the_same_in_any_company(name, variant, dtype):
    operations, dtype = Operations(name, variant), np.dtype(dtype)
    for x, parameters in cases(operations, dtype):
        of_its_kind = np.repeat(x, LANES)
        for operation in (operations.forward, operations.derivative):
            alone = operation(of_its_kind, *parameters)[::LANES]
            for other in others(dtype):
                for mixed, lanes in mixtures(x, other):
                    label = f"{operations}, parameters {parameters}, one of {lanes} beside {other}"
                    assert_same_bits(operation(mixed, *parameters)[::lanes], alone, label)
