"""Derive the coefficients of fastact/backends/numba_backend/vecmath with mpmath.

Run ``python tools/derive_numba_polynomials.py [name ...]``; it prints each coefficient, rounded to
the type that uses it, and a bound of the error of the rounded approximation on its interval.
"""

import sys
from functools import cache

import mpmath as mp
from numba_minimax import DTYPES, Target, derive


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

log1p_ratio = by_series(lambda e: mp.log1p(e) / e, lambda k: mp.mpf((-1) ** k) / (k + 1))


HALF = mp.mpf(1) / 2
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
        lambda f: f**3 / mp.log1p(f) if f else mp.mpf(0),
        both(mp.sqrt(mp.mpf(1) / 2) * mp.mpf("0.9999") - 1),
        both(mp.sqrt(2) * mp.mpf("1.0001") - 1),
        {"float32": 7, "float64": 18},
        lift=mp.mpf("0.01"),
    ),
    "log1p_ratio": Target(
        "log(1 + e) / e of e - 1/2; relative error",
        lambda d: log1p_ratio(d + HALF),
        lambda d: 1 / log1p_ratio(d + HALF),
        both(-HALF),
        both(HALF),
        {"float32": 9, "float64": 20},
    ),
    "tail_remainder": Target(
        "1 / H - sqrt(2 pi) t, H = Q(t) exp(t^2/2) with the upper tail Q of the normal\n"
        "distribution; the error is that of H",
        tail_remainder,
        normal_tail,
        both(0),
        {"float32": 14.5, "float64": 39},
        {"float32": (4, 5), "float64": (9, 10)},
        first={"float32": mp.mpf("1.5"), "float64": 2},
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
        lambda z: z / (mp.mpf(1) / 2 + z * exp_defect(z)),
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
