"""The same bits whatever the length, offset, strides, alignment, byte order or container."""

import checks
import numpy as np
import pytest
from inputs import mixed_inputs, random_gradients
from layouts import INPUT_ONLY, LAYOUTS_1D, LAYOUTS_2D
from operations import Operations
from ulp import assert_same_bits

pytestmark = pytest.mark.representatives

INPUTS_1D = LAYOUTS_1D | INPUT_ONLY
INPUTS_2D = LAYOUTS_2D | INPUT_ONLY
COLUMNS = 29, 32  # which of no instruction set's vectors makes up, and which of each


def vectors(dtype, size, activation=None):
    return mixed_inputs(dtype, size, activation), random_gradients(dtype, size)


def outputs_like(operation, x, lay_out):
    return tuple(
        lay_out(np.zeros_like(x)) for _ in range(2 if operation == "forward_backward" else 1)
    )


def test_every_size_and_offset(activation, operation, dtype, variant):
    operations = Operations(activation, variant)
    x, dy = vectors(dtype, 150, activation)
    sizes = range(131)
    starts = (0, 1, 2, 3, 7, 8, 15, 17) if dtype != "float16" else (0, 1, 7)
    checks.check_pieces(operations, operation, x, dy, sizes, starts)


def test_one_axis_layouts(activation, operation, dtype, variant):
    operations = Operations(activation, variant)
    for size in (0, 1, 5, 64, 1029):
        x, dy = vectors(dtype, size, activation)
        for lay_out in INPUTS_1D.values():
            checks.check_layout(operations, operation, lay_out(x), dy)
            checks.check_layout(operations, operation, x, lay_out(dy))
            checks.check_layout(operations, operation, lay_out(x), lay_out(dy))
        for lay_out in LAYOUTS_1D.values():
            outputs = outputs_like(operation, x, lay_out)
            checks.check_out(operations, operation, x, dy, outputs)
            checks.check_out(operations, operation, lay_out(x), lay_out(dy), outputs)


def test_two_axis_layouts(activation, operation, dtype, variant):
    operations = Operations(activation, variant)
    for columns in COLUMNS:
        x, dy = (v.reshape(13, columns) for v in vectors(dtype, 13 * columns, activation))
        for lay_out in INPUTS_2D.values():
            checks.check_layout(operations, operation, lay_out(x), dy)
            checks.check_layout(operations, operation, lay_out(x), lay_out(dy))
        for lay_out in LAYOUTS_2D.values():
            checks.check_out(operations, operation, x, dy, outputs_like(operation, x, lay_out))


@pytest.mark.parametrize("columns", COLUMNS)
def test_broadcasting(activation, operation, dtype, variant, columns):
    """dy and parameters as scalars, rows, columns and arrays."""
    operations = Operations(activation, variant)
    x = vectors(dtype, 12 * (columns + 1), activation)[0].reshape(12, columns + 1)[:, :-1]
    for shape in [(), (1,), (columns,), (12, 1), (12, columns), (2, 1, 1)]:
        dy = random_gradients(dtype, int(np.prod(shape))).reshape(shape)
        gradient = dy if "backward" in operation else x
        for count in {0, len(operations.parameters)}:
            arguments = [x, gradient] + [abs(dy)] * count
            spread = [np.ascontiguousarray(a) for a in np.broadcast_arrays(*arguments)]
            expected = operations.run(operation, *spread)
            for result, right in zip(operations.run(operation, *arguments), expected, strict=True):
                assert_same_bits(result, right, f"{operations} {operation} {shape}")


