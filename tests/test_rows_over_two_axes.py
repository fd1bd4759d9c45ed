"""Rows that run along two axes of arrays in Fortran order: the bits are those of C order.

Such rows are read and written in rectangles, and a block of a long one begins and ends anywhere.
"""

import numpy as np
import pytest
import row_checks
from layouts import byte_swapped, fortran, unaligned
from operations import Operations
from row_oracle import REDUCING
from ulp import assert_same_bits

# Of less than a block, of several; runs as long as a vector, shorter, longer than a block.
SHAPES = ((5, 7), (9, 1000), (1000, 9), (130, 70), (3, 5000), (5000, 3))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_fortran_order(rowwise, row_operation, dtype, variant, shape):
    operations = Operations(rowwise, variant)
    x = (row_checks.normal(shape, "float64", 1) * 20).astype(dtype)
    dy = row_checks.normal(() if rowwise in REDUCING else shape, dtype, 2)
    right = operations.run(row_operation, x, dy, axis=None)
    for lay_out in (fortran, lambda a: byte_swapped(fortran(a)), lambda a: unaligned(a.T).T):
        given = lay_out(x), dy if rowwise in REDUCING else lay_out(dy)
        for result, wanted in zip(
            operations.run(row_operation, *given, axis=None), right, strict=True
        ):
            label = f"{operations} {row_operation} of {shape}"
            assert_same_bits(np.asarray(result, dtype), np.asarray(wanted), label)


def test_two_of_three_axes(rowwise, row_operation, dtype, variant):
    operations = Operations(rowwise, variant)
    x = (row_checks.normal((6, 40, 130), "float64", 3) * 20).astype(dtype)
    dy = row_checks.normal((6,) if rowwise in REDUCING else x.shape, dtype, 4)
    right = operations.run(row_operation, x, dy, axis=(1, 2))
    turned = np.ascontiguousarray(x.transpose(0, 2, 1)).transpose(0, 2, 1)
    for result, wanted in zip(
        operations.run(row_operation, turned, dy, axis=(1, 2)), right, strict=True
    ):
        assert_same_bits(np.asarray(result), np.asarray(wanted), f"{operations} {row_operation}")
