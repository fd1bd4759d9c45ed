"""The accuracy check, and its points and exact results: worked out once, shared by all variants."""

from functools import lru_cache

import numpy as np
from inputs import edge_values, random_gradients
from operations import bounds
from oracle import product_reference, value_reference
from ulp import assert_same_bits, assert_within

SWEEP_STEP = 1021  # a prime, so that every pattern of the low bits occurs


@lru_cache(maxsize=1)
def float32_sweep():
    """Every 1021st bit pattern of float32: both signs, every binade, subnormals, NaNs."""
    return np.arange(0, 2**32, SWEEP_STEP, dtype=np.uint64).astype(np.uint32).view(np.float32)


@lru_cache(maxsize=1)
def all_float16():
    return np.arange(2**16, dtype=np.uint16).view(np.float16)


@lru_cache(maxsize=4)
def float64_points(activation, count):
    """A third in every binade in turn, a third where the function bends, a third in its tails, and
    the edges."""
    generator = np.random.default_rng(64)
    third = count // 3
    exponents = np.resize(np.arange(-1074, 1024), third)
    if third < 2098:
        exponents = np.sort(generator.permutation(np.arange(-1074, 1024))[:third])
    binades = np.ldexp(1 + generator.random(third), exponents)
    bends = np.exp2(generator.uniform(-40, 5, third))
    tails = generator.uniform(5, 760, third)
    points = np.concatenate([binades, bends, tails])
    points *= generator.choice([-1, 1], len(points))
    return np.concatenate([points, edge_values("d", activation)])


@lru_cache(maxsize=2)
def references(activation, dtype, parameters, count=None):
    """``(x, dy, value, slope, product, slope_unit)`` for the accuracy test of one dtype."""
    wide = dtype != "float64"
    if dtype == "float16":
        x = all_float16()
    else:
        x = float32_sweep() if dtype == "float32" else float64_points(activation, count)
    dy = random_gradients(dtype, len(x))
    value = value_reference(activation, x, parameters, wide)
    return x, dy, value, *product_reference(activation, x, dy, parameters, wide)


def check_accuracy(operations, dtype, parameters, count=None):
    """Every operation within its bound, and the fused one equal to the separate ones in bits."""
    x, dy, value, slope, product, slope_unit = references(
        operations.activation, dtype, parameters, count
    )
    value_bound, slope_bound = bounds(operations.variant, dtype)
    forward = operations.forward(x, *parameters)
    derivative = operations.derivative(x, *parameters)
    backward = operations.backward(x, dy, *parameters)
    assert_within(forward, value, value_bound, f"{operations} forward", x=x)
    assert_within(derivative, slope, slope_bound, f"{operations} derivative", x=x)
    allowed = np.nan_to_num(slope_bound * slope_unit) + 1
    assert_within(backward, product, allowed, f"{operations} backward", x=x, dy=dy)
    fused_value, fused_product = operations.forward_backward(x, dy, *parameters)
    assert_same_bits(fused_value, forward, f"{operations} fused value")
    assert_same_bits(fused_product, backward, f"{operations} fused dx")
