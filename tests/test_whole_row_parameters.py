"""The parameters of sparsemax, entmax15 and standardize: temperature and eps."""

import numpy as np
import pytest
import row_checks
from operations import Operations
from oracle import mp
from row_checks import whole_row_bound as bound
from ulp import assert_same_bits, assert_within, reference_from_mpmath
from whole_row_oracle import (
    projection_gradient,
    projection_value,
    standardize_gradient,
    standardize_value,
)

import fastact as fa

INF, NAN = np.inf, np.nan


@pytest.fixture(params=["sparsemax", "entmax15"])
def projection(request):
    return request.param


def checked_results(operations, x, dy, **parameter):
    """Value and gradient, the same in bits by the separate operations and along axis 0."""
    row_checks.check_row_fused(operations, x, dy, **parameter)
    y, dx = operations.forward_backward(x, dy, **parameter)
    assert_same_bits(y.T, operations.forward(x.T, 0, **parameter), f"{operations}, axis 0")
    return y, dx


@pytest.mark.parametrize("eps", [0, 1e-12, 1e-3, np.float32(0.5), np.array(2.0)])
def test_eps(eps, dtype, variant):
    operations = Operations("standardize", variant)
    x = np.random.default_rng(2).normal(1, 1, (3, 20)).astype(dtype)
    dy = row_checks.gradient_for(operations, x)
    y, dx = checked_results(operations, x, dy, eps=eps)
    for k, row in enumerate(x.tolist()):
        exact = reference_from_mpmath(standardize_value(row, float(eps)), dtype)
        assert_within(y[k], exact, bound(variant), f"{operations}, eps={eps}")
        gradient, scale = standardize_gradient(row, dy[k].tolist(), float(eps))
        errors = row_checks.scaled_errors(dx[k], gradient, scale)
        assert errors.max() <= row_checks.GRADIENT_BOUND
    assert_same_bits(
        operations.forward(x, eps=1e-5), operations.forward(x), "the default, given by name"
    )


@pytest.mark.parametrize("eps", [-1e-5, NAN, INF])
def test_eps_out_of_range(eps, row_operation, variant):
    operations = Operations("standardize", variant)
    with pytest.raises(ValueError, match=r"standardize.*eps.*at least 0"):
        operations.run(row_operation, np.ones(3), 1.0, eps=eps)


@pytest.mark.parametrize("eps", ["small", None, np.ones(2), np.complex64(1), np.array("1")])
def test_eps_of_another_type(eps, row_operation, variant):
    operations = Operations("standardize", variant)
    with pytest.raises(TypeError, match=r"standardize.*eps.*number"):
        operations.run(row_operation, np.ones(3), 1.0, eps=eps)


def tempered(name, row, dy, temperature):
    """The exact value of row / temperature and its gradient in the row, with its size."""
    with mp.workprec(600):
        t = mp.mpf(float(temperature))
        scaled = [mp.mpf(x) / t for x in row]
        value = projection_value(name, scaled)
        gradient, size = projection_gradient(name, scaled, dy)
        return value, [g / t for g in gradient], [v / t for v in size]


@pytest.mark.parametrize("temperature", [0.3, 2.5, 1e-3, 1e6, 0.1, np.float32(7), np.array(1.7)])
def test_temperature(projection, temperature, dtype, variant):
    """Of x / temperature as it is, not rounded: next to the threshold that would show."""
    operations = Operations(projection, variant)
    t = float(temperature)
    rows = np.random.default_rng(8).normal(3, 1, (6, 20)) * np.array([[1, 1, t, t, 4 * t, 0.1]]).T
    x = np.clip(rows, -6e4, 6e4).astype(dtype)
    dy = row_checks.gradient_for(operations, x)
    y, dx = checked_results(operations, x, dy, temperature=temperature)
    for k, row in enumerate(x.tolist()):
        value, gradient, size = tempered(projection, row, dy[k].tolist(), temperature)
        label = f"{operations}, temperature {temperature}, row {k}"
        assert_within(y[k], reference_from_mpmath(value, dtype), bound(variant), label)
        errors = row_checks.scaled_errors(dx[k], gradient, size, float(np.abs(dy[k]).max()) / t)
        assert errors.max() <= row_checks.GRADIENT_BOUND, label


def test_a_power_of_two_as_temperature_only_shifts_exponents(projection, variant):
    operations = Operations(projection, variant)
    x = np.random.default_rng(9).normal(0, 1, (4, 5000))
    for t in (2.0**-30, 0.5, 4.0, 2.0**40):
        scaled = operations.forward(x * t, temperature=t)
        assert_same_bits(scaled, operations.forward(x), f"{operations} at {t}")
    assert_same_bits(operations.forward(x, temperature=1.0), operations.forward(x), "1 by name")


def test_at_the_ends_of_temperature(projection, variant):
    operations = Operations(projection, variant)
    x = np.array([1.0, 1.5, -2.0, 0.0])
    for dtype in ("float32", "float64"):
        cold = operations.forward(x.astype(dtype), temperature=2.0**-300)
        hot = operations.forward(x.astype(dtype), temperature=2.0**300)
        assert_same_bits(cold, np.array([0, 1, 0, 0], dtype), f"{operations}, cold")
        assert_same_bits(hot, np.full(4, 0.25, dtype), f"{operations}, hot")


@pytest.mark.parametrize("temperature", [0, -1.0, NAN, INF, 1e-200])
def test_temperature_out_of_range(projection, temperature, row_operation, variant):
    operations = Operations(projection, variant)
    with pytest.raises(ValueError, match=r"temperature.* from 4.91e-91 to 2.04e\+90"):
        operations.run(row_operation, np.ones(3), 1.0, temperature=temperature)


@pytest.mark.parametrize("temperature", ["2", None, np.ones(2)])
def test_temperature_of_another_type(projection, temperature, variant):
    operations = Operations(projection, variant)
    with pytest.raises(TypeError, match=r"temperature.*number"):
        operations.forward(np.ones(3), temperature=temperature)


def test_eps_is_of_standardize_alone():
    with pytest.raises(TypeError, match="eps"):
        fa.sparsemax([1.0], eps=1e-5)
    with pytest.raises(TypeError, match="eps"):
        fa.softmax([1.0], eps=1e-5)
    with pytest.raises(TypeError, match=r"epsilon.*eps"):
        fa.standardize([1.0], epsilon=1e-5)


def test_many_values_of_eps():
    """Each is an operation of its own; the engine remembers only some."""
    x = np.array([1.0, 2.0, 4.0])
    for k in range(100):
        with fa.use_backend("cython"):
            got = fa.standardize(x, eps=float(k))
        assert got[0] == pytest.approx(-4 / 3 / np.sqrt(14 / 9 + k), rel=1e-14)


@pytest.mark.parametrize("name", ["sparsemax", "entmax15", "standardize"])
def test_of_dask(name):
    da = pytest.importorskip("dask.array")
    x, dy = np.random.default_rng(6).standard_normal((2, 4, 30))
    face, given = getattr(fa, name), {"eps" if name == "standardize" else "temperature": 4.0}
    chunks = da.from_array(x, chunks=(3, 20))
    for operation in (face, face.backward, face.forward_backward):
        arguments = () if operation is face else (dy,)
        expected, got = operation(x, *arguments, **given), operation(chunks, *arguments, **given)
        if not isinstance(expected, tuple):
            expected, got = (expected,), (got,)
        for one, other in zip(got, expected, strict=True):
            np.testing.assert_array_equal(one, other)
