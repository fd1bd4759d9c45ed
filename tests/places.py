"""Results at a chosen place in memory, and what they should be, from short calls."""

import numpy as np

GUARD = 7


def room_for(size, dtype, place):
    """An array that begins `place` elements behind a line of the caches; what lies around it."""
    whole = np.full(size + 64, GUARD, dtype)
    start = -whole.ctypes.data % 64 // whole.itemsize + place
    return whole[start : start + size], (whole[:start], whole[start + size :])


def in_pieces(function, step, *arrays):
    """What `function` gives of the arrays, put together from calls of at most `step` elements."""
    size = arrays[0].size
    parts = [function(*(a[i : i + step] for a in arrays)) for i in range(0, size, step)]
    if isinstance(parts[0], tuple):
        return tuple(np.concatenate(results) for results in zip(*parts, strict=True))
    return np.concatenate(parts)
