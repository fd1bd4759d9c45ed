"""The numba backend by itself: its exponential, its loops and row stages."""

import ctypes

import mpmath
import numpy as np
import pytest
from numba_loops import C_LOOP, inputs_of, numba, operations_of, pointwise, row_stage
from ulp import assert_same_bits, reference_from_mpmath, ulp_errors

from fastact.backends import numba_backend as backend
from fastact.backends.numba_backend import formulas, intrinsics, rows
from fastact.backends.numba_backend.vecmath import exponential


@pytest.fixture(scope="module")
def exp():
    exp = intrinsics.of_numbers(exponential.exp)

    @numba.njit(error_model="numpy")
    def on_array(x):
        result = np.empty_like(x)
        for i in range(x.size):
            result[i] = exp((x[i],))
        return result

    return on_array


EXP_LIMITS = {"f": (-104.0, 88.7), "d": (-746.0, 709.7)}


def exp_points(dtype):
    low, high = EXP_LIMITS[dtype]
    rng = np.random.default_rng(5)
    parts = [
        rng.uniform(low, high, 3000),
        rng.uniform(low, 0.83 * low, 1000),
        rng.normal(size=1000),
    ]
    points = np.concatenate(parts).astype(dtype)
    assert points.min() < 0.99 * low
    assert points.max() > 0.9 * high
    return points


@pytest.mark.parametrize("dtype", "fd")
def test_exp_is_within_one_unit(exp, dtype):
    points = exp_points(dtype)
    with mpmath.workprec(100):
        exact = reference_from_mpmath([mpmath.exp(point) for point in points.tolist()], dtype)
    values = exp(points)
    assert (values < np.finfo(dtype).tiny).sum() > 100
    assert ulp_errors(values, exact).max() < 1
    # The planted fault: one unit more in a single value is seen.
    values[7] = np.nextafter(values[7], np.inf)
    assert ulp_errors(values, exact)[7] > 0.5


@pytest.mark.parametrize("dtype", "fd")
def test_exp_at_the_edges(exp, dtype):
    x = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1000.0, -1000.0, 1e-40], dtype)
    expected = np.array([np.nan, np.inf, 0.0, 1.0, 1.0, np.inf, 0.0, 1.0], dtype)
    assert_same_bits(exp(x), expected, "exp")


@pytest.mark.parametrize("dtype", "fd")
@pytest.mark.parametrize("name", formulas.FORMULAS)
def test_bits_do_not_depend_on_operation_or_length(name, dtype):
    x = np.concatenate(
        [np.linspace(-20, 20, 103), [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-40, -720.0]]
    ).astype(dtype)
    whole = {}
    for operation in operations_of(name):
        arguments = inputs_of(name, operation, x)
        whole[operation] = pointwise(name, operation, *arguments)
        for length in range(1, x.size):
            start = (x.size - length) // 2
            part = pointwise(name, operation, *[a[start : start + length] for a in arguments])
            for piece, full in zip(part, whole[operation], strict=True):
                assert_same_bits(piece, full[start : start + length], f"{operation}, n={length}")
    value, dx = whole["forward_backward"]
    assert_same_bits(value, whole["forward"][0], "forward")
    assert_same_bits(dx, whole["backward"][0], "backward")


SUMS = ("exp_sum", "exp_sum_near")


def exp_sum(stage, x):
    """e, top, rest, peak, base and exponent of the stage."""
    column = (len(x), 1)
    return row_stage(stage, [x], [x.shape] + [column] * 5)


