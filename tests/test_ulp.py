"""The judge is judged: rounding and distances, on cases worked out by hand."""

import mpmath
import numpy as np
import pytest
from oracle import mp
from ulp import (
    Reference,
    Sweep,
    assert_same_bits,
    assert_within,
    reference_from_mpmath,
    reference_from_wide,
    round_exact,
    same_bits,
    ulp_errors,
    unit_of,
)

FLOATS = ["e", "f", "d"]


@pytest.mark.parametrize("dtype", FLOATS)
def test_every_kind_of_number_rounds_to_itself(dtype):
    info = np.finfo(dtype)
    least, eps = float(info.smallest_subnormal), float(info.eps)
    cases = [
        (info.max, 2.0 ** (info.maxexp - 1) * eps),
        (info.tiny, least),
        (info.tiny * (1 - info.eps), least),
        (least, least),
        (1, eps),
        (1 + info.eps, eps),
        (2 - info.eps, eps),
    ]
    for value, expected in cases:
        for exact in (float(value), -float(value)):
            assert round_exact(mp.mpf(exact), dtype) == (exact, 0, expected)


@pytest.mark.parametrize("dtype", FLOATS)
def test_halves_go_to_even_and_the_rest_is_kept(dtype):
    info = np.finfo(dtype)
    eps, least = mp.mpf(float(info.eps)), mp.mpf(float(info.smallest_subnormal))
    cases = [
        (1 + eps / 2, 1, 0.5),
        (1 + eps * 3 / 2, 1 + 2 * eps, -0.5),
        (1 + eps * 0.75, 1 + eps, -0.25),
        (least / 2, 0, 0.5),
        (least * 3 / 2, 2 * least, -0.5),
        (least * 0.75, least, -0.25),
    ]
    for sign in (1, -1):
        for exact, expected, rest in cases:
            nearest, residual, _ = round_exact(sign * exact, dtype)
            assert (nearest, residual) == (sign * expected, sign * rest)


def test_no_double_rounding():
    # Just above a half of float16 and so near it that float64 would take it for the half.
    exact = 1 + mp.mpf(2) ** -11 + mp.mpf(2) ** -70
    assert round_exact(exact, "e")[0] == 1 + 2.0**-10
    assert round_exact(1 + mp.mpf(2) ** -53 + mp.mpf(2) ** -110, "d")[0] == 1 + 2.0**-52


@pytest.mark.parametrize("dtype", FLOATS)
def test_overflow_and_underflow(dtype):
    info = np.finfo(dtype)
    top = mp.mpf(float(info.max))
    half = mp.mpf(2) ** (info.maxexp - 2 - info.nmant)
    assert round_exact(top + half * 0.99, dtype)[0] == info.max
    assert round_exact(top + half, dtype)[0] == np.inf
    assert round_exact(-top * 4, dtype)[0] == -np.inf
    for exact in (mp.mpf(10) ** -400, mp.exp(-(mp.mpf(10) ** 300))):
        nearest, residual, _ = round_exact(-exact, dtype)
        assert nearest == 0
        assert np.signbit(nearest)
        assert residual < 0


def reference(values, dtype="f"):
    return reference_from_mpmath([mp.mpf(value) for value in values], dtype)


def test_distances_worked_out_by_hand():
    eps = 2.0**-23
    exact = reference([1 + eps / 4, 2 - eps / 4, 2.0**-149 * 1.25, 1e10])
    got = np.array([1 + eps, 2, 2.0**-148, 1e10], np.float32)
    assert ulp_errors(got, exact) == pytest.approx([0.75, 0.25, 0.75, 0])


def test_what_is_infinitely_far():
    exact = reference([0, -1e-50, mpmath.inf, mpmath.nan, 1, 1])
    got = np.array([1e-45, 0, 3e38, 0, np.nan, np.inf], np.float32)
    assert np.all(ulp_errors(got, exact) == np.inf)
    right = np.array([-0.0, -0.0, np.inf, np.nan, 1, 1], np.float32)
    assert np.all(ulp_errors(right, exact) < 0.5)


