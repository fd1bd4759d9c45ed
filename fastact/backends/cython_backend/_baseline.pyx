# cython: language_level=3
"""The loops from element to element, compiled for any CPU of the architecture's base level."""

include "elementwise.pxi"
