"""What the numpy backend does besides what all backends must: forms that the machine chooses."""

import numpy as np
import pytest
import row_checks
from accuracy import points
from operations import Operations, bounds
from oracle import Double, Exact, slope_reference
from ulp import assert_same_bits, assert_within
from whole_row_oracle import wide_value

import fastact as fa
from fastact.backends.numpy_backend import rowexponentials, tanh
from fastact.backends.numpy_backend.operations import in_vector_instructions
from fastact.neuron.biased import biased

FORMS = [tanh.TANH_BY_COSH, tanh.TANH_BY_EXP]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("form", FORMS, ids=["cosh", "exp"])
def test_both_forms_of_the_slope_of_tanh(form, dtype):
    """One of them is chosen when the backend is imported."""
    arithmetic, size = (Double, None) if dtype == "float32" else (Exact, 3000)
    derivative, *_ = form["derivative"]
    for x in points("tanh", dtype, (), size):
        out = np.empty_like(x)
        with np.errstate(all="ignore"):  # the engine, too, runs it in silence
            derivative(x, out)
        exact = slope_reference("tanh", x, (), arithmetic)
        assert_within(out, exact, bounds("numpy", dtype)[1], "slope")


def test_the_form_is_one_of_them():
    assert tanh.FORMULAS["tanh"] in FORMS


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["softmax", "logsumexp", "logmeanexp"])
@pytest.mark.parametrize("length", [1, 2, 9, 700])
def test_the_bits_do_not_depend_on_whether_a_base_is_expected(name, dtype, length, monkeypatch):
    """What a block is expected to be comes from the one before it."""
    random = np.random.default_rng(1)
    random_rows = random.normal(0, 3, (40, length)) + np.linspace(-4, 4, 40)[:, None]
    shifts = np.array([0, 1e-6, 1e-3, -1e-3, 85, 100, 700, 720, -50, np.inf, np.nan])
    rows = np.concatenate([random_rows, np.zeros((len(shifts), length)) + shifts[:, None]])
    bases = []
    for x in (*rows[:, None].astype(dtype), random_rows.astype(dtype), rows.astype(dtype)):
        dy = random.normal(0, 1, x.shape[: 2 if name == "softmax" else 1]).astype(dtype)
        found = []
        for expected in (True, False):
            monkeypatch.setitem(rowexponentials.EXPECTED, "no base", expected)
            with fa.use_backend("numpy"):
                found.append(getattr(fa, name).forward_backward(x, dy))
            bases.append(rowexponentials.EXPECTED["no base"])
        for with_tops, without in zip(*found, strict=True):
            assert_same_bits(without, with_tops, f"{name} of {x[:3, :3]}")
    assert True in bases
    assert False in bases


@pytest.mark.parametrize("shift", [-1e4, -300.0, -40.0, -1.0, 0.0, 60.0, 90.0, 3e4])
def test_rows_far_from_0_do_not_disturb_their_neighbours(rowwise, row_operation, shift):
    """What may go to exp as it is, and what must be shifted first."""
    operations = Operations(rowwise, "numpy")
    for dtype in ("float32", "float64"):
        x = np.random.default_rng(3).normal(0, 2, (6, 50)).astype(dtype)
        x[::2] += dtype_of(dtype)(shift)
        if not row_checks.reduced(operations):
            row_checks.check_rows(operations, x, 8, wide=True)
        row_checks.check_rows_are_independent(
            operations, row_operation, x, row_checks.gradient_for(operations, x)
        )


def dtype_of(name):
    return np.dtype(name).type


def test_a_row_with_nan_has_no_gradient():
    x = np.array([[1.0, np.nan, 3.0], [1.0, 2.0, 3.0]])
    for name in ("softmax", "log_softmax", "logsumexp", "softmin"):
        operations = Operations(name, "numpy")
        dx = operations.backward(x, row_checks.gradient_for(operations, x))
        assert np.isnan(dx[0]).all(), name
        assert np.isfinite(dx[1]).all(), name


@pytest.mark.parametrize("size", [2.0**-k for k in range(0, 19, 3)])
def test_standardize_of_what_is_near_the_mean(size):
    """Of float32, where the plain form gives way to the careful one row by row."""
    operations = Operations("standardize", "numpy")
    generator = np.random.default_rng(11)
    half = generator.normal(0, 1e6, (40, 500)).astype("f")
    x = generator.permuted(np.concatenate([half, -half], axis=1), axis=1)
    x[:, ::250] = generator.normal(0, size, (40, 4)).astype("f")
    x[:, 1] = -x[:, 2:].sum(axis=1, dtype="g")  # so the mean is as small
    got = operations.forward(x)
    assert_within(got, wide_value("standardize", x), 8, f"{operations}, {size}")
    for row, expected in zip(x, got, strict=True):
        assert_same_bits(operations.forward(row), expected, "a row alone")


def test_unusual_rows_of_standardize_among_usual_ones():
    """Numbers and gradients that the short form of float32 leaves to the other."""
    operations = Operations("standardize", "numpy")
    generator = np.random.default_rng(12)
    x, dy = generator.standard_normal((2, 24, 100)).astype("f")
    x[1], x[2], x[3], dy[4] = 3, 1e30 * x[2], 1e-25 * x[3], 0
    dy[5], dy[6], x[7, 5] = 1e35 * dy[5], 1e-40 * dy[6], np.nan
    value, gradient = operations.forward_backward(x, dy)
    for k, row in enumerate(x):
        alone = operations.forward_backward(row, dy[k])
        assert_same_bits(alone[0], value[k], f"row {k} alone")
        assert_same_bits(alone[1], gradient[k], f"row {k} alone, dx")
    finite = np.isfinite(x).all(axis=1)
    row_checks.check_rows(operations, x[finite], 8, wide=True)
    row_checks.check_row_gradients(operations, x[finite], dy[finite])
    row_checks.check_row_fused(operations, x, dy)


@pytest.mark.parametrize("n", [1, 2, 40, 1000])
def test_logmeanexp_next_to_0(n):
    """Where float32 exponentials would not do, and beside it, where they do."""
    operations = Operations("logmeanexp", "numpy")
    generator = np.random.default_rng(n)
    x = generator.standard_normal((60, n))
    x += np.linspace(-1.5, 1.5, 60)[:, None] - np.log(np.mean(np.exp(x), axis=1, keepdims=True))
    row_checks.check_rows(operations, x.astype("f"), 8, wide=True)


def test_which_ufuncs_have_vector_instructions(monkeypatch):
    assert not in_vector_instructions("no_such_ufunc")
    targets = {"cosh": {"ff": {"current": "X86_V4"}}}
    monkeypatch.setattr(np.lib.introspect, "opt_func_info", lambda **_: targets)
    assert in_vector_instructions("cosh")
    targets["cosh"]["ff"]["current"] = "baseline(X86_V2)"
    assert not in_vector_instructions("cosh")
    monkeypatch.delattr(np.lib, "introspect")
    assert not in_vector_instructions("cosh")


def test_a_bias_that_is_nan(activation):
    """Also where the engine would look for NaN in x alone."""
    x, bias = np.array([0.25, np.nan, 0.5, np.inf]), np.array([0.5, 0.5, np.nan, -np.inf])
    parameters = Operations(activation, "numpy").parameters
    with fa.use_backend("numpy"):
        dx = biased(activation, "backward")(x, bias, np.ones(4), *parameters)
    assert np.isnan(dx).tolist() == [False, True, True, True]
