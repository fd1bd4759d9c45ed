"""Derive the coefficients of fastact/backends/numba_backend/vecmath with mpmath.

Run ``python tools/derive_numba_polynomials.py [name ...]``; it prints each coefficient, rounded to
the type that uses it, and a bound of the error of the rounded approximation on its interval.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import mpmath as mp
import numpy as np
from numba_minimax import (
    SAMPLES,
    chebyshev_points,
    evaluate,
    horner,
    improve,
    polynomial,
    rational,
    rounded,
    scaled_well,
)

DTYPES = {"float32": np.float32, "float64": np.float64}
# An error function is a polynomial of at most this degree up to 2^-100: what it approximates has
# its singularities far from the interval. So it exceeds its largest sample by 4 percent at most
# (Ehlich and Zeller 1964, doi:10.1007/BF01111276).
DEGREE_OF_AN_ERROR = 160
BEYOND_THE_SAMPLES = 1 / mp.cos(mp.pi * DEGREE_OF_AN_ERROR / (2 * SAMPLES))


@dataclass(frozen=True)
class Target:
    """A function on an interval, and what an error of it counts."""

    text: str
    function: Callable
    weight: Callable  # what the error is multiplied with, at x
    low: dict
    high: dict
    degree: dict  # per type; a pair is (over, under) of a rational function
    lift: object = 0  # added to the weight while fitting, where it would vanish


def series(term, x):
    """The sum of term(k) * x^k."""
    return mp.fsum(term(k) * x**k for k in range(60))


def both(value):
    return {"float32": value, "float64": value}


def by_series(function, term):
    """The function away from 0, where it cancels; its series near 0."""
    return lambda x: series(term, x) if abs(x) < 0.05 else function(x)


HALF_LN2 = mp.log(2) / 2 * mp.mpf("1.0001")  # the rounding of x / ln(2) may pass the middle


def exp_remainder(r):
    return series(lambda k: 1 / mp.factorial(k + 2), r)


log1p_remainder = by_series(
    lambda f: (mp.log1p(f) - f + f * f / 2) / f**3, lambda k: mp.mpf((-1) ** k) / (k + 3)
)


ROOT = mp.sqrt(2 * mp.pi)


@cache
def normal_tail(t):
    """Q(t) exp(t^2 / 2), Q the upper tail of the normal distribution."""
    return mp.erfc(t / mp.sqrt(2)) * mp.exp(t * t / 2) / 2


@cache
def tail_remainder(t):
    """normal_tail(t) = 1 / (sqrt(2 pi) t + this)."""
    return 1 / normal_tail(t) - ROOT * t


@cache
def tanh_coefficient(k):
    """Of x^(2k+1) in tanh(x)."""
    n = 2 * k + 2
    return mp.mpf(4) ** (k + 1) * (mp.mpf(4) ** (k + 1) - 1) * mp.bernoulli(n) / mp.factorial(n)


def cubic_part(function, coefficient):
    """(function(x) - x) / x^3 of y = x^2, less its constant term, over y."""
    third = coefficient(1)

    def of_square(y):
        x = mp.sqrt(y)
        return ((function(x) - x) / x**3 - third) / y

    return by_series(of_square, lambda k: coefficient(k + 2))


tanh_part = cubic_part(mp.tanh, tanh_coefficient)
sine_part = cubic_part(mp.sin, lambda k: mp.mpf((-1) ** k) / mp.factorial(2 * k + 1))


def sine_square(y):
    """sin(x)^2 / x^2 of y = x^2."""
    return mp.sinc(mp.sqrt(y)) ** 2


def exp_defect(z):
    """(z exp(z) - expm1(z)) / z^2, less 1/2, over z."""
    return series(lambda k: mp.mpf(k + 2) / mp.factorial(k + 3), z)


OCTANT = (mp.pi / 4) ** 2 * mp.mpf("1.0001")

TARGETS = {
    "exp_remainder": Target(
        "(exp(r) - 1 - r) / r^2; the error is that of exp(r)",
        exp_remainder,
        lambda r: r**2 / mp.exp(r),
        both(-HALF_LN2),
        both(HALF_LN2),
        {"float32": 4, "float64": 9},
        lift=(HALF_LN2 / 3) ** 2,
    ),
    "log1p_remainder": Target(
        "(log(1 + f) - f + f^2/2) / f^3; the error is that of log(1 + f)",
        log1p_remainder,
        lambda f: abs(f**3 / mp.log1p(f)) if f else mp.mpf(0),
        both(mp.sqrt(mp.mpf(1) / 2) * mp.mpf("0.9999") - 1),
        both(mp.sqrt(2) * mp.mpf("1.0001") - 1),
        {"float32": 7, "float64": 18},
        lift=mp.mpf("0.01"),
    ),
    "tail_remainder": Target(
        "1 / H - sqrt(2 pi) t, H = Q(t) exp(t^2/2) with the upper tail Q of the normal\n"
        "distribution; the error is that of H",
        tail_remainder,
        normal_tail,
        both(0),
        {"float32": 14.5, "float64": 39},
        {"float32": (4, 5), "float64": (9, 10)},
    ),
    "tanh_part": Target(
        "((tanh(x) - x) / x^3 + 1/3) / x^2 of x^2; the error is that of x - tanh(x)",
        tanh_part,
        lambda y: y / (mp.mpf(1) / 3 - y * tanh_part(y)),
        both(0),
        both(1),
        {"float32": 6, "float64": 14},
        lift=mp.mpf("0.05"),
    ),
    "sine_part": Target(
        "((sin(x) - x) / x^3 + 1/6) / x^2 of x^2; the error is that of sin(x)",
        sine_part,
        lambda y: y**2 / mp.sinc(mp.sqrt(y)),
        both(0),
        both(OCTANT),
        {"float64": 5},
        lift=mp.mpf("0.05"),
    ),
    "sine_square": Target(
        "sin(x)^2 / x^2 of x^2, for float32 in float64; relative error",
        sine_square,
        lambda y: 1 / sine_square(y),
        both(0),
        both(OCTANT),
        {"float64": 4},
    ),
    "exp_defect": Target(
        "((z exp(z) - expm1(z)) / z^2 - 1/2) / z of z; the error is that of z exp(z) - expm1(z)",
        exp_defect,
        lambda z: abs(z) / (mp.mpf(1) / 2 + z * exp_defect(z)),
        both(-1.5),
        both(1),
        {"float32": 8, "float64": 14},
        lift=mp.mpf("0.05"),
    ),
}

CONSTANTS = {
    "1 / ln(2)": 1 / mp.log(2),
    "ln(2)": mp.log(2),
    "1 / 6": mp.mpf(1) / 6,
    "1 / 3": mp.mpf(1) / 3,
    "sqrt(2 pi)": ROOT,
    "1 / sqrt(2 pi)": 1 / mp.sqrt(2 * mp.pi),
    "2 sqrt(2 / pi)": 2 * mp.sqrt(2 / mp.pi),
    "2 sqrt(2 / pi) * 0.044715": 2 * mp.sqrt(2 / mp.pi) * mp.mpf("0.044715"),
    "1.702": mp.mpf("1.702"),
    "scale of selu": mp.mpf("1.0507009873554804934193349852946"),
    "scale * alpha of selu": mp.mpf("1.0507009873554804934193349852946")
    * mp.mpf("1.6732632423543772848170429916717"),
    "pi": mp.pi,
    "2 / pi": 2 / mp.pi,
}


def derive(target, dtype_name):
    """(coefficients, those of a denominator if there is one, bound of the error)."""
    dtype = DTYPES[dtype_name]
    low, high, degree = target.low[dtype_name], target.high[dtype_name], target.degree[dtype_name]
    function, weight = target.function, target.weight
    is_rational = isinstance(degree, tuple)
    if is_rational:
        exact = rational(function, high, degree, lambda x: weight(x) * function(x))
        over, under = (rounded(c, dtype) for c in scaled_well(*exact, dtype))
        fitted, size = over + under, len(over)
    else:
        fitted = rounded(
            polynomial(function, low, high, degree, lambda x: weight(x) + target.lift), dtype
        )
        size = len(fitted)

    points = chebyshev_points(low, high, 400)
    x, values, weights = (
        np.array([np.longdouble(mp.nstr(number, 30)) for number in numbers])
        for numbers in (points, map(function, points), map(weight, points))
    )

    def worst_of(c):
        """Fast and rough."""
        found = horner(c[:size], x) / (horner(c[size:], x) if is_rational else 1)
        return np.max(np.abs((found - values) * weights))

    fitted = improve(fitted, dtype, worst_of)
    parts = (fitted[:size], fitted[size:]) if is_rational else (fitted,)
    return (*parts, largest_error(target, dtype_name, *parts))


def largest_error(target, dtype_name, over, under=None, samples=SAMPLES):
    """Of the polynomial, or the quotient of two, on the whole interval."""

    def error(x):
        found = evaluate(over, x) / (1 if under is None else evaluate(under, x))
        return abs(found - target.function(x)) * target.weight(x)

    points = chebyshev_points(target.low[dtype_name], target.high[dtype_name], samples + 1)
    return max(map(error, points)) * BEYOND_THE_SAMPLES


def split(value, dtype, bits=None):
    """High part, of `bits` significant bits if given, and the rest rounded to dtype."""
    if bits is None:
        high = mp.mpf(float(dtype(mp.nstr(value, 30))))
    else:
        unit = mp.mpf(2) ** (mp.floor(mp.log(value, 2)) - bits + 1)
        high = mp.nint(value / unit) * unit
    return float(high), float(dtype(mp.nstr(value - high, 30)))


def main(names):
    for name in names or TARGETS:
        target = TARGETS[name]
        print(f"{name}: {target.text}")
        for dtype_name in target.degree:
            *parts, bound = derive(target, dtype_name)
            print(f"  {dtype_name}, error below 2**{mp.nstr(mp.log(bound, 2), 5)}")
            for coefficients in parts:
                print(*(f"    {c!r}," for c in coefficients), sep="\n")
    for text, value in CONSTANTS.items():
        print(text)
        for dtype_name, dtype in DTYPES.items():
            print(f"  {dtype_name}: {split(value, dtype)}")
    print("ln(2) in a short part, whose multiples are exact, and the rest")
    for (dtype_name, dtype), bits in zip(DTYPES.items(), (14, 40), strict=True):
        print(f"  {dtype_name}: {split(mp.log(2), dtype, bits)}")


if __name__ == "__main__":
    main(sys.argv[1:])
