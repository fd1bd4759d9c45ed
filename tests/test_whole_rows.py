"""sparsemax, entmax15 and standardize: thresholds, extremes, absent elements."""

import numpy as np
import pytest
import row_checks
from operations import Operations
from oracle import mp
from row_checks import whole_row_bound as bound
from ulp import assert_same_bits, assert_within, reference_from_mpmath
from whole_row_oracle import (
    WHOLE_ROWS,
    entmax15_row,
    sparsemax_row,
    standardize_value,
)

PROJECTIONS = ("sparsemax", "entmax15")
REACH = {"sparsemax": 1.0, "entmax15": 2.0}  # how far below the top another element still counts
INF, NAN = np.inf, np.nan


@pytest.fixture(params=WHOLE_ROWS)
def whole(request):
    return request.param


@pytest.fixture(params=PROJECTIONS)
def projection(request):
    return request.param


def test_the_oracle_on_paper():
    assert sparsemax_row([1.0, 0.75, -3.0]) == [0.625, 0.375, 0]
    assert [float(p) for p in entmax15_row([4.0, 4.0, 1.0])] == [0.5, 0.5, 0]
    assert entmax15_row([2.0, 0.0, -1.0]) == [1, 0, 0]
    assert standardize_value([1.0, 3.0], 0) == [-1, 1]
    assert standardize_value([1.0, 3.0], 3.0) == [-0.5, 0.5]


@pytest.mark.parametrize("name", WHOLE_ROWS)
def test_gradients_of_the_oracle_are_the_derivatives(name):
    from whole_row_oracle import gradient, value

    row, dy = (0.5, -0.25, 0.375, 0.0), (1.0, -0.5, 0.25, 3.0)
    exact, scale = gradient(name, row, dy)
    step = 2.0**-20
    for k in range(len(row)):
        losses = []
        for sign in (1, -1):
            moved = tuple(x + sign * step * (i == k) for i, x in enumerate(row))
            losses.append(mp.fsum(v * d for v, d in zip(value(name, moved), dy, strict=True)))
        numerical = (losses[0] - losses[1]) / (2 * step)
        assert abs(exact[k] - numerical) < 1e-10
        assert scale[k] >= abs(exact[k])


def test_next_to_the_threshold(projection, dtype, variant):
    """Elements that hardly count, and those that just do not."""
    operations = Operations(projection, variant)
    info, reach = np.finfo(dtype), REACH[projection]
    for top in (0.0, 0.25, -0.75, 1.5, 3.0, -20.0, 1000.0):
        top = np.array(top, dtype)
        edge = (top - np.array(reach, dtype)).astype(dtype)
        near = [edge]
        for _ in range(3):
            near = [np.nextafter(near[0], np.array(-INF, dtype)), *near]
            near = [*near, np.nextafter(near[-1], np.array(INF, dtype))]
        for value in near:
            for row in ([top, value], [value, top, value], [top] * 3 + [value] * 2):
                x = np.array([row], dtype)
                row_checks.check_rows(operations, x, bound(variant))
    tiny = np.array([[reach, info.smallest_subnormal], [reach, -info.tiny], [reach, info.tiny]])
    row_checks.check_rows(operations, tiny.astype(dtype), bound(variant))


def test_at_the_threshold_the_slope_is_0(projection, dtype, variant):
    operations = Operations(projection, variant)
    x = np.array([REACH[projection], 0.0, -5.0], dtype)
    dy = np.array([1.0, 2.0, 3.0], dtype)
    y, dx = operations.forward_backward(x, dy)
    assert_same_bits(y, np.array([1, 0, 0], dtype), f"{operations}")
    assert_same_bits(dx, np.zeros(3, dtype), f"{operations} dx")


def test_what_dy_is_outside_the_support_does_not_matter(projection, dtype, variant):
    operations = Operations(projection, variant)
    x = np.array([1.0, 0.75, -8.0, -9.0], dtype)
    dy = np.array([0.5, -1.0, NAN, INF], dtype)
    dx = operations.backward(x, dy)
    row_checks.check_row_gradients(operations, x[None, :2], dy[None, :2])
    assert_same_bits(dx[:2], operations.backward(x[:2], dy[:2]), f"{operations}")
    assert np.all(dx[2:] == 0)


def test_many_elements_in_the_support(whole, variant):
    """More than there is room for beside the row, in float32 and float64."""
    operations = Operations(whole, variant)
    for dtype in ("float32", "float64"):
        x = (np.random.default_rng(3).uniform(-1, 1, (1, 9001)) / 4096).astype(dtype)
        dy = row_checks.gradient_for(operations, x)
        y, dx = operations.forward_backward(x, dy)
        if whole != "standardize":
            assert np.count_nonzero(y) > 4200
        reference = row_checks.row_reference(whole, x[0], dtype)
        assert_within(y[0], reference, bound(variant), f"{operations}")
        exact, scale = row_checks.row_gradient(whole, x[0], dy[0])
        errors = row_checks.scaled_errors(dx[0], exact, scale, np.abs(dy).max())
        assert errors.max() <= row_checks.GRADIENT_BOUND


