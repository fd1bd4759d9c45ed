"""Projections of the rows of a block onto the simplex, by sorting: sparsemax and 1.5-entmax.

In float64, with the rounding error of the threshold found afterwards, so that the elements next to
it keep their digits. A temperature does not divide x: the sum of the powers is multiplied by it.
"""

from dataclasses import dataclass

import numpy as np

from fastact.backends.numpy_backend.exact import two_product, two_sum


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

    def at(self, temperature):
        reach = self.reach * float(temperature)
        target, low = self.powers(reach, 0.0)
        return Projection(reach, target, self.power, low)

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


SPARSEMAX = Projection(reach=1, target=1, power=1)
ENTMAX15 = Projection(reach=2, target=4, power=2)


def thresholds(projection, d):
    """Of each row, and what its rounding has lost."""
    least = np.max(d, axis=1, keepdims=True) - 2 * projection.reach
    z = -np.sort(-np.maximum(d, least), axis=1)
    candidates = projection.candidates(z)
    support = np.maximum(np.sum(z > candidates, axis=1), 1)[:, None]
    high = np.take_along_axis(candidates, support - 1, axis=1)
    low = np.zeros_like(high)
    for _ in range(3):  # the last digits can move an element or two across the threshold
        above, error = two_sum(d, -high)
        height = above + (error - low)
        inside = height > 0
        powers, lost = projection.powers(above, error)
        total, rest = long_sum(np.where(inside, powers, 0), np.where(inside, lost, 0))
        slope = np.sum(np.where(inside, projection.slopes(height), 0), axis=1, keepdims=True)
        excess = (total - projection.target) + (rest - projection.target_low)
        correction = np.where(slope > 0, excess / slope, low)
        high, low = two_sum(high, correction)
    return high, low


def long_sum(values, lost):
    """The sum of each row, and what its additions have lost: pairs, pairs of pairs, and so on."""
    while values.shape[1] > 1:
        if values.shape[1] % 2:
            values, lost = (np.pad(a, ((0, 0), (0, 1))) for a in (values, lost))
        values, error = two_sum(values[:, ::2], values[:, 1::2])
        lost = lost[:, ::2] + lost[:, 1::2] + error
    return values, lost


def project(projection, x, dy, y, dx):
    top = np.max(x, axis=1, keepdims=True).astype(float)
    odd = ~np.isfinite(top[:, 0])
    top[odd] = 0
    d = x - np.where(np.abs(top) < projection.safe, 0, top)
    d[odd] = 0
    high, low = thresholds(projection, d)
    q, error = two_sum(d, -high)
    above = q + (error - low)
    error = (q - above) + (error - low)
    inside = above > 0
    if y is not None:
        power, rest = projection.powers(above, error)
        y[...] = np.where(inside, (power + rest) / projection.target, 0)
        y[odd] = one_hot(x[odd])
    if dx is not None:
        slopes = np.where(inside, projection.slopes(above), 0)
        dx[...] = np.where(inside, slopes / projection.target * centred(slopes, dy), 0)
        hot = one_hot(x[odd])
        dx[odd] = np.where(hot == 1, dy[odd] - dy[odd], hot)


def centred(weights, dy):
    """dy less its weighted mean, also where the sum of finite dy overflows."""
    dy = np.where(weights > 0, dy, 0).astype(float)
    total = np.sum(weights, axis=1, keepdims=True)
    mean = np.sum(weights * dy, axis=1, keepdims=True) / total
    if np.isfinite(mean).all():
        return dy - mean
    unit = 2.0**-64
    scaled = dy * unit - np.sum(weights * (dy * unit), axis=1, keepdims=True) / total
    return np.where(np.isfinite(mean), dy - mean, scaled / unit)


def one_hot(x):
    """Rows whose top is infinite or NaN."""
    tops = x == np.inf
    several = np.sum(tops, axis=1, keepdims=True) > 1
    y = np.where(tops, np.where(several, np.nan, 1), 0)
    y[np.isnan(x).any(axis=1) | (x == -np.inf).all(axis=1)] = np.nan
    return y


def sparsemax(x, dy, y, dx, temperature):
    project(SPARSEMAX.at(temperature), x, dy, y, dx)


def entmax15(x, dy, y, dx, temperature):
    project(ENTMAX15.at(temperature), x, dy, y, dx)


WHOLE_ROWS = {"sparsemax": sparsemax, "entmax15": entmax15}
