# The loops that go through rows.

include "stamp.pxi"

cdef extern from "wholerows.hpp" namespace "fastact":
    ctypedef struct StageEntry:
        const char* stage
        char dtype
        void* loop
    ctypedef struct WholeRowEntry:
        const char* activation
        char dtype
        void* loop
    const StageEntry* ROW_LOOPS
    const WholeRowEntry* WHOLE_ROW_LOOPS
    int ROW_LOOP_COUNT, WHOLE_ROW_LOOP_COUNT


def row_loops():
    """(stage, dtype) -> address."""
    return {
        (ROW_LOOPS[i].stage.decode(), chr(ROW_LOOPS[i].dtype)): <size_t>ROW_LOOPS[i].loop
        for i in range(ROW_LOOP_COUNT)
    }


def whole_row_loops():
    """(activation, dtype) -> address."""
    return {
        (WHOLE_ROW_LOOPS[i].activation.decode(), chr(WHOLE_ROW_LOOPS[i].dtype)):
        <size_t>WHOLE_ROW_LOOPS[i].loop
        for i in range(WHOLE_ROW_LOOP_COUNT)
    }
