"""Derive the polynomials of fastact/backends/cython_backend/vecmath.hpp and print their error.

    python tools/derive_polynomials.py

A weighted Remez exchange in 40-digit arithmetic finds the minimax polynomial. The error printed is
that of the coefficients as rounded to their type, over a fine grid of the interval, relative to the
function and in units of 2**-24 (float) or 2**-53 (double).
"""

import mpmath as mp
import numpy as np

mp.mp.dps = 40


def solve_minimax(target, weight, powers, interval):
    """Coefficients of `powers` minimising max |weight*(target - poly)|, and that error."""
    low, high = map(mp.mpf, interval)
    n = len(powers) + 1
    nodes = [
        (low + high) / 2 - (high - low) / 2 * mp.cos(mp.pi * (i + mp.mpf("0.49")) / n)
        for i in range(n)
    ]
    grid = [low + (high - low) * i / 600 for i in range(601)]
    for _ in range(30):
        matrix = mp.matrix(n, n)
        right = mp.matrix(n, 1)
        for i, x in enumerate(nodes):
            for j, p in enumerate(powers):
                matrix[i, j] = x**p
            matrix[i, n - 1] = (-1) ** i / weight(x)
            right[i] = target(x)
        solution = mp.lu_solve(matrix, right)
        found = {p: solution[j] for j, p in enumerate(powers)}
        errors = [weight(x) * (target(x) - evaluate(found, x)) for x in grid]
        extrema = alternating_extrema(grid, errors)
        if len(extrema) < n:
            raise ArithmeticError("the error does not alternate often enough: refine the grid")
        while len(extrema) > n:  # keep the largest run of alternating signs
            extrema.pop(0 if abs(extrema[0][1]) < abs(extrema[-1][1]) else -1)
        nodes = [x for x, _ in extrema]
        sizes = [abs(e) for _, e in extrema]
        if max(sizes) < min(sizes) * mp.mpf("1.001"):
            break
    return found, max(abs(e) for e in errors)


def alternating_extrema(grid, errors):
    extrema = []
    for x, e in zip(grid, errors, strict=True):
        if extrema and (extrema[-1][1] > 0) == (e > 0):
            if abs(e) > abs(extrema[-1][1]):
                extrema[-1] = (x, e)
        elif e != 0:
            extrema.append((x, e))
    return extrema


def evaluate(coefficients, x):
    return sum(c * x**p for p, c in coefficients.items())


def rounded_minimax(target, weight, degree, interval, dtype):
    """The minimax polynomial with its coefficients rounded, and the error that leaves."""
    found, _ = solve_minimax(target, weight, list(range(degree + 1)), interval)
    rounded = {p: mp.mpf(float(dtype(float(c)))) for p, c in found.items()}
    low, high = map(mp.mpf, interval)
    grid = [low + (high - low) * i / 2000 for i in range(2001)]
    return rounded, max(abs(weight(x) * (target(x) - evaluate(rounded, x))) for x in grid)


def exp_tail(r):
    """q of exp(r) = 1 + r + r**2 * q(r)."""
    return mp.mpf(1) / 2 if r == 0 else (mp.expm1(r) - r) / r**2


def exp_weight(r):
    """An error of q counts relative to expm1(r), so that one q serves exp and expm1."""
    return abs(r**2 / mp.expm1(r)) if abs(r) > mp.mpf("0.02") else mp.mpf("0.02")


def half_tail(r):
    """q of expm1(2 r)/2 = r + r**2 * q(r), what tanh needs."""
    return mp.mpf(1) if r == 0 else (mp.expm1(2 * r) / 2 - r) / r**2


def half_weight(r):
    return abs(2 * r**2 / mp.expm1(2 * r)) if abs(r) > mp.mpf("0.01") else mp.mpf("0.01")


def main():
    edge = mp.log(2) / 2 * mp.mpf("1.001")
    half = (-mp.log(2) / 2 * mp.mpf("0.001"), edge)
    cases = [
        ("TAIL float", exp_tail, exp_weight, 5, (-edge, edge), np.float32, 24),
        ("TAIL double", exp_tail, exp_weight, 9, (-edge, edge), np.float64, 53),
        ("HALF_TAIL float", half_tail, half_weight, 5, half, np.float32, 24),
        ("HALF_TAIL double", half_tail, half_weight, 10, half, np.float64, 53),
    ]
    for name, target, weight, degree, interval, dtype, bits in cases:
        found, error = rounded_minimax(target, weight, degree, interval, dtype)
        print(
            f"{name}: degree {degree} on {mp.nstr(interval[0], 4)} to "
            f"{mp.nstr(interval[1], 4)}, error {mp.nstr(error * 2**bits, 3)} of 2**-{bits}"
        )
        for p, c in found.items():
            print(f"    {float(c).hex()},  // r**{p}")
    print("ln 2 in two parts (the high one short, so that n times it is exact):")
    for name, bits, dtype in (("float", 15, np.float32), ("double", 41, np.float64)):
        high = mp.floor(mp.log(2) * mp.mpf(2) ** bits) / mp.mpf(2) ** bits
        low = mp.mpf(float(dtype(float(mp.log(2) - high))))
        print(f"    {name}: {float(high).hex()}, {float(low).hex()}")


if __name__ == "__main__":
    main()