def test_wide_and_mpmath_references_agree():
    # The wide way must see the same numbers; float64 values are exact in both.
    info = np.finfo("f")
    values = np.array([1 / 3, 2 - 1e-9, info.max * 1.0, 1e-40, 1.1e-45, 5e-46, -1e-60, 0, 1e39])
    wide = reference_from_wide(values.astype(np.longdouble), "f")
    exact = reference(values.tolist())
    assert_same_bits(wide.nearest, exact.nearest, "nearest")
    assert np.array_equal(wide.unit, exact.unit)
    assert np.sign(wide.residual).tolist() == np.sign(exact.residual).tolist()
    assert wide.residual == pytest.approx(exact.residual, abs=1e-12)


def test_assert_within_fails_where_it_must_and_names_the_input():
    exact = reference([0.1, 0.2, 0.3])
    good = exact.nearest.copy()
    assert_within(good, exact, 0.5, "good", x=good)
    bad = good.copy()
    bad[1] += 3 * np.spacing(bad[1])
    with pytest.raises(AssertionError, match=r"1 of 3 beyond; worst 3\.\d* ULP at x=.*0\.25"):
        assert_within(bad, exact, 2, "bad", x=np.array([0, 0.25, 1]))
    assert_within(bad, exact, np.array([1, 4, 1]), "a bound per element", x=good)
    bad[2] = np.nan
    with pytest.raises(AssertionError, match="2 of 3"):
        assert_within(bad, exact, 2, "bad", x=good)
    with pytest.raises(AssertionError, match="nothing was compared"):
        assert_within(good[:0], exact[:0], 2, "empty")
    with pytest.raises(AssertionError, match="float64 where float32"):
        assert_within(good.astype("d"), exact, 2, "dtype")


def test_a_sweep_judges_as_a_reference_does():
    values = np.array([0.1, 1 / 3, 1e-40, -1e-60, 0, 1e39, np.nan, np.inf])
    sweep, whole = Sweep(values, np.dtype("f")), reference_from_wide(values, "f")
    assert_same_bits(sweep.nearest, whole.nearest, "nearest")
    chosen = np.array([1, 0, 1, 1, 0, 1, 1, 1], bool)
    for field in ("nearest", "residual", "unit"):
        np.testing.assert_array_equal(getattr(sweep[chosen], field), getattr(whole[chosen], field))
    least = np.full(8, 2.0**-20)
    np.testing.assert_array_equal(
        sweep.with_least_unit(least)[chosen].unit, whole.with_least_unit(least)[chosen].unit
    )
    assert_within(whole.nearest, sweep, 0.5, "right")
    for place, wrong in ((0, 0.2), (2, 0), (3, 0), (5, 3e38), (6, 1), (7, 3e38), (4, 1e-45)):
        got = whole.nearest.copy()
        got[place] = wrong
        with pytest.raises(AssertionError, match="1 of 8 beyond"):
            assert_within(got, sweep, 2, "wrong", x=values)


def test_bounds_below_a_half_are_refused():
    exact = reference([0.1])
    with pytest.raises(AssertionError, match="not judged"):
        assert_within(exact.nearest + np.float32(1e-8), exact, 0.25, "too strict")


def test_same_bits_tells_zeros_apart_but_not_nans():
    first = np.array([0.0, np.nan, 1.0], np.float32)
    second = np.array([-0.0, -np.nan, 1.0], np.float32)
    assert same_bits(first, second).tolist() == [False, True, True]
    with pytest.raises(AssertionError, match=r"1 of 3 differ, first at \(.*0"):
        assert_same_bits(first, second, "zeros")
    with pytest.raises(AssertionError, match="float32 and float64"):
        assert_same_bits(first, first.astype("d"), "dtypes")


def test_least_unit_coarsens_the_count():
    exact = Reference(np.float32([1e-6]), np.array([0.25]), np.array([unit_of(1e-6, "f")]))
    coarse = exact.with_least_unit(np.array([unit_of(1 / 16, "f")]))
    assert coarse.unit[0] == 2.0**-4 * 2.0**-23
    assert ulp_errors(np.float32([1.1e-6]), exact)[0] > 1e5
    assert ulp_errors(np.float32([1.1e-6]), coarse)[0] == pytest.approx(1e-7 / 2.0**-27, rel=1e-3)
