"""log_softmax within 3 ULP, also where one element is nearly all of the row's sum."""

from functools import cache

import numpy as np
import pytest
from operations import VARIANTS, Operations
from oracle import WIDE_IS_WIDER, Wide
from ulp import assert_within, reference_from_wide

pytestmark = pytest.mark.skipif(not WIDE_IS_WIDER, reason="needs an arithmetic wider than float64")

LENGTHS = (2, 3, 10, 30, 100, 1000)
ELEMENTS = 30_000
# NumPy's own exponential may be more than 2 ULP off.
BOUNDS = {"numpy": 6}


def uniform(generator, rows, n, spread):
    return generator.uniform(-spread, spread, (rows, n))


def peaked(generator, rows, n, shift):
    """Rows in which one element stands out, by anything from nothing to all of the sum's digits."""
    x = generator.uniform(-1, 1, (rows, n)) + generator.uniform(-shift, shift, (rows, 1))
    x[np.arange(rows), generator.integers(n, size=rows)] += generator.uniform(0, 40, rows)
    return x


def tied(generator, rows, n, shift):
    """Rows in which few numbers come again and again."""
    return generator.integers(-2, 3, (rows, n)) * 1.7 + generator.uniform(-shift, shift, (rows, 1))


CASES = {
    "uniform over +-1": (uniform, 1),
    "uniform over +-10": (uniform, 10),
    "uniform over +-50": (uniform, 50),
    "uniform over +-80": (uniform, 80),
    "peaked": (peaked, 0),
    "peaked elsewhere": (peaked, 30),
    "tied": (tied, 5),
}


@cache
def case(kind, n, dtype):
    """Rows and their exact logarithms: neither sum in it cancels."""
    make, size = CASES[kind]
    x = make(np.random.default_rng([n, size]), ELEMENTS // n, n, size).astype(dtype)
    wide = x.astype(Wide.dtype)
    first = x.argmax(axis=1)[:, None]
    below = wide - np.take_along_axis(wide, first, axis=1)
    e = np.exp(below)
    np.put_along_axis(e, first, 0, axis=1)
    return x, reference_from_wide(below - np.log1p(e.sum(axis=1, keepdims=True)), dtype)


@pytest.mark.parametrize("n", LENGTHS)
@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_log_softmax(kind, n, dtype, variant):
    x, reference = case(kind, n, dtype)
    got = Operations("log_softmax", variant).forward(x)
    assert_within(got, reference, BOUNDS.get(variant, 3), f"log_softmax, {kind}, on {variant}")


@pytest.mark.parametrize("n", [2, 10, 33, 5000])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("variant", [v for v in VARIANTS if v != "numpy"])
def test_every_way_gives_the_same_bits(n, dtype, variant):
    """Rows along and down an array, one by one, masked, and with a gradient."""
    operations = Operations("log_softmax", variant)
    for kind in CASES:
        make, size = CASES[kind]
        x = make(np.random.default_rng([n, size]), 40, n, size).astype(dtype)
        y = operations.forward(x)
        for other in (
            operations.forward(x.T.copy(), axis=0).T,
            np.stack([operations.forward(row) for row in x]),
            operations.forward(x, where=np.ones(x.shape, bool)),
            operations.forward_backward(x, np.ones_like(x))[0],
        ):
            np.testing.assert_array_equal(other, y)
