"""temperature, lengths and causal of the row-wise functions."""

from functools import cache

import numpy as np
import pytest
import row_checks
from operations import Operations
from row_oracle import REDUCING, row_gradient, row_reference, scaled_errors
from ulp import assert_same_bits, assert_within

import fastact as fa

INF, NAN = np.inf, np.nan
TEMPERED = ("softmax", "log_softmax", "softmin", *REDUCING)
TEMPERATURES = (0.7, 3.0, 1 / 3, 0.01, 1000.0)


def logits(dtype, shape, spread=20, seed=0):
    return np.random.default_rng(seed).uniform(-spread, spread, shape).astype(dtype)


def bound(variant, dtype):
    return 1 if dtype == "float16" else 4 if variant.startswith("cython") else 8


@pytest.mark.parametrize("name", TEMPERED)
def test_temperature(name, dtype, variant):
    """Of x / temperature as it is, not rounded: at logits of 50 that would cost 32 ULP."""
    operations = Operations(name, variant)
    for n, temperature in zip((2, 5, 17, 33, 70), TEMPERATURES, strict=True):
        x = logits(dtype, (2, n), 50, seed=n)
        if name == "logmeanexp":  # next to 0 it cancels
            x += np.asarray(60 + 3 * temperature, dtype)
        dy = row_checks.gradient_for(operations, x)
        got = operations.forward(x, temperature=temperature)
        slopes = operations.backward(x, dy, temperature=temperature)
        for k, row in enumerate(x):
            reference = row_reference(name, row, dtype, temperature=temperature)
            label = f"{operations}, temperature {temperature}"
            assert_within(np.atleast_1d(got[k]), reference, bound(variant, dtype), label)
            exact, scale = row_gradient(name, row, np.atleast_1d(dy[k]), temperature)
            least = np.abs(dy[k]).max() / temperature
            errors = scaled_errors(slopes[k], exact, scale, least)
            assert errors.max() <= row_checks.GRADIENT_BOUND, label
        row_checks.check_row_fused(operations, x, dy, temperature=temperature)


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmin"])
def test_a_quotient_whose_rounding_is_no_small_part_of_1(name, variant):
    operations = Operations(name, variant)
    for dtype in ("float32", "float64"):
        step = 0.25
        x = np.array([step / np.finfo(dtype).eps, 0, 0], dtype)
        x[1:] = x[0] + np.array([step, 2 * step], dtype)
        reference = row_reference(name, x, dtype, temperature=1 / 3)
        got = operations.forward(x, temperature=1 / 3)
        assert_within(got, reference, bound(variant, dtype), f"{operations} of {dtype}")


@cache
def long_row(name, dtype):
    """Of logits whose differences are extreme, and the result at temperature 2.5."""
    spread = 900 if dtype == "float32" else 3000
    x = logits(dtype, 4500, spread)
    x[-1] = spread * (-1 if name == "softmin" else 1)
    return x, row_reference(name, x, dtype, temperature=2.5)


@pytest.mark.parametrize("name", TEMPERED)
def test_temperature_of_long_and_of_special_rows(name, variant):
    operations = Operations(name, variant)
    for dtype in ("float32", "float64"):
        x, reference = long_row(name, dtype)
        got = operations.forward(x, temperature=2.5)
        assert_within(np.atleast_1d(got), reference, bound(variant, dtype), f"{operations} of 4500")
    for row in ([-INF, 1, INF], [NAN, 1, 2], [-INF, 0, -INF], [INF, 1, INF], [-INF, -INF, -INF]):
        x = np.array(row, "f")
        reference = row_reference(name, x, "f", temperature=0.3)
        got = np.atleast_1d(operations.forward(x, temperature=0.3))
        assert_within(got, reference, 2, f"{operations} {row}")


@pytest.mark.parametrize("name", TEMPERED)
def test_a_power_of_two_as_temperature_only_shifts_exponents(name, row_operation, dtype, variant):
    operations = Operations(name, variant)
    x = logits(dtype, (3, 40), 8)
    dy = row_checks.gradient_for(operations, x)
    plain = operations.run(row_operation, x, dy)
    for one in (1, 1.0, np.float32(1), np.array(1.0)):
        for got, right in zip(
            operations.run(row_operation, x, dy, temperature=one), plain, strict=True
        ):
            assert_same_bits(got, right, f"{operations}, temperature 1")


def masked_by(lengths, x, axis):
    n = x.shape[axis]
    positions = np.arange(n).reshape([-1 if k == axis % x.ndim else 1 for k in range(x.ndim)])
    return positions < np.expand_dims(lengths, axis)


