"""The home of the bare NumPy ufuncs: NumPy pickles a ufunc by module and name alone.

`fastact.ufuncs.sigmoid_backward` is the default backend's, `sigmoid_backward__numba` another's; on
a machine with other instruction sets the same name loads that machine's own loops.
"""

from fastact.activation import ACTIVATIONS, OPERATIONS, ufunc_name
from fastact.dispatch import names


def __getattr__(attribute):
    base, _, suffix = attribute.partition("__")
    backend = suffix.replace("_", "-") if suffix else "cython"
    if backend in names():
        for activation in ACTIVATIONS.values():
            for operation in OPERATIONS:
                if ufunc_name(activation.activation, operation, "cython") == base:
                    found = activation if operation == "forward" else getattr(activation, operation, None)
                    if found is not None and hasattr(found, "ufunc_of"):
                        return found.ufunc_of(backend)
    raise AttributeError(f"module 'fastact.ufuncs' has no attribute {attribute!r}")
