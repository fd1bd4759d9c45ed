"""The compiled loops, for code in C, C++ or Cython that calls them itself."""

import numpy as np

from fastact import availability
from fastact.activations import CATALOGUE

__all__ = ["loop_address"]


def loop_address(operation, dtype):
    """Address of the compiled loop of an operation, to be called from C, C++ or Cython.

    The loop belongs to the widest instruction set here (``FASTACT_ISA`` limits it), lives as long
    as the process, and may be called on any thread, with or without the GIL.

    Parameters
    ----------
    operation : callable
        A pointwise activation of the catalogue, a gated unit, or an operation of it, such as
        `fa.gelu`, `fa.gelu.backward`, `fa.swiglu`.
    dtype : dtype
        float32 or float64.

    Returns
    -------
    int
        Address of ``void loop(char **args, npy_intp *dims, npy_intp *steps, void *data)``:

        - ``args``: where the arguments begin. First the inputs in the order of
          ``operation.inputs``, each parameter among them, then the results.
        - ``dims``: the number of elements, and the number of rows of that many; 1 for an array.
        - ``steps``: for each argument the size of an element, or, of an input, 0: one number for
          the whole row. Then for each argument the bytes from one row to the next.
        - ``data``: NULL.

    Raises
    ------
    TypeError
        If there is no such loop: rows and losses have none, nor has what `fa.define` makes.
    ValueError
        If dtype is another one.
    ImportError
        If nothing was compiled for this processor.

    Notes
    -----
    Arguments are aligned as C demands, and a result is either an input itself or overlaps none.
    Nothing is checked. Flags of floating-point exceptions may be raised for no reason. The same
    bits come out as of `operation` with the cython backend.

    Examples
    --------
    With ctypes; ``examples/recurrent.pyx`` is the same in Cython.

    >>> import ctypes
    >>> import numpy as np
    >>> import fastact as fa
    >>> loop = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)(fa.loop_address(fa.elu, "float64"))
    >>> x, alpha, y = np.array([-1.0, 0.0, 2.0]), np.array(0.5), np.empty(3)
    >>> args = np.array([x.ctypes.data, alpha.ctypes.data, y.ctypes.data])
    >>> dims, steps = np.array([3, 1]), np.array([8, 0, 8, 0, 0, 0])
    >>> loop(args.ctypes.data, dims.ctypes.data, steps.ctypes.data, None)
    >>> y.round(3)
    array([-0.316,  0.   ,  2.   ])
    """
    dtype = np.dtype(dtype)
    if not dtype.isnative or dtype.char not in "fd":
        raise ValueError(f"loop_address: the dtype must be float32 or float64, not {dtype}")
    availability.require("cython")
    activation = getattr(operation, "activation", None)
    try:
        if CATALOGUE[activation].kind == "loss":
            raise KeyError(activation)
        return availability.table("cython").loop(activation, operation.operation, dtype.char)
    except (AttributeError, KeyError):
        raise TypeError(
            f"loop_address: {operation!r} has no compiled loop; there is one for each operation "
            "of a pointwise activation of fastact, or of a gated unit"
        ) from None
