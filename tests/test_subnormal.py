"""Gradients keep the digits that a slope has before it is rounded to a subnormal number; and what
is x next to zero is x to the last place.

The compiled backend alone promises either: elsewhere a gradient is a product of the rounded slope.
"""

import numpy as np
import pytest
from operations import VARIANTS, Operations
from oracle import product_reference, slope_reference
from ulp import assert_same_bits, assert_within

import fastact as fa

COMPILED = [name for name in VARIANTS if name.startswith("cython")]

# From here to there the slope is subnormal (float32, float64).
TAILS = {
    "exponential": ((-103, -88), (-744, -709)),
    "sigmoid": ((-103, -88), (-744, -709)),
    "log_sigmoid": ((88, 103), (709, 744)),
    "softplus": ((-103, -88), (-744, -709)),
    "tanh": ((44.5, 51.5), (355.5, 372)),
    "softcap": ((1320, 1545), (10_640, 11_160)),
    "elu": ((-103, -88), (-744, -709)),
    "selu": ((-103, -88), (-744, -709)),
    "celu": ((-103, -88), (-744, -709)),
    "gelu": ((-14.2, -13.5), (-38.5, -37.8)),
    "gelu_tanh": ((-10.6, -10.05), (-21.6, -21.2)),
    "quick_gelu": ((-63, -55), (-440, -421)),
    "silu": ((-107, -93), (-750, -716)),
    "swish": ((-107, -93), (-750, -716)),
    "softsign": ((1e19, 2e22), (1e154, 1e161)),
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("variant", COMPILED)
@pytest.mark.parametrize("name", TAILS)
def test_a_large_gradient_of_a_subnormal_slope(name, variant, dtype):
    operations, info = Operations(name, variant), np.finfo(dtype)
    parameters = tuple(operations.definition.parameter_cases[0])
    low, high = TAILS[name][dtype == "float64"]
    x = np.linspace(low, high, 200, dtype=dtype)
    slope = np.abs(slope_reference(name, x, parameters).nearest)
    x = x[(slope > 0) & (slope < info.tiny)]
    assert x.size > 50
    # The product is a normal number, with all its digits.
    for exponent in (info.nmant + 5, 100):
        dy = np.full(x.shape, np.ldexp(1.37, exponent), dtype)
        _, product, _ = product_reference(name, x, dy, parameters)
        label = f"{operations} times 2**{exponent}"
        assert_within(operations.backward(x, dy, *parameters), product, 5, label, x=x)
        fused = operations.forward_backward(x, dy, *parameters)[1]
        assert_within(fused, product, 5, f"{label}, fused", x=x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("variant", COMPILED)
@pytest.mark.parametrize("name", TAILS)
def test_a_subnormal_gradient_of_a_normal_slope_is_rounded_once(name, variant, dtype):
    """By itself, and among x whose slopes are subnormal."""
    operations, info = Operations(name, variant), np.finfo(dtype)
    parameters = tuple(operations.definition.parameter_cases[0])
    edge = min(TAILS[name][dtype == "float64"], key=abs)
    x = np.linspace(edge * 0.6, edge * 0.999, 30_000, dtype=dtype)
    slope = operations.derivative(x, *parameters)
    normal = np.abs(slope) >= info.tiny
    x, slope = x[normal], slope[normal]
    dy = info.tiny / slope * np.random.default_rng(5).uniform(0.1, 0.9, x.shape).astype(dtype)
    alone = operations.backward(x, dy, *parameters)
    assert np.mean((alone != 0) & (np.abs(alone) < info.tiny)) > 0.9
    assert_same_bits(alone, dy * slope, str(operations))
    among, dys = np.full((x.size, 2), edge * 1.01, dtype), np.ones((x.size, 2), dtype)
    among[:, 0], dys[:, 0] = x, dy
    assert_same_bits(operations.backward(among, dys, *parameters)[:, 0], alone, str(operations))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("variant", COMPILED)
@pytest.mark.parametrize("name", TAILS)
def test_a_slope_that_is_lost_is_zero_for_a_large_gradient_too(name, variant, dtype):
    operations, info = Operations(name, variant), np.finfo(dtype)
    parameters = tuple(operations.definition.parameter_cases[0])
    x = np.concatenate([np.linspace(8, 2000, 400), np.geomspace(2000, info.max / 16, 50), [np.inf]])
    x = np.concatenate([-x, x]).astype(dtype)
    dy = np.full(x.shape, np.ldexp(1.37, info.maxexp - 2), dtype)
    _, product, _ = product_reference(name, x, dy, parameters)
    found = operations.backward(x, dy, *parameters)
    kept = (found != 0) | (np.abs(product.nearest) > 1e-2)
    assert kept.sum() > 10
    assert_within(found[kept], product[kept], 5, f"{operations}, not 0", x=x[kept])
    slope = operations.derivative(x[np.isinf(x)], *parameters)
    found = operations.backward(x[np.isinf(x)], np.full(2, np.inf, dtype), *parameters)
    np.testing.assert_array_equal(np.isnan(found), slope == 0)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("variant", COMPILED)
@pytest.mark.parametrize("name", ["tanh", "softsign", "softcap", "celu", "snake"])
def test_the_value_of_a_subnormal_number_is_itself(name, variant, dtype):
    operations, info = Operations(name, variant), np.finfo(dtype)
    random = np.random.default_rng(12)
    exponents = random.integers(info.minexp - info.nmant, info.minexp, 500)
    x = np.ldexp(1 + random.random(500), exponents)
    x = (x * random.choice([-1, 1], 500)).astype(dtype)
    for parameters in operations.definition.parameter_cases:
        np.testing.assert_array_equal(operations.forward(x, *parameters), x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("variant", COMPILED)
@pytest.mark.parametrize("name", ["softcap", "celu"])
def test_so_is_that_of_a_subnormal_quotient(name, variant, dtype):
    operations, info = Operations(name, variant), np.finfo(dtype)
    x = np.ldexp(1 + np.random.default_rng(13).random(500), info.minexp + 3).astype(dtype)
    for divisor in (30, 50, 77):
        np.testing.assert_array_equal(operations.forward(x, divisor), x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("variant", COMPILED)
@pytest.mark.parametrize("name", ["reglu", "geglu", "geglu_tanh", "swiglu", "bilinear"])
def test_a_gate_of_minus_zero_keeps_its_sign_among_extremes(name, variant, dtype):
    gate, small = np.full(20, -0.0, dtype), np.full(20, np.finfo(dtype).tiny / 4, dtype)
    with fa.use_backend(variant):
        alone = getattr(fa, name)(gate, np.ones_like(gate))
        y, _, dvalue = getattr(fa, name).forward_backward(gate, small, small)
    assert_same_bits(y, alone, f"{name} on {variant}")
    assert_same_bits(dvalue, alone, f"{name} on {variant}")
