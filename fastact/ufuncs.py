"""The home of the bare NumPy ufuncs: NumPy pickles a ufunc by module and name alone.

`fastact_sigmoid_backward` is the default backend's, `fastact_sigmoid_backward__numba` another's; in
another process, or on a machine with other instruction sets, the name loads what runs there.
"""


def __getattr__(attribute):
    from fastact.activation import find_ufunc

    found = find_ufunc(attribute)
    if found is None:
        raise AttributeError(f"module {__name__!r} has no attribute {attribute!r}")
    return found
