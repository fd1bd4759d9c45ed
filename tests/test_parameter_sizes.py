"""Parameters far from the usual: right for every size of x, as the ordinary ones are.

A small or large parameter moves the region where a formula does its work to where x, or the result,
is next to nothing or next to infinity.
"""

import numpy as np
import pytest
from inputs import subnormal_inputs
from operations import Operations, bounds
from oracle import slope_reference, value_reference
from ulp import assert_within

NAMES = ["elu", "celu", "swish", "softplus", "snake", "softcap", "squareplus"]
EXPONENTS = [-125, -100, -60, -24, 24, 60, 100, 125]


def inputs(parameter, dtype):
    """Numbers of every size, and such as make x * parameter or x / parameter ordinary."""
    random, info = np.random.default_rng(11), np.finfo(dtype)
    sign = random.choice([-1, 1], 60)
    scattered = np.ldexp(1 + random.random(60), random.integers(info.minexp, info.maxexp, 60))
    near = np.exp2(random.uniform(-5, 7, 60))
    with np.errstate(over="ignore", under="ignore"):
        x = np.concatenate([scattered * sign, near * sign * parameter, near * sign / parameter])
        x = np.concatenate([x.astype(dtype), subnormal_inputs(dtype, 200)[::5]])
    return x[np.isfinite(x)]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", NAMES)
def test_parameters_of_other_sizes(name, variant, dtype):
    operations = Operations(name, variant)
    value_bound, slope_bound = bounds(variant, dtype)
    for exponent in EXPONENTS:
        parameter = float(np.ldexp(np.float32(1.37), exponent))
        x = inputs(parameter, dtype)
        label = f"{operations}({parameter})"
        value = value_reference(name, x, (parameter,))
        slope = slope_reference(name, x, (parameter,))
        assert_within(operations.forward(x, parameter), value, value_bound, label, x=x)
        assert_within(operations.derivative(x, parameter), slope, slope_bound, label, x=x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["softcap", "celu"])
def test_an_infinite_divisor_leaves_x_as_it_is(name, variant, dtype):
    operations = Operations(name, variant)
    x = inputs(1.0, dtype)
    np.testing.assert_array_equal(operations.forward(x, np.inf), x)
    np.testing.assert_array_equal(operations.derivative(x, np.inf), np.ones_like(x))
