"""Arrays above the threading threshold, which the engine walks itself: the bits of small pieces."""

import checks
import numpy as np
import pytest
from inputs import mixed_inputs, random_gradients
from layouts import LAYOUTS_1D, byte_swapped, unaligned
from operations import OPERATIONS, Operations
from ulp import assert_same_bits

import fastact as fa
from fastact.activation import PARALLEL_FROM

pytestmark = pytest.mark.representatives

SIZE = 150_000
PIECE = 8_000  # below the threshold: NumPy walks it on the calling thread


@pytest.fixture(autouse=True)
def two_threads():
    with fa.threads(2):
        yield


def in_pieces(operations, operation, x, dy, *parameters):
    """The results put together from short contiguous calls."""
    arrays = np.broadcast_arrays(x, dy, *parameters)
    flat = [checks.native(array).ravel() for array in arrays]
    pieces = [
        operations.run(operation, *(array[start : start + PIECE] for array in flat))
        for start in range(0, flat[0].size, PIECE)
    ]
    return [np.concatenate(parts).reshape(arrays[0].shape) for parts in zip(*pieces, strict=True)]


def check_large(operations, x, dy, *parameters, label, expected=None):
    for operation in OPERATIONS:
        results = operations.run(operation, x, dy, *parameters)
        if expected is None:
            due = in_pieces(operations, operation, x, dy, *parameters)
        else:
            due = expected[operation]
        for result, right in zip(results, due, strict=True):
            assert_same_bits(result, right, f"{operations} {operation}, {label}")


def large(dtype, activation):
    x, dy = mixed_inputs(dtype, SIZE, activation), random_gradients(dtype, SIZE)
    assert x.nbytes > max(PARALLEL_FROM.values())
    return x, dy


@pytest.mark.parametrize(
    ("dtype", "count"), [("float16", 2), ("float32", 1), ("float32", 2), ("float64", 2)]
)
def test_contiguous_and_channels(activation, dtype, count, variant):
    """Also a per-channel slope and gradient, (16, 1, 1) for (4, 16, 50, 46), and x[:, :-1]."""
    operations = Operations(activation, variant)
    x, dy = large(dtype, activation)
    images = x[: 4 * 16 * 2300].reshape(4, 16, 50, 46)
    channels = np.linspace(-1, 2, 16).astype(dtype).reshape(16, 1, 1)
    parameters = [channels + 1] * len(operations.parameters)
    with fa.threads(count):
        check_large(operations, x, dy, label="contiguous")
        check_large(operations, images, channels, *parameters, label="channels")
        columns = (array.reshape(-1, 60)[:, :-1] for array in (x, dy))
        check_large(operations, *columns, label="x[:, :-1]")
        for operation in OPERATIONS:
            checks.check_in_place(operations, operation, x, dy)


def test_one_axis_layouts(activation, variant):
    operations = Operations(activation, variant)
    x, dy = large("float32", activation)
    expected = {operation: in_pieces(operations, operation, x, dy) for operation in OPERATIONS}
    for name, lay_out in LAYOUTS_1D.items():
        check_large(operations, lay_out(x), lay_out(dy), label=name, expected=expected)


def test_fortran_with_c_order(activation, variant):
    operations = Operations(activation, variant)
    x, dy = (array.reshape(250, 600) for array in large("float32", activation))
    check_large(operations, np.asfortranarray(x), dy, label="F with C")
    for operation in OPERATIONS:
        count = 2 if operation == "forward_backward" else 1
        outputs = tuple(np.empty_like(x, order="F") for _ in range(count))
        checks.check_out(operations, operation, x, dy, outputs)


def test_integers(activation, variant):
    operations = Operations(activation, variant)
    x = np.random.default_rng(3).integers(-40, 40, 2 * SIZE)  # also as bytes above the threshold
    for dtype in ("i4", "i1", "?"):
        values = x.astype(dtype)
        check = values.astype("d")
        for operation in OPERATIONS:
            checks.check_integers(operations, operation, values, values[::-1])
            expected = in_pieces(operations, operation, check, check)
            for result, right in zip(
                operations.run(operation, values, values), expected, strict=True
            ):
                assert_same_bits(result, right, f"{operations} {operation} of {dtype}")


def test_mixed_dtypes(activation, variant):
    """float32 x with float64 dy, float16 with float32: converted, then as one dtype."""
    operations = Operations(activation, variant)
    for first, second in (("float32", "float64"), ("float16", "float32")):
        x, dy = large(first, activation)[0], large(second, activation)[1]
        for operation in ("backward", "forward_backward"):
            expected = operations.run(operation, x.astype(second), dy)
            for result, right in zip(operations.run(operation, x, dy), expected, strict=True):
                assert_same_bits(result, right, f"{operations} {operation} {first} {second}")


def test_overlapping_outputs(activation, variant):
    operations = Operations(activation, variant)
    x, dy = large("float32", activation)
    for operation in ("forward", "derivative", "backward"):
        for source, target in (
            (slice(1, None), slice(None, -1)),
            (slice(None, -1), slice(1, None)),
        ):
            memory = x.copy()
            (expected,) = operations.run(operation, x[source].copy(), dy[source])
            operations.run(operation, memory[source], dy[source], out=(memory[target],))
            assert_same_bits(memory[target], expected, f"{operations} {operation} overlapping")
            untouched = 0 if target.start else -1
            assert_same_bits(memory[untouched], x[untouched], "the element that is no output")


def test_where(activation, variant):
    operations = Operations(activation, variant)
    x, dy = large("float32", activation)
    mask = np.arange(SIZE) // 97 % 3 > 0
    for operation in OPERATIONS:
        checks.check_where(operations, operation, x, dy, mask)


def test_outputs_of_other_layouts(activation, variant):
    operations = Operations(activation, variant)
    x, dy = large("float64", activation)
    for operation in OPERATIONS:
        count = 2 if operation == "forward_backward" else 1
        for lay_out in (LAYOUTS_1D["step 2"], unaligned, byte_swapped):
            outputs = tuple(lay_out(np.zeros_like(x)) for _ in range(count))
            checks.check_out(operations, operation, x, dy, outputs)


@pytest.mark.parametrize("ahead", [1, 100])
def test_over_its_neighbours(activation, dtype, variant, ahead):
    """NumPy copies no input that its own loop would read before it writes the output over it."""
    operations = Operations(activation, variant)
    x, _ = large(dtype, activation)
    front, back = slice(None, -ahead), slice(ahead, None)
    for source, target in ((back, front), (front, back)):
        (right,) = operations.run("forward", x[source], 1)
        shifted = x.copy()
        # Any keyword but out= alone leaves the call to NumPy.
        operations.run("forward", shifted[source], 1, out=(shifted[target],), casting="same_kind")
        assert_same_bits(shifted[target], right, f"{operations} over its neighbours")
