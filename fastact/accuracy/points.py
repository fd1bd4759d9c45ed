"""Where errors are measured: bit patterns in steps, or points that look where functions bend.

Points come in blocks, so that several processes can share them and a long run can be resumed.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from .definitions import DEFINITIONS

# About a tenth of a second each: of results with a float64 reference, or with one by mpmath.
PATTERNS_PER_BLOCK = 2**20
POINTS_PER_BLOCK = 500

INTEGERS: dict[str, Any] = {"float16": np.uint16, "float32": np.uint32}


class Points(Protocol):
    """Inputs of one dtype, in blocks."""

    @property
    def dtype(self) -> str: ...

    @property
    def blocks(self) -> int: ...

    @property
    def inputs(self) -> int: ...

    def block(self, index: int) -> np.ndarray: ...


@dataclass(frozen=True)
class Patterns:
    """Every `step`th bit pattern of a dtype, in ascending order; if not all, also the edges."""

    activation: str
    parameters: tuple[float, ...]
    dtype: str
    step: int = 1

    @property
    def _patterns(self) -> int:
        return -(-(2 ** np.finfo(self.dtype).bits) // self.step)

    @property
    def _edges(self) -> np.ndarray:
        if self.step == 1:
            return np.empty(0, self.dtype)
        return edges(self.activation, self.parameters, self.dtype)

    @property
    def blocks(self) -> int:
        return -(-self._patterns // PATTERNS_PER_BLOCK) + (self.step > 1)

    @property
    def inputs(self) -> int:
        return self._patterns + len(self._edges)

    def block(self, index: int) -> np.ndarray:
        """Consecutive patterns; the last block of several steps are the edges."""
        first = index * PATTERNS_PER_BLOCK
        if first >= self._patterns:
            return self._edges
        last = min(first + PATTERNS_PER_BLOCK, self._patterns)
        patterns = np.arange(first, last, dtype=np.uint64) * np.uint64(self.step)
        return patterns.astype(INTEGERS[self.dtype]).view(self.dtype)


@dataclass(frozen=True)
class Spread:
    """Points of float64: binades, bends, tails and edges."""

    activation: str
    parameters: tuple[float, ...]
    count: int
    dtype: str = "float64"

    @property
    def _points(self) -> np.ndarray:
        return spread(self.activation, self.parameters, self.count)

    @property
    def blocks(self) -> int:
        return -(-len(self._points) // POINTS_PER_BLOCK)

    @property
    def inputs(self) -> int:
        return len(self._points)

    def block(self, index: int) -> np.ndarray:
        return self._points[index * POINTS_PER_BLOCK : (index + 1) * POINTS_PER_BLOCK]


@lru_cache(maxsize=4)
def spread(activation: str, parameters: tuple[float, ...], count: int) -> np.ndarray:
    """A third in every binade in turn, a third where the function bends, a third in its tails, of
    either sign, and the edges; shuffled, so that all blocks cost the same."""
    generator = np.random.default_rng(64)
    third = count // 3
    binades = np.arange(-1074, 1024)
    if third < len(binades):
        binades = generator.permutation(binades)
    everywhere = np.ldexp(1 + generator.random(third), np.resize(binades, third))
    bends = np.exp2(generator.uniform(-40, 5, third))
    tail = DEFINITIONS[activation].tail
    tails = generator.uniform(min(5.0, tail / 2), tail, count - 2 * third)
    points = np.concatenate([everywhere, bends, tails])
    points *= generator.choice([-1, 1], len(points))
    points = np.concatenate([points, edges(activation, parameters, "float64")])
    return generator.permutation(points)


def edges(activation: str, parameters: tuple[float, ...], dtype: str) -> np.ndarray:
    """NaN, infinities, zeros, the extremes, and the neighbours of landmarks and kinks."""
    info = np.finfo(dtype)
    least, tiny = float(info.smallest_subnormal), float(info.tiny)
    numbers = [0.0, least, 2 * least, tiny - least, tiny, float(info.eps), 1.0, float(info.max)]
    definition = DEFINITIONS[activation]
    with np.errstate(over="ignore"):
        middle = np.array([*definition.landmarks, *definition.kinks(*parameters)], dtype)
    middle = middle[np.isfinite(middle)]
    found = [np.array([*numbers, np.inf, np.nan], dtype), middle]
    below, above = middle, middle
    with np.errstate(all="ignore"):  # a step to or from a subnormal
        for _ in range(2):
            below = np.nextafter(below, info.dtype.type(-np.inf))
            above = np.nextafter(above, info.dtype.type(np.inf))
            found += [below, above]
    both = np.concatenate([*found, *(-points for points in found)])
    return np.unique(both.view(f"u{info.bits // 8}")).view(info.dtype)
