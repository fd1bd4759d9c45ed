"""Rounding and distances: ``fastact.accuracy.ulp``, which knows no backend."""

from fastact.accuracy.ulp import (
    Reference,
    Sweep,
    assert_same_bits,
    assert_within,
    reference_from_mpmath,
    reference_from_wide,
    round_exact,
    same_bits,
    ulp_errors,
    unit_of,
)

__all__ = [
    "Reference",
    "Sweep",
    "assert_same_bits",
    "assert_within",
    "reference_from_mpmath",
    "reference_from_wide",
    "round_exact",
    "same_bits",
    "ulp_errors",
    "unit_of",
]
