"""Derive the piecewise polynomials that lookups in registers serve, and print them as a header.

    cd fastact/backends/cython_backend/pieces
    python ../../../../tools/derive_pieces.py normal > normal.hpp   # or any other of GRIDS

A grid for AVX-512 has 32 pieces, the k-th where t (RATE + BEND t) is nearest to k: with a BEND they
are the narrower the faster the function falls. One for AVX2 has 8, the halves of the binades of
1 + t. The polynomials are of d = t less the piece's center. That is
moved a little, to where the value is a float but for 1/1000 of its last place, so that the
polynomial's constant is exact (Gal, Bachelis 1991, doi:10.1145/103147.103151).
The rounding of what is added to the constant counts most where the value is smallest: where it
falls like exp(-rate t), the center lies where both ends of the piece are as far from its value.
The error printed is the largest of all, of the coefficients as rounded, in units of 2**-24.
"""

import sys
from itertools import pairwise

import mpmath as mp
import numpy as np
from minimax import rounded_minimax
from piece_functions import (
    bent_relative,
    far_slope,
    far_value,
    gate_below,
    gate_rate,
    gelu_slope,
    gelu_tanh_slope,
    mish_gate,
    mish_rate,
    mish_slope,
    normal_below,
    normal_rate,
    relative,
    rise_weight,
    slope_over_exp,
    slope_weight,
    tanh_rest,
    tanh_rise,
    value_over_exp,
    value_weight,
)
from piece_grids import (
    PIECES,
    USED,
    at_sum,
    center_of,
    falling_center,
    pieces_of,
    place_of,
    table,
)

HALVES = 8
FIRST_HALF = 6  # the last 3 bits of the exponent of 1 and the digit behind it

# name, function and degree of the polynomials behind the last piece of NORMAL
FAR = [("FAR_VALUE", far_value, 4), ("FAR_SLOPE", far_slope, 3)]
FAR_RANGE = (1 / mp.mpf("14.91") ** 2, 1 / mp.mpf("6.38") ** 2)


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


def print_grid(name, rate, bend, centers, first=0):
    """The grid; of one that does not begin at 0 both ends, and centers as a lookup takes them."""
    rate32, bend32 = short_hex(np.float32(rate)), short_hex(np.float32(bend))
    print(f"struct {name} {{")
    print(f"  static constexpr float RATE = {rate32}f, BEND = {bend32}f;")
    print("  // as far as the pieces are used")
    last = place_of(first + PIECES - 1 + USED, rate, bend)
    if first:
        end = -place_of(first - USED, rate, bend)
        print(f"  static constexpr double END = {mp.nstr(end, 6)}, TOP = {mp.nstr(last, 6)};")
    else:
        print(f"  static constexpr double END = {mp.nstr(last, 6)};")
    print_rows("CENTER", np.roll([np.array(centers)], first, 1), "where d is 0")


def print_falling(name, functions, fall_at, rate, bend, first=0, reach=400):
    """A gate and the slope of what it gates."""
    gate, slope = functions
    pieces = pieces_of(rate, bend, first)
    centers = [falling_center(*piece, gate, fall_at, reach) for piece in pieces]
    print_grid(name, rate, bend, centers, first)

    def rounded(center):
        return mp.mpf(float(np.float32(float(gate(center)))))

    for row, function, weight, constant in (
        ("VALUE", gate, relative(gate), rounded),
        ("SLOPE", slope, bent_relative(slope), lambda center: None),
    ):
        rows, worst = table(at_sum(function), at_sum(weight), centers, pieces, 6, constant)
        what = function.__doc__.strip().rstrip(".")
        comment = f"{what}, a row per power of d: {error_of(worst)}."
        print_rows(row, np.roll(rows, first, 1), comment)


def print_normal():
    print_falling("NORMAL", (normal_below, gelu_slope), normal_rate, 15 / 8, 15 / 32)
    print_far()
    print("};\n")


def print_gelu_tanh():
    print_falling("GELU_TANH", (gate_below, gelu_tanh_slope), gate_rate, 15 / 8, 9 / 16)
    print("};\n")


def print_mish():
    print_falling("MISH", (mish_gate, mish_slope), mish_rate, 2, -3 / 64, first=-15, reach=5000)
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


GRIDS = {
    "normal": print_normal,
    "gelu": print_gelu,
    "gelu_tanh": print_gelu_tanh,
    "mish": print_mish,
    "tanh": print_tanh,
}


def main():
    print("// Printed by tools/derive_pieces.py: do not edit.")
    print("#pragma once\n\nnamespace fastact {\nnamespace {\n")
    GRIDS[sys.argv[1]]()
    print("}  // namespace\n}  // namespace fastact")


def short_hex(number):
    """A float32's hexadecimal digits without the zeros that a double's have behind them."""
    digits, exponent = float(number).hex().split("p")
    return f"{digits.rstrip('0').rstrip('.')}p{exponent}"


if __name__ == "__main__":
    main()