def check_ragged(operations, row_operation, x, dy, mask, **keywords):
    """The bits of ``where``, whatever the absent elements hold."""
    axis = keywords.get("axis", -1)
    expected = operations.run(
        row_operation, np.where(mask, x, 0).astype(x.dtype), dy, where=mask, axis=axis
    )
    hidden = np.where(mask, x, NAN).astype(x.dtype)
    for got, right in zip(
        operations.run(row_operation, hidden, dy, **keywords), expected, strict=True
    ):
        assert_same_bits(got, right, f"{operations} {row_operation} {sorted(keywords)}")


@pytest.mark.parametrize(("shape", "axis"), [((5, 700), -1), ((3, 30, 20), 1)])
def test_lengths(rowwise, row_operation, dtype, variant, shape, axis):
    operations = Operations(rowwise, variant)
    x = logits(dtype, shape)
    generator = np.random.default_rng(1)
    rows = shape[:axis] + shape[axis + 1 :] if axis >= 0 else shape[:-1]
    lengths = generator.integers(0, shape[axis] + 1, rows)
    lengths.flat[:2] = 0, shape[axis]
    dy = row_checks.gradient_for(operations, x, axis)
    mask = masked_by(lengths, x, axis)
    check_ragged(operations, row_operation, x, dy, mask, lengths=lengths, axis=axis)
    also = generator.random(shape) < 0.7
    expected = operations.run(row_operation, x, dy, where=mask & also, axis=axis)
    for got, right in zip(
        operations.run(row_operation, x, dy, where=also, lengths=lengths, axis=axis),
        expected,
        strict=True,
    ):
        assert_same_bits(got, right, f"{operations} lengths= and where=")


def test_lengths_of_long_rows(rowwise, row_operation, variant):
    operations = Operations(rowwise, variant)
    x = logits("float32", (5, 13_000))
    dy = row_checks.gradient_for(operations, x)
    lengths = np.array([0, 1, 4096, 8193, 13_000], np.uint16)
    mask = masked_by(lengths, x, -1)
    check_ragged(operations, row_operation, x, dy, mask, lengths=lengths)
    with fa.threads(3):
        check_ragged(operations, row_operation, x[3], dy[3], mask[3], lengths=8193)


@pytest.mark.parametrize("shape", [(2, 3, 40, 55), (9, 4), (20, 600)])
def test_causal(rowwise, row_operation, dtype, variant, shape):
    """Row i sees column j <= i + (m - n); fewer columns than rows leave the first rows nothing."""
    operations = Operations(rowwise, variant)
    x = logits(dtype, shape)
    dy = row_checks.gradient_for(operations, x)
    n, m = shape[-2:]
    mask = np.broadcast_to(np.tril(np.ones((n, m), bool), m - n), shape)
    check_ragged(operations, row_operation, x, dy, mask, causal=True)
    lengths = np.random.default_rng(2).integers(0, m + 1, (*shape[:-2], 1))
    both = mask & (np.arange(m) < lengths[..., None])
    check_ragged(operations, row_operation, x, dy, both, causal=True, lengths=lengths)


def test_what_is_behind_is_written(rowwise, variant):
    """Also over x itself, and into memory that is not contiguous."""
    if rowwise in REDUCING:
        pytest.skip("one value per row")
    operations = Operations(rowwise, variant)
    x = logits("float32", (4, 6, 30))
    expected = operations.forward(x, causal=True)
    for out in (x.copy(), np.full((4, 6, 60), 7, "f")[..., ::2], np.full(x.shape, 7, "d")):
        source = out if out.flags.c_contiguous and out.dtype == x.dtype else x
        assert operations.forward(source, causal=True, out=out) is out
        assert_same_bits(out.astype("f"), expected, f"{operations} out=")


def test_x_divided_by_a_small_temperature_overflows(variant):
    """What is that far from the largest has a logarithm of -inf."""
    x = np.array([3e37, -1e38, 1e37], "f")
    got = Operations("log_softmax", variant).forward(x, temperature=1e-3)
    assert got.tolist() == [0, -INF, -INF]


