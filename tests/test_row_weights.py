"""b and return_sign of logsumexp: weights, and the sign of the sum."""

import numpy as np
import pytest
import row_checks
from operations import Operations
from oracle import mp
from test_rows import logits
from ulp import assert_same_bits, assert_within, reference_from_mpmath

INF, NAN = np.inf, np.nan


def weighted_sum(row, weights, temperature=1):
    """The exact sum of weights * exp(row / temperature)."""
    inverse = 1 / mp.mpf(temperature)
    return mp.fsum(
        mp.mpf(float(b)) * mp.exp(mp.mpf(float(x)) * inverse)
        for x, b in zip(row, weights, strict=True)
    )


def test_weights(dtype, variant):
    """As scipy.special.logsumexp(b=, return_sign=True)."""
    logsumexp = Operations("logsumexp", variant)
    generator = np.random.default_rng(3)
    for n, temperature in ((1, 1), (2, 0.7), (40, 1), (40, 2.5)):
        x = logits(dtype, (6, n), 8, seed=n)
        b = generator.standard_normal((6, n)).astype(dtype)
        b[generator.random((6, n)) < 0.2] = 0
        b[0] = 0
        given = {"b": b, "temperature": temperature}
        y, sign = logsumexp.forward(x, **given, return_sign=True)
        assert y.dtype == sign.dtype == dtype
        dy = row_checks.gradient_for(logsumexp, x)
        slopes = logsumexp.backward(x, dy, **given)
        for k in range(1, 6):
            exact = weighted_sum(x[k], b[k], temperature)
            size = weighted_sum(x[k], np.abs(b[k]), temperature)
            assert sign[k] == np.sign(float(exact)), f"{logsumexp} sign"
            if not exact:
                assert y[k] == -INF
                continue
            # What cancels in the sum is known to its rounding error only.
            spread = float(size / abs(exact)) * np.finfo(dtype).eps
            allowed = 8 * (spread + np.spacing(np.abs(y[k])))
            assert abs(float(y[k]) - float(mp.log(abs(exact)))) <= allowed, f"{logsumexp} b="
            for got, value, weight in zip(slopes[k], x[k], b[k], strict=True):
                term = weighted_sum([value], [weight], temperature) * mp.mpf(float(dy[k]))
                term /= mp.mpf(temperature)
                tolerance = 16 * spread * abs(float(term / exact))
                assert abs(float(got) - float(term / exact)) <= tolerance + 1e-7 * (
                    dtype == "float16"
                )
        assert y[0] == -INF
        assert sign[0] == 0
        assert (slopes[0] == 0).all()
        given["b"] = b[1:]
        pair = logsumexp.forward_backward(x[1:], dy[1:], **given, return_sign=True)
        assert_same_bits(pair[0], y[1:], "fused value")
        assert_same_bits(pair[1], sign[1:], "fused sign")
        assert_same_bits(pair[2], slopes[1:], "fused dx")


def test_float32_weights_are_summed_in_double(variant):
    """Half of the sum cancels to 2**-30 of it: float32 would have nothing left."""
    logsumexp = Operations("logsumexp", variant)
    x = np.array([0.0, 0.0, np.log(2.0**-30)], "f")
    exact = mp.log(mp.exp(mp.mpf(float(x[2]))))
    got = logsumexp.forward(x, b=np.array([1, -1, 1], "f"))
    assert_within(np.atleast_1d(got), reference_from_mpmath([exact], "f"), 2, "b=")


@pytest.mark.parametrize(
    ("x", "b", "value", "sign"),
    [
        ([1, INF], [1, -2], INF, -1),
        ([INF, INF], [1, -2], NAN, NAN),
        ([INF, INF], [1, 2], INF, 1),
        ([1000, 0], [0, -1], 0, -1),
        ([-INF, -INF], [1, -1], -INF, 0),
        ([1, NAN], [1, 1], NAN, NAN),
        ([INF, NAN], [1, 1], NAN, NAN),
        ([INF, NAN], [1, 0], INF, 1),
        ([INF, 1], [1, NAN], NAN, NAN),
        ([INF, 3], [0, 1], 3, 1),
        ([1, 2], [1, NAN], NAN, NAN),
        ([1, 0], [INF, 1], INF, 1),
        ([1, 2], [INF, 1], INF, 1),
        ([1, 2], [-INF, 1], INF, -1),
        ([1, 2], [INF, -INF], NAN, NAN),
        ([-INF, 2], [INF, 1], 2, 1),
        ([1, INF], [-INF, 1], INF, 1),
    ],
)
def test_special_weights(variant, x, b, value, sign):
    logsumexp = Operations("logsumexp", variant)
    for dtype in ("float32", "float64"):
        x, b = np.array(x, dtype), np.array(b, dtype)
        got = logsumexp.forward(x, b=b, return_sign=True)
        np.testing.assert_array_equal(got, (value, sign), f"{logsumexp} {x} {b}")
        plain = logsumexp.forward(x, b=b)
        np.testing.assert_array_equal(plain, NAN if sign == -1 else value)


