"""Activations of one's own: defined by a formula, with all that those of the catalogue have."""

from fastact.own.check import SlopeCheck, check_slope
from fastact.own.define import define

__all__ = ["SlopeCheck", "check_slope", "define"]
