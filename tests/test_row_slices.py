"""Arrays that are contiguous along rows alone, or along different axes: large enough for the engine
to walk them itself, in tiles that the kernel goes through row by row. The bits are those of
contiguous copies, and nothing between the rows is written."""

import numpy as np
import pytest
from inputs import mixed_inputs, random_gradients
from operations import OPERATIONS, Operations
from ulp import assert_same_bits

ENOUGH = 16_500  # elements from which the engine does not leave the call to NumPy
GUARD = 77.0

# No parameter, one and two; straight and curved.
ACTIVATIONS = ["relu", "tanh", "leaky_relu", "softplus"]

pytestmark = pytest.mark.parametrize("activation", ACTIVATIONS)


def table(dtype, rows, columns, activation, seed=0):
    values = np.roll(mixed_inputs(dtype, 997, activation), 100 * seed)
    return np.resize(values, (rows, columns))


def cut(array, first, n):
    """Columns of a wider table, which hold `array`."""
    wide = np.full((*array.shape[:-1], n + first + 3), GUARD, array.dtype)
    wide[..., first : first + n] = array
    return wide, wide[..., first : first + n]


def check(operations, operation, arguments, outputs=None, label=""):
    """The same bits as for contiguous copies of the arguments, all of one shape."""
    copies = [np.ascontiguousarray(a) for a in np.broadcast_arrays(*arguments)]
    x, dy, *parameters = copies
    expected = operations.run(operation, x, dy, *parameters)
    keywords = {} if outputs is None else {"out": tuple(outputs)}
    results = operations.run(operation, *arguments, **keywords)
    for result, right in zip(results, expected, strict=True):
        assert_same_bits(result, right, f"{operations} {operation} {label}")


def count(operation):
    return 2 if operation == "forward_backward" else 1


def lengths(dtype):
    return range(1, 131) if dtype == "float32" else (1, 2, 3, 7, 8, 9, 63, 64, 65, 127, 130)


def test_every_row_length_and_offset(activation, dtype, variant):
    operations = Operations(activation, variant)
    for n in lengths(dtype):
        rows = ENOUGH // n + 1
        x = table(dtype, rows, n, activation)
        dy = random_gradients(dtype, rows * n).reshape(rows, n)
        operation = OPERATIONS[n % len(OPERATIONS)]
        wide_x, sliced = cut(x, n % 5, n)
        check(operations, operation, (sliced, dy), label=f"rows of {n}")
        outputs = [cut(np.zeros_like(x), (n + k) % 4, n) for k in range(count(operation))]
        views = [view for _, view in outputs]
        check(operations, operation, (sliced, dy), views, f"rows of {n} into slices")
        for wide, view in outputs:
            view[...] = GUARD
            assert (wide == GUARD).all(), f"{operations} {operation} wrote between rows of {n}"
        sliced[...] = GUARD
        assert (wide_x == GUARD).all()


def test_a_number_per_row(activation, operation, dtype, variant):
    """Gradients and parameters that differ from row to row, along the rows, and both."""
    operations = Operations(activation, variant)
    for n in (5, 64, 100, 300):
        rows = ENOUGH // n + 1
        x = cut(table(dtype, rows, n, activation), 1, n)[1]
        per_row = np.linspace(0.25, 2, rows).astype(dtype).reshape(rows, 1)
        per_column = np.linspace(0.5, 3, n).astype(dtype)
        for first, second in ((per_row, per_column), (per_column, per_row), (per_row, per_row[3])):
            given = [first, second][: len(operations.parameters)]
            check(operations, operation, (x, per_row, *given), label=f"a number per row of {n}")
            check(operations, operation, (x, per_column, *given), label=f"per column of {n}")


def test_channels(activation, operation, variant):
    operations = Operations(activation, variant)
    for shape in ((4, 3, 1400), (3000, 2, 5), (60, 7, 41), (2, 2, 4200)):
        x = np.resize(mixed_inputs("float32", 997, activation), shape)
        channels = np.linspace(-1, 2, shape[1], dtype="f4").reshape(-1, 1)
        given = [abs(channels)] * len(operations.parameters)
        check(operations, operation, (x, channels, *given), label=f"channels of {shape}")
        sliced = np.resize(x, (*shape[:2], shape[2] + 3))[:, :, 1:-2]
        check(operations, operation, (sliced, channels, *given), label=f"slices of {shape}")


