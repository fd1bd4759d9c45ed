"""Derive the polynomials of the cython backend and print them as its header, with their errors.

    python tools/derive_polynomials.py > fastact/backends/cython_backend/polynomials.hpp

The error printed is that of the coefficients as rounded to their type, over a fine grid of the
interval, relative to the function and in units of 2**-24 (float) or 2**-53 (double).
"""

from functools import cache

import mpmath as mp
import numpy as np
from minimax import rounded_minimax, solve_minimax


def exp_tail(r):
    """q of exp(r) = 1 + r + r**2 q(r)."""
    return mp.mpf(1) / 2 if r == 0 else (mp.expm1(r) - r) / r**2


def exp_bend(r):
    """(exp(r) - 1 - r)/r**2, relative to it."""
    return exp_tail(r) if r == 0 or r > mp.mpf("1e-10") else mp.mpf(1) / 2 + r / 6


def exp_weight(r):
    """An error of q counts relative to expm1(r), so that one q serves exp and expm1."""
    return abs(r**2 / mp.expm1(r)) if abs(r) > mp.mpf("0.02") else mp.mpf("0.02")


def tail_of_exp(r):
    """q of exp(r) = 1 + r + r**2 q(r), where the 1 counts."""
    return exp_tail(r)


def half_tail(r):
    """q of expm1(2 r)/2 = r + r**2 q(r), what tanh needs."""
    return mp.mpf(1) if r == 0 else (mp.expm1(2 * r) / 2 - r) / r**2


def half_weight(r):
    return abs(2 * r**2 / mp.expm1(2 * r)) if abs(r) > mp.mpf("0.01") else mp.mpf("0.01")


def series(z, function, term):
    """function(z), or its power series where that would cancel."""
    return function(z) if z > mp.mpf("1e-8") else sum(term(k) * z**k for k in range(5))


def atanh_tail(z):
    """q of atanh(s) = s + s**3 q(z), z = s**2, for the logarithms."""
    s = mp.sqrt(z)
    return series(z, lambda z: (mp.atanh(s) - s) / s**3, lambda k: mp.mpf(1) / (2 * k + 3))


def atanh_weight(z):
    return max(z, mp.mpf("0.005"))


def log1p_ratio(d):
    """log1p(e)/e, d = e - LOG1P_CENTER."""
    e = LOG1P_CENTER + d
    return mp.log1p(e) / e if e else mp.mpf(1)


def sin_tail(z):
    """q of sin(r) = r + r**3 q(z), z = r**2."""
    r = mp.sqrt(z)
    return series(
        z, lambda z: (mp.sin(r) - r) / r**3, lambda k: -((-1) ** k) / mp.factorial(2 * k + 3)
    )


def cos_tail(z):
    """q of cos(r) = 1 - z/2 + z**2 q(z), z = r**2."""
    return series(
        z,
        lambda z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2,
        lambda k: (-1) ** k / mp.factorial(2 * k + 4),
    )


def sine_weight(z):
    return max(z, mp.mpf("0.02"))


def tanh_shrink_ratio(z):
    """(x - tanh x)/x**3."""
    taylor = [mp.mpf(1) / 3, -mp.mpf(2) / 15, mp.mpf(17) / 315, -mp.mpf(62) / 2835]
    x = mp.sqrt(z)
    return (
        (x - mp.tanh(x)) / x**3
        if z > mp.mpf("1e-10")
        else sum(c * z**k for k, c in enumerate(taylor))
    )


def tanh_shrink_centered(d):
    """(x - tanh x)/x**3, d = x**2 - TANH_SHRINK_CENTER."""
    return tanh_shrink_ratio(max(mp.mpf(0), SHRINK_CENTER + d))


def mills(shift):
    """q of Phi(-t) = exp(-t**2/2) q(s)/(t + shift), s = (t - shift)/(t + shift)."""

    @cache
    def ratio(s):
        t = shift * (1 + s) / (1 - s)
        return (t + shift) * mp.exp(t**2 / 2) * mp.erfc(t / mp.sqrt(2)) / 2

    return ratio


def relative_to(function):
    return lambda x: 1 / abs(function(x))


FLOAT, DOUBLE = ("float", np.float32, 24), ("double", np.float64, 53)
EDGE = mp.log(2) / 2 * mp.mpf("1.001")
HALF = (-mp.log(2) / 2 * mp.mpf("0.001"), EDGE)
THIRD = (0, mp.mpf(1) / 9 * mp.mpf("1.001"))
EIGHTH = (0, (mp.pi / 4) ** 2 * mp.mpf("1.001"))
# Floats where tanh_shrink_ratio and log1p(e)/e are next to a float and a double: exact constants.
SHRINK_CENTER = mp.mpf(float.fromhex("0x1.997f8ep-1"))
LOG1P_CENTER = mp.mpf(float.fromhex("0x1.000e48p-1"))
UNIT = (-LOG1P_CENTER, 1 - LOG1P_CENTER)
SHRINK = (-SHRINK_CENTER, mp.mpf("1.76") - SHRINK_CENTER)
MILLS_SHIFT = 3


