# cython: language_level=3
"""The loops through rows, compiled for any CPU of the architecture's base level."""

include "rows.pxi"
