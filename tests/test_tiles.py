"""Calls that go through tiles: axes of few elements, arrays of other dtypes and orders together."""

from itertools import product

import numpy as np
import pytest
from inputs import mixed_inputs, random_gradients
from layouts import byte_swapped, fortran, sliced, unaligned
from operations import Operations
from ulp import assert_same_bits

import fastact as fa

pytestmark = pytest.mark.representatives

# Taller than a tile, of few columns; of some; wider than tall; small; of three axes.
SHAPES = ((1500, 3), (700, 9), (90, 40), (4, 400), (5, 3), (40, 3, 21))
ORDERS = {
    "C": np.ascontiguousarray,
    "F": fortran,
    "sliced": sliced,
    "unaligned": unaligned,
    "byte-swapped": byte_swapped,
    "F, byte-swapped": lambda x: byte_swapped(fortran(x)),
    "one for all rows": lambda x: x[:1],
    "one for all columns": lambda x: x[..., :1],
    "integers": lambda x: fortran(np.trunc(np.nan_to_num(x, posinf=9, neginf=-9)).clip(-9, 9)),
}


def of_order(name, x):
    return ORDERS[name](x).astype("i4") if name == "integers" else ORDERS[name](x)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_orders_together(activation, dtype, variant, shape):
    operations = Operations(activation, variant)
    size = int(np.prod(shape))
    x, dy = (
        make(dtype, size, *more).reshape(shape)
        for make, more in ((mixed_inputs, (activation,)), (random_gradients, ()))
    )
    with fa.threads(1):
        for first, second in product(ORDERS, ORDERS):
            given = of_order(first, x), of_order(second, dy)
            if (
                np.result_type(*given) != dtype
                or np.broadcast_shapes(*(a.shape for a in given)) != shape
            ):
                continue
            plain = [np.ascontiguousarray(np.broadcast_to(a, shape), dtype) for a in given]
            expected = operations.run("forward_backward", *plain)
            label = f"{operations} of {shape}, {first} with {second}"
            for result, right in zip(
                operations.run("forward_backward", *given), expected, strict=True
            ):
                assert_same_bits(result, right, label)
            for kind in ("C", "F", "byte-swapped", "sliced"):
                out = tuple(ORDERS[kind](np.zeros(shape, dtype)) for _ in expected)
                operations.run("forward_backward", *given, out=out)
                for result, right in zip(out, expected, strict=True):
                    result = np.ascontiguousarray(result, dtype)
                    assert_same_bits(result, right, f"{label} to {kind}")
