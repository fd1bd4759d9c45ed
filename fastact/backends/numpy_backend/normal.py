"""The right tail of the normal distribution."""

import numpy as np

from fastact.backends.numpy_backend.decay import decay
from fastact.backends.numpy_backend.exact import quotient, two_product, two_sum

# 1 / sqrt(2 * pi), and what float64 lost of it.
DENSITY_AT_ZERO = (0.3989422804014327, -2.49232720227773e-17)

FURTHEST = 40.0  # from here on the density is 0 in float64
CENTRE = 5.0

# (1 + t) * (1 - Phi(t)) / exp(-t**2 / 2) in powers of q = (t - CENTRE) / (t + CENTRE), constant
# term first; by tools/derive_numpy_polynomials.py.
FLAT_TAIL = (
    0.46151582985003775,
    -0.0915522818340088,
    0.03103036842596338,
    0.010002352385204274,
    -0.026401042966303377,
    0.024536963244480906,
    -0.015170415402300888,
    0.00652200065602172,
    -0.0016760723509154356,
    7.791692131159477e-06,
    0.0001823342156756057,
    -5.3608037514625635e-05,
    -9.896519380427111e-06,
    9.061184935388098e-06,
    -6.883972175738501e-08,
    -1.309925137980042e-06,
    1.2455844413329595e-07,
    1.9880186832899552e-07,
    -2.186097318751282e-08,
    -3.193142087507991e-08,
    3.5180215224753573e-10,
    3.977719908272422e-09,
    7.519514242694345e-10,
)


def bell(t):
    """Two factors of exp(-t**2 / 2)."""
    square, lost = two_product(t, t)
    return decay(square / 2, lost / 2)


def tail_over_bell(t):
    """(1 - Phi(t)) / exp(-t**2 / 2) for 0 <= t <= FURTHEST, and what rounding lost of it."""
    q = (t - CENTRE) / (t + CENTRE)
    flat, flat_lost = two_sum(FLAT_TAIL[0], q * np.polyval(FLAT_TAIL[:0:-1], q))
    divisor, divisor_lost = two_sum(1, t)
    ratio, lost = quotient(flat, divisor)
    return ratio, lost + (flat_lost - ratio * divisor_lost) / divisor


def balance_over_bell(t):
    """(1 - Phi(t) - t * phi(t)) / exp(-t**2 / 2), which is 0 near 0.75."""
    ratio, lost = tail_over_bell(t)
    density, density_lost = two_product(DENSITY_AT_ZERO[0], t)
    return (ratio - density) + (lost - density_lost - DENSITY_AT_ZERO[1] * t)
