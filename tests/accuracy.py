"""The accuracy check, and its points and exact results: worked out once, shared by all variants."""

from functools import lru_cache

import numpy as np
from inputs import edge_values, random_gradients
from operations import TRAINABLE, bounds
from oracle import DEFINITIONS, Double, Exact, product_reference, value_reference
from ulp import assert_same_bits, assert_within

SWEEP_STEP = 1021  # a prime, so that every pattern of the low bits occurs
BLOCK = 2**16


@lru_cache(maxsize=2)
def float32_sweep(step=SWEEP_STEP):
    """Every 1021st bit pattern of float32: both signs, every binade, subnormals, NaNs.

    The first half ascends, so that neighbours are alike; the second is mixed, so that they are not.
    """
    x = np.arange(0, 2**32, step, dtype=np.uint64).astype(np.uint32).view(np.float32)
    return np.concatenate([x[::2], np.random.default_rng(32).permutation(x[1::2])])


@lru_cache(maxsize=1)
def all_float16():
    return np.random.default_rng(16).permutation(np.arange(2**16, dtype=np.uint16)).view("e")


@lru_cache(maxsize=4)
def float64_points(activation, count, parameters=None):
    """A third in every binade in turn, a third where the function bends, a third in its tails, and
    the edges; in no order."""
    generator = np.random.default_rng(64)
    third = count // 3
    exponents = np.resize(generator.permutation(np.arange(-1074, 1024)), third)
    binades = np.ldexp(1 + generator.random(third), exponents)
    bends = np.exp2(generator.uniform(-40, 5, third))
    tail = DEFINITIONS[activation].tail
    tails = generator.uniform(min(5, tail / 2), tail, third)
    points = np.concatenate([binades, bends, tails])
    points *= generator.choice([-1, 1], len(points))
    return generator.permutation(np.concatenate([points, edge_values("d", activation, parameters)]))


def points(activation, dtype, parameters, count):
    """In blocks that stay in the cache."""
    if dtype == "float16":
        x = all_float16()
    elif dtype == "float32":
        x = float32_sweep(count or SWEEP_STEP)
    else:
        x = float64_points(activation, count, parameters)
    return [x[start : start + BLOCK] for start in range(0, len(x), BLOCK)]


@lru_cache(maxsize=2)
def references(activation, dtype, parameters, count=None):
    """``(x, dy, value, slope, product, allowed)`` for the accuracy test of one dtype, by block."""
    arithmetic = Exact if dtype == "float64" else Double
    found = []
    for x in points(activation, dtype, parameters, count):
        dy = random_gradients(dtype, len(x))
        value = value_reference(activation, x, parameters, arithmetic)
        products = product_reference(activation, x, dy, parameters, arithmetic)
        found.append((x, dy, value, *products))
    return found


@lru_cache(maxsize=2)
def parameter_references(activation, dtype, parameters, count=None):
    """``(x, dy, product, allowed)`` of the gradient of the first parameter, by block."""
    arithmetic = Exact if dtype == "float64" else Double
    found = []
    for x in points(activation, dtype, parameters, count):
        dy = random_gradients(dtype, len(x))
        _, *products = product_reference(
            activation, x, dy, parameters, arithmetic, part="parameter_slope"
        )
        found.append((x, dy, *products))
    return found


def check_accuracy(operations, dtype, parameters, count=None, every=1):
    """Every operation within its bound, and the fused one equal to the separate ones in bits.

    ``count`` is the number of points of float64, or the step between bit patterns of float32;
    ``every`` takes fewer blocks of them, from the last one on, whose patterns are mixed.
    """
    value_bound, slope_bound = bounds(operations.variant, dtype)
    label = f"{operations}{parameters}"
    blocks = references(operations.activation, dtype, parameters, count)[::-every]
    assert blocks, "nothing to compare with"
    for x, dy, value, slope, product, allowed in blocks:
        forward = operations.forward(x, *parameters)
        derivative = operations.derivative(x, *parameters)
        backward = operations.backward(x, dy, *parameters)
        assert_within(forward, value, value_bound, f"{label} forward", x=x)
        assert_within(derivative, slope, slope_bound, f"{label} derivative", x=x)
        assert_within(backward, product, allowed(slope_bound), f"{label} backward", x=x, dy=dy)
        fused_value, fused_product = operations.forward_backward(x, dy, *parameters)
        assert_same_bits(fused_value, forward, f"{label} fused value")
        assert_same_bits(fused_product, backward, f"{label} fused dx")
    if operations.activation in TRAINABLE:
        check_parameter_accuracy(operations, dtype, parameters, count, every)


def check_parameter_accuracy(operations, dtype, parameters, count=None, every=1):
    """The gradient of the parameter, element by element: as exact as one of x."""
    _, slope_bound = bounds(operations.variant, dtype)
    label = f"{operations}{parameters} parameter_backward"
    blocks = parameter_references(operations.activation, dtype, parameters, count)[::-every]
    assert blocks, "nothing to compare with"
    for x, dy, product, allowed in blocks:
        got = operations.parameter_backward(x, dy, *parameters)
        assert_within(got, product, allowed(slope_bound), label, x=x, dy=dy)
