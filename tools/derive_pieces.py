"""Derive the piecewise polynomials that lookups in registers serve, and print them as a header.

    python tools/derive_pieces.py > fastact/backends/cython_backend/pieces.hpp

A grid for AVX-512 has 32 pieces, the k-th where t (RATE + BEND t) is nearest to k: with a BEND they
are the narrower the faster the function falls. One for AVX2 has 8, the halves of the binades of
1 + t. The polynomials are of d = t less the piece's center. That is
moved a little, to where the value is a float but for 1/1000 of its last place, so that the
polynomial's constant is exact (Gal, Bachelis 1991, doi:10.1145/103147.103151).
The rounding of what is added to the constant counts most where the value is smallest: where it
falls like exp(-rate t), the center lies where both ends of the piece are as far from its value.
The error printed is the largest of all, of the coefficients as rounded, in units of 2**-24.
"""

from functools import cache
from itertools import pairwise

import mpmath as mp
import numpy as np
from minimax import rounded_minimax

PIECES = 32
HALVES = 8
FIRST_HALF = 6  # the last 3 bits of the exponent of 1 and the digit behind it
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
def value_over_exp(t):
    """t Phi(-t) exp(t**2/2)."""
    return t * normal_below(t) * mp.exp(t**2 / 2)


@cache
def slope_over_exp(t):
    """gelu'(-t) exp(t**2/2)."""
    return gelu_slope(t) * mp.exp(t**2 / 2)


@cache
def tanh_rest(t):
    """1 - tanh(t)."""
    return 2 / (mp.exp(2 * t) + 1)


def tanh_rise(center, d):
    """(tanh(center + d) - tanh(center))/d."""
    return (mp.tanh(center + d) - mp.tanh(center)) / d if d else 1 - mp.tanh(center) ** 2


def rise_weight(center, d):
    """What an error of the rise counts in the smaller of tanh and 1 - tanh, which it is part of."""
    t = center + d
    return abs(d) / min(mp.tanh(t), tanh_rest(t)) if d else mp.mpf(0 if center else 1)


@cache
def far_value(v):
    """t Phi(-t) exp(t**2/2), v = 1/t**2."""
    return value_over_exp(1 / mp.sqrt(v))


@cache
def far_slope(v):
    """-gelu'(-t) exp(t**2/2)/t, v = 1/t**2."""
    t = 1 / mp.sqrt(v)
    return -slope_over_exp(t) / t


def relative(function):
    return lambda t: 1 / abs(function(t))


def bent_relative(t):
    """Near the slope's zero an error counts in units of the last place of 1/16."""
    return 1 / max(abs(gelu_slope(t)), mp.mpf(1) / 16 if t < 2 else 0)


def value_weight(t):
    """An error next to 0, where the value is t/2, is one of that half."""
    return 1 / max(value_over_exp(t), mp.mpf(2) ** -12)


def slope_weight(t):
    return bent_relative(t) * mp.exp(-(t**2) / 2)


def normal_rate(t):
    """-d log Phi(-t)/dt."""
    return mp.exp(-(t**2) / 2) / mp.sqrt(2 * mp.pi) / normal_below(t)


# name, function and degree of the polynomials behind the last piece of NORMAL
FAR = [("FAR_VALUE", far_value, 4), ("FAR_SLOPE", far_slope, 3)]
FAR_RANGE = (1 / mp.mpf("14.91") ** 2, 1 / mp.mpf("6.38") ** 2)


def center_of(place, functions, reach=400):
    """A float next to the place, but for 0, where the functions are next to floats."""
    if place == 0:
        return np.float32(0)
    start = np.float32(float(place))
    nearby = start + np.arange(-reach, reach + 1) * np.spacing(start)
    return min(
        nearby.astype(np.float32),
        key=lambda c: max(unrounded(function(mp.mpf(float(c)))) for function in functions),
    )


def falling_center(low, high, function, fall_at):
    """Where the function is next to a float and to the middle of its values."""
    middle, half = (low + high) / 2, (high - low) / 2
    fall = fall_at(middle)
    return center_of(low and middle + mp.log(mp.cosh(fall * half)) / fall, [function])


def unrounded(number):
    """What a float leaves out, in units of its last place."""
    near = np.float32(float(number))
    return abs(number - mp.mpf(float(near))) / mp.mpf(float(np.spacing(near)))


def pieces_of(rate, bend):
    """From where to where each of them is."""

    def place(index):
        return 2 * index / (rate + mp.sqrt(rate**2 + 4 * bend * index))

    half = MARGIN / 2
    return [(place(k - half) if k else mp.mpf(0), place(k + half)) for k in range(PIECES)]


def table(function, weight, centers, pieces, degree, first):
    """The coefficients, of a power of d in each row, and the largest error.

    Function and weight are those of a center and d, `first` gives the constant of a center or None.
    """
    rows, worst = np.empty((degree + 1, len(centers)), np.float32), mp.mpf(0)
    for k, (float_center, (low, high)) in enumerate(zip(centers, pieces, strict=True)):
        center = mp.mpf(float(float_center))
        found, error = rounded_minimax(
            lambda d, c=center: function(c, d),
            lambda d, c=center: weight(c, d),
            degree,
            (low - center, high - center),
            np.float32,
            first(center),
        )
        worst = max(worst, error)
        rows[:, k] = [float(found[p]) for p in range(degree + 1)]
    return rows, worst


