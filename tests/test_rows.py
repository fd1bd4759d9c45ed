"""softmax, log_softmax and logsumexp against the oracle: ordinary, wide, long and special rows."""

import numpy as np
import pytest
import row_checks
from inputs import SPECIAL_ROWS
from operations import Operations, bounds
from row_oracle import REDUCING, row_reference
from ulp import assert_same_bits, assert_within

INF, NAN = np.inf, np.nan
COMPONENT_BOUND = 4  # units in the last place; twice that where it is not the cython backend


def bound(variant, dtype):
    if dtype == "float16":
        return bounds(variant, dtype)[0]
    return COMPONENT_BOUND if variant.startswith("cython") else 2 * COMPONENT_BOUND


def logits(dtype, shape, spread, seed=0):
    x = np.random.default_rng(seed).uniform(-spread, spread, shape).astype(dtype)
    assert x.min() < -spread / 4
    assert x.max() > spread / 4
    return x


@pytest.mark.parametrize("spread", [1, 50, 100])
def test_float32_components(rowwise, variant, spread):
    """Rows of 2 to 1000: hundreds of rows of longdouble results."""
    operations = Operations(rowwise, variant)
    for n in (2, 3, 5, 8, 16, 31, 33, 64, 100, 257, 1000):
        x = logits("float32", (max(20, 2000 // n), n), spread, seed=n)
        x = row_checks.without_cancellation(operations, x)
        row_checks.check_rows(operations, x, bound(variant, "float32"), wide=True)


@pytest.mark.parametrize("spread", [1, 30, 700])
def test_float16_and_float64_components(rowwise, variant, spread):
    operations = Operations(rowwise, variant)
    for dtype in ("float16", "float64"):
        for n in (2, 7, 40):
            x = np.abs(logits(dtype, (4, n), spread, seed=n))
            x = row_checks.without_cancellation(operations, x)
            row_checks.check_rows(operations, x, bound(variant, dtype))


def test_gradients(rowwise, dtype, variant):
    operations = Operations(rowwise, variant)
    for spread in (1, 10, 50):
        for n in (1, 2, 33, 100):
            x = logits(dtype, (3, n + 8), spread, seed=n)[:, :n]
            row_checks.check_row_gradients(operations, x, row_checks.gradient_for(operations, x))


def test_special_rows(rowwise, dtype, variant):
    operations = Operations(rowwise, variant)
    for values in SPECIAL_ROWS:
        for row in (values, values * 20):
            x = np.array(row, dtype)
            reference = row_reference(rowwise, x, dtype)
            for array in (x, np.stack([x, x])):
                got = np.asarray(operations.forward(array))
                got = got.reshape(-1, reference.nearest.size)
                for result in got:
                    assert_within(result, reference, 2, f"{operations} of {values}")


def test_a_special_row_does_not_disturb_its_neighbours(rowwise, row_operation, dtype, variant):
    operations = Operations(rowwise, variant)
    rows = [[0.5, -1.0, 2.0], *SPECIAL_ROWS, [1.0, 0.25, -3.0]]
    x = np.array(rows, dtype)
    dy = row_checks.gradient_for(operations, x)
    row_checks.check_rows_are_independent(operations, row_operation, x, dy)


@pytest.mark.parametrize("name", ["softmax", "softmin"])
def test_several_infinities_leave_the_gradient_of_the_others_zero(name, dtype, variant):
    operations = Operations(name, variant)
    x = np.array([1, INF, INF, -2], dtype) * (1 if name == "softmax" else -1)
    dy = np.array([0.5, -1, 2, 3], dtype)
    for dx in (operations.backward(x, dy), operations.forward_backward(x, dy)[1]):
        np.testing.assert_array_equal(dx, [0, NAN, NAN, 0])


def test_no_warnings(rowwise, row_operation, dtype, variant):
    operations = Operations(rowwise, variant)
    top = np.finfo(dtype).max
    rows = [*SPECIAL_ROWS, [top, top, -top], [-top, top, INF], [top, NAN, -top]]
    with np.errstate(all="raise"):
        for row in rows:
            x = np.array([row, row], dtype)
            operations.run(row_operation, x, row_checks.gradient_for(operations, x))
            operations.run(row_operation, x.T.copy().T, row_checks.gradient_for(operations, x))


def test_where(rowwise, dtype, variant):
    operations = Operations(rowwise, variant)
    generator = np.random.default_rng(5)
    for n in (1, 3, 40):
        x = np.abs(logits(dtype, (6, n + 8), 8, seed=n)[:, :n])
        x = row_checks.without_cancellation(operations, x)
        mask = generator.random(x.shape) < 0.6
        mask[0], mask[1] = False, True
        row_checks.check_row_where(operations, x, mask, 2 * bound(variant, dtype))
    special = np.array(SPECIAL_ROWS, dtype)
    for pattern in ([True, False, True], [False, True, True], [True, True, False]):
        mask = np.broadcast_to(pattern, special.shape)
        row_checks.check_row_where(operations, special, mask, 2 * bound(variant, dtype))


def test_gradients_with_where(rowwise, dtype, variant):
    """Those of the row without the absent elements, and 0 for these."""
    operations = Operations(rowwise, variant)
    x = logits(dtype, (1, 12), 3)
    mask = np.arange(12) % 3 != 0
    dy = row_checks.gradient_for(operations, x)
    present = dy if rowwise in REDUCING else dy[:, mask]
    expected = operations.backward(x[:, mask], present)
    got = operations.backward(x, dy, where=mask)
    value, fused = operations.forward_backward(x, dy, where=mask)
    assert np.all(got[:, ~mask] == 0)
    tolerance = 64 * np.finfo(dtype).eps
    np.testing.assert_allclose(got[:, mask], expected, rtol=tolerance, atol=tolerance)
    assert_same_bits(fused, got, f"{operations} fused dx")
    assert_same_bits(value, operations.forward(x, where=mask), f"{operations} fused value")


def test_scalar_dy_is_broadcast(rowwise, variant):
    operations = Operations(rowwise, variant)
    x = logits("float32", (4, 9), 3)
    ones = np.ones_like(row_checks.gradient_for(operations, x))
    for default, given in (((), ones), ((1,), ones), ((2.5,), ones * np.float32(2.5))):
        if default:
            got = operations.backward(x, *default)
            assert_same_bits(got, operations.backward(x, given), f"{operations} dy={default}")
        value, gradient = operations.face.forward_backward(x, *default)
        expected = operations.face.forward_backward(x, given)
        assert_same_bits(gradient, expected[1], f"{operations} fused dy={default}")
        assert_same_bits(value, expected[0], f"{operations} fused value")


def test_a_scalar_dy_beyond_the_dtype_is_no_warning(rowwise, variant):
    operations = Operations(rowwise, variant)
    with np.errstate(all="raise"):
        for number in (1e300, -1e300, 1e-300):
            operations.backward(np.ones((2, 3), "f"), number)
            operations.forward_backward(np.ones(3, "e"), number)


def test_small_components_keep_their_gradient(variant):
    """TensorFlow's case: both gradients are tiny, and equal but for the sign."""
    softmax = Operations("softmax", variant)
    x = np.array([37.42994775023705, 0.0])
    dx = softmax.backward(x, np.array([1.0, 0.0]))
    np.testing.assert_allclose(dx, [5.551115123125775e-17, -5.551115123125775e-17], rtol=1e-14)


def test_log_softmax_keeps_a_small_logarithm(variant):
    """log(1 + e^-16.94) survives in float32 only through log1p."""
    x = np.array([16.94, 0.0], np.float32)
    y = Operations("log_softmax", variant).forward(x)
    reference = row_reference("log_softmax", x, "float32")
    assert_within(y, reference, bound(variant, "float32"), "log_softmax")
    assert y[0] == pytest.approx(-4.39e-8, rel=1e-2)


def test_integers_are_converted_before_they_are_subtracted(rowwise, row_operation, variant):
    operations = Operations(rowwise, variant)
    for values, dtype in (
        ([127, -128], "i1"),
        ([255, 0], "u1"),
        ([True, False], "?"),
        ([5, -3], "i8"),
    ):
        x = np.array(values, dtype)
        dy = row_checks.gradient_for(operations, x)
        expected = operations.run(row_operation, x.astype("d"), dy)
        for result, right in zip(operations.run(row_operation, x, dy), expected, strict=True):
            assert_same_bits(result, right, f"{operations} of {dtype}")
    x = np.array([127, -128], "i1")
    reference = row_reference(rowwise, x, "float64")
    assert_within(np.atleast_1d(operations.forward(x)), reference, 2, f"{operations} of int8")
