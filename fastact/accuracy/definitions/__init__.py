"""What each pointwise activation is: one ``Definition`` for every name of the catalogue.

Written once over an arithmetic ``m`` (see ``arithmetic.py``) and free of cancellation, so that they
hold to 1e-12 in float64, too. Slopes are closed forms, checked against ``mpmath.diff``.
"""

from . import gates, pieces, sigmoids, units
from .definition import INF, Definition

__all__ = ["DEFINITIONS", "INF", "Definition"]

DEFINITIONS: dict[str, Definition] = (
    pieces.DEFINITIONS | sigmoids.DEFINITIONS | units.DEFINITIONS | gates.DEFINITIONS
)
