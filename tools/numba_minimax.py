"""Minimax polynomials and rational functions, their coefficients rounded to a type.

The exchange of Remez in 50 digits; what rounding the coefficients costs is then reduced by trying
their neighbours. Rational functions by Newton's method on the equations of the same exchange.
"""

from collections.abc import Callable
from dataclasses import dataclass

import mpmath as mp
import numpy as np

mp.mp.dps = 50
SAMPLES = 1000
DTYPES = {"float32": np.float32, "float64": np.float64}
# An error function is analytic around its interval: all but a polynomial of this degree, which
# `largest_error` checks. A polynomial exceeds its largest sample by this factor at most (Ehlich and
# Zeller 1964, doi:10.1007/BF01111276).
DEGREE_OF_AN_ERROR = 160
BEYOND_THE_SAMPLES = 1 / mp.cos(mp.pi * DEGREE_OF_AN_ERROR / (2 * SAMPLES))
NEGLIGIBLE = 2**-20
COSINES = np.cos(np.pi * np.arange(2 * SAMPLES) / SAMPLES)


@dataclass(frozen=True)
class Target:
    """A function on an interval, and what an error of it counts."""

    text: str
    function: Callable
    weight: Callable  # what the error is multiplied with, at x
    low: dict
    high: dict
    degree: dict  # per type; a pair is (over, under) of a rational function
    first: dict | None = None  # what the first coefficient of a denominator is almost
    lift: object = 0  # added to the weight while fitting, where it would vanish


def chebyshev_points(low, high, count):
    """The extrema of a Chebyshev polynomial, moved to the interval."""
    low, high = mp.mpf(low), mp.mpf(high)
    middle, half = (low + high) / 2, (high - low) / 2
    return [middle - half * mp.cos(mp.pi * k / (count - 1)) for k in range(count)]


def evaluate(coefficients, x):
    """The polynomial at x."""
    result = mp.mpf(0)
    for c in reversed(coefficients):
        result = result * x + c
    return result


def extrema(errors):
    """Index of the largest error in each run of one sign."""
    peaks = [0]
    for k in range(1, len(errors)):
        if (errors[k] > 0) != (errors[k - 1] > 0):
            peaks.append(k)
        elif abs(errors[k]) > abs(errors[peaks[-1]]):
            peaks[-1] = k
    return peaks


def exchange(errors, count):
    """The `count` points for the next step: one per alternation, the largest of them."""
    peaks = extrema(errors)
    while len(peaks) > count:
        peaks.pop(0 if abs(errors[peaks[0]]) < abs(errors[peaks[-1]]) else -1)
    if len(peaks) < count:
        raise RuntimeError(f"{len(peaks)} alternations instead of {count}")
    return peaks


def polynomial(function, low, high, degree, weight):
    """Coefficients of the polynomial with the least weighted error."""
    points = chebyshev_points(low, high, SAMPLES + 1)
    values, weights = [function(x) for x in points], [weight(x) for x in points]
    count = degree + 2
    chosen = [round(SAMPLES * k / (count - 1)) for k in range(count)]
    for _ in range(20):
        rows = [
            [points[k] ** j for j in range(degree + 1)] + [(-1) ** i / weights[k]]
            for i, k in enumerate(chosen)
        ]
        *coefficients, level = mp.lu_solve(mp.matrix(rows), mp.matrix([values[k] for k in chosen]))
        errors = [
            (evaluate(coefficients, x) - value) * w
            for x, value, w in zip(points, values, weights, strict=True)
        ]
        chosen = exchange(errors, count)
        if max(map(abs, errors)) < abs(level) * mp.mpf("1.01"):
            return coefficients
    raise RuntimeError("the exchange did not settle")


