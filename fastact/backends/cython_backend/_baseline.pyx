# cython: language_level=3
"""The loops, compiled for any CPU of the architecture's base level."""

include "tables.pxi"
