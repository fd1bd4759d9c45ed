"""The same values laid out differently in memory."""

import numpy as np


def strided(step):
    def lay_out(x):
        base = np.zeros((*x.shape[:-1], max(x.shape[-1], 1) * abs(step) + 1), x.dtype)
        view = base[..., : x.shape[-1] * abs(step) : abs(step)]
        view = view[..., ::-1] if step < 0 else view
        view[...] = x
        return view

    return lay_out


def unaligned(x):
    """One byte off any alignment."""
    buffer = np.zeros(x.nbytes + 1, np.uint8)
    view = buffer[1:].view(x.dtype).reshape(x.shape)
    view[...] = x
    assert not view.flags.aligned or x.size == 0
    return view


def byte_swapped(x):
    return x.astype(x.dtype.newbyteorder())


def unaligned_swapped(x):
    return unaligned(byte_swapped(x))


def fortran(x):
    return np.asfortranarray(x)


def transposed(x):
    """Memory order reversed, through a transposed copy."""
    return np.ascontiguousarray(x.T).T


def sliced(x):
    """All but the last of some columns, all but the first of some rows: no axes coalesce."""
    base = np.zeros((x.shape[0] + 1, *x.shape[1:-1], x.shape[-1] + 1), x.dtype)
    view = base[1:, ..., :-1] if x.ndim > 1 else base[1 : x.shape[0] + 1, 0]
    view[...] = x
    return view


def read_only(x):
    copy = x.copy()
    copy.flags.writeable = False
    return copy


LAYOUTS_1D = {
    "contiguous": np.ascontiguousarray,
    "step 2": strided(2),
    "step 3": strided(3),
    "step -1": strided(-1),
    "step -2": strided(-2),
    "unaligned": unaligned,
    "byte-swapped": byte_swapped,
    "unaligned and swapped": unaligned_swapped,
}
LAYOUTS_2D = LAYOUTS_1D | {"fortran": fortran, "transposed": transposed, "sliced": sliced}
INPUT_ONLY = {"read-only": read_only}