def rational(function, high, degrees, weight):
    """(numerator, denominator) with the least weighted relative error on [0, high].

    The points are those of x / (x + 3), where the functions here are smooth to their end.
    """
    over, under = degrees
    limit = mp.mpf(high) / (high + 3)
    points = [3 * s / (1 - s) for s in chebyshev_points(0, limit, SAMPLES + 1)]
    values, weights = [function(x) for x in points], [weight(x) for x in points]
    count = over + under + 2

    def step(p, q, level, samples):
        """One step of Newton's method for p/q = value (1 +- level/weight) at the samples."""
        rows, right = [], []
        for i, (x, value, w) in enumerate(samples):
            aim = value * (1 + (-1) ** i * level / w)
            bottom = evaluate(q, x)
            row = [x**j for j in range(over + 1)] + [-aim * x**j for j in range(1, under + 1)]
            rows.append([*row, -((-1) ** i) * value / w * bottom][: len(samples)])
            right.append(aim * bottom - evaluate(p, x))
        change = [*mp.lu_solve(mp.matrix(rows), mp.matrix(right)), mp.mpf(0)]
        p = [a + b for a, b in zip(p, change, strict=False)]
        q = [q[0], *(a + b for a, b in zip(q[1:], change[over + 1 :], strict=False))]
        return p, q, level + change[over + under + 1]

    def errors_of(p, q):
        return [
            (evaluate(p, x) / evaluate(q, x) / value - 1) * w
            for x, value, w in zip(points, values, weights, strict=True)
        ]

    # Interpolation between the extrema: its error already alternates as often as it should.
    nodes = (
        limit * (1 - mp.cos(mp.pi * (2 * k + 1) / (2 * count - 2))) / 2 for k in range(count - 1)
    )
    samples = [(x, function(x), 1) for x in (3 * s / (1 - s) for s in nodes)]
    p, q = [mp.mpf(0)] * (over + 1), [mp.mpf(1)] + [mp.mpf(0)] * under
    p, q, _ = step(p, q, mp.mpf(0), samples)
    errors = errors_of(p, q)
    for _ in range(20):
        chosen = exchange(errors, count)
        level = errors[chosen[0]]
        for _ in range(6):
            p, q, level = step(p, q, level, [(points[k], values[k], weights[k]) for k in chosen])
        errors = errors_of(p, q)
        if max(map(abs, errors)) < abs(level) * mp.mpf("1.01"):
            return p, q
    raise RuntimeError("the exchange did not settle")


def rounded(coefficients, dtype):
    """Each coefficient as the nearest number of the type."""
    return [float(dtype(mp.nstr(c, 30))) for c in coefficients]


def horner(coefficients, x):
    """The polynomial at an array of longdouble."""
    result = np.zeros_like(x)
    for c in reversed(coefficients):
        result = result * x + c
    return result


def improve(coefficients, dtype, worst_of, fixed=()):
    """Move coefficients by a unit as long as `worst_of(coefficients)` falls."""
    best, improved = worst_of(coefficients), True
    while improved:
        improved = False
        for k in set(range(len(coefficients))) - set(fixed):
            for toward in (-np.inf, np.inf):
                candidate = list(coefficients)
                candidate[k] = float(np.nextafter(dtype(candidate[k]), dtype(toward)))
                worst = worst_of(candidate)
                if worst < best:
                    coefficients, best, improved = candidate, worst, True
    return coefficients


def scaled_well(over, under, dtype, most):
    """Both times the number that rounding the first coefficients costs least after.

    The first of `under` is a little less than `most`: what hardly exceeds a power of two is rounded
    by the largest part of itself.
    """
    steps = 2 ** min(np.finfo(dtype).nmant, 16)

    def cost(k):
        factor = most - mp.mpf(k) / steps
        leading = [c * factor for pair in zip(over[:3], under[:3], strict=True) for c in pair]
        errors = [abs(float(dtype(mp.nstr(c, 30))) / c - 1) for c in leading]
        return sum(error / 2 ** (i // 2) for i, error in enumerate(errors))

    factor = most - mp.mpf(min(range(1, steps // 16), key=cost)) / steps
    return [c * factor for c in over], [c * factor for c in under]


def derive(target, dtype_name):
    """(coefficients, those of a denominator if there is one, bound of the error)."""
    dtype = DTYPES[dtype_name]
    low, high, degree = target.low[dtype_name], target.high[dtype_name], target.degree[dtype_name]
    function, weight = target.function, target.weight
    is_rational = isinstance(degree, tuple)
    if is_rational:
        exact = rational(function, high, degree, lambda x: weight(x) * function(x))
        over, under = (
            rounded(c, dtype) for c in scaled_well(*exact, dtype, target.first[dtype_name])
        )
        fitted, size = over + under, len(over)
    else:
        fitted = rounded(
            polynomial(function, low, high, degree, lambda x: abs(weight(x)) + target.lift), dtype
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


def largest_error(target, dtype_name, over, under=None):
    """Of the polynomial, or the quotient of two, on the whole interval."""

    def error(x):
        found = evaluate(over, x) / (1 if under is None else evaluate(under, x))
        return (found - target.function(x)) * target.weight(x)

    points = chebyshev_points(target.low[dtype_name], target.high[dtype_name], SAMPLES + 1)
    errors = [error(x) for x in points]
    largest = max(map(abs, errors))
    # Next to what is negligible, float64 is exact. The ends of such a sum count half.
    shares = np.array([float(e / largest) for e in errors])
    shares[[0, -1]] /= 2
    for degree in range(DEGREE_OF_AN_ERROR, DEGREE_OF_AN_ERROR + 40):
        cosines = COSINES[degree * np.arange(SAMPLES + 1) % (2 * SAMPLES)]
        if abs(shares @ cosines * 2 / SAMPLES) > NEGLIGIBLE:
            raise RuntimeError(f"the error is no polynomial of degree {DEGREE_OF_AN_ERROR}")
    return largest * BEYOND_THE_SAMPLES