@pytest.mark.parametrize("stage", SUMS)
@pytest.mark.parametrize("dtype", "fd")
@pytest.mark.parametrize("n", [1, 2, 31, 32, 33, 63, 100, 1000])
def test_exp_sum_of_rows(dtype, n, stage):
    x = np.random.default_rng(n).uniform(-50, 50, (7, n)).astype(dtype)
    x[5] *= 0.8  # near
    x[6] += 2000  # has no power of two as its unit
    e, top, rest, peak, base, exponent = exp_sum(stage, x)
    assert_same_bits(top, x.max(axis=1, keepdims=True), "top")
    assert_same_bits(base, np.where(top > 1000, top, np.dtype(dtype).type(0)), "base")
    for row in range(7):
        with mpmath.workprec(200):
            unit = mpmath.mpf(2) ** int(exponent[row, 0])
            exact = [
                mpmath.exp(mpmath.mpf(v) - float(base[row, 0])) / unit for v in x[row].tolist()
            ]
            assert ulp_errors(e[row], reference_from_mpmath(exact, dtype)).max() < 1
            others = mpmath.fsum(exact) - max(exact)
            assert abs(float(rest[row, 0]) - others) <= 8 * float(np.finfo(dtype).eps) * others
        assert_same_bits(peak[row, 0], e[row].max(), "peak")
    for alone, together in zip(
        exp_sum(stage, x[3:4]), (e, top, rest, peak, base, exponent), strict=True
    ):
        assert_same_bits(alone, together[3:4], "a row alone")


