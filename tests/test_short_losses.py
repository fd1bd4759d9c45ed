"""Cross-entropy of short rows, computed side by side: the bits of one row after another."""

import numpy as np
import pytest
from ulp import assert_same_bits

import fastact as fa

ROWS = 70  # more than a few strips of any vector, and some left over
COUNTS = (1, 2, 3, 8, 9, 10, 16, 17, 31, 32, 33)
KINDS = (
    "classes",
    "ignored",
    "weighted",
    "smoothed",
    "smoothed and ignored",
    "probabilities",
    "weighted probabilities",
)


def logits(dtype, n, odd):
    x = np.random.default_rng(n).normal(scale=4, size=(ROWS, n)).astype(dtype)
    x[50] = x[50, 0]  # ties
    x[51, : n // 2] = -np.inf
    if odd:  # no ordinary top, or not a number: in the first strip, among others, and at the end
        x[0], x[30, 0], x[31, -1], x[47], x[-1] = -np.inf, np.inf, np.nan, -1e4, 3e4
    return x


def targets(kind, n, dtype):
    """Labels, and keywords."""
    random = np.random.default_rng(n + 1)
    weight = random.random(n)
    weight[0] = 0
    if kind.endswith("probabilities"):
        shares = random.random((ROWS, n)).astype(dtype)
        shares[5] = np.arange(n) == n - 1  # one class has all
        shares[51, : n // 2] = 0
        return shares, {} if kind == "probabilities" else {"weight": weight}
    labels = random.integers(0, n, ROWS)
    labels[51] = n - 1
    if kind.endswith("ignored"):
        labels[::3] = -100
    return labels, {
        "ignored": {"ignore_index": -100},
        "weighted": {"weight": weight},
        "smoothed": {"label_smoothing": 0.1},
        "smoothed and ignored": {
            "label_smoothing": 0.1,
            "weight": weight,
            "ignore_index": -100,
        },
    }.get(kind, {})


def one_after_another(x, labels, dy, **keywords):
    """No vector's rows are side by side where every other one has no ordinary top."""
    between, at = (np.repeat(a, 2, axis=0) for a in (x, labels))
    between[1::2] = -np.inf
    loss, gradient = fa.softmax_cross_entropy.forward_backward(
        between, at, np.repeat(dy, 2), reduction="none", **keywords
    )
    return loss[::2], gradient[::2]


@pytest.mark.parametrize("odd", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_as_one_after_another(kind, dtype, variant, odd):
    function = fa.softmax_cross_entropy
    for n in COUNTS:
        x = logits(dtype, n, odd)
        labels, keywords = targets(kind, n, dtype)
        dy = np.random.default_rng(3).normal(size=ROWS)
        with fa.use_backend(variant):
            expected = one_after_another(x, labels, dy, **keywords)
            keywords["reduction"] = "none"
            found = function.forward_backward(x, labels, dy, **keywords)
            loss = function(x, labels, **keywords)
            slope = x.copy()
            function.backward(slope, labels, dy, out=slope, **keywords)
        for result, right in zip(found, expected, strict=True):
            assert_same_bits(result, right, f"{kind}, {n} classes")
        assert_same_bits(loss, expected[0], f"{kind}, {n} classes: the loss alone")
        assert_same_bits(slope, expected[1], f"{kind}, {n} classes: the gradient alone, in place")