@pytest.mark.parametrize("name", TEMPERED)
def test_the_largest_x_divided_by_a_small_temperature_overflows(name, variant):
    """It is the largest all the same."""
    operations = Operations(name, variant)
    x = np.array([[1.6e308, 1.7e308, -1.7e308, 0], [1, 0, -1, 0.5]])
    x = -x if name == "softmin" else x
    dy = np.array([[0.0, 1, 2, 3], [1, 1, 1, 0]])
    dy = dy[:, 1] if name in REDUCING else dy
    y, dx = operations.forward_backward(x, dy, temperature=0.5)
    value, slopes = [0, 1, 0, 0], [0, 0, 0, 0]
    if name == "log_softmax":
        value, slopes = [-2e307, 0, -INF, -INF], [0, -10, 4, 6]
    elif name in REDUCING:
        value, slopes = INF, [0, 2, 0, 0]
    np.testing.assert_allclose(y[0], value, rtol=1e-12)
    np.testing.assert_allclose(dx[0], slopes, rtol=1e-12)
    ordinary = operations.forward_backward(x[1:], dy[1:], temperature=0.5)
    for got, right in zip((y, dx), ordinary, strict=True):
        assert_same_bits(got[1:], right, f"{operations}, beside it")


@pytest.mark.parametrize("name", REDUCING)
def test_rows_of_one_element_or_none_that_keep_their_axis(name, variant):
    """Of the shape of x: the sum of nothing is not to be taken for an absent element."""
    operations = Operations(name, variant)
    x = np.array([[1.0], [2.0]])
    for given in ({"where": [[True], [False]]}, {"lengths": [1, 0]}):
        got = operations.forward(x, keepdims=True, **given)
        assert got.tolist() == [[1.0], [-INF]]
    assert operations.forward(x, axis=(), where=x < 2).tolist() == [[1.0], [-INF]]
    assert operations.forward(np.ones((0, 3)), lengths=[]).shape == (0,)


def test_hardmax_takes_the_first(dtype, variant):
    hardmax = Operations("hardmax", variant)
    for n in (3, 40, 9000):
        for first in (0, n // 2, n - 1):
            x = np.full(n, -3, dtype)
            x[first], x[-1] = 5, 5
            expected = np.zeros(n, dtype)
            expected[first] = 1
            assert_same_bits(hardmax.forward(x), expected, f"{hardmax} of {n}")
            assert_same_bits(hardmax.backward(x, x), np.zeros(n, dtype), f"{hardmax} backward")
            x[n // 3] = NAN
            assert np.isnan(hardmax.forward(x)).all()
            assert np.isnan(hardmax.backward(x, 1)).all()
    nothing = np.full((2, 40), -INF, dtype)
    mask = np.arange(40) > np.array([[3], [50]])
    expected = np.zeros((2, 40), dtype)
    expected[0, 4] = 1
    assert_same_bits(hardmax.forward(nothing, where=mask), expected, "of -inf, the first there")


@pytest.mark.parametrize(
    ("name", "keywords", "error", "words"),
    [
        ("softmax", {"temperature": 0}, ValueError, ["temperature", "above 0", "0"]),
        ("softmin", {"temperature": -2.5}, ValueError, ["temperature", "-2.5"]),
        ("log_softmax", {"temperature": NAN}, ValueError, ["temperature", "nan"]),
        ("softmax", {"temperature": INF}, ValueError, ["temperature", "inf"]),
        ("softmax", {"temperature": [1, 2]}, TypeError, ["temperature", "one real number"]),
        ("softmax", {"temperature": "hot"}, TypeError, ["temperature", "hot"]),
        ("softmax", {"temperature": np.complex64(2)}, TypeError, ["temperature", "real number"]),
        ("softmax", {"temperature": np.array("2")}, TypeError, ["temperature", "real number"]),
        ("hardmax", {"temperature": 1}, TypeError, ["temperature", "lengths"]),
        ("softmax", {"lengths": [1, 7, -1]}, IndexError, ["lengths[1]", "7", "5"]),
        ("softmax", {"lengths": [[0], [1], [-1]]}, ValueError, ["lengths", "(3, 1)", "(3,)"]),
        ("softmax", {"lengths": [1.0, 2.0, 3.0]}, TypeError, ["lengths", "float64"]),
        ("softmax", {"lengths": 2, "axis": None}, ValueError, ["lengths", "one axis"]),
        ("softmax", {"causal": True, "axis": 0}, ValueError, ["causal", "last axis"]),
        ("softmax", {"causal": 1}, TypeError, ["causal", "True or False"]),
        ("logsumexp", {"b": np.ones(4)}, ValueError, ["b", "(4,)", "(3, 5)"]),
        ("logsumexp", {"b": 1j}, TypeError, ["b", "complex128"]),
        ("softmax", {"b": 1}, TypeError, ["'b'", "temperature"]),
    ],
)
def test_wrong_keywords(variant, name, keywords, error, words):
    operations = Operations(name, variant)
    with pytest.raises(error) as caught:
        operations.forward(np.zeros((3, 5)), **keywords)
    assert all(word in str(caught.value) for word in words), str(caught.value)
