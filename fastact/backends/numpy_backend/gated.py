"""Gated units: an activation of the gate times a value, and the gradients of both.

Computed in float64. Where an operand is so large or so small that a product of the others might
overflow or vanish, digits and exponents are multiplied apart.
"""

from dataclasses import dataclass
from functools import wraps

import numpy as np

from fastact.backends.numpy_backend.decay import sigmoid
from fastact.backends.numpy_backend.exact import two_product
from fastact.backends.numpy_backend.gates import (
    gelu,
    gelu_slope,
    gelu_tanh,
    gelu_tanh_exponent,
    gelu_tanh_slope,
    silu,
    silu_slope,
)
from fastact.backends.numpy_backend.normal import DENSITY_AT_ZERO
from fastact.backends.numpy_backend.operations import keep_nan, quiet

# Values and gradients between these, or 0, and gates up to `Unit.ordinary` cannot make a product
# that is no normal number.
LOWEST, HIGHEST = 2.0**-290, 2.0**500

# ln(2) in two parts; the first is short, so that its product with an exponent is exact. (fdlibm)
LN2 = (6.93147180369123816490e-01, 1.90821492927058770002e-10)


@dataclass(frozen=True)
class Unit:
    """What is to be known of the activation of the gate.

    `tail(x)` gives value and slope as digits and exponents for a finite gate beyond `end`.
    """

    value: object
    slope: object
    ordinary: float = HIGHEST
    end: float = np.inf
    tail: object = None
    halves: bool = False  # for a tiny gate the value is half of it


def exp_parts(x, lost=0.0):
    """Digits and exponent of exp(x + lost)."""
    exponent = np.rint(x / np.log(2))
    return np.exp(((x - exponent * LN2[0]) - exponent * LN2[1]) + lost), exponent.astype(np.int32)


def sigmoid_slope(x):
    e = np.exp(-np.abs(x))
    return e / np.square(1 + e)


def sigmoid_tail(x):
    digits, exponent = exp_parts(np.maximum(-np.abs(x), -2500))
    left = x < 0
    return (np.where(left, digits, 1), np.where(left, exponent, 0)), (digits, exponent)


def open_or(x, value, slope, exponent):
    """On the right the gate itself, with slope 1; on the left the digits given."""
    left = x < 0
    own, own_exponent = np.frexp(x)
    return (
        (np.where(left, value, own), np.where(left, exponent, own_exponent)),
        (np.where(left, slope, 1), np.where(left, exponent, 0)),
    )


def silu_tail(x):
    near = np.maximum(-np.abs(x), -2500)
    digits, exponent = exp_parts(near)
    return open_or(x, digits * near, digits * (1 + near), exponent)


def gelu_tail(x):
    """By the series of Mills' ratio (Abramowitz and Stegun 26.2.12)."""
    t = np.clip(np.abs(x), 36, 70)
    square, lost = two_product(t, t)
    digits, exponent = exp_parts(-square / 2, -lost / 2)
    ratio = np.polyval([-135135, 10395, -945, 105, -15, 3, -1, 1], 1 / square)  # t times Mills'
    digits = digits * -DENSITY_AT_ZERO[0]
    return open_or(x, digits * ratio, digits * (t - ratio / t), exponent)


def gelu_tanh_tail(x):
    x = np.where(x < 0, np.maximum(x, -33), x)
    near = np.minimum(x, 33)
    w, lost = gelu_tanh_exponent(near)
    digits, exponent = exp_parts(-np.abs(w), np.copysign(lost, -lost * w))
    bend = 2 * 0.07135481627260025 * near * near * near
    return open_or(x, digits * near, digits * (1 + (w + bend)), exponent)


def relu_slope(x):
    slope = np.greater(x, 0).astype(np.float64)
    keep_nan(x, slope)
    return slope


def one(x):
    return np.where(np.isnan(x), x, 1.0)


UNITS = {
    "glu": Unit(sigmoid, sigmoid_slope, 300, 600, sigmoid_tail),
    "reglu": Unit(lambda x: np.maximum(x, 0), relu_slope),
    "geglu": Unit(gelu, gelu_slope, 24, 36, gelu_tail, halves=True),
    "geglu_tanh": Unit(gelu_tanh, gelu_tanh_slope, 15, 20, gelu_tanh_tail, halves=True),
    "swiglu": Unit(silu, silu_slope, 300, 600, silu_tail, halves=True),
    "bilinear": Unit(np.positive, one),
}


def beyond(x, low, high):
    size = np.abs(x)
    return (size > high) | ((size < low) & (size > 0))


def careful(unit, part, gate, *factors):
    """The part of the activation times the factors, by digits and exponents."""
    with_tail = (np.abs(gate) > unit.end) & np.isfinite(gate)
    near = np.where(with_tail, 0, gate)
    digits, exponent = np.frexp(getattr(unit, part)(near))
    if unit.halves and part == "value":
        tiny = np.abs(near) < 2.0**-60
        own, own_exponent = np.frexp(near)
        digits, exponent = np.where(tiny, own, digits), np.where(tiny, own_exponent - 1, exponent)
    if with_tail.any():
        pair = unit.tail(np.where(with_tail, gate, -unit.end))
        tail_digits, tail_exponent = pair[part == "slope"]
        digits = np.where(with_tail, tail_digits, digits)
        exponent = np.where(with_tail, tail_exponent, exponent)
    for factor in factors:
        own, own_exponent = np.frexp(factor)
        digits, exponent = digits * own, exponent + own_exponent
    return np.ldexp(digits, exponent)


def operations(unit):
    """All operations of a unit; each fills its last arguments."""

    def fill(gate, *results):
        """Of each (part, factors, out)."""
        far_gate = beyond(gate, 2.0**-500, unit.ordinary)
        near = np.where(far_gate, 1, gate)
        known = {part: getattr(unit, part)(near) for part in {result[0] for result in results}}
        for part, factors, out in results:
            far, product = far_gate, known[part]
            for factor in factors:
                far = far | beyond(factor, LOWEST, HIGHEST)
                product = product * factor
            out[...] = product
            if far.any():
                out[far] = careful(unit, part, gate[far], *(factor[far] for factor in factors))

    def forward(gate, value, y):
        fill(gate, ("value", (value,), y))

    def backward(gate, value, dy, dgate, dvalue):
        fill(gate, ("slope", (value, dy), dgate), ("value", (dy,), dvalue))

    def forward_backward(gate, value, dy, y, dgate, dvalue):
        first, second = ("value", (value,), y), ("slope", (value, dy), dgate)
        fill(gate, first, second, ("value", (dy,), dvalue))

    def gate_gradient(gate, value, dy, dgate):
        fill(gate, ("slope", (value, dy), dgate))

    formulas = (forward, backward, forward_backward, gate_gradient)
    return {formula.__name__: quiet(in_double(formula)) for formula in formulas}


def in_double(formula):
    """The formula with its inputs as float64; what it fills rounds once."""
    inputs = 2 if formula.__name__ == "forward" else 3

    @wraps(formula)
    def widened(*arrays):
        given = (array.astype(np.float64, copy=False) for array in arrays[:inputs])
        formula(*given, *arrays[inputs:])

    return widened


FORMULAS = {name: operations(unit) for name, unit in UNITS.items()}
