"""exp(-abs(w)) for gates and tails."""

import numpy as np


def decay(w, lost=0.0):
    """Two factors of exp(-abs(w + lost)), where `lost` is what rounding took from w.

    Multiplied by one of them first and by the other last, the product of anything with them becomes
    subnormal no earlier than it must. Where there is no danger the second is 1.
    """
    far = np.abs(w) > 700
    share = np.where(far, 0.5, 1)
    first = np.exp(-np.abs(w) * share)
    first = first - first * (np.copysign(share, w) * lost)
    return first, np.where(far, first, 1)


def sigmoid(w, lost=0.0):
    """1 / (1 + exp(-(w + lost)))."""
    e = np.multiply(*decay(w, lost))
    return np.where(w < 0, e, 1) / (1 + e)
