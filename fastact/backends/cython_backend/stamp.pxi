# Which sources a module is compiled from.

cdef extern from *:
    const char* FASTACT_SOURCES


def sources_stamp():
    """Which sources this was compiled from; see fastact/built.py."""
    return FASTACT_SOURCES.decode()
