# cython: language_level=3
"""The loops from element to element, compiled for x86-64-v3 (AVX2, FMA)."""

include "elementwise.pxi"
