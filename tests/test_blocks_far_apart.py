"""Long rows whose blocks lie far from each other: small numbers in one, beside which those of
another are all there is of the sum; and tops at which exponentials begin to overflow."""

import numpy as np
import pytest
import row_checks
from operations import Operations, on
from row_oracle import REDUCING, WHOLE_ROWS
from ulp import assert_same_bits

import fastact as fa

BLOCK = 4096
# About where the blocks of a row lie. The exponentials of numbers within 43 (float32) or 300
# (float64) of 0 are taken as they are; beyond 87 and 709 they would overflow.
LEVELS = {
    "float32": [
        *((42, 104), (104, 42), (-42, 50), (42, 0, 88), (10, 60, 500), (-500, 42)),
        *((-2.5, 80), (0.69, 88.69), (-2, 82.5)),
    ],
    "float64": [
        *((299, 760), (760, 299), (-299, 350), (299, 0, 705), (705, 760), (30, 400, 5000)),
        *((-752, -292), (-292, -720), (-40, -740)),
    ],
}
LEVELS["float16"] = LEVELS["float32"]


def rows(dtype, count=1):
    """Blocks with one number, or many, of that size; those of a negative level have no larger."""
    found = []
    for levels in LEVELS[dtype]:
        for step in (7, BLOCK):
            x = row_checks.normal((count, BLOCK * len(levels) - 77), "float64", len(found)).copy()
            for block, level in enumerate(levels):
                here = x[:, block * BLOCK : (block + 1) * BLOCK]
                here[:, :: step if level > 0 else 1] += level
            found.append(x.astype(dtype))
    return found


def test_values(rowwise, dtype, variant):
    if rowwise in WHOLE_ROWS:
        pytest.skip("has no exponentials")
    bound = 8 if variant.startswith("cython") else 16  # as of any long row
    for x in rows(dtype):
        row_checks.check_rows(Operations(rowwise, variant), x, bound, wide=True)


def test_whatever_is_asked_for(rowwise, dtype, variant):
    """The same bits with a gradient, in place, from threads, and as columns, few and many."""
    operations = Operations(rowwise, variant)
    for x in rows(dtype, 20):
        right = np.asarray(operations.forward(x))
        shape = x.shape[:1] if rowwise in REDUCING else x.shape
        fused = operations.run("forward_backward", x, row_checks.normal(shape, dtype, 3))[0]
        assert_same_bits(np.asarray(fused), right, f"{operations} fused")
        for count in 3, 20:
            columns = np.ascontiguousarray(x[:count].T)
            found = np.asarray(operations.forward(columns, axis=0))
            assert_same_bits(found.T, right[:count], f"{operations}, {count} columns")
        with fa.threads(2):
            assert_same_bits(np.asarray(operations.forward(x[:1])), right[:1], f"{operations}")
        if rowwise not in REDUCING:
            given = x.copy()
            operations.forward(given, out=given)
            assert_same_bits(given, right, f"{operations} in place")


def test_cross_entropy(dtype, variant):
    """Of labels in every block; its gradient is softmax but for the label."""
    loss = fa.softmax_cross_entropy
    for x in rows(dtype, 3):
        labels = np.array([0, BLOCK + 7, x.shape[1] - 1])
        with on(variant):
            found = loss.backward(x, labels, reduction="sum")
            softmax = np.asarray(fa.softmax(x))
        found[np.arange(3), labels] = softmax[np.arange(3), labels] = 0
        normal = softmax >= np.finfo(x.dtype).tiny
        errors = np.abs(found.astype("longdouble") - softmax) / np.spacing(softmax)
        assert errors[normal].max() <= (2 if variant.startswith("cython") else 16), (
            f"{variant}: {errors[normal].max()}"
        )
