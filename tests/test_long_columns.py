"""Long rows that are neighbours in memory (axis 0, say): the bits of rows that lie along an array.

They are summed side by side, block by block, or turned, some at a time.
"""

import numpy as np
import pytest
import row_checks
from operations import Operations
from row_oracle import REDUCING
from ulp import assert_same_bits

import fastact as fa

# Elements of a row: a block and little more, a whole number of blocks, several; a last one of less
# than a vector's sums, and of more.
LENGTHS = (4097, 8192, 4096 + 31, 8192 + 33, 13_000)
# Rows: fewer than a vector has lanes, as many, some over; as many as are taken at once, and more.
COUNTS = (2, 5, 16, 17, 96, 97, 200)


def rows(count, n, dtype, scale, odd=False):
    x = (row_checks.normal((count, n), "float64", n + count) * scale).astype(dtype)
    x[count // 2, n // 3] = x[count // 2].max()  # a tie, in two blocks
    if odd:  # no ordinary top in a block, or in all
        x[0, -1], x[1, 0] = np.inf, np.nan
        x[-1] = -np.inf
        x[-2, :4096] = -np.inf
    return x


def check(operations, operation, x, dy, label):
    right = operations.run(operation, x, dy, axis=-1)
    found = operations.run(operation, np.ascontiguousarray(x.T), dy.T, axis=0)
    for result, wanted in zip(found, right, strict=True):
        assert_same_bits(np.asarray(result).T, np.asarray(wanted), f"{operations} {label}")


def gradient(rowwise, x):
    shape = x.shape[:1] if rowwise in REDUCING else x.shape
    return row_checks.normal(shape, x.dtype, 9)


@pytest.mark.parametrize("n", LENGTHS)
def test_of_every_length(rowwise, row_operation, dtype, variant, n):
    x = rows(21, n, dtype, 5)
    check(Operations(rowwise, variant), row_operation, x, gradient(rowwise, x), f"of {n}")


@pytest.mark.parametrize("scale", [1, 30, 1e4], ids="{:g} wide".format)
@pytest.mark.parametrize("count", COUNTS)
def test_any_number_of_rows(rowwise, dtype, variant, count, scale):
    """Near 0, where no largest element is asked for; far from it; and beyond all exponentials."""
    if dtype == "float16" and scale > 1000:
        scale = 1000
    x = rows(count, 9000, dtype, scale)
    check(Operations(rowwise, variant), "forward", x, gradient(rowwise, x), f"{count} rows")


def test_odd_rows_among_others(rowwise, row_operation, dtype, variant):
    x = rows(40, 9000, dtype, 3, odd=True)
    check(Operations(rowwise, variant), row_operation, x, gradient(rowwise, x), "odd")


def test_shared_by_threads(rowwise, dtype, variant):
    """Blocks, and rows; the array in place of the result, too."""
    operations = Operations(rowwise, variant)
    for count, n in ((20, 50_000), (300, 5000), (20, 5000)):
        x = np.ascontiguousarray(rows(count, n, dtype, 4).T)
        with fa.threads(1):
            right = operations.forward(x, axis=0)
        with fa.threads(4):
            assert_same_bits(operations.forward(x, axis=0), right, f"{operations}, {count} rows")
            if rowwise not in REDUCING:
                given = x.copy()
                operations.forward(given, axis=0, out=given)
                assert_same_bits(given, right, f"{operations} in place, {count} rows")


def test_the_middle_axis_and_other_layouts(rowwise, dtype, variant):
    operations = Operations(rowwise, variant)
    x = (row_checks.normal((3, 4500, 18), "float64", 5) * 4).astype(dtype)
    right = operations.forward(np.ascontiguousarray(np.moveaxis(x, 1, -1)), axis=-1)
    swapped = x.astype(x.dtype.newbyteorder())
    for given in (x, np.asfortranarray(x), swapped, np.repeat(x, 2, axis=2)[..., ::2]):
        found = np.asarray(operations.forward(given, axis=1), x.dtype)
        wanted = right if rowwise in REDUCING else np.moveaxis(right, -1, 1)
        assert_same_bits(found, wanted, f"{operations} along the middle axis")
