"""Every operation against the oracle: float32 over a sweep of all bit patterns, float64 on mpmath
points in every binade, float16 on every input there is."""

import numpy as np
import pytest
from accuracy import SWEEP_STEP, check_accuracy, float32_sweep, float64_points
from inputs import subnormal_inputs
from operations import ELEMENTWISE, Operations, bounds
from oracle import DEFINITIONS, Double, slope_reference, value_reference
from ulp import assert_within

FLOAT64_POINTS = 2_000
CASES = {name: DEFINITIONS[name].parameter_cases for name in ELEMENTWISE}
OTHER_CASES = [
    pytest.param(name, case, id=f"{name}{list(case)}")
    for name, cases in CASES.items()
    for case in cases[1:]
]


def test_float32_sweep(activation, variant):
    operations = Operations(activation, variant)
    every = 1 if variant.startswith("cython") else 4
    check_accuracy(operations, "float32", operations.parameters, SWEEP_STEP, every)


def test_float16_everywhere(activation, variant):
    operations = Operations(activation, variant)
    check_accuracy(operations, "float16", operations.parameters)


def test_float64_points(activation, variant):
    operations = Operations(activation, variant)
    check_accuracy(operations, "float64", operations.parameters, FLOAT64_POINTS)


@pytest.mark.parametrize(("activation", "parameters"), OTHER_CASES)
def test_other_parameters(activation, parameters, dtype, variant):
    count = {"float16": None, "float32": 40_009, "float64": FLOAT64_POINTS // 4}[dtype]
    check_accuracy(Operations(activation, variant), dtype, parameters, count)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_subnormal_inputs(activation, dtype, variant):
    """None is flushed: the results are within the bounds next to 0, too."""
    operations = Operations(activation, variant)
    x = subnormal_inputs(dtype, 200)
    for parameters in CASES[activation]:
        value_bound, slope_bound = bounds(variant, dtype)
        value = value_reference(activation, x, parameters)
        slope = slope_reference(activation, x, parameters)
        label = f"{operations}{parameters}"
        assert_within(operations.forward(x, *parameters), value, value_bound, label, x=x)
        assert_within(operations.derivative(x, *parameters), slope, slope_bound, label, x=x)


@pytest.mark.parametrize("beta", [0.3, 1.7, 20.0])
def test_softplus_over_beta(beta, variant):
    """Dense where log1p(exp(-|beta x|)) is large: its last bit counts twice over some beta."""
    operations = Operations("softplus", variant)
    x = (np.linspace(-1.5, 1.5, 60_000) / beta).astype("float32")
    bound, _ = bounds(variant, "float32")
    expected = value_reference("softplus", x, (np.float32(beta),), Double)
    assert_within(operations.forward(x, np.float32(beta)), expected, bound, f"{operations}", x=x)


# Whose value or slope is subnormal for some ordinary x.
DYING = ["sigmoid", "log_sigmoid", "softplus", "exponential", "elu", "selu", "celu", "silu", "mish"]


@pytest.mark.parametrize("name", [name for name in DYING if name in ELEMENTWISE])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_subnormal_results_are_among_those_compared(name, dtype):
    """So that one flushed to zero is found by the tests above: it is far off."""
    parameters, info = CASES[name][0], np.finfo(dtype)
    x = float32_sweep(40_009) if dtype == "float32" else float64_points(name, FLOAT64_POINTS)
    x = x[(abs(x) > 1) & np.isfinite(x)]
    found = {}
    for refer in (value_reference, slope_reference):
        results = abs(refer(name, x, parameters, Double).nearest)
        subnormal = (results > 100 * info.smallest_subnormal) & (results < info.tiny)
        found[refer.__name__] = np.count_nonzero(subnormal)
    assert max(found.values()) >= 5, found


def test_the_points_are_spread_as_claimed():
    sweep = float32_sweep()
    assert len(sweep) == -(-(2**32) // SWEEP_STEP)
    normal = np.isfinite(sweep) & (sweep != 0)
    assert len(np.unique(np.frexp(sweep[normal])[1])) >= 254 + 10
    points = float64_points("sigmoid", FLOAT64_POINTS)
    assert len(points) >= FLOAT64_POINTS
    finite = points[np.isfinite(points)]
    exponents = np.frexp(finite)[1]
    for low in range(-1074, 1000, 50):
        for sign in (-1, 1):
            assert np.any((exponents >= low) & (exponents < low + 50) & (np.sign(finite) == sign))
    assert np.count_nonzero((np.abs(finite) > 700) & (np.abs(finite) < 750)) > 20
