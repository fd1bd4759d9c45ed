# What each instruction set's module offers: the addresses of its loops.

cdef extern from "wholerows.hpp" namespace "fastact":
    ctypedef struct LoopEntry:
        const char* activation
        const char* operation
        char dtype
        void* loop
    ctypedef struct StageEntry:
        const char* stage
        char dtype
        void* loop
    ctypedef struct WholeRowEntry:
        const char* activation
        char dtype
        void* loop
    const LoopEntry* LOOPS
    const StageEntry* ROW_LOOPS
    const WholeRowEntry* WHOLE_ROW_LOOPS
    int LOOP_COUNT, ROW_LOOP_COUNT, WHOLE_ROW_LOOP_COUNT

cdef extern from "losses.hpp" namespace "fastact":
    const LoopEntry* LOSS_LOOPS
    int LOSS_LOOP_COUNT
cdef extern from "gated.hpp" namespace "fastact":
    const LoopEntry* GATED_LOOPS
    int GATED_LOOP_COUNT


cdef dict addresses(const LoopEntry* entries, int count):
    return {
        (entries[i].activation.decode(), entries[i].operation.decode(), chr(entries[i].dtype)):
        <size_t>entries[i].loop
        for i in range(count)
    }

cdef extern from "fromoutput.hpp" namespace "fastact":
    const LoopEntry* OUTPUT_LOOPS
    int OUTPUT_LOOP_COUNT

cdef extern from *:
    const char* FASTACT_SOURCES


def sources_stamp():
    """Which sources this was compiled from; see fastact/built.py."""
    return FASTACT_SOURCES.decode()


def loops():
    """(activation, operation, dtype) -> address."""
    return (
        addresses(LOOPS, LOOP_COUNT)
        | addresses(LOSS_LOOPS, LOSS_LOOP_COUNT)
        | addresses(GATED_LOOPS, GATED_LOOP_COUNT)
        | addresses(OUTPUT_LOOPS, OUTPUT_LOOP_COUNT)
    )


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
