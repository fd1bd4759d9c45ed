"""NaN, infinities, signed zeros, extremes, and the neighbours of every branch point."""

import checks
import numpy as np
import pytest
from inputs import edge_values
from operations import ELEMENTWISE, OPERATIONS, TRAINABLE, Operations, bounds
from oracle import DEFINITIONS, slope_reference, value_reference
from ulp import assert_within

KINKED = [
    name
    for name in ELEMENTWISE
    if any(DEFINITIONS[name].kinks(*case) for case in DEFINITIONS[name].parameter_cases)
]


def test_exact_values_and_slopes(activation, dtype, variant):
    operations = Operations(activation, variant)
    for parameters in DEFINITIONS[activation].parameter_cases:
        checks.check_special(operations, dtype, parameters, bounds(variant, dtype))


@pytest.mark.parametrize("activation", KINKED)
def test_kinks_have_the_documented_slope(activation, dtype, variant):
    operations = Operations(activation, variant)
    _, bound = bounds(variant, dtype)
    cases = DEFINITIONS[activation].parameter_cases
    assert sum(checks.check_kinks(operations, dtype, parameters, bound) for parameters in cases)


def test_edges_and_neighbours_of_branch_points(activation, dtype, variant):
    operations = Operations(activation, variant)
    value_bound, slope_bound = bounds(variant, dtype)
    for parameters in DEFINITIONS[activation].parameter_cases:
        x = edge_values(dtype, activation, parameters)
        assert len(x) > 25
        assert np.isnan(x).any()
        value = value_reference(activation, x, parameters)
        slope = slope_reference(activation, x, parameters)
        label = f"{operations}{parameters}"
        forward = operations.forward(x, *parameters)
        assert_within(forward, value, value_bound, f"{label} forward", x=x)
        derivative = operations.derivative(x, *parameters)
        assert_within(derivative, slope, slope_bound, f"{label} derivative", x=x)


@pytest.mark.parametrize("activation", TRAINABLE)
def test_parameter_gradients_at_the_edges(activation, dtype, variant):
    operations = Operations(activation, variant)
    _, bound = bounds(variant, dtype)
    for parameters in DEFINITIONS[activation].parameter_cases:
        x = edge_values(dtype, activation, parameters)
        for dy in (np.ones_like(x), np.full_like(x, -1.75)):
            checks.check_parameter_products(operations, x, dy, parameters, bound)


def test_no_input_raises_a_warning(activation, dtype, variant):
    """NumPy's floating point checks, all set to raise, find nothing, whatever value or size."""
    operations = Operations(activation, variant)
    edges = edge_values(dtype, activation)
    most_likely = edge_values(dtype)[:, None]
    with np.errstate(all="raise"):
        for x in [edges, np.resize(edges, 40_000), *most_likely]:
            for operation in OPERATIONS:
                for result in operations.run(operation, x, 1.5):
                    assert result.shape == x.shape
            if activation in TRAINABLE:
                assert operations.parameter_backward(x, x).shape == x.shape
