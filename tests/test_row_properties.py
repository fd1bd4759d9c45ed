"""Properties of the row-wise functions, on rows that Hypothesis looks for.

Every variant is given the same examples, so that the oracle works each out once.
"""

from itertools import product

import numpy as np
import pytest
import row_checks
from hypothesis import given
from hypothesis import strategies as st
from operations import VARIANTS, Operations, bounds
from strategies import WIDTHS


def rows(dtype, elements=None, max_size=40):
    """Two rows of one length."""
    if elements is None:
        elements = st.floats(-100, 100, width=WIDTHS[dtype])
    pairs = st.lists(st.tuples(elements, elements), min_size=1, max_size=max_size)
    return pairs.map(lambda values: np.array(values, dtype).T.copy())


def everywhere(name):
    return [Operations(name, variant) for variant in VARIANTS]


QUARTERS = st.integers(-64, 64).map(lambda k: k / 4)


def test_agrees_with_the_oracle(rowwise, dtype):
    variants = everywhere(rowwise)

    @given(rows(dtype, st.floats(0, 100, width=WIDTHS[dtype])), st.integers(0, 1000))
    def check(x, seed):
        for operations in variants:
            values = row_checks.without_cancellation(operations, x)
            row_checks.check_rows(operations, values, 4 * bounds(operations.variant, dtype)[0])
            dy = row_checks.gradient_for(operations, x, seed=seed)
            row_checks.check_row_gradients(operations, x, dy)

    check()


def test_fused_equals_separate(rowwise, dtype):
    variants = everywhere(rowwise)

    @given(rows(dtype, st.floats(width=WIDTHS[dtype])), st.integers(0, 1000))
    def check(x, seed):
        for operations, axis in product(variants, (0, 1)):
            dy = row_checks.gradient_for(operations, x, axis, seed)
            row_checks.check_row_fused(operations, x, dy, axis=axis)

    check()


@pytest.mark.parametrize("name", ["softmax", "sparsemax", "entmax15"])
def test_sums_to_one(name, dtype):
    variants = everywhere(name)

    @given(rows(dtype))
    def check(x):
        for operations in variants:
            row_checks.check_sums_to_one(operations, x)

    check()


def test_shift(rowwise, dtype):
    variants = everywhere(rowwise)

    @given(rows(dtype, QUARTERS), st.integers(-400, 400))
    def check(x, quarters):
        for operations in variants:
            bound = 2 * bounds(operations.variant, dtype)[0]
            row_checks.check_shift(operations, x, quarters / 4, bound)

    check()


def test_permutation(rowwise, dtype):
    variants = everywhere(rowwise)

    @given(rows(dtype, st.floats(0, 50, width=WIDTHS[dtype])), st.randoms(use_true_random=False))
    def check(x, random):
        if rowwise == "hardmax":  # of equal elements the first counts
            row = np.unique(x[0])
            x = np.stack([row, row[::-1]])
        order = list(range(x.shape[1]))
        random.shuffle(order)
        for operations in variants:
            bound = 2 * bounds(operations.variant, dtype)[0]
            row_checks.check_permutation(operations, x, order, bound)

    check()


def test_absent_elements_have_no_influence(rowwise, dtype):
    """Whatever they hold, not a bit of the result changes."""
    variants = everywhere(rowwise)

    @given(rows(dtype), st.integers(0, 2**40))
    def check(x, pattern):
        mask = np.array([pattern >> k & 1 for k in range(x.shape[1])], bool)
        for operations in variants:
            expected = operations.forward(x, where=mask)
            for fill in (0.0, np.nan, np.inf, 1e4):
                filled = np.where(mask, x, np.array(fill, dtype))
                got = operations.forward(filled, where=mask)
                row_checks.assert_same_bits(got, expected, f"{operations} where=, absent: {fill}")

    check()