def at_sum(function):
    return lambda center, d: function(center + d)


def print_rows(name, rows, comment):
    print(f"  // {comment}")
    print(f"  static constexpr float {name}[{len(rows)}][{rows[0].size}] = {{")
    for row in rows:
        for start in range(0, row.size, 4):
            numbers = " ".join(f"{short_hex(c)}f," for c in row[start : start + 4])
            print(
                ("      {" if start == 0 else "       ")
                + numbers
                + ("}," if start + 4 == row.size else "")
            )
    print("  };")


def print_far():
    for name, function, degree in FAR:
        found, error = rounded_minimax(function, relative(function), degree, FAR_RANGE, np.float32)
        numbers = ", ".join(f"{short_hex(c)}f" for _, c in sorted(found.items()))
        print(f"  // {function.__doc__.strip().rstrip('.')}: {error_of(error)}.")
        print(f"  static constexpr float {name}[] = {{{numbers}}};")


def error_of(error):
    return f"error {mp.nstr(error * 2**24, 2)} of 2**-24"


def print_grid(name, rate, bend, centers):
    rate = np.float32(rate)
    end = 31.49 * 2 / (rate + (rate**2 + 4 * bend * 31.49) ** 0.5)
    print(f"struct {name} {{")
    print(f"  static constexpr float RATE = {short_hex(rate)}f, BEND = {short_hex(bend)}f;")
    print("  // as far as the pieces are used")
    print(f"  static constexpr double END = {end:.6g};")
    print_rows("CENTER", [np.array(centers)], "where d is 0")


def print_normal(rate=15 / 8, bend=15 / 32):
    pieces = pieces_of(rate, bend)
    centers = [falling_center(*piece, normal_below, normal_rate) for piece in pieces]
    print_grid("NORMAL", rate, bend, centers)

    def rounded(center):
        return mp.mpf(float(np.float32(float(normal_below(center)))))

    for name, function, weight, first in (
        ("VALUE", normal_below, relative(normal_below), rounded),
        ("SLOPE", gelu_slope, bent_relative, lambda center: None),
    ):
        rows, worst = table(at_sum(function), at_sum(weight), centers, pieces, 6, first)
        what = function.__doc__.strip().rstrip(".")
        print_rows(name, rows, f"{what}, a row per power of d: {error_of(worst)}.")
    print_far()
    print("};\n")


def print_gelu(end=12.9):
    """The slope's zero is a center: next to it all that is added up is small."""
    zero = mp.findroot(gelu_slope, 0.75)
    ends = [mp.mpf(2) ** (k // 2) * (1 + mp.mpf(k % 2) / 2) - 1 for k in range(HALVES)] + [end]
    pieces = [(low - low * 2**-20, high + high * 2**-20) for low, high in pairwise(ends)]
    both = value_over_exp, slope_over_exp
    places = [(0, both), (zero, both[:1]), *((sum(ends) / 2, both) for ends in pieces[2:])]
    centers = [center_of(*place, reach=5000) for place in places]
    print("struct GELU {\n  // as far as the pieces are used")
    print(f"  static constexpr double END = {end};")
    print_rows("CENTER", np.roll([centers], FIRST_HALF, 1), "where d is 0")
    for name, function, weight in zip(
        ("VALUE", "SLOPE"), both, (value_weight, slope_weight), strict=True
    ):

        def first(center, function=function):
            return mp.mpf(float(np.float32(float(function(center)))))

        rows, worst = table(at_sum(function), at_sum(weight), centers, pieces, 7, first)
        rows = np.roll(rows, FIRST_HALF, 1)
        what = function.__doc__.strip().rstrip(".")
        print_rows(name, rows, f"{what}, a row per power of d: {error_of(worst)}.")
    print("};\n")


def print_tanh(width=25 / 64):
    # 1 less the rest, rounded, must be tanh.
    ends = mp.tanh, tanh_rest
    centers = [center_of(k * width, ends, reach=5000) for k in range(PIECES)]
    print_grid("TANH", 1 / width, 0, centers)
    rest = np.array([float(tanh_rest(mp.mpf(float(c)))) for c in centers], np.float32)
    print_rows("REST", [rest], "1 - tanh(t) where d is 0")

    def first(center):  # tanh(t) is t for a small one
        return None if center else mp.mpf(1)

    rows, worst = table(tanh_rise, rise_weight, centers, pieces_of(1 / width, 0), 5, first)
    what = f"what tanh(t) has risen from there, over d, a row per power of d: {error_of(worst)}."
    print_rows("RISE", rows, what)
    print("};\n")


def main():
    print("// Printed by tools/derive_pieces.py: do not edit.")
    print("#pragma once\n\nnamespace fastact {\nnamespace {\n")
    print_normal()
    print_gelu()
    print_tanh()
    print("}  // namespace\n}  // namespace fastact")


def short_hex(number):
    """A float32's hexadecimal digits without the zeros that a double's have behind them."""
    digits, exponent = float(number).hex().split("p")
    return f"{digits.rstrip('0').rstrip('.')}p{exponent}"


if __name__ == "__main__":
    main()
