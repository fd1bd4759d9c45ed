"""Minimax polynomials by a weighted Remez exchange in 60-digit arithmetic.

Their coefficients, rounded to a type, are polished together.
"""

import mpmath as mp
import numpy as np

mp.mp.dps = 60


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


def rounded_minimax(target, weight, degree, interval, dtype, first=None):
    """The minimax polynomial with its coefficients rounded, and the error that leaves.

    A `first` coefficient is given where the formula holds it in two parts.
    """
    constant = mp.mpf(0) if first is None else first
    found, _ = solve_minimax(target, weight, list(range(degree + 1)), interval)
    rounded = {p: dtype(float(c)) for p, c in found.items() if p > 0 or first is None}
    low, high = map(mp.mpf, interval)
    grid = [low + (high - low) * i / 1000 for i in range(1001)]
    rounded = polish(rounded, lambda x: target(x) - constant, weight, grid)
    exact = {p: mp.mpf(float(c)) for p, c in rounded.items()}
    exact[0] = exact.get(0, constant)
    return exact, max(abs(weight(x) * (target(x) - evaluate(exact, x))) for x in grid)


def polish(rounded, target, weight, grid):
    """Move coefficients by units of their last place, two at a time, while the error shrinks."""
    exact = {p: mp.mpf(float(c)) for p, c in rounded.items()}
    error = np.array([float(weight(x) * (target(x) - evaluate(exact, x))) for x in grid])
    units = [float(np.spacing(abs(c))) for c in rounded.values()]
    effect = [
        np.array([float(weight(x) * x**p) for x in grid]) * unit
        for p, unit in zip(rounded, units, strict=True)
    ]
    steps = [0] * len(effect)
    best, improved = np.max(np.abs(error)), True
    while improved:
        improved = False
        for i in range(len(effect)):
            for j in range(i):
                for a, b in ((1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1), (1, -2), (-1, 2)):
                    moved = error - a * effect[i] - b * effect[j]
                    if np.max(np.abs(moved)) < best * 0.999:
                        best, error, improved = np.max(np.abs(moved)), moved, True
                        steps[i] += a
                        steps[j] += b
    return {
        p: type(c)(float(c) + step * unit)
        for (p, c), step, unit in zip(rounded.items(), steps, units, strict=True)
    }