@pytest.mark.parametrize("dtype", "fd")
@pytest.mark.parametrize("n", [1, 2, 31, 32, 33, 63, 100, 1000])
def test_what_is_near_has_the_same_bits(dtype, n):
    """But for a power of two."""
    end = {"f": 43.0, "d": 300.0}[dtype]
    x = np.random.default_rng(n).uniform(-end, end, (9, n)).astype(dtype)
    x[3] = end - abs(x[3]) / end  # next to the end
    x[4], x[5, n // 2] = -end, end
    x[6, 0], x[7, -1] = np.nan, -np.inf
    *without, _, zeros = exp_sum("exp_sum_near", x)
    *within, _, exponent = exp_sum("exp_sum", x)
    assert (np.delete(zeros, 7) == 0).all()
    assert (abs(exponent) > 50).any()
    shift = (exponent - zeros).astype(int)
    for name, near, other in zip(("e", "top", "rest", "peak"), without, within, strict=True):
        assert_same_bits(near, other if name == "top" else np.ldexp(other, shift), name)


@pytest.mark.parametrize("stage", SUMS)
@pytest.mark.parametrize(
    ("row", "e", "top", "rest"),
    [
        ([-np.inf, -np.inf], [0, 0], -np.inf, -1),
        ([np.inf, 1, -np.inf], [1, 0, 0], np.inf, 0),
        ([np.inf, 5, np.inf], [1, 0, 1], np.inf, 1),
        ([np.nan, 0, 0], [np.nan, 1, 1], 0, np.nan),
        ([np.nan, 3e38, 3e38], [np.nan, 1, 1], 3e38, np.nan),
        ([np.nan, np.nan], [np.nan, np.nan], -np.inf, np.nan),
        ([-3e38, 3e38], [0, 1], 3e38, 0),
        ([-np.inf] * 35 + [0], [0] * 35 + [1], 0, 0),
        ([0] + [-np.inf] * 35, [1] + [0] * 35, 0, 0),
    ],
)
def test_exp_sum_of_special_rows(row, e, top, rest, stage):
    results = exp_sum(stage, np.array([row], np.float32))
    for value, expected in zip(results, ([e], [[top]], [[rest]], [[1]]), strict=False):
        assert_same_bits(value, np.array(expected, np.float32), "special row")


@pytest.mark.parametrize("dtype", "fd")
@pytest.mark.parametrize("n", [1, 31, 32, 33, 100])
def test_stages_on_numbers_that_need_no_rounding(dtype, n):
    rng = np.random.default_rng(n)
    peak, factor, low, remainder = np.array(
        [[1, 1.5, 0.75, 1], [0.5, 0.25, 2, 1], [0.125, 0, -0.25, 0.5], [0.75, 3, 0.5, 2]]
    )[:, :, None]
    e, dy = peak * rng.integers(0, 4, (4, n)) / 4, rng.integers(-8, 9, (4, n)).astype(float)
    e[:3, [0, n // 2]] = peak[:3]  # the last row has no peak: a block of a longer row
    x = np.where(e == 0, -np.inf, 2 * e)
    reference = np.where(e == peak, dy, -np.inf).max(axis=1, keepdims=True)
    reference[3] = 0
    dot = (e * (dy - reference)).sum(axis=1, keepdims=True)
    others = dy.sum(axis=1, keepdims=True) - reference
    rest = e.sum(axis=1, keepdims=True) - peak
    led = np.where(rest < peak, reference, 0)
    led_dot = (e * (dy - led)).sum(axis=1, keepdims=True)
    at_peak = dy * remainder - peak * factor * (others + reference - dy)
    elsewhere = dy - e * factor * (others + reference)
    cases = {
        "dot": ([e, dy, peak, rest], [led, led_dot]),
        "others": ([e, dy, peak, rest], [reference, others]),
        "scale": ([e, factor, low], [e * (factor + low)]),
        "softmax_backward": (
            [e, dy, factor, reference, dot],
            [e * factor * (dy - reference - dot)],
        ),
        "log_softmax": ([x, 2 * peak, factor], [x - 2 * peak - factor]),
        "log_softmax_backward": (
            [e, dy, peak, factor, remainder, reference, others],
            [np.where(e == peak, at_peak, elsewhere)],
        ),
    }
    assert {*SUMS, *cases, "log_rest"} == set(rows.STAGES)
    cases["softmax_both"] = (
        [e, dy, factor, reference, dot, low],
        [*cases["softmax_backward"][1], *cases["scale"][1]],
    )
    for stage, (inputs, expected) in cases.items():
        shapes = [values.shape for values in expected]
        results = row_stage(stage, [values.astype(dtype) for values in inputs], shapes, "softmax")
        for result, values in zip(results, expected, strict=True):
            np.testing.assert_array_equal(result, values, stage)


@pytest.mark.parametrize("dtype", "fd")
@pytest.mark.parametrize("n", [1, 31, 32, 33, 100])
@pytest.mark.parametrize(
    ("activation", "stage", "alone"),
    [("softmax", "exp_sum_dot", "dot"), ("log_softmax", "exp_sum_others", "others")],
)
def test_slopes_summed_behind_the_exponentials(activation, stage, alone, n, dtype):
    random = np.random.default_rng(n)
    x, dy = (random.normal(0, 3, (6, n)).astype(dtype) for _ in range(2))
    x[1, [0, n // 2]], x[2], x[3], x[4, 0] = 9, 1e4, -np.inf, np.nan
    known = exp_sum("exp_sum", x)
    expected = [*known, *row_stage(alone, [known[0], dy, known[3], known[2]], [(6, 1)] * 2)]
    found = [np.full_like(array, 77) for array in expected]
    *sums, reference, total = found
    # Where the results will be written is only asked for.
    arguments = [x, *sums, dy, reference, total, x, x]
    pointers = (ctypes.c_void_p * len(arguments))(*(a.ctypes.data for a in arguments))
    address = backend.row_loops(dtype, activation)[stage]
    C_LOOP(address)(pointers, (ctypes.c_ssize_t * 2)(*x.shape), 0, 0)
    for result, array in zip(found, expected, strict=True):
        assert_same_bits(result, array, stage)


@pytest.mark.parametrize("dtype", "fd")
def test_log_softmax_keeps_what_the_difference_rounds_away(dtype):
    x = np.array([[np.finfo(dtype).eps / 8, 0.5, 1]], dtype)
    top = np.ones((1, 1), dtype)
    (y,) = row_stage("log_softmax", [x, top, -top], [x.shape])
    assert_same_bits(y, x, "log_softmax")


def test_log_rest_is_within_one_unit():
    rest = np.concatenate([[-1, 0, np.nan], np.geomspace(1e-320, 1e300, 2000)])
    peak = np.resize([1.0, 1.4, 0.7], rest.size)
    (log,) = row_stage("log_rest", [rest, peak, np.zeros_like(rest)], [rest.shape])
    assert_same_bits(log[:3], np.array([-np.inf, 0, np.nan]), "log_rest")
    with mpmath.workprec(2200):
        quotients = map(mpmath.mpf, (rest / peak)[3:].tolist())
        exact = reference_from_mpmath([mpmath.log1p(q) for q in quotients], "d")
    assert ulp_errors(log[3:], exact).max() < 1
