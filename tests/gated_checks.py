"""Operands that try gated units, and their properties as functions of an object's operations."""

from functools import lru_cache

import numpy as np
from gated_oracle import references
from operations import on
from ulp import assert_same_bits, assert_within

import fastact as fa

OPERATIONS = ("forward", "backward", "forward_backward", "gate_gradient")


def bounds(variant):
    """The promised errors of y, dgate and dvalue in units of the last place."""
    return (5, 8, 5) if variant == "numpy" else (3, 6, 3)


class GatedOperations:
    """The operations of one gated unit on one backend variant."""

    def __init__(self, name, variant):
        self.name, self.variant = name, variant
        self.face = getattr(fa, name)

    def __repr__(self):
        return f"{self.name} on {self.variant}"

    def run(self, operation, gate, value, dy, **keywords):
        """Any operation with the same arguments; always a tuple of results."""
        face = self.face if operation == "forward" else getattr(self.face, operation)
        inputs = (gate, value) if operation == "forward" else (gate, value, dy)
        with on(self.variant):
            results = face(*inputs, **keywords)
        return results if isinstance(results, tuple) else (results,)


def operands(dtype, size, seed=0):
    """gate, value, dy: ordinary ones, ones of every magnitude, gates far out on both sides whose
    products with something large are ordinary again."""
    info = np.finfo(dtype)
    random = np.random.default_rng(seed)

    def ordinary():
        return random.standard_normal(size) * 3

    def spread(low=info.minexp - info.nmant):
        exponents = np.floor(random.uniform(low, info.maxexp - 1, size)).astype(int)
        return np.ldexp(1 + random.random(size), exponents) * random.choice([-1, 1], size)

    reach = -np.log(2) * 3 * info.minexp  # exp(-reach) times the largest number squared
    tails = random.uniform(-reach, reach, size)
    far = np.where(random.random(size) < 0.5, tails, np.copysign(np.sqrt(2 * abs(tails)), tails))
    mix = random.integers(0, 4, (3, size))
    gate = np.choose(mix[0], [ordinary(), ordinary(), spread(), far])
    value = np.choose(mix[1], [ordinary(), ordinary(), spread(), spread(info.maxexp // 2)])
    dy = np.choose(mix[2], [ordinary(), ordinary(), spread(), spread(info.maxexp // 2)])
    with np.errstate(all="ignore"):
        return tuple(a.astype(dtype) for a in (gate, value, dy))


def small_operands(dtype, size, small):
    """Ordinary gates; one of value and dy (1 or 2) small, the other of any ordinary magnitude."""
    info = np.finfo(dtype)
    random = np.random.default_rng(small)

    def spread(low, high):
        exponents = np.floor(random.uniform(low, high, size)).astype(int)
        return np.ldexp(1 + random.random(size), exponents) * random.choice([-1, 1], size)

    given = [random.standard_normal(size) * 10, None, None]
    given[small] = spread(info.minexp - info.nmant, info.minexp // 4)
    given[3 - small] = spread(info.minexp // 4, info.maxexp // 2)
    return tuple(a.astype(dtype) for a in given)


def special_operands(dtype):
    """Every pair of edge values as gate and value, with gradients of all kinds."""
    info = np.finfo(dtype)
    positive = [0, info.smallest_subnormal, info.tiny, 2.0**-13, 0.5, 1, 30, info.max, np.inf]
    edges = np.array([*positive, *(-x for x in positive), np.nan], np.float64).astype(dtype)
    gate, value = (a.ravel() for a in np.meshgrid(edges, edges))
    dy = np.resize(np.array([1, -2, 0, 1e-7, 3e4, np.inf, np.nan], dtype), gate.shape)
    return gate, value, dy


@lru_cache(maxsize=12)
def known(name, dtype, size):
    """Operands and what comes out of them."""
    given = [
        np.concatenate(pair)
        for pair in zip(operands(dtype, size), special_operands(dtype), strict=True)
    ]
    return given, references(name, *given)


def check_accuracy(operations, dtype, size):
    given, expected = known(operations.name, dtype, size)
    results = operations.run("forward_backward", *given)
    where = dict(zip(("gate", "value", "dy"), given, strict=True))
    labels = zip(
        ("y", "dgate", "dvalue"), results, expected, bounds(operations.variant), strict=True
    )
    for label, got, reference, bound in labels:
        assert got.dtype == dtype
        assert_within(got, reference, bound, f"{operations} {label}", **where)


def check_separate(operations, gate, value, dy):
    """Every result the same bits from every operation that gives it."""
    y, dgate, dvalue = operations.run("forward_backward", gate, value, dy)
    expected = {
        "forward": (y,),
        "backward": (dgate, dvalue),
        "gate_gradient": (dgate,),
    }
    for operation, right in expected.items():
        for got, wanted in zip(operations.run(operation, gate, value, dy), right, strict=True):
            assert_same_bits(got, wanted, f"{operations} {operation}")
    (other,) = operations.run("forward", gate, dy, None)
    assert_same_bits(other, dvalue, f"{operations} of dy in place of the value")


def check_order(operations, operation, given, order):
    """Results follow their elements: neighbours do not matter."""
    expected = operations.run(operation, *given)
    results = operations.run(operation, *(a[order] for a in given))
    for got, right in zip(results, expected, strict=True):
        assert_same_bits(got, right[order], f"{operations} {operation} in another order")
