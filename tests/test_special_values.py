"""NaN, infinities, signed zeros, extremes, and the neighbours of every branch point."""

import numpy as np
import pytest
from inputs import edge_values
from operations import OPERATIONS, Operations, bounds
from oracle import DEFINITIONS, slope_reference, value_reference
from ulp import assert_same_bits, assert_within


def test_exact_values_and_slopes(activation, dtype, variant):
    operations = Operations(activation, variant)
    for parameters in DEFINITIONS[activation].parameter_cases:
        table = [*DEFINITIONS[activation].special(*parameters), (np.nan, np.nan, np.nan)]
        x, value, slope = np.array(table).T.astype(dtype)
        assert {"0.0", "-0.0", "inf", "-inf", "nan"} <= {str(point) for point in x.tolist()}
        label = f"{operations}{parameters}"
        assert_same_bits(operations.forward(x, *parameters), value, f"{label} forward")
        assert_same_bits(operations.derivative(x, *parameters), slope, f"{label} derivative")
        fused_value, fused_slope = operations.forward_backward(x, 1, *parameters)
        assert_same_bits(fused_value, value, f"{label} fused value")
        assert_same_bits(fused_slope, slope, f"{label} fused slope")


def test_kinks_have_the_documented_slope(activation, dtype, variant):
    operations = Operations(activation, variant)
    for parameters in DEFINITIONS[activation].parameter_cases:
        for kink, slope in DEFINITIONS[activation].kinks(*parameters).items():
            x = np.full(3, kink, dtype)
            expected = np.full(3, slope, dtype)
            assert_same_bits(operations.derivative(x, *parameters), expected, f"{operations} kink")
            dx = operations.backward(x, np.full(3, 2, dtype), *parameters)
            assert_same_bits(dx, 2 * expected, f"{operations} kink times 2")


def test_edges_and_neighbours_of_branch_points(activation, dtype, variant):
    operations = Operations(activation, variant)
    x = edge_values(dtype, activation)
    assert len(x) > 25
    assert np.isnan(x).any()
    value_bound, slope_bound = bounds(variant, dtype)
    for parameters in DEFINITIONS[activation].parameter_cases:
        value = value_reference(activation, x, parameters)
        slope = slope_reference(activation, x, parameters)
        forward = operations.forward(x, *parameters)
        assert_within(forward, value, value_bound, f"{operations} forward", x=x)
        derivative = operations.derivative(x, *parameters)
        assert_within(derivative, slope, slope_bound, f"{operations} derivative", x=x)


@pytest.mark.parametrize("size", [1, 3, 200_000])
def test_no_input_raises_a_warning(activation, dtype, variant, size):
    """NumPy's floating point checks, all set to raise, find nothing, whatever value or size."""
    operations = Operations(activation, variant)
    edges = edge_values(dtype, activation)
    columns = [edges[k : k + 1].repeat(size) for k in range(len(edges))] if size < 10 else []
    with np.errstate(all="raise"):
        for x in [*columns, np.resize(edges, size)]:
            for operation in OPERATIONS:
                results = operations.run(operation, x, 1.5)
                assert all(len(result) == size for result in results)