def test_a_temperature_and_weights_of_huge_logits(variant):
    """What x / temperature is rounded by is itself more than 1."""
    logsumexp = Operations("logsumexp", variant)
    x, b = np.array([3.3107727e26, 1, -1e27], "f"), np.array([-2, 1, 0.5], "f")
    y, sign, dx = logsumexp.forward_backward(x, 1, b=b, temperature=0.1, return_sign=True)
    assert sign == -1
    assert_within(np.array([y]), reference_from_mpmath([mp.mpf(float(x[0])) * 10], "f"), 1, "b=")
    np.testing.assert_allclose(dx, [10, 0, 0], rtol=1e-6)


def test_weights_of_long_rows_and_other_axes(variant):
    logsumexp = Operations("logsumexp", variant)
    x, b = logits("float64", (3, 9000), 5), logits("float64", (3, 9000), 1, seed=1)
    for row, (got, sign) in enumerate(
        zip(*logsumexp.forward(x, b=b, return_sign=True), strict=True)
    ):
        exact = weighted_sum(x[row], b[row])
        assert sign == np.sign(float(exact))
        np.testing.assert_allclose(got, float(mp.log(abs(exact))), rtol=1e-12)
    y, sign = logsumexp.forward(x, b=b, return_sign=True, keepdims=True)
    turned = logsumexp.forward(x.T.copy(), b=b.T, axis=0, return_sign=True, keepdims=True)
    assert y.shape == sign.shape == (3, 1)
    assert_same_bits(turned[0], y.T, "axis 0")
    assert_same_bits(turned[1], sign.T, "axis 0, sign")
    whole = logsumexp.forward(x, b=-1, axis=None, return_sign=True)
    assert_same_bits(np.asarray(whole[0]), np.asarray(logsumexp.forward(x, axis=None, b=1)), "all")
    assert whole[1] == -1


def transposed(given):
    return {name: getattr(value, "T", value) for name, value in given.items()}


def test_a_sign_without_weights_changes_nothing_else(dtype, variant):
    """It is that of a sum of exponentials: 1, but of nothing 0, of NaN NaN."""
    logsumexp = Operations("logsumexp", variant)
    x = logits(dtype, (40, 70), 8)
    x[0], x[1], x[2, 3], x[3, 5] = -INF, -700, INF, NAN
    dy = row_checks.gradient_for(logsumexp, x)
    for given in ({}, {"where": x > -5}, {"temperature": 2.5}):
        y, sign, dx = logsumexp.forward_backward(x, dy, **given, return_sign=True)
        assert_same_bits(y, logsumexp.forward(x, **given), f"{logsumexp} {given}")
        assert_same_bits(dx, logsumexp.backward(x, dy, **given), f"{logsumexp} {given} dx")
        expected = np.where(np.isnan(y), NAN, y > -INF).astype(dtype)
        assert_same_bits(sign, expected, f"{logsumexp} {given} sign")
        turned = logsumexp.forward(x.T.copy(), axis=0, return_sign=True, **transposed(given))
        for got, right in zip(turned, (y, sign), strict=True):
            assert_same_bits(got, right, f"{logsumexp} {given} axis 0")


def test_the_weighted_gradient_at_infinity(variant):
    """All of it is that of the one infinite element; of several it is undefined."""
    logsumexp = Operations("logsumexp", variant)
    x = np.array([[1, INF, 2], [INF, INF, 1], [INF, 1, 0]])
    b = np.array([[1, 2, 1], [1, 2, 1], [0, 1, 1]])
    expected = [[0, 1, 0], [NAN, NAN, 0], [0, 1 / (1 + np.exp(-1)), 1 / (1 + np.e)]]
    for dx in (logsumexp.backward(x, 1, b=b), logsumexp.forward_backward(x, 1, b=b)[1]):
        np.testing.assert_allclose(dx, expected, rtol=1e-14)


def test_a_float16_output_of_float32_with_weights(variant):
    logsumexp = Operations("logsumexp", variant)
    x, b = logits("float32", (4, 6), 5), np.array([1, -0.25, 0, 2, 1, 1], "f")
    y, dx = logsumexp.forward_backward(x, 1, b=b)
    halves = np.zeros(4, "e"), np.zeros((4, 6), "e")
    logsumexp.forward_backward(x, 1, b=b, out=halves)
    for half, right in zip(halves, (y, dx), strict=True):
        assert_same_bits(half, right.astype("e"), "out=")
