"""Three arithmetics to read a definition in.

``Exact`` is the judge: mpmath at 150 bits, one number at a time. ``Double`` (float64) is the fast
reference for float16 and float32; ``Wide`` (longdouble) holds 11 bits more where the processor has
them. Both are checked against ``Exact``.

Each offers ``exp``, ``expm1``, ``log``, ``log1p``, ``sqrt``, ``sin``, ``cos``, ``tanh``, ``cosh``,
``erfc``, ``where``, ``divide`` (by zero gives an infinity or NaN), ``number`` (a constant by its
digits), ``copysign``, ``pi`` and ``nan``.
"""

from functools import cache, cached_property

import numpy as np

PRECISION = 150  # bits; the definitions lose a few of them at most

# False where longdouble is float64 (Windows, most of ARM).
WIDE_IS_WIDER = np.finfo(np.longdouble).nmant > np.finfo(np.float64).nmant


class _Exact:
    """Scalar functions of mpmath numbers, each defined wherever NumPy's is."""

    name = "exact"

    @cached_property
    def mp(self):
        import mpmath

        context = mpmath.MPContext()
        context.prec = PRECISION
        return context

    def __getattr__(self, name):  # exp, expm1, sin, cos, tanh, cosh, pi, nan: mpmath's own
        if name == "mp" or name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.mp, name)

    def number(self, digits):
        return self.mp.mpf(digits)

    def log(self, x):
        return self.mp.log(x) if x > 0 else (-self.mp.inf if x == 0 else self.mp.nan)

    def log1p(self, x):
        return self.mp.log1p(x) if x > -1 else (-self.mp.inf if x == -1 else self.mp.nan)

    def sqrt(self, x):
        return self.mp.sqrt(x) if x >= 0 else self.mp.nan

    def erfc(self, x):
        # Further out it matters only that the result is positive and nothing next to exp(-x*x).
        return self.mp.erfc(x) if x < 1e6 else self.mp.exp(-2 * x * x)

    @staticmethod
    def where(condition, first, second):
        return first if condition else second

    def divide(self, numerator, denominator):
        if denominator != 0:
            return numerator / denominator
        return self.mp.nan if numerator == 0 else self.mp.sign(numerator) * self.mp.inf

    @staticmethod
    def copysign(magnitude, sign):
        return -abs(magnitude) if sign < 0 else abs(magnitude)


class _Arrays:
    """The same functions of NumPy arrays of one dtype."""

    exp, expm1, log, log1p = np.exp, np.expm1, np.log, np.log1p
    sqrt, sin, cos, tanh, cosh = np.sqrt, np.sin, np.cos, np.tanh, np.cosh
    divide, copysign, nan = np.divide, np.copysign, np.nan
    where = staticmethod(np.where)


class _Double(_Arrays):
    name, dtype, pi = "double", np.float64, np.float64(np.pi)

    @staticmethod
    def number(digits):
        return np.float64(digits)

    @cached_property
    def erfc(self):
        from scipy.special import erfc

        return erfc


class _Wide(_Arrays):
    name, dtype = "wide", np.longdouble
    pi = np.longdouble("3.14159265358979323846264338327950288")

    @staticmethod
    @cache
    def number(digits):
        return np.longdouble(digits)

    def erfc(self, x):
        """Abramowitz and Stegun 7.1.6, a series of positive terms, and 7.1.14, a fraction."""
        z = np.abs(np.asarray(x, np.longdouble))
        near, far = np.minimum(z, 2), np.maximum(z, 2)
        term = total = near
        for k in range(1, 60):
            term = term * (2 * near * near) / (2 * k + 1)
            total = total + term
        root_pi = np.sqrt(self.pi)
        erf = 2 / root_pi * np.exp(-near * near) * total
        fraction = far
        for k in range(200, 0, -1):
            fraction = far + (np.longdouble(k) / 2) / fraction
        tail = np.exp(-far * far) / (root_pi * fraction)
        right = np.where(z < 2, 1 - erf, tail)
        return np.where(x < 0, np.where(z < 2, 1 + erf, 2 - tail), right)


Exact, Double, Wide = _Exact(), _Double(), _Wide()
