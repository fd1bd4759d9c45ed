"""Derive the polynomial of fastact/backends/numpy_backend/normal.py with mpmath.

Run ``python tools/derive_numpy_polynomials.py``; it prints the coefficients, rounded to float64,
and the largest relative error of the rounded polynomial, without the rounding of its evaluation.

The tail of the normal distribution, 1 - Phi(t), is exp(-t**2 / 2) times something that falls from
1/2 like 1/t. Times 1 + t, that is nearly flat, and smooth in q = (t - CENTRE) / (t + CENTRE), which
maps 0 to -1 and infinity to 1.
"""

import mpmath

mpmath.mp.dps = 50

LARGEST = 40  # exp(-40**2 / 2) is 0 in float64
CENTRE = 5
DEGREE = 22
SAMPLES = 4000


def flat(t):
    """(1 + t) * (1 - Phi(t)) / exp(-t**2 / 2)."""
    return (1 + t) * mpmath.erfc(t / mpmath.sqrt(2)) / 2 * mpmath.exp(t**2 / 2)


def of_q(q):
    return flat(CENTRE * (1 + q) / (1 - q))


def chebyshev(function, low, high, degree):
    """Coefficients, constant term first, of the interpolant at Chebyshev's points."""
    count = degree + 1
    angles = [mpmath.pi * (2 * k + 1) / (2 * count) for k in range(count)]
    points = [(high + low) / 2 + (high - low) / 2 * mpmath.cos(angle) for angle in angles]
    system = mpmath.matrix([[point**j for j in range(count)] for point in points])
    return list(mpmath.lu_solve(system, mpmath.matrix([function(p) for p in points])))


def main():
    low = mpmath.mpf(-1)
    high = mpmath.mpf(LARGEST - CENTRE) / (LARGEST + CENTRE)
    rounded = [float(c) for c in chebyshev(of_q, low, high, DEGREE)]
    worst = 0
    for k in range(SAMPLES + 1):
        q = low + (high - low) * k / SAMPLES
        exact = of_q(q)
        worst = max(worst, abs(mpmath.polyval(rounded[::-1], q) / exact - 1))
    for coefficient in rounded:
        print(f"    {coefficient!r},")
    print(f"largest relative error: {mpmath.nstr(worst * 2**53, 3)} * 2**-53")


if __name__ == "__main__":
    main()
