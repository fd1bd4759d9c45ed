"""Row-wise functions over any axis, layout, length and number of threads: the same bits."""

import itertools

import numpy as np
import pytest
import row_checks
from layouts import LAYOUTS_2D, read_only
from operations import Operations
from oracle import WIDE_IS_WIDER
from row_oracle import REDUCING, row_value, wide_gradient
from ulp import assert_same_bits

import fastact as fa


def logits(dtype, shape, seed=0):
    x = (row_checks.normal(shape, "float64", seed) * 20).astype(dtype)
    assert x.size < 100 or (x.min() < -20 and x.max() > 20)
    return x


def test_every_length(rowwise, row_operation, dtype, variant):
    """A row alone and the same row among others: every tail behind the 32 lanes of a sum."""
    operations = Operations(rowwise, variant)
    for n in (*range(1, 36), 47, 48, 49, 63, 64, 65, 80, 95, 96, 97, 127, 128, 129):
        # Compiled, short rows are computed side by side, as many as a vector has lanes.
        x = logits(dtype, (3 if n > 33 or variant == "numpy" else 19, n), seed=n)
        dy = row_checks.gradient_for(operations, x)
        row_checks.check_rows_are_independent(operations, row_operation, x, dy)


def test_special_rows_among_others(rowwise, row_operation, dtype, variant):
    """One that is not ordinary changes nothing in its neighbours."""
    operations = Operations(rowwise, variant)
    special = [np.nan, np.inf, -np.inf, 0.0, -0.0, np.finfo(dtype).max, np.finfo(dtype).tiny / 4]
    for n in (1, 5, 20):
        x = logits(dtype, (50, n), seed=n)
        for row, number in zip(range(0, 50, 7), special, strict=False):
            x[row, : (n + 1) // 2] = number
        x[40], x[45] = -np.inf, np.nan
        dy = row_checks.gradient_for(operations, x)
        row_checks.check_rows_are_independent(operations, row_operation, x, dy)


def test_every_axis(rowwise, row_operation, dtype, variant):
    operations = Operations(rowwise, variant)
    for shape in ((7, 11, 13), (1, 5, 1), (40, 3, 33)):
        x = logits(dtype, shape)
        for axis in (0, 1, 2, -1, -2, -3):
            dy = row_checks.gradient_for(operations, x, axis)
            row_checks.check_axis(
                operations,
                row_operation,
                x,
                dy,
                axis,
                moved=lambda a, axis=axis: np.moveaxis(a, axis, -1),
                restore=lambda a, axis=axis: np.moveaxis(a, -1, axis),
            )


def test_axis_tuple_and_none(rowwise, row_operation, dtype, variant):
    operations = Operations(rowwise, variant)
    x = logits(dtype, (3, 4, 5))
    for axes in ((0,), (0, 1), (0, 2), (1, 2), (-1, -3), (0, 1, 2), None):
        positions = tuple(range(3)) if axes is None else tuple(sorted(a % 3 for a in axes))
        kept = [k for k in range(3) if k not in positions]
        order = (*kept, *positions)
        shape = tuple(x.shape[k] for k in kept)

        def moved(a, order=order, shape=shape):
            return a.transpose(order).reshape(*shape, -1)

        def restore(a, order=order):
            return a.reshape([x.shape[k] for k in order]).transpose(np.argsort(order))

        dy = row_checks.gradient_for(operations, x, None if axes is None else positions)
        row_checks.check_axis(operations, row_operation, x, dy, axes, moved, restore)


def test_keepdims(dtype, variant):
    logsumexp = Operations("logsumexp", variant)
    x = logits(dtype, (3, 4, 5))
    for axis, shape in ((0, (1, 4, 5)), (-1, (3, 4, 1)), ((0, 2), (1, 4, 1)), (None, (1, 1, 1))):
        plain = logsumexp.forward(x, axis=axis)
        kept = logsumexp.forward(x, axis=axis, keepdims=True)
        assert kept.shape == shape
        assert_same_bits(kept.ravel(), np.ravel(plain), "keepdims")
        dy = row_checks.gradient_for(logsumexp, x, axis)
        expected = logsumexp.backward(x, dy, axis=axis)
        assert_same_bits(logsumexp.backward(x, dy.reshape(shape), axis=axis), expected, "dy kept")
        value, gradient = logsumexp.forward_backward(x, dy.reshape(shape), axis=axis, keepdims=True)
        assert_same_bits(value, kept, "keepdims fused")
        assert_same_bits(gradient, expected, "keepdims fused dx")


def test_layouts(rowwise, row_operation, dtype, variant):
    operations = Operations(rowwise, variant)
    for shape in ((6, 37), (33, 4)):
        x = logits(dtype, shape)
        for axis in (0, 1):
            dy = row_checks.gradient_for(operations, x, axis)
            lay_outs = [*LAYOUTS_2D.values(), read_only]
            for lay_out in lay_outs:
                row_checks.check_row_layout(operations, row_operation, lay_out(x), dy, axis=axis)
                if dy.ndim == 2:
                    gradient = lay_out(dy)
                    row_checks.check_row_layout(operations, row_operation, x, gradient, axis=axis)


def test_outputs(rowwise, row_operation, dtype, variant):
    operations = Operations(rowwise, variant)
    x = logits(dtype, (6, 37))
    for axis, lay_out in itertools.product((0, 1), LAYOUTS_2D.values()):
        dy = row_checks.gradient_for(operations, x, axis)
        dx = lay_out(np.zeros_like(x))
        y = lay_out(np.zeros_like(x)) if dy.ndim == 2 else np.zeros_like(dy)
        outputs = {"forward": (y,), "backward": (dx,), "forward_backward": (y, dx)}[row_operation]
        row_checks.check_row_out(operations, row_operation, x, dy, outputs, axis=axis)


@pytest.mark.parametrize("kind", [np.float32, np.int16])
def test_results_lie_as_the_input_does(rowwise, row_operation, kind, variant):
    """As NumPy's do: in Fortran order, with axes swapped, or of a slice, without gaps."""
    operations = Operations(rowwise, variant)
    base = np.arange(120).reshape(4, 5, 6).astype(kind)
    for x in (base, np.asfortranarray(base), base.transpose(1, 2, 0), base[::2, :, ::-1]):
        dy = np.ones(x.shape) if rowwise not in REDUCING else 1.0
        for result in operations.run(row_operation, x, dy):
            if result.shape == x.shape:
                assert result.strides == np.negative(x, dtype=result.dtype).strides


def test_in_place(rowwise, dtype, variant):
    """The value over x, the gradient over x or over dy."""
    operations = Operations(rowwise, variant)
    for shape in ((5, 40), (2, 9000)):
        x = logits(dtype, shape)
        dy = row_checks.gradient_for(operations, x)
        for axis in (0, 1):
            dy = row_checks.gradient_for(operations, x, axis)
            expected = operations.backward(x, dy, axis=axis)
            for over_x in (True, False):
                if not over_x and dy.shape != x.shape:
                    continue
                a, b = x.copy(), dy.copy()
                got = operations.backward(a, b, axis=axis, out=a if over_x else b)
                assert_same_bits(got, expected, f"{operations} backward in place")
            if dy.shape == x.shape:
                a = x.copy()
                expected = operations.forward(x, axis=axis)
                operations.forward(a, axis=axis, out=a)
                assert_same_bits(a, expected, f"{operations} in place")


@pytest.mark.parametrize(
    ("shape", "axis"),
    [((350, 150), 1), ((350, 150), 0), ((10, 7_003), 0), ((2, 50_000), 1), ((60_000,), 0)],
)
def test_threads_make_no_difference(rowwise, row_operation, variant, shape, axis):
    operations = Operations(rowwise, variant)
    x = logits("float32", shape)
    dy = row_checks.gradient_for(operations, x, axis)
    with fa.threads(1):
        expected = operations.run(row_operation, x, dy, axis=axis)
    for count in (2, 3, 7):
        with fa.threads(count):
            for result, right in zip(
                operations.run(row_operation, x, dy, axis=axis), expected, strict=True
            ):
                assert_same_bits(result, right, f"{operations} {row_operation}, {count} threads")


def test_long_rows(rowwise, dtype, variant):
    """Several blocks of 4,096: around their borders, and the largest in the first or the last."""
    operations = Operations(rowwise, variant)
    if dtype == "float64" and not WIDE_IS_WIDER:
        pytest.skip("longdouble is no wider than float64 here")
    for n in (4095, 4096, 4097, 8192, 12_289):
        x = logits(dtype, (2, n), seed=n) / 4
        x[0, 0], x[1, -1] = 60, 60
        row_checks.check_rows(operations, x, 8, wide=True)
        row_checks.check_row_fused(operations, x, row_checks.gradient_for(operations, x))


def test_a_row_of_a_hundred_thousand(rowwise, variant):
    operations = Operations(rowwise, variant)
    x = logits("float32", (1, 100_000)) / 8
    row_checks.check_rows(operations, x, 8, wide=True)
    dy = row_checks.gradient_for(operations, x)
    row_checks.check_row_fused(operations, x, dy)
    exact, scale = wide_gradient(rowwise, x, dy)
    error = np.abs(operations.backward(x, dy) - exact)
    assert np.all(error <= row_checks.GRADIENT_BOUND * np.finfo("f").eps * scale), operations


def test_zero_dimensional_lists_and_scalars(rowwise, row_operation, variant):
    operations = Operations(rowwise, variant)
    values = [1.0, -2.0, 0.5]
    dy = 1.0
    expected = operations.run(row_operation, np.array(values), np.float64(dy))
    for result, right in zip(operations.run(row_operation, values, dy), expected, strict=True):
        assert_same_bits(np.asarray(result), np.asarray(right), f"{operations} of a list")
    for axis in (-1, None):
        result = operations.forward(3.5, axis=axis)
        assert np.ndim(result) == 0
        assert float(result) == float(row_value(rowwise, [3.5])[0])


def test_empty(rowwise, variant):
    """No rows: an empty result. Rows of nothing: logsumexp is -inf, as of nothing in ``where``."""
    operations = Operations(rowwise, variant)
    x = np.zeros((0, 4), np.float32)
    y = operations.forward(x)
    assert y.dtype == np.float32
    assert y.shape == ((0,) if rowwise in REDUCING else (0, 4))
    assert operations.backward(x, np.zeros_like(y)).shape == (0, 4)
    if rowwise in REDUCING:
        assert_same_bits(operations.forward(x, axis=0), np.full(4, -np.inf, "f"), "no rows")
    else:
        assert operations.forward(np.zeros((4, 0), np.float32)).shape == (4, 0)


def test_inputs_are_not_modified(rowwise, row_operation, dtype, variant):
    operations = Operations(rowwise, variant)
    x = logits(dtype, (5, 30))
    for axis in (0, 1, None):
        dy = row_checks.gradient_for(operations, x, axis)
        before = x.tobytes(), dy.tobytes()
        operations.run(row_operation, x, dy, axis=axis, where=np.arange(30) > 2)
        assert before == (x.tobytes(), dy.tobytes())
