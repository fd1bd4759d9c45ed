"""Inputs that tests share: edge values of a dtype and of an activation, and wide random numbers."""

from functools import lru_cache, wraps

import numpy as np
from oracle import DEFINITIONS, rounded_parameters

INF, NAN = np.inf, np.nan

# Rows in which infinities, NaN and ties meet.
SPECIAL_ROWS = [
    [-INF, -INF, -INF],
    [1.0, INF, 2.0],
    [INF, 1.0, INF],
    [INF, -INF, 0.0],
    [1.0, NAN, 2.0],
    [NAN, INF, -INF],
    [-INF, 0.0, -INF],
    [-INF, 1.0, 1.0],
    [0.0, -0.0, 0.0],
    [3e4, -3e4, 3e4],
]


def made_once(make):
    """Its last arrays are kept, for the variants that ask for the same; each gets a copy."""
    kept = lru_cache(maxsize=16)(make)

    @wraps(make)
    def copied(*arguments, **keywords):
        return kept(*arguments, **keywords).copy()

    return copied


@made_once
def edge_values(dtype, activation=None, parameters=None):
    """NaN, infinities, zeros, the extremes, and the neighbours of every point of interest."""
    dtype = np.dtype(dtype)
    info = np.finfo(dtype)
    least, tiny, top = info.smallest_subnormal, info.tiny, info.max
    points = [0.0, least, 2 * least, tiny, tiny - least, info.eps, 0.5, 1, 2, np.e, 10, top, np.inf]
    if activation is not None:
        definition = DEFINITIONS[activation]
        chosen = definition.parameter_cases[0] if parameters is None else parameters
        points += neighbours(dtype, definition.landmarks)
        points += neighbours(dtype, definition.kinks(*rounded_parameters(dtype, chosen)))
    points = np.array(points, np.float64)
    return np.concatenate([points, -points, [np.nan]]).astype(dtype)


def neighbours(dtype, points):
    """Each point and the two numbers of ``dtype`` on either side of it, as floats."""
    dtype = np.dtype(dtype)
    found = []
    with np.errstate(over="ignore", under="ignore"):
        for point in points:
            middle = np.array(float(point), np.float64).astype(dtype)
            if not np.isfinite(middle):
                continue
            for direction in (-np.inf, np.inf):
                neighbour = middle
                for _ in range(2):
                    found.append(float(neighbour))
                    neighbour = np.nextafter(neighbour, dtype.type(direction))
                found.append(float(neighbour))
    return found


@made_once
def subnormal_inputs(dtype, size):
    """Of both signs, all magnitudes, the extremes included."""
    info = np.finfo(dtype)
    generator = np.random.default_rng(5)
    bits = np.unique(np.floor(np.exp2(generator.uniform(0, info.nmant, size))).astype(np.uint64))
    bits = np.concatenate([bits, [2**info.nmant - 1]]).astype(f"u{info.bits // 8}")
    x = bits.view(dtype)
    assert x.max() < info.tiny
    assert x.min() == info.smallest_subnormal
    return np.concatenate([x, -x])


@made_once
def random_inputs(dtype, size, seed=0):
    """Finite, of both signs: half of ordinary size, half spread over the whole exponent range."""
    dtype = np.dtype(dtype)
    info = np.finfo(dtype)
    generator = np.random.default_rng(seed)
    ordinary = generator.standard_normal(size) * 4
    exponents = generator.uniform(info.minexp - info.nmant, info.maxexp - 1, size)
    spread = np.ldexp(1 + generator.random(size), np.floor(exponents).astype(int))
    spread *= generator.choice([-1, 1], size)
    chosen = np.where(generator.random(size) < 0.5, ordinary, spread).astype(dtype)
    assert size < 100 or (
        chosen.min() < -100 and chosen.max() > 100 and np.abs(chosen).min() < 0.01
    )
    return chosen


@made_once
def mixed_inputs(dtype, size, activation=None, seed=0):
    """``random_inputs`` with the edge values scattered among them, where there is room."""
    x = random_inputs(dtype, size, seed)
    generator = np.random.default_rng(seed + 1)
    edges = edge_values(dtype, activation)
    if len(edges) > size // 2:  # not all fit: NaN, infinities and zeros among those that do
        edges = generator.permutation(edges)[: size // 2]
    places = generator.permutation(size)[: len(edges)]
    x[places] = edges
    return x


@made_once
def random_gradients(dtype, size, seed=0):
    """``dy`` of both signs and ordinary size, with no zeros."""
    generator = np.random.default_rng(seed + 2)
    dy = generator.uniform(-3.75, 3.75, size)
    return (dy + np.copysign(0.25, dy)).astype(dtype)
