# cython: language_level=3
"""The loops through rows, compiled for x86-64-v3 (AVX2, FMA)."""

include "rows.pxi"
