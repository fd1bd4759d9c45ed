"""Derive the piecewise polynomials that AVX-512 registers hold, and print them as their header.

    python tools/derive_pieces.py > fastact/backends/cython_backend/pieces.hpp

A grid has 32 pieces, the k-th for t within half a width of k widths, and polynomials in d = t less
the piece's center. That is moved a little, to where the value is a float but for 1/1000 of its last
place, so that the polynomial's constant is exact (Gal, Bachelis 1991, doi:10.1145/103147.103151).
The rounding of what is added to the constant counts most where the value is smallest: where it
falls like exp(-rate t), the center lies where both ends of the piece are as far from its value.
The error printed is the largest of all, of the coefficients as rounded, in units of 2**-24.
"""

from functools import cache

import mpmath as mp
import numpy as np
from minimax import rounded_minimax

PIECES, DEGREE = 32, 7
MARGIN = mp.mpf("1.001")  # of a piece: t is assigned to it by a rounded product


@cache
def normal_below(t):
    """Phi(-t)."""
    return mp.erfc(t / mp.sqrt(2)) / 2


@cache
def gelu_slope(t):
    """Phi(-t) - t phi(t), the slope of gelu at -t."""
    return normal_below(t) - t * mp.exp(-(t**2) / 2) / mp.sqrt(2 * mp.pi)


@cache
def tanh_ratio(t):
    """tanh(t)/t."""
    return mp.tanh(t) / t if abs(t) > mp.mpf("1e-10") else 1 - t**2 / 3


@cache
def tanh_slope(t):
    """1 - tanh(t)**2."""
    return 1 / mp.cosh(t) ** 2


@cache
def far_value(v):
    """t Phi(-t) exp(t**2/2), v = 1/t**2."""
    t = 1 / mp.sqrt(v)
    return t * normal_below(t) * mp.exp(t**2 / 2)


@cache
def far_slope(v):
    """-gelu'(-t) exp(t**2/2)/t, v = 1/t**2."""
    t = 1 / mp.sqrt(v)
    return -gelu_slope(t) * mp.exp(t**2 / 2) / t


def relative(function):
    return lambda t: 1 / abs(function(t))


def bent_relative(t):
    """Near the slope's zero an error counts in units of the last place of 1/16."""
    return 1 / max(abs(gelu_slope(t)), mp.mpf(1) / 16 if t < 2 else 0)


def normal_rate(t):
    """-d log Phi(-t)/dt."""
    return mp.exp(-(t**2) / 2) / mp.sqrt(2 * mp.pi) / normal_below(t)


def no_rate(t):
    """t tanh(t)/t is nearly 1."""
    return mp.mpf(0)


# name, width, last piece in use, rate, value, slope; each function with the weight of an error. The
# last piece of TANH would give more than 1.
GRIDS = [
    (
        "NORMAL",
        13 / 64,
        31,
        normal_rate,
        (normal_below, relative(normal_below)),
        (gelu_slope, bent_relative),
    ),
    (
        "TANH",
        1 / 2,
        30,
        no_rate,
        (tanh_ratio, relative(tanh_ratio)),
        (tanh_slope, relative(tanh_slope)),
    ),
]

# name, function and degree of the polynomials behind the last piece of NORMAL
FAR = [("FAR_VALUE", far_value, 4), ("FAR_SLOPE", far_slope, 3)]
FAR_RANGE = (1 / mp.mpf("14.91") ** 2, 1 / mp.mpf("6.38") ** 2)


def center_of(k, width, function, rate):
    """A float next to the middle of the values where the function is next to a float."""
    if k == 0:
        return np.float32(0)
    at = mp.mpf(k * width)
    fall = rate(at)
    shift = mp.log(mp.cosh(fall * width / 2)) / fall if fall else mp.mpf(0)
    start = np.float32(float(at + shift))
    nearby = start + np.arange(-400, 401) * np.spacing(start)
    return min(nearby.astype(np.float32), key=lambda c: unrounded(function(mp.mpf(float(c)))))


def unrounded(number):
    """What a float leaves out, in units of its last place."""
    near = np.float32(float(number))
    return abs(number - mp.mpf(float(near))) / mp.mpf(float(np.spacing(near)))


def table(function, weight, centers, width, exact):
    """The coefficients, of a power of d in each row, and the largest error."""
    rows, worst = np.empty((DEGREE + 1, PIECES), np.float32), mp.mpf(0)
    for k, float_center in enumerate(centers):
        center = mp.mpf(float(float_center))
        shift = center - k * mp.mpf(width)
        half = mp.mpf(width) / 2 * MARGIN
        first = mp.mpf(float(np.float32(float(function(center))))) if exact else None
        found, error = rounded_minimax(
            lambda d, c=center: function(c + d),
            lambda d, c=center: weight(c + d),
            DEGREE,
            (-half - shift if k else 0, half - shift),
            np.float32,
            first,
        )
        worst = max(worst, error)
        rows[:, k] = [float(found[p]) for p in range(DEGREE + 1)]
    return rows, worst


def print_rows(name, rows, comment):
    print(f"  // {comment}")
    print(f"  static constexpr float {name}[{len(rows)}][{PIECES}] = {{")
    for row in rows:
        print("      {")
        for start in range(0, PIECES, 4):
            print("       " + " ".join(f"{short_hex(c)}f," for c in row[start : start + 4]))
        print("      },")
    print("  };")


def print_far():
    for name, function, degree in FAR:
        found, error = rounded_minimax(function, relative(function), degree, FAR_RANGE, np.float32)
        numbers = ", ".join(f"{short_hex(c)}f" for _, c in sorted(found.items()))
        print(f"  // {function.__doc__.strip().rstrip('.')}: {error_of(error)}.")
        print(f"  static constexpr float {name}[] = {{{numbers}}};")


def error_of(error):
    return f"error {mp.nstr(error * 2**24, 2)} of 2**-24"


def main():
    print("// Printed by tools/derive_pieces.py: do not edit.")
    print("#pragma once\n\nnamespace fastact {\nnamespace {\n")
    for name, width, last, rate, value, slope in GRIDS:
        print(f"struct {name} {{\n  static constexpr float WIDTH = {width.hex()}f;")
        print("  // as far as the pieces are used")
        print(f"  static constexpr double END = {last}.49 * WIDTH;")
        centers = [center_of(k, width, value[0], rate) for k in range(PIECES)]
        print_rows("CENTER", [centers], "where d is 0")
        for rows_name, (function, weight), exact in (
            ("VALUE", value, True),
            ("SLOPE", slope, False),
        ):
            rows, worst = table(function, weight, centers, width, exact)
            what = function.__doc__.strip().rstrip(".")
            print_rows(rows_name, rows, f"{what}, a row per power of d: {error_of(worst)}.")
        if name == "NORMAL":
            print_far()
        print("};\n")
    print("}  // namespace\n}  // namespace fastact")


def short_hex(number):
    """A float32's hexadecimal digits without the zeros that a double's have behind them."""
    digits, exponent = float(number).hex().split("p")
    return f"{digits.rstrip('0').rstrip('.')}p{exponent}"


if __name__ == "__main__":
    main()