def test_overlapping_outputs(activation, operation, dtype, variant):
    """An output shifted over the input: as if the input had been copied first."""
    operations = Operations(activation, variant)
    for size in (40, 3000):
        x, dy = vectors(dtype, size, activation)
        pair = operation == "forward_backward"
        for source, target in (
            (slice(1, None), slice(None, -1)),
            (slice(None, -1), slice(1, None)),
        ):
            memory, second = x.copy(), dy.copy()
            expected = operations.run(operation, x[source].copy(), dy[source].copy())
            outputs = (memory[target], second[target]) if pair else (memory[target],)
            operations.run(operation, memory[source], second[source], out=outputs)
            for output, right in zip(outputs, expected, strict=True):
                if (activation, variant) == ("exponential", "numpy"):  # np.exp itself does so
                    np.testing.assert_array_max_ulp(output, right, 1)
                    continue
                assert_same_bits(output, right, f"{operations} {operation} overlapping")
        memory = x.copy()
        expected = operations.run(operation, x[::-1].copy(), dy)
        outputs = (memory, np.empty_like(x)) if pair else (memory,)
        operations.run(operation, memory[::-1], dy, out=outputs)
        assert_same_bits(memory, expected[0], f"{operations} {operation} over its own reverse")


def test_empty_and_zero_dimensional(activation, operation, dtype, variant):
    operations = Operations(activation, variant)
    for shape in ((0,), (3, 0), (0, 4)):
        for result in operations.run(operation, np.zeros(shape, dtype), 1):
            assert result.shape == shape
            assert result.dtype == dtype
    x = np.array(0.75, dtype)
    whole = operations.run(operation, np.full(1, x), np.full(1, 2, dtype))
    for result, expected in zip(operations.run(operation, x, 2), whole, strict=True):
        assert np.ndim(result) == 0
        assert_same_bits(np.reshape(result, 1), expected, f"{operations} 0-d")
    outputs = outputs_like(operation, x, np.array)
    operations.run(operation, x, 2, out=outputs)
    for output, expected in zip(outputs, whole, strict=True):
        assert output.shape == ()
        assert output == expected[0]


def test_lists_and_scalars(activation, operation, variant):
    operations = Operations(activation, variant)
    values = [-2.5, 0.0, 1.25, 3.0]
    expected = operations.run(operation, np.array(values), np.array(values))
    for container in (list, tuple):
        results = operations.run(operation, container(values), container(values))
        for result, right in zip(results, expected, strict=True):
            assert_same_bits(result, right, f"{operations} {operation} of a {container.__name__}")
    for k, value in enumerate(values):
        for result, right in zip(operations.run(operation, value, value), expected, strict=True):
            assert_same_bits(np.asarray(result), right[k], f"{operations} {operation} of {value}")


def test_memmap(activation, operation, variant, tmp_path):
    operations = Operations(activation, variant)
    x, dy = vectors("float32", 500, activation)
    x.tofile(tmp_path / "x")
    mapped = np.memmap(tmp_path / "x", np.float32, "r")
    checks.check_layout(operations, operation, mapped, dy)
    outputs = tuple(
        np.memmap(tmp_path / f"y{k}", np.float32, "w+", shape=x.shape)
        for k in range(len(outputs_like(operation, x, np.array)))
    )
    checks.check_out(operations, operation, mapped, dy, outputs)


class Tagged(np.ndarray):
    """A subclass without behaviour."""


def test_subclasses_are_kept(activation, operation, variant):
    operations = Operations(activation, variant)
    x, dy = vectors("float64", 50, activation)
    expected = operations.run(operation, x, dy)
    for result, right in zip(operations.run(operation, x.view(Tagged), dy), expected, strict=True):
        assert type(result) is Tagged
        assert_same_bits(result.view(np.ndarray), right, f"{operations} {operation} of a subclass")


class Recorder:
    """Takes part through ``__array_ufunc__``, as Dask or xarray do."""

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        return ufunc, method, len(inputs)


def test_array_ufunc_is_respected(activation, operation, variant):
    operations = Operations(activation, variant)
    inputs = (Recorder(), 1.0) if "backward" in operation else (Recorder(),)
    ufunc, method, _ = getattr(operations, operation)(*inputs)
    assert isinstance(ufunc, np.ufunc)
    assert method == "__call__"


def test_inputs_are_not_modified(activation, operation, dtype, variant):
    operations = Operations(activation, variant)
    for size in (50, 2000):
        x, dy = vectors(dtype, size, activation)
        for lay_out in INPUTS_1D.values():
            first, second = lay_out(x), lay_out(dy)
            before = first.tobytes(), second.tobytes()
            operations.run(operation, first, second)
            assert before == (first.tobytes(), second.tobytes())
