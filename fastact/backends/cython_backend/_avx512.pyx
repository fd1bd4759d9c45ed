# cython: language_level=3
"""The loops from element to element, compiled for x86-64-v4 (AVX-512)."""

include "elementwise.pxi"
