"""Arguments that are one number."""

import math

import numpy as np


def real_number(value):
    """`value`, one real number of any type, as a float; infinite where that is too small for it.

    TypeError for what is none: texts, complex numbers, arrays with dimensions.
    """
    kind = np.asarray(value).dtype.kind
    if np.ndim(value) != 0 or kind not in "biufO" or isinstance(value, (str, bytes)):
        raise TypeError(f"{value!r} is not one real number")
    try:
        return float(value)
    except ValueError:
        raise TypeError(f"{value!r} is not a number") from None
    except OverflowError:
        return math.inf if value > 0 else -math.inf