def mills_range(largest):
    return (mp.mpf(-1), (mp.mpf(largest) - MILLS_SHIFT) / (mp.mpf(largest) + MILLS_SHIFT))


# name, where it comes from, target, weight of an error, and per type the degree and the interval
POLYNOMIALS = [
    ("TAIL", exp_tail, exp_weight, {FLOAT: (5, (-EDGE, EDGE)), DOUBLE: (9, (-EDGE, EDGE))}),
    (
        "EXP_TAIL",
        tail_of_exp,
        lambda r: r**2 / mp.exp(r),
        {FLOAT: (4, (-EDGE, EDGE)), DOUBLE: (9, (-EDGE, EDGE))},
    ),
    (
        "BEND",
        exp_bend,
        relative_to(exp_tail),
        {FLOAT: (7, (0, mp.mpf("1.51"))), DOUBLE: (13, (0, mp.mpf("1.51")))},
    ),
    ("HALF_TAIL", half_tail, half_weight, {FLOAT: (5, HALF), DOUBLE: (10, HALF)}),
    ("ATANH", atanh_tail, atanh_weight, {FLOAT: (4, THIRD), DOUBLE: (11, THIRD)}),
    ("LOG1P", log1p_ratio, relative_to(log1p_ratio), {FLOAT: (9, UNIT), DOUBLE: (20, UNIT)}),
    ("SIN", sin_tail, sine_weight, {FLOAT: (3, EIGHTH), DOUBLE: (6, EIGHTH)}),
    ("COS", cos_tail, sine_weight, {FLOAT: (2, EIGHTH), DOUBLE: (6, EIGHTH)}),
    (
        "MILLS",
        mills(MILLS_SHIFT),
        relative_to(mills(MILLS_SHIFT)),
        {FLOAT: (10, mills_range(15)), DOUBLE: (24, mills_range(39))},
    ),
    (
        "TANH_SHRINK",
        tanh_shrink_centered,
        relative_to(tanh_shrink_centered),
        {FLOAT: (9, SHRINK), DOUBLE: (19, SHRINK)},
    ),
]


IN_TWO_PARTS = {"MILLS"}
CENTERS = {"TANH_SHRINK": SHRINK_CENTER, "LOG1P": LOG1P_CENTER}


def print_constants(kind, dtype, bits):
    vector = {"float": "VFloat", "double": "VDouble"}[kind]
    print(f"template <>\nstruct Polynomials<{vector}> {{")
    for name, target, weight, cases in POLYNOMIALS:
        if (kind, dtype, bits) not in cases:
            continue
        degree, interval = cases[kind, dtype, bits]
        split = name in IN_TWO_PARTS
        first = solve_minimax(target, weight, list(range(degree + 1)), interval)[0][0]
        found, error = rounded_minimax(
            target, weight, degree, interval, dtype, first if split else None
        )
        first = target.__doc__.strip() if target.__doc__ else mills.__doc__.strip()
        print(f"  // {first.rstrip('.')}")
        low, high = (mp.nstr(mp.mpf(end), 4) for end in interval)
        print(f"  // on [{low}, {high}]: error {mp.nstr(error * 2**bits, 2)} of 2**-{bits}.")
        print(f"  static constexpr {kind} {name}[] = {{")
        suffix = "f" if kind == "float" else ""
        numbers = [f"{float(dtype(float(c))).hex()}{suffix}," for _, c in sorted(found.items())]
        for i in range(0, len(numbers), 3):
            print("      " + " ".join(numbers[i : i + 3]))
        print("  };")
        if name in CENTERS:
            center = float(CENTERS[name]).hex()
            print(f"  static constexpr {kind} {name}_CENTER = {center}{suffix};")
        if split:
            rest = float(found[0] - mp.mpf(float(dtype(float(found[0])))))
            print("  // what its first coefficient leaves out")
            print(f"  static constexpr {kind} {name}_REST = {float(dtype(rest)).hex()}{suffix};")
    print("};\n")


def main():
    print("// Printed by tools/derive_polynomials.py: do not edit.")
    print('#pragma once\n\n#include "simd.hpp"\n\nnamespace fastact {\nnamespace {\n')
    print("template <class V>\nstruct Polynomials;\n")
    for kind in (FLOAT, DOUBLE):
        print_constants(*kind)
    print("}  // namespace\n}  // namespace fastact")


if __name__ == "__main__":
    main()
