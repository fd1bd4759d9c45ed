# What each instruction set's module offers: the addresses of its loops.

cdef extern from "rows.hpp" namespace "fastact":
    ctypedef struct LoopEntry:
        const char* activation
        const char* operation
        char dtype
        void* loop
    ctypedef struct StageEntry:
        const char* stage
        char dtype
        void* loop
    const LoopEntry* LOOPS
    const StageEntry* ROW_LOOPS
    int LOOP_COUNT, ROW_LOOP_COUNT

cdef extern from "fromoutput.hpp" namespace "fastact":
    const LoopEntry* OUTPUT_LOOPS
    int OUTPUT_LOOP_COUNT


def loops():
    """(activation, operation, dtype) -> address."""
    return table(LOOPS, LOOP_COUNT) | table(OUTPUT_LOOPS, OUTPUT_LOOP_COUNT)


cdef dict table(const LoopEntry* entries, int count):
    return {
        (entries[i].activation.decode(), entries[i].operation.decode(), chr(entries[i].dtype)):
        <size_t>entries[i].loop
        for i in range(count)
    }


def row_loops():
    """(stage, dtype) -> address."""
    return {
        (ROW_LOOPS[i].stage.decode(), chr(ROW_LOOPS[i].dtype)): <size_t>ROW_LOOPS[i].loop
        for i in range(ROW_LOOP_COUNT)
    }
