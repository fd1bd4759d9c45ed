# distutils: language = c++
# cython: language_level=3, freethreading_compatible=False
"""The compiled engine: ufuncs out of backends' loops, the row-wise calls, threads, the CPU."""

include "face.pxi"
include "rowface.pxi"
