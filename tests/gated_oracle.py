"""What the gated units are, mathematically. Of fastact it imports the rounding of ulp.py alone."""

import mpmath
import numpy as np
from ulp import reference_from_mpmath, unit_of

mp = mpmath.mp.clone()
mp.prec = 400  # enough for 1 - sigmoid(-200) and the like

UNITS = ("glu", "reglu", "geglu", "geglu_tanh", "swiglu", "bilinear")


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def density(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def twice_u(x):
    """2 sqrt(2 / pi) (x + 0.044715 x^3) and its slope."""
    scale, cubic = 2 * mp.sqrt(2 / mp.pi), mp.mpf("0.044715")
    return scale * (x + cubic * x**3), scale * (1 + 3 * cubic * x * x)


def times_sigmoid(x, v, v_slope):
    """x sigmoid(v) and its slope."""
    s, other = sigmoid(v), sigmoid(-v)
    return x * s, s * (1 + x * v_slope * other)


def activated(name, gate):
    """The activation of a finite gate, and its slope."""
    x = mp.mpf(gate)
    if name == "glu":
        return sigmoid(x), sigmoid(x) * sigmoid(-x)
    if name == "reglu":
        return (x, mp.one) if x > 0 else (mp.zero, mp.zero)
    if name == "geglu":
        far = max(x, mp.mpf(-(10**6)))  # beyond, mpmath runs out of exponents; we do far earlier
        below = mp.erfc(-far / mp.sqrt(2)) / 2
        return x * below, below + far * density(far)
    if name == "geglu_tanh":
        return times_sigmoid(x, *twice_u(max(x, mp.mpf(-1000))))
    if name == "swiglu":
        return times_sigmoid(x, x, 1)
    return x, mp.one


#: Value and slope at -inf and at inf, as the documentation has them.
LIMITS = {
    "glu": ((0, 0), (1, 0)),
    "reglu": ((0, 0), (mp.inf, 1)),
    "geglu": ((0, 0), (mp.inf, 1)),
    "geglu_tanh": ((0, 0), (mp.inf, 1)),
    "swiglu": ((0, 0), (mp.inf, 1)),
    "bilinear": ((-mp.inf, 1), (mp.inf, 1)),
}


def point(name, gate):
    if gate != gate:
        return mp.nan, mp.nan
    if abs(gate) == np.inf:
        return tuple(map(mp.mpf, LIMITS[name][int(gate > 0)]))
    return activated(name, gate)


def references(name, gate, value, dy):
    """References of y, dgate and dvalue: 1-d arrays of one dtype.

    Next to the zero of a slope its error counts in units of a slope of 1/16, as that of every
    activation does.
    """
    rows = zip(gate.tolist(), value.tolist(), dy.tolist(), strict=True)
    points = [(point(name, g), mp.mpf(v), mp.mpf(d)) for g, v, d in rows]
    y = [a * v for (a, _), v, _ in points]
    dgate = [s * v * d for (_, s), v, d in points]
    dvalue = [a * d for (a, _), _, d in points]
    near_zero = np.array(
        [
            0.4 < -g < 1.6 and abs(p[0][1]) < 1 / 16
            for g, p in zip(gate.tolist(), points, strict=True)
        ]
    )
    # Of a product that is beyond float64, too, where what comes out is not.
    unit = unit_of(1 / 16, gate.dtype)
    units = np.array(
        [
            float(min(abs(v * d) * unit, mp.mpf(2) ** 1000)) if v * d == v * d else 0.0
            for _, v, d in points
        ]
    )
    y, dgate, dvalue = (reference_from_mpmath(r, gate.dtype) for r in (y, dgate, dvalue))
    with np.errstate(all="ignore"):
        least = np.where(near_zero, units, 0.0)
        least[~np.isfinite(dgate.nearest)] = 0
    return y, dgate.with_least_unit(least), dvalue
