"""By hand what the numpy backend is held against, where people's formula does less than it must.

As they stand, `dy * (x > 0)`, a copy of dy and an array of zeros never ask x for a NaN, which every
backend carries into the slope, and two of them do not read x at all; and `1 - tanh(x)**2` has lost
half of float32's digits at 5, and all of them at 9, where some of the inputs are, too.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from .formulas import FORMULAS


def keeping_nan(x: Any, dx: Any) -> Any:
    dx[np.isnan(x)] = np.nan
    return dx


def keeping_nan_of_rows(x: Any, dx: Any) -> Any:
    dx[np.isnan(x).any(axis=-1)] = np.nan
    return dx


def tanh_gradient(x: Any, dy: Any) -> Any:
    e = np.exp(-2 * np.abs(x))
    return dy * 4 * e / (1 + e) ** 2


SAME_WORK = FORMULAS | {
    "identity": replace(
        FORMULAS["identity"], gradient=lambda x, y, dy: keeping_nan(x, np.copy(dy))
    ),
    "relu": replace(FORMULAS["relu"], gradient=lambda x, y, dy: keeping_nan(x, dy * (x > 0))),
    "tanh": replace(
        FORMULAS["tanh"], gradient=lambda x, y, dy: tanh_gradient(x, dy), needs_value=False
    ),
    "hardmax": replace(
        FORMULAS["hardmax"], gradient=lambda x, y, dy: keeping_nan_of_rows(x, np.zeros_like(x))
    ),
}
