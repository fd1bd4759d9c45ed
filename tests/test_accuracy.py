"""Every operation against the oracle: float32 over a sweep of all bit patterns, float64 on mpmath
points in every binade, float16 on every input there is."""

import numpy as np
import pytest
from accuracy import check_accuracy, float32_sweep, float64_points
from operations import ELEMENTWISE, Operations
from oracle import DEFINITIONS

FLOAT64_POINTS = 2_000


def test_float32_sweep(activation, variant):
    operations = Operations(activation, variant)
    check_accuracy(operations, "float32", operations.parameters)


def test_float16_everywhere(activation, variant):
    operations = Operations(activation, variant)
    check_accuracy(operations, "float16", operations.parameters)


def test_float64_points(activation, variant):
    operations = Operations(activation, variant)
    check_accuracy(operations, "float64", operations.parameters, FLOAT64_POINTS)


WITH_PARAMETERS = [name for name in ELEMENTWISE if len(DEFINITIONS[name].parameter_cases) > 1]


@pytest.mark.parametrize("activation", WITH_PARAMETERS)
@pytest.mark.parametrize("dtype", ["float16", "float64"])  # float32: see the exhaustive tests
def test_other_parameters(activation, dtype, variant):
    operations = Operations(activation, variant)
    for parameters in DEFINITIONS[activation].parameter_cases[1:]:
        check_accuracy(operations, dtype, parameters, FLOAT64_POINTS)


def test_the_points_are_spread_as_claimed():
    sweep = float32_sweep()
    assert len(sweep) == -(-(2**32) // 1021)
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
