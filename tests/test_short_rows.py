"""Gradients that are made at one go, short rows side by side: the bits of one row after another."""

import numpy as np
import pytest
from operations import Operations
from ulp import assert_same_bits

import fastact as fa

ROWS = 100  # more than a few strips of any vector, and some left over


def table(dtype, n, odd):
    x = np.random.default_rng(n).normal(scale=5, size=(ROWS, n)).astype(dtype)
    if odd:  # no ordinary top, or not a number: in the first strip, among others, and at the end
        x[0], x[45, 0], x[46, -1], x[47], x[-1] = -np.inf, np.inf, np.nan, -1e4, 3e4
    x[50] = x[50, 0]  # ties
    return x


@pytest.mark.parametrize("odd", [False, True])
@pytest.mark.parametrize("activation", ["softmax", "softmin", "log_softmax", "logsumexp"])
def test_as_one_after_another(activation, dtype, variant, odd):
    function = Operations(activation, variant)
    # logsumexp's are at one go in longer rows, too.
    longer = (100, 257, 1500, 4096) if activation == "logsumexp" else ()
    for n in (1, 2, 3, 10, 16, 17, 31, 32, 33, *longer):
        x = table(dtype, n, odd)
        dy = np.random.default_rng(-n % 7).normal(size=x.shape).astype(dtype)
        if activation == "logsumexp":
            dy = dy[:, 0].copy()
            odd_dy = np.array([0, 1e-7, -1e-30, 1e30, 1e-40, 3, np.inf, 1e-4, np.nan])
            with np.errstate(all="ignore"):
                dy[20:29] = odd_dy.astype(dtype)
        # What is masked is not computed side by side.
        expected = function.forward_backward(x, dy, axis=-1, where=np.ones(x.shape, bool))
        found = function.forward_backward(x, dy, axis=-1)
        for result, right in zip(found, expected, strict=True):
            assert_same_bits(result, right, f"{function}, rows of {n}")
        (slope,) = function.run("backward", x, dy, axis=-1)
        assert_same_bits(slope, expected[1], f"{function} backward, rows of {n}")


@pytest.mark.parametrize("activation", ["softmax", "log_softmax"])
def test_results_over_arguments(activation, dtype, variant):
    function = Operations(activation, variant)
    x = table(dtype, 10, odd=True)
    dy = np.random.default_rng(1).normal(size=x.shape).astype(dtype)
    expected = function.forward_backward(x, dy)
    for y, dx in ((0, 1), (1, 0), (0, None), (None, 0), (1, None), (None, 1)):
        given = [x.copy(), dy.copy()]
        out = [np.empty_like(x) if place is None else given[place] for place in (y, dx)]
        found = function.forward_backward(*given, out=tuple(out))
        for result, right in zip(found, expected, strict=True):
            assert_same_bits(result, right, f"{function} over its arguments")


def test_rows_of_any_layout():
    x = table("float64", 10, odd=True)
    dy = np.random.default_rng(2).normal(size=x.shape)
    expected = fa.softmax.forward_backward(x, dy)
    wide = np.zeros((ROWS, 23))
    wide[:, 1:21:2] = x
    for view, axis in ((wide[:, 1:21:2], 1), (np.asfortranarray(x), 1), (x.T.copy(), 0)):
        gradient = dy if axis else dy.T
        for result, right in zip(
            fa.softmax.forward_backward(view, gradient, axis=axis), expected, strict=True
        ):
            assert_same_bits(result if axis else result.T, right, "softmax")
