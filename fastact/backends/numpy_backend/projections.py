"""Projections of the rows of a block onto the simplex, by sorting: sparsemax and 1.5-entmax.

In float64, with the rounding error of the threshold found afterwards, so that the elements next to
it keep their digits. A temperature does not divide x: the sum of the powers is multiplied by it.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from fastact.backends.numpy_backend.exact import finite_two_sum, long_sum, two_product, two_sum
from fastact.backends.numpy_backend.rowexponentials import starts


@dataclass(frozen=True)
class Projection:
    """How the threshold of a sorted row is found, and what lies above it becomes."""

    reach: float  # no candidate is farther below the top
    target: float  # the sum of above**power
    power: int
    target_low: float = 0.0  # what target is off

    @property
    def safe(self):
        """A top below it need not be subtracted: differences of candidates are exact."""
        return 2 * self.reach

    def candidates(self, z):
        """The threshold, if the first k elements of each descending row were its support."""
        k = np.arange(1, z.shape[1] + 1)
        mean = np.cumsum(z, axis=1) / k
        if self.power == 1:
            return mean - self.target / k
        scatter = np.cumsum(z * z, axis=1) - k * mean * mean
        return mean - np.sqrt(np.maximum(self.target - scatter, 0) / k)

    def powers(self, above, error):
        """above**power, and what that has lost."""
        if self.power == 1:
            return above, error
        square, lost = two_product(above, above)
        return square, lost + 2 * above * error

    def slopes(self, above):
        return (above > 0).astype(float) if self.power == 1 else 2 * np.maximum(above, 0)


@lru_cache(maxsize=64)
def at(projection, temperature):
    reach = projection.reach * temperature
    target, low = projection.powers(reach, 0.0)
    return Projection(reach, target, projection.power, low)


# The sums of k numbers, none above 4 times the reach, and a root: 36 * k**2 * 2**-53 bounds what a
# candidate is off, relative to the reach; of a distance from it that may be 2**-26.
FLOAT32_MARGIN = 2.0**-21

SPARSEMAX = Projection(reach=1, target=1, power=1)
ENTMAX15 = Projection(reach=2, target=4, power=2)


def thresholds(projection, d, exact):
    """Of each row, and what its rounding has lost.

    Unless `exact`, it is that good where an element is next to it, and elsewhere as good as the
    candidate: the 24 bits of a float32 are not hurt by what that is off.
    """
    z = descending(d, np.max(d, axis=1, keepdims=True) - 2 * projection.reach)
    candidates = projection.candidates(z)
    support = np.maximum(np.add.reduce(z > candidates, 1, None, None, True), 1)
    high = candidates.take(starts(*z.shape) + (support - 1))
    if exact:
        return refined(projection, z, high)
    distance = np.minimum.reduce(np.abs(z - high), 1, None, None, True)
    near = np.flatnonzero(distance <= FLOAT32_MARGIN * projection.reach * support * support)
    low = np.zeros_like(high)
    if near.size:
        high[near], low[near] = refined(projection, z[near], high[near])
    return high, low


def refined(projection, z, high):
    """The thresholds of descending rows by Newton's steps from near ones, and what they lost."""
    low = np.zeros_like(high)
    for _ in range(3):  # the last digits can move an element or two across the threshold
        above, error = finite_two_sum(z, -high)
        height = above + (error - low)
        inside = height > 0
        powers, lost = projection.powers(above, error)
        total, rest = long_sum(np.where(inside, powers, 0), np.where(inside, lost, 0))
        slope = np.sum(np.where(inside, projection.slopes(height), 0), axis=1, keepdims=True)
        excess = (total - projection.target) + (rest - projection.target_low)
        correction = np.where(slope > 0, excess / slope, low)
        high, low = two_sum(high, correction)
    return high, low


def descending(d, least):
    """The elements of each row above `least`, sorted, and that number behind them."""
    n = d.shape[1]
    kept = int(np.max(np.count_nonzero(d > least, axis=1)))
    if kept < n:
        d = np.partition(d, n - kept, axis=1)[:, n - kept :]
    return -np.sort(-np.maximum(d, least), axis=1)


def project(projection, x, dy, y, dx):
    top = np.max(x, axis=1, keepdims=True).astype(float)
    odd = ~np.isfinite(top[:, 0])
    top[odd] = 0
    d = x - np.where(np.abs(top) < projection.safe, 0, top)
    d[odd] = 0
    exact = x.dtype == np.float64
    high, low = thresholds(projection, d, exact)
    # Few elements have a part: only of them is more computed.
    some = np.flatnonzero(d - high >= -2 * np.abs(low))
    row = some // d.shape[1]
    high, low = high.take(row), low.take(row)
    q, error = two_sum(d.take(some), -high)
    above = q + (error - low)
    error = (q - above) + (error - low)
    inside = above > 0
    hot = one_hot(x[odd]) if odd.any() else None
    if dx is not None:  # first, where x and dy are still there
        slopes = np.where(inside, projection.slopes(above), 0)
        parts = slopes / projection.target * centred(slopes, dy.take(some), row, len(x))
        of_odd = None if hot is None else np.where(hot == 1, dy[odd] - dy[odd], hot)
        fill(dx, some, np.where(inside, parts, 0), odd, of_odd)
    if y is not None:
        power, rest = projection.powers(above, error) if exact else (above**projection.power, 0)
        parts = np.where(inside, (power + rest) / projection.target, 0)
        fill(y, some, parts, odd, hot)


def fill(out, some, parts, odd, of_odd):
    out.fill(0)
    out.put(some, parts)
    if of_odd is not None:
        out[odd] = of_odd


def centred(weights, dy, row, rows):
    """dy less its weighted mean in its row, also where the sum of finite dy overflows."""
    dy = np.where(weights > 0, dy, 0).astype(float)

    def mean(values):
        return np.bincount(row, weights * values, rows) / total

    total = np.bincount(row, weights, rows)
    means = mean(dy)
    plain = dy - means[row]
    if np.isfinite(means).all():
        return plain
    unit = 2.0**-64
    scaled = dy * unit - mean(dy * unit)[row]
    return np.where(np.isfinite(means[row]), plain, scaled / unit)


def one_hot(x):
    """Rows whose top is infinite or NaN."""
    tops = x == np.inf
    several = np.sum(tops, axis=1, keepdims=True) > 1
    y = np.where(tops, np.where(several, np.nan, 1), 0)
    y[np.isnan(x).any(axis=1) | (x == -np.inf).all(axis=1)] = np.nan
    return y


def sparsemax(x, dy, y, dx, temperature):
    project(at(SPARSEMAX, float(temperature)), x, dy, y, dx)


def entmax15(x, dy, y, dx, temperature):
    project(at(ENTMAX15, float(temperature)), x, dy, y, dx)


WHOLE_ROWS = {
    "sparsemax": (sparsemax, 6),
    "entmax15": (entmax15, 6),
}
