"""Derive the polynomials of fastact/backends/numba_backend/vecmath.py with mpmath.

Run ``python tools/derive_numba_polynomials.py``; it prints each coefficient, rounded to the type
that uses it, and the largest error of the rounded polynomial on its interval.
"""

import mpmath
import numpy as np

mpmath.mp.dps = 60

HALF_LN2 = mpmath.log(2) / 2
# The reduced argument may pass ln(2)/2 by the rounding of x / ln(2).
BOUND = HALF_LN2 * mpmath.mpf("1.0001")
SAMPLES = 4000
LIFT = 3


def exp_remainder(r):
    """(exp(r) - 1 - r) / r**2, by its series: no cancellation at 0."""
    return mpmath.fsum(r**k / mpmath.factorial(k + 2) for k in range(40))


def weight(r):
    """What an error at r counts: r**2 / exp(r) in exp(r), lifted near 0 for the sake of expm1."""
    return (r**2 + (BOUND / LIFT) ** 2) / mpmath.exp(r)


def remez(function, bound, degree):
    """Coefficients (constant term first) of the weighted minimax polynomial on [-bound, bound]."""
    count = degree + 2
    grid = [bound * (2 * mpmath.mpf(k) / SAMPLES - 1) for k in range(SAMPLES + 1)]
    values = [function(x) for x in grid]
    nodes = [-bound * mpmath.cos(mpmath.pi * k / (count - 1)) for k in range(count)]
    for _ in range(20):
        system = mpmath.matrix(count, count)
        right = mpmath.matrix(count, 1)
        for i, x in enumerate(nodes):
            for j in range(degree + 1):
                system[i, j] = x**j
            system[i, degree + 1] = (-1) ** i / weight(x)
            right[i] = function(x)
        solution = mpmath.lu_solve(system, right)
        coefficients = list(solution[: degree + 1])
        levelled = abs(solution[degree + 1])
        errors = [
            (mpmath.polyval(coefficients[::-1], x) - value) * weight(x)
            for x, value in zip(grid, values, strict=True)
        ]
        peaks = extrema(errors)
        if len(peaks) != count:
            raise RuntimeError(f"{len(peaks)} alternations instead of {count}")
        nodes = [grid[k] for k in peaks]
        if max(map(abs, errors)) < levelled * mpmath.mpf("1.001"):
            return coefficients
    raise RuntimeError("the exchange did not settle")


def extrema(errors):
    """Index of the largest error in each run of one sign."""
    peaks = [0]
    for k in range(1, len(errors)):
        if (errors[k] > 0) != (errors[k - 1] > 0):
            peaks.append(k)
        elif abs(errors[k]) > abs(errors[peaks[-1]]):
            peaks[-1] = k
    return peaks


def split(value, dtype, bits):
    """High part of `bits` significant bits, and the rest rounded to dtype."""
    exponent = mpmath.floor(mpmath.log(value, 2))
    unit = mpmath.mpf(2) ** (exponent - bits + 1)
    high = mpmath.nint(value / unit) * unit
    return float(high), float(dtype(str(value - high)))


def main():
    for name, dtype, degree, high_bits in (
        ("float32", np.float32, 4, 14),
        ("float64", np.float64, 9, 40),
    ):
        coefficients = [dtype(mpmath.nstr(c, 30)) for c in remez(exp_remainder, BOUND, degree)]
        rounded = [mpmath.mpf(float(c)) for c in coefficients][::-1]
        points = [BOUND * (2 * mpmath.mpf(k) / SAMPLES - 1) for k in range(SAMPLES + 1)]
        worst = max(
            abs(mpmath.polyval(rounded, r) - exp_remainder(r)) * r**2 / mpmath.exp(r)
            for r in points
        )
        print(f"{name}: (exp(r) - 1 - r) / r**2 on |r| <= ln(2)/2, degree {degree}")
        for c in coefficients:
            print(f"    {float(c)!r},")
        print(f"    relative error of exp: 2**{mpmath.nstr(mpmath.log(worst, 2), 4)}")
        worst = max(
            abs((mpmath.polyval(rounded, r) - exp_remainder(r)) * r**2 / mpmath.expm1(r))
            for r in points
            if r != 0
        )
        print(f"    relative error of expm1: 2**{mpmath.nstr(mpmath.log(worst, 2), 4)}")
        high, low = split(mpmath.log(2), dtype, high_bits)
        print(f"    ln(2): {high!r} + {low!r} ({high_bits} bits, so a multiple is exact)")
        print(f"    1/ln(2): {float(dtype(mpmath.nstr(1 / mpmath.log(2), 30)))!r}")


if __name__ == "__main__":
    main()