def test_in_place_and_overlapping(activation, dtype, variant):
    operations = Operations(activation, variant)
    for n in (3, 17, 64, 129):
        rows = ENOUGH // n + 1
        x = table(dtype, rows, n, activation)
        dy = random_gradients(dtype, rows * n).reshape(rows, n)
        for operation in OPERATIONS:
            wide, view = cut(x, 2, n)
            second = cut(dy, 1, n)[1]
            outputs = (view, second)[: count(operation)]
            expected = operations.run(operation, x, dy)
            operations.run(operation, view, second, out=outputs)
            for output, right in zip(outputs, expected, strict=True):
                assert_same_bits(output, right, f"{operations} {operation} in place, {n}")
            view[...] = GUARD
            assert (wide == GUARD).all()
        for source, target in (
            (slice(1, None), slice(None, -1)),
            (slice(None, -1), slice(1, None)),
        ):
            for index in ((slice(None), source), (source, slice(None))):
                to = tuple(target if part is source else part for part in index)
                memory = x.copy()
                (right,) = operations.run("forward", x[index].copy(), 1)
                operations.run("forward", memory[index], 1, out=(memory[to],))
                assert_same_bits(memory[to], right, f"{operations} over its neighbours, {n}")


@pytest.mark.parametrize("shape", [(130, 150), (257, 129), (9, 2000), (2000, 9), (64, 300)])
def test_orders(activation, dtype, shape, variant):
    """Each argument in C or Fortran order, a slice of a larger one; outputs too."""
    operations = Operations(activation, variant)
    x = table(dtype, *shape, activation)
    dy = random_gradients(dtype, x.size).reshape(shape)

    def laid_out(array, order):
        wide = np.full((shape[0] + 2, shape[1] + 3), GUARD, array.dtype, order=order)
        wide[1:-1, 2:-1] = array
        return wide, wide[1:-1, 2:-1]

    for k, orders in enumerate(("CFC", "CCF", "FCC", "FFC", "CFF", "FCF")):
        operation = OPERATIONS[k % len(OPERATIONS)]
        given = [laid_out(a, order)[1] for a, order in zip((x, dy), orders[:2], strict=True)]
        check(operations, operation, given, label=orders)
        outputs = [laid_out(x, orders[2]) for _ in range(count(operation))]
        check(operations, operation, given, [view for _, view in outputs], orders)
        for wide, view in outputs:
            view[...] = GUARD
            assert (wide == GUARD).all(), f"{operations} {operation} {orders} wrote outside"


def test_rows_beside_what_must_be_converted(activation, variant):
    """A slice, with a gradient that is strided, swapped, unaligned or of another dtype."""
    operations = Operations(activation, variant)
    rows, n = 300, 61
    x = cut(table("float64", rows, n, activation), 1, n)[1]
    dy = np.arange(rows * n, dtype="f8").reshape(rows, n) % 50 - 25
    unaligned = np.zeros(dy.nbytes + 1, "u1")[1:].view("f8").reshape(rows, n)
    unaligned[...] = dy
    others = {
        "strided": np.repeat(dy, 2, axis=1)[:, ::2],
        "reversed": dy[:, ::-1].copy()[:, ::-1],
        "swapped": dy.astype(">f8"),
        "unaligned": unaligned,
        "int32": dy.astype("i4"),
        "int32, F order": np.asfortranarray(dy.astype("i4")),
        "float16": dy.astype("f2"),
    }
    for label, other in others.items():
        for operation in ("backward", "forward_backward"):
            expected = operations.run(operation, x.copy(), dy)
            for result, right in zip(operations.run(operation, x, other), expected, strict=True):
                assert_same_bits(result, right, f"{operations} {operation} {label}")
