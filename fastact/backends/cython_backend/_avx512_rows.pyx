# cython: language_level=3
"""The loops through rows, compiled for x86-64-v4 (AVX-512)."""

include "rows.pxi"
