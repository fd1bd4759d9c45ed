"""The formulas by hand that the numpy backend is held against do what the operation must."""

import numpy as np
import pytest
from operations import bounds
from oracle import Double, slope_reference
from ulp import assert_within

import fastact as fa
from fastact.bench.cases import BY_HAND, Case, candidates, require_agreement
from fastact.bench.formulas import FORMULAS
from fastact.bench.same_work import SAME_WORK

CHANGED = [name for name in SAME_WORK if SAME_WORK[name] is not FORMULAS[name]]


@pytest.mark.parametrize("name", CHANGED)
def test_nan_comes_out_of_the_slope(name):
    x = np.array([[-1.0, np.nan, 2.0], [0.5, 1.0, -2.0]], np.float32)
    dx = SAME_WORK[name].backward(x, np.ones_like(x))
    with fa.use_backend("numpy"):
        expected = getattr(fa, name).backward(x, np.ones_like(x))
    assert np.isnan(expected).any()
    np.testing.assert_array_equal(np.isnan(dx), np.isnan(expected))


def test_the_slope_of_tanh_has_digits_in_the_tails():
    x = np.array([-40.0, -9.5, -5.0, 0.0, 5.0, 9.5, 40.0], np.float32)
    one = np.ones_like(x)
    exact = slope_reference("tanh", x, (), Double)
    assert_within(SAME_WORK["tanh"].backward(x, one), exact, bounds("numpy", "float32")[1], "slope")
    assert FORMULAS["tanh"].backward(x, one)[0] == 0


@pytest.mark.parametrize("operation", ["forward", "backward", "forward_backward"])
@pytest.mark.parametrize("name", CHANGED)
def test_they_agree_with_the_backend(name, operation):
    case = Case(name, operation, 10_000, "float32")
    require_agreement(case, candidates(case, ["numpy"], peers={BY_HAND: SAME_WORK}))
