"""What the functions of a whole row are, mathematically: sparsemax, entmax15, standardize.

By the sorting algorithms of the papers, in mpmath, so exact that nothing is decided by a rounding.
Imports nothing of fastact.
"""

from functools import lru_cache

import numpy as np
from oracle import mp
from ulp import reference_from_mpmath, reference_from_wide

WHOLE_ROWS = ("sparsemax", "entmax15", "standardize")
EPS = 1e-5  # the default of standardize


def exactly(*rows):
    """A context of so many bits that no rounding decides anything: 2400 hold any two float64."""
    sizes = [abs(x) for row in rows for x in row if x]
    return mp.workprec(600 if all(2.0**-60 < size < 2.0**60 for size in sizes) else 2400)


def sparsemax_row(row):
    """Martins and Astudillo (2016), algorithm 1."""
    with exactly(row):
        z = sorted(map(mp.mpf, row), reverse=True)
        total, tau = mp.zero, None
        for k, value in enumerate(z, 1):
            total += value
            if 1 + k * value > total:
                tau = (total - 1) / k
        return [max(mp.mpf(x) - tau, mp.zero) for x in row]


def entmax15_row(row):
    """Peters, Niculae and Martins (2019), algorithm 2."""
    with exactly(row):
        z = sorted((mp.mpf(x) / 2 for x in row), reverse=True)
        tau, total, squares = None, mp.zero, mp.zero
        for k, value in enumerate(z, 1):
            total += value
            squares += value * value
            mean = total / k
            scatter = squares - k * mean * mean
            if scatter > 1:
                break
            candidate = mean - mp.sqrt((1 - scatter) / k)
            if candidate > value:
                break
            tau = candidate
        # What is at the threshold but for the rounding of the root is at it: in 600 bits, where the
        # square of a float64 takes 226, no other comes as near.
        parts = [max(mp.mpf(x) / 2 - tau, mp.zero) for x in row]
        return [mp.zero if mp.prec == 600 and p < mp.mpf(2) ** -400 else p**2 for p in parts]


PROJECTIONS = {"sparsemax": sparsemax_row, "entmax15": entmax15_row}


def projection_value(name, row):
    """Of a list of floats, special values included."""
    if any(x != x for x in row) or max(row) == -mp.inf:
        return [mp.nan] * len(row)
    tops = [x == mp.inf for x in row]
    if any(tops):
        winner = mp.one if sum(tops) == 1 else mp.nan
        return [winner if top else mp.zero for top in tops]
    # What is 4 below the largest has no part: of it alone the threshold is at most 2 below. As
    # floats, the difference may be off by less than that, and the largest is never left out.
    least = max(row) - 4.0
    weights = iter(PROJECTIONS[name]([x for x in row if x >= least]))
    return [next(weights) if x >= least else mp.zero for x in row]


def projection_gradient(name, row, dy):
    """The gradient, and the size of its terms before they cancel."""
    p = projection_value(name, row)
    with exactly(row, dy):
        s = [mp.sqrt(v) if name == "entmax15" else mp.mpf(v > 0) for v in p]
        total = mp.fsum(s)
        pairs = list(zip(s, dy, strict=True))
        mean = mp.fsum(w * d for w, d in pairs) / total
        size = mp.fsum(w * abs(d) for w, d in pairs) / total
        return [w * (d - mean) for w, d in pairs], [w * (abs(d) + size) for w, d in pairs]


def standardized(row, eps):
    """(x - mean) / sqrt(var + eps), and that square root."""
    with exactly(row):
        row = list(map(mp.mpf, row))
        mean = mp.fsum(row) / len(row)
        variance = mp.fsum((x - mean) ** 2 for x in row) / len(row)
        scale = mp.sqrt(variance + mp.mpf(eps))
        return [(x - mean) / scale if scale else mp.nan for x in row], scale


def standardize_value(row, eps=EPS):
    """Of a list of floats, special values included."""
    if any(not abs(x) < mp.inf for x in row):
        return [mp.nan] * len(row)
    return standardized(row, eps)[0]


def standardize_gradient(row, dy, eps=EPS):
    """The gradient, and the size of its terms before they cancel."""
    y, scale = standardized(row, eps)
    with exactly(row, dy):
        n = len(row)
        mean, dot = mp.fsum(dy) / n, mp.fsum(d * v for d, v in zip(dy, y, strict=True)) / n
        size = mp.fsum(abs(d) for d in dy) / n
        sizes = mp.fsum(abs(d * v) for d, v in zip(dy, y, strict=True)) / n
        pairs = list(zip(dy, y, strict=True))
        return (
            [(d - mean - v * dot) / scale for d, v in pairs],
            [(abs(d) + size + abs(v) * sizes) / scale for d, v in pairs],
        )


@lru_cache(maxsize=2000)  # each backend variant asks for the same rows
def value(name, row):
    """The exact result for a row, a tuple of floats."""
    return standardize_value(row) if name == "standardize" else projection_value(name, row)


@lru_cache(maxsize=2000)
def gradient(name, row, dy):
    """The exact gradient of a finite row, and the size of its terms before they cancel."""
    if name == "standardize":
        return standardize_gradient(row, dy)
    return projection_gradient(name, row, dy)


def wide_value(name, x):
    """``value`` of every finite row of an array, as seen from its dtype.

    A longdouble has digits enough for a standard deviation, but not for what is next to a
    threshold; and the rest of such a row is 0.
    """
    if name == "standardize":
        return reference_from_wide(_wide_standardized(x)[0], x.dtype)
    return _reference(name, x.tobytes(), x.shape, x.dtype)


@lru_cache(maxsize=50)
def _reference(name, data, shape, dtype):
    rows = np.frombuffer(data, dtype).reshape(-1, shape[-1]).tolist()
    values = [v for row in rows for v in value(name, tuple(row))]
    reference = reference_from_mpmath(values, dtype)
    fields = (reference.nearest, reference.residual, reference.unit)
    return type(reference)(*(field.reshape(shape) for field in fields))


def _wide_standardized(x):
    wide = x.astype(np.longdouble)
    for _ in range(2):  # what rounding leaves of the mean goes the second time
        wide = wide - wide.mean(axis=-1, keepdims=True)
    scale = np.sqrt((wide * wide).mean(axis=-1, keepdims=True) + np.longdouble(EPS))
    return wide / scale, scale


def wide_gradient(name, x, dy):
    """``gradient`` of every finite row: longdouble, and the size of its terms."""
    if name == "standardize":
        y, scale = _wide_standardized(x)
        means = [a.mean(axis=-1, keepdims=True) for a in (dy, dy * y, abs(dy), abs(dy * y))]
        exact = (dy - means[0] - y * means[1]) / scale
        return exact, (abs(dy) + means[2] + abs(y) * means[3]) / scale
    p = [[float(v) for v in value(name, tuple(row))] for row in x.tolist()]
    s = np.array(p, np.longdouble)
    s = np.sqrt(s) if name == "entmax15" else (s > 0).astype(np.longdouble)
    mean, size = (
        (s * a).sum(axis=-1, keepdims=True) / s.sum(axis=-1, keepdims=True) for a in (dy, abs(dy))
    )
    return s * (dy - mean), s * (abs(dy) + size)
