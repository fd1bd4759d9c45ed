# The loops that go from element to element.

include "stamp.pxi"

cdef extern from "elementwise.hpp" namespace "fastact":
    ctypedef struct LoopEntry:
        const char* activation
        const char* operation
        char dtype
        void* loop
    const LoopEntry* LOOPS
    int LOOP_COUNT
cdef extern from "losses.hpp" namespace "fastact":
    const LoopEntry* LOSS_LOOPS
    int LOSS_LOOP_COUNT
cdef extern from "gated.hpp" namespace "fastact":
    const LoopEntry* GATED_LOOPS
    int GATED_LOOP_COUNT
cdef extern from "fromoutput.hpp" namespace "fastact":
    const LoopEntry* OUTPUT_LOOPS
    int OUTPUT_LOOP_COUNT


cdef dict addresses(const LoopEntry* entries, int count):
    return {
        (entries[i].activation.decode(), entries[i].operation.decode(), chr(entries[i].dtype)):
        <size_t>entries[i].loop
        for i in range(count)
    }


def loops():
    """(activation, operation, dtype) -> address."""
    return (
        addresses(LOOPS, LOOP_COUNT)
        | addresses(LOSS_LOOPS, LOSS_LOOP_COUNT)
        | addresses(GATED_LOOPS, GATED_LOOP_COUNT)
        | addresses(OUTPUT_LOOPS, OUTPUT_LOOP_COUNT)
    )
