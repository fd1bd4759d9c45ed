# distutils: language = c++
# cython: language_level=3, freethreading_compatible=False
"""The compiled engine: ufuncs out of backends' loops, the row-wise calls, threads, the CPU."""

cdef extern from *:
    const char* FASTACT_SOURCES


def sources_stamp():
    """Which sources this was compiled from; see fastact/built.py."""
    return FASTACT_SOURCES.decode()


include "capi.pxi"
include "context.pxi"
include "operation.pxi"
include "arguments.pxi"
include "face.pxi"
include "bias.pxi"
include "rowloops.pxi"
include "rowkeywords.pxi"
include "rowoperation.pxi"
include "rowinputs.pxi"
include "rowoutputs.pxi"
include "rowother.pxi"
include "rowparameter.pxi"
include "rowface.pxi"
include "losses.pxi"
