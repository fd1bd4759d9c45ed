"""The activations at one point: each function returns (value, slope).

They are written for float32 and float64 alike, without a branch. Every loop takes what it needs
of the pair; the compiler removes the rest.
"""

from . import (  # noqa: F401  (each enters its formulas)
    exponentials,
    gates,
    gelu,
    losses,
    others,
    rectifiers,
    shrinkers,
    sigmoids,
    softplus,
    straight,
)
from .table import FORMULAS, PARAMETER_SLOPES, SHORT

__all__ = ["FORMULAS", "PARAMETER_SLOPES", "SHORT"]
