"""backward_from_output: the gradient from the value, exact for the value that is given."""

import numpy as np
import pytest
import row_checks
from layouts import unaligned
from operations import ELEMENTWISE, ROWWISE, Operations
from oracle import mp, remembered
from row_oracle import scaled_errors
from ulp import assert_same_bits, assert_within, reference_from_mpmath

import fastact as fa

INF, NAN = np.inf, np.nan
SLOPES = {
    "sigmoid": lambda y: y * (1 - y),
    "tanh": lambda y: 1 - y * y,
    "relu": lambda y: mp.mpf(1) if y > 0 else mp.mpf(0),
}
ROWS = ("softmax", "softmin", "log_softmax")


def from_output(operations, y, dy, **keywords):
    with fa.use_backend(operations.variant):
        return operations.face.backward_from_output(y, dy, **keywords)


def test_where_it_is_there():
    there = [n for n in (*ELEMENTWISE, *ROWWISE) if hasattr(getattr(fa, n), "backward_from_output")]
    assert sorted(there) == sorted((*SLOPES, *ROWS))
    with pytest.raises(AttributeError, match=r"gelu.*backward"):
        fa.gelu.backward_from_output  # noqa: B018
    for name in there:
        text = getattr(fa, name).backward_from_output.__doc__
        assert "What it loses" in text
        assert "use `backward`" in text


@pytest.mark.parametrize("name", SLOPES)
def test_pointwise(name, dtype, variant):
    operations = Operations(name, variant)
    eps = np.finfo(dtype).eps
    x = np.concatenate([np.linspace(-6, 6, 301), [0, 30, -30]]).astype(dtype)
    y = np.concatenate([operations.forward(x), [1 - eps / 2, eps, 0, 1]]).astype(dtype)
    dy = np.random.default_rng(0).standard_normal(y.size).astype(dtype)
    exact = [mp.mpf(float(d)) * SLOPES[name](mp.mpf(float(v))) for v, d in zip(y, dy, strict=True)]
    got = from_output(operations, y, dy)
    assert_within(got, reference_from_mpmath(exact, dtype), 3, f"{operations} from its output")
    assert_same_bits(from_output(operations, y[::-1][::-1], dy), got, "strided")
    assert np.isnan(from_output(operations, np.array([NAN], dtype), dy[:1])).all()
    out = np.empty_like(y)
    assert operations.face.backward_from_output(y=y, dy=dy, out=out) is out


@pytest.mark.parametrize("name", SLOPES)
def test_pointwise_integers_and_types(name, variant):
    operations = Operations(name, variant)
    got = from_output(operations, np.array([0, 1], "i4"), 2.0)
    assert got.dtype == np.float64
    with pytest.raises(TypeError, match=r"(?i)complex128"):
        from_output(operations, np.array([1j]), 1.0)


@pytest.mark.parametrize("name", ROWS)
def test_bits_do_not_depend_on_alignment(name, dtype, variant):
    operations = Operations(name, variant)
    x = np.random.default_rng(3).standard_normal((8, 5000)).astype(dtype)
    y, dy = operations.forward(x), np.asarray(row_checks.gradient_for(operations, x))
    right = from_output(operations, y, dy)
    assert_same_bits(from_output(operations, unaligned(y), unaligned(dy)), right, name)


@remembered()
def exact_gradient(name, y, dy, temperature):
    """From one row of values as they have been rounded, and the size of its terms."""
    row, slopes = ([mp.mpf(float(v)) for v in values] for values in (y, dy))
    factor = mp.mpf(-1 if name == "softmin" else 1) / mp.mpf(temperature)
    if name == "log_softmax":
        row = [mp.exp(v) for v in row]
        whole, size = mp.fsum(slopes), mp.fsum(abs(d) for d in slopes)
        exact = [factor * (d - p * whole) for p, d in zip(row, slopes, strict=True)]
        scale = [abs(d) + p * size for p, d in zip(row, slopes, strict=True)]
    else:
        mean = mp.fsum(p * d for p, d in zip(row, slopes, strict=True))
        size = mp.fsum(p * abs(d) for p, d in zip(row, slopes, strict=True))
        exact = [factor * p * (d - mean) for p, d in zip(row, slopes, strict=True)]
        scale = [p * (abs(d) + size) for p, d in zip(row, slopes, strict=True)]
    return exact, [s / temperature for s in scale]


@pytest.mark.parametrize("n", [1, 2, 40, 4200])
@pytest.mark.parametrize("name", ROWS)
def test_rows(name, dtype, variant, n):
    """Against the formula in exact arithmetic, for the value as it has been rounded."""
    operations = Operations(name, variant)
    if n > 4096 and dtype == "float16":
        pytest.skip("computed as float32")
    x = np.random.default_rng(n).uniform(-6, 6, (1 if n > 4096 else 2, n)).astype(dtype)
    dy = row_checks.gradient_for(operations, x)
    for temperature in (2.5,) if n > 4096 else (1, 2.5):
        y = operations.forward(x, temperature=temperature)
        got = from_output(operations, y, dy, temperature=temperature)
        for k in range(len(x)):
            exact, scale = exact_gradient(name, y[k], dy[k], temperature)
            # What rounding took from y is lost in exp(y).
            lost = float(np.abs(y[k]).max()) / 2 if name == "log_softmax" else 0
            errors = scaled_errors(got[k], exact, scale)
            assert errors.max() <= row_checks.GRADIENT_BOUND * max(1, lost), f"{operations} of {n}"


@pytest.mark.parametrize("name", ROWS)
def test_absent_elements(name, variant):
    operations = Operations(name, variant)
    x = np.random.default_rng(5).standard_normal((4, 30))
    dy = row_checks.gradient_for(operations, x)
    lengths = np.array([0, 1, 17, 30])
    y = operations.forward(x, lengths=lengths)
    got = from_output(operations, y, dy, lengths=lengths)
    expected = operations.backward(x, dy, lengths=lengths)
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-14)
    assert np.all(got[np.arange(30) >= lengths[:, None]] == 0)
    mask = np.arange(30) < lengths[:, None]
    assert_same_bits(from_output(operations, y, dy, where=mask), got, "where=")
    turned = from_output(operations, y.T.copy(), dy.T.copy(), axis=0, lengths=lengths)
    assert_same_bits(turned, got.T.copy(), "axis 0")


def test_what_is_lost():
    """An output of 1 has no gradient left; from x it is there."""
    x = np.array([40.0, 0.0])
    y = fa.softmax(x)
    assert y[0] == 1
    assert fa.softmax.backward_from_output(y, np.array([1.0, 0.0]))[0] == pytest.approx(
        float(mp.exp(-40)), rel=1e-6
    )
    assert fa.sigmoid.backward_from_output(fa.sigmoid(40.0), 1.0) == 0
    assert fa.sigmoid.backward(40.0, 1.0) > 0
    assert fa.tanh.backward_from_output(fa.tanh(25.0), 1.0) == 0
    assert fa.tanh.backward(25.0, 1.0) > 0
