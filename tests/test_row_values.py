"""Values of rows at one go: the same bits as on every other way there."""

import numpy as np
import pytest
from operations import Faulty, Operations
from ulp import assert_same_bits

import fastact as fa

FAMILY = ("softmax", "softmin", "log_softmax", "logsumexp")


def company(dtype, rows, n):
    """Ordinary rows; and among them rows far out, masked ones, and ones next to the border."""
    random = np.random.default_rng(n)
    x = (2 * random.standard_normal((rows, n))).astype(dtype)
    x[3::11] *= 30
    x[5::13, n // 2] = -np.inf
    x[7::17, 0] = 43 if dtype != "float64" else 300
    x[8::17, -1] = -43.5 if dtype != "float64" else -301
    x[9::17] += 40  # the largest is most of the sum in some
    x[10::17, n // 2] = x[10::17].max(-1) + 12
    return x


def check_ways(operations, x):
    """A row alone, among others, down the array, masked by nothing, and with its gradient."""
    every = np.asarray(operations.forward(x))
    for k in range(0, len(x), 2):
        alone = operations.forward(x[k])
        assert_same_bits(np.asarray(alone), every[k], f"{operations} row {k} alone of {x.shape}")
    down = np.asarray(operations.forward(np.asfortranarray(x)))
    assert_same_bits(down, every, f"{operations} down the array {x.shape}")
    all_there = operations.forward(x, where=np.ones(x.shape, bool))
    assert_same_bits(np.asarray(all_there), every, f"{operations} with a mask {x.shape}")
    value, _ = operations.forward_backward(x, np.ones(every.shape, x.dtype))
    assert_same_bits(np.asarray(value), every, f"{operations} with the gradient {x.shape}")
    if every.shape == x.shape:
        over = x.copy()
        operations.forward(over, out=over)
        assert_same_bits(over, every, f"{operations} in place {x.shape}")
    check_columns(operations, x, every)
    with fa.threads(2):
        shared = operations.forward(x)
    assert_same_bits(np.asarray(shared), every, f"{operations} on two threads {x.shape}")


def check_columns(operations, x, every):
    """Rows side by side, as many as fill strips or do not, along the first and a middle axis."""

    def rows(y, axis):
        return y if every.ndim == 1 else np.moveaxis(y, axis, -1)

    for count in (len(x), 48, 17, 16, 5, 2):
        down = x[:count].T.copy()
        got = operations.forward(down, axis=0)
        assert_same_bits(rows(got, 0), every[:count], f"{operations} {count} columns of {x.shape}")
        if every.ndim == 2:
            operations.forward(down, axis=0, out=down)
            assert_same_bits(down.T, every[:count], f"{operations} {count} in place of {x.shape}")
    half = len(x) // 2
    middle = np.ascontiguousarray(np.moveaxis(x.reshape(2, half, -1), -1, 1))
    got = operations.forward(middle, axis=1)
    right = every.reshape(2, half, *every.shape[1:])
    assert_same_bits(rows(got, 1), right, f"{operations} in the middle of {x.shape}")


@pytest.mark.parametrize("name", FAMILY)
@pytest.mark.parametrize("shape", [(60, 3), (60, 10), (60, 32), (60, 33), (40, 100), (20, 1000)])
def test_same_bits_whatever_the_unit(name, shape, dtype, variant):
    check_ways(Operations(name, variant), company(dtype, *shape))


@pytest.mark.parametrize("name", FAMILY)
def test_same_bits_of_long_rows(name, dtype, variant):
    x = company(dtype, 18, 8200)
    x[0] = 1  # every element is the largest
    for length in (4095, 4096, 4097, 8200):
        check_ways(Operations(name, variant), x[:, :length])


@pytest.mark.parametrize("name", FAMILY)
@pytest.mark.parametrize("n", [1, 10, 33])
def test_columns_that_are_not_ordinary(name, n, dtype, variant):
    """Far from ordinary ones and among them: those in whose strip they are get the same bits."""
    operations = Operations(name, variant)
    x = company(dtype, 200, n)
    largest = np.finfo(dtype).max
    for k, number in enumerate([np.nan, np.inf, -np.inf, largest, -largest]):
        x[20 + k, 0], x[70 + k], x[150 + 5 * k, n // 2] = number, number, number
    with np.errstate(all="raise"):
        check_columns(operations, x, np.asarray(operations.forward(x)))


@pytest.mark.parametrize("name", FAMILY)
@pytest.mark.parametrize(
    ("where", "match"),
    [
        (lambda x, keywords: x.ndim == 1, "alone"),
        (lambda x, keywords: keywords.get("axis") == 0, "columns of"),
        (lambda x, keywords: keywords.get("axis") == 1, "in the middle"),
    ],
)
def test_a_last_bit_is_seen(name, where, match):
    def last_bit(true):
        def changed(x, **keywords):
            y = np.array(true(x, **keywords))
            if where(x, keywords):
                y.reshape(-1)[0] = np.nextafter(y.reshape(-1)[0], np.inf, dtype=y.dtype)
            return y

        return changed

    operations = Faulty(Operations(name, "cython"), forward=last_bit)
    with pytest.raises(AssertionError, match=match):
        check_ways(operations, company("float32", 20, 10))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_logarithm_of_a_sum_keeps_its_digits(dtype, variant):
    """One large element and a small one: log1p of what is left, over all its range."""
    mpmath = pytest.importorskip("mpmath")
    distances = np.concatenate([np.linspace(0, 3, 100), np.geomspace(1e-3, 80, 200)]).astype(dtype)
    x = np.stack([np.zeros_like(distances), -distances], -1)
    got = Operations("logsumexp", variant).forward(x)
    for found, distance in zip(got, distances, strict=True):
        exact = mpmath.log1p(mpmath.exp(-mpmath.mpf(float(distance))))
        unit = np.spacing(np.asarray(float(exact), dtype))
        error = abs(mpmath.mpf(float(found)) - exact) / mpmath.mpf(float(unit))
        assert error < 2.5, (distance, found)