def huge_rows(dtype):
    top = float(np.finfo(dtype).max)
    return np.array(
        [
            [top, top, -top, 0],
            [top, -top, -top, top],
            [top, -top, 1, -1],
            [-top, -top, -top, -top],
            [top, top / 2, top / 4, 3],
        ],
        dtype,
    )


def test_huge_numbers(whole, variant):
    """Where the result is finite, so are the steps on the way to it."""
    operations = Operations(whole, variant)
    for dtype in ("float32", "float64"):
        x = huge_rows(dtype)
        row_checks.check_rows(operations, x, bound(variant))
        dy = row_checks.gradient_for(operations, x)
        row_checks.check_row_gradients(operations, x, dy)
        ordinary = np.array([[0.5, 0.25, 0.125, 0.5]] * len(x), dtype)
        slopes = x / 8  # so that what comes out is finite
        row_checks.check_row_gradients(operations, ordinary, slopes)


def test_standardize_of_extremes(dtype, variant):
    operations = Operations("standardize", variant)
    info = np.finfo(dtype)
    rows = [
        [info.smallest_subnormal, 0, 0, 3 * info.smallest_subnormal],
        [info.tiny, -info.tiny, 0, 5 * info.tiny],
        [1, 1 + info.eps, 1 - info.eps, 1],
        [1e4, 1e4 * (1 + 4 * info.eps), 1e4, 1e4],
    ]
    for eps in (0, 1e-5, 1.0):
        for row in rows:
            x = np.array(row, dtype)
            exact = reference_from_mpmath(standardize_value(x.tolist(), eps), dtype)
            got = operations.forward(x, eps=eps)
            assert_within(got, exact, bound(variant), f"{operations} of {x}, eps={eps}")


def test_equal_numbers_give_0(dtype, variant):
    operations = Operations("standardize", variant)
    for value in (0.1, 1000.3, -3.7e-5, 6e4):
        for n in (1, 2, 7, 33, 100, 5000):
            x = np.full(n, value, dtype)
            y, dx = operations.forward_backward(x, (np.arange(n) % 5).astype(dtype))
            assert_same_bits(y, np.zeros(n, dtype), f"{operations}")
            assert np.isfinite(dx).all()
            assert np.isnan(operations.forward(x, eps=0)).all()


@pytest.mark.parametrize("odd", [INF, -INF, NAN])
def test_standardize_of_what_is_not_finite(odd, dtype, variant):
    operations = Operations("standardize", variant)
    for n in (1, 40):
        x = np.array([[1.0] * n, [odd] + [2.0] * (n - 1)], dtype)
        y, dx = operations.forward_backward(x, np.ones_like(x))
        assert np.isfinite(y[0]).all()
        assert np.isnan(y[1]).all()
        assert np.isnan(dx[1]).all()


def test_mean_and_variance(dtype, variant):
    operations = Operations("standardize", variant)
    for n in (2, 31, 100, 1000):
        x = np.random.default_rng(n).normal(3, 2, (4, n)).astype(dtype)
        row_checks.check_standardized(operations, x)


def test_a_shift_that_is_far_off(variant):
    """The beginning of a row says nothing of its mean."""
    operations = Operations("standardize", variant)
    for dtype in ("float32", "float64"):
        x = np.random.default_rng(1).normal(0, 1, (3, 1000)).astype(dtype)
        x[0, :64] += 1e6
        x[1, 64:] += 1e4
        x[2, 0] = 1e12
        row_checks.check_rows(operations, x, bound(variant))


def test_absent_elements_are_not_there(whole, dtype, variant):
    operations = Operations(whole, variant)
    generator = np.random.default_rng(6)
    x = generator.normal(0, 2, (6, 50)).astype(dtype)
    dy = row_checks.gradient_for(operations, x)
    mask = generator.random(x.shape) < 0.5
    mask[0], mask[1] = False, True
    x[~mask], dy[~mask] = NAN, INF
    row_checks.check_absent_is_not_there(operations, x, dy, mask)
    lay_out = np.asfortranarray
    expected = operations.forward_backward(x, dy, where=mask)
    turned = operations.forward_backward(lay_out(x), lay_out(dy), where=lay_out(mask))
    for got, right in zip(turned, expected, strict=True):
        assert_same_bits(got, right, f"{operations} where=, Fortran order")


def test_rows_that_are_not_contiguous(whole, variant):
    """Long ones, whose copy is given back."""
    operations = Operations(whole, variant)
    base = np.random.default_rng(4).standard_normal((3, 800_000)).astype("f")
    x = base[:, ::2]
    dy = base[::-1, ::2]
    expected = operations.forward_backward(x.copy(), dy.copy())
    for got, right in zip(operations.forward_backward(x, dy), expected, strict=True):
        assert_same_bits(got, right, f"{operations}, every other element")
