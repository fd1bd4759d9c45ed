# The keywords of row-wise calls that few calls give: temperature, lengths, causal, b, return_sign.

from libc.math cimport fma

from fastact.engine.numbers import real_number

RAGGED = ("lengths", "causal")
TEMPERED = ("temperature", *RAGGED)
ROW_KEYWORDS = {
    "softmax": TEMPERED,
    "log_softmax": TEMPERED,
    "softmin": TEMPERED,
    "hardmax": RAGGED,
    "logsumexp": ("b", "return_sign", *TEMPERED),
    "logmeanexp": TEMPERED,
    "sparsemax": RAGGED,
    "entmax15": RAGGED,
    "standardize": RAGGED,
}


cdef class RowKeywords:
    """What was given; each only where the operation has it."""

    cdef object temperature, lengths, b
    cdef bint causal, return_sign

    def __init__(self, RowOperation operation, dict given):
        self.temperature = given.pop("temperature", None)
        self.lengths = given.pop("lengths", None)
        self.b = given.pop("b", None)
        self.causal = truth(operation, "causal", given.pop("causal", False))
        self.return_sign = truth(operation, "return_sign", given.pop("return_sign", False))

    cdef dict as_given(self):
        """What differs from the defaults."""
        given = {"temperature": self.temperature, "lengths": self.lengths, "b": self.b}
        given = {name: value for name, value in given.items() if value is not None}
        if self.causal:
            given["causal"] = True
        if self.return_sign:
            given["return_sign"] = True
        return given


cdef bint truth(RowOperation self, str name, value) except -1:
    if isinstance(value, (bool, np.bool_)):
        return value
    raise TypeError(f"{self.__qualname__}: {name} must be True or False, not {value!r}")


cdef int set_temperature(RowOperation self, temperature, int dtype, RowOptions* options) except -1:
    # Every element is multiplied by 1 / temperature, to twice the digits of a double.
    cdef double value, limit = 2.0**126 if dtype < 2 else 2.0**1022
    try:
        value = real_number(temperature)
    except TypeError:
        raise TypeError(f"{self.__qualname__}: temperature must be one real number, not "
                        f"{temperature!r}") from None
    if not 1 / limit <= value <= limit:
        raise ValueError(f"{self.__qualname__}: temperature must be above 0, from {1 / limit:.3g} "
                         f"to {limit:.3g} for {np.dtype('efd'[dtype])}; {temperature!r} was given")
    options.scale = 1 / value
    options.scale_low = fma(-options.scale, value, 1) / value
    return 0


cdef object row_lengths(RowOperation self, RowKeywords given, x, const cbool* reduced, int ndim):
    # How many elements of each row are there, an integer for each; None: all of them.
    cdef int d, axis = -1
    shape = np.shape(x)
    for d in range(ndim):
        if reduced[d]:
            if axis >= 0:
                raise ValueError(f"{self.__qualname__}: lengths and causal need a row along one "
                                 "axis, not several")
            axis = d
    if axis < 0:
        raise ValueError(f"{self.__qualname__}: lengths and causal need an axis")
    n = shape[axis]
    rows = shape[:axis] + shape[axis + 1:]
    reach = None
    if given.lengths is not None:
        masked = isinstance(given.lengths, np.ma.MaskedArray)  # a row without a length is absent
        reach = np.asarray(given.lengths.filled(0) if masked else given.lengths)
        if reach.dtype.kind not in "iu" and reach.size > 0:  # what an empty list makes is float64
            raise TypeError(f"{self.__qualname__}: lengths must be integers, not {reach.dtype}")
        try:
            whole = np.broadcast_to(reach, rows)
        except ValueError:
            raise ValueError(f"{self.__qualname__}: lengths has shape {reach.shape}, the rows of x "
                             f"have {rows}") from None
        wrong = (reach < 0) | (reach > n)
        if wrong.any():
            at = tuple([int(k) for k in np.argwhere(np.broadcast_to(wrong, rows))[0]])
            place = f"[{', '.join(map(str, at))}]" if at else ""
            raise IndexError(f"{self.__qualname__}: lengths{place} is {whole[at]}; a row of x has "
                             f"{n} elements: 0 to {n} would do")
        reach = np.broadcast_to(reach.astype(np.intp), rows)
    if given.causal:
        if axis != ndim - 1 or ndim < 2:
            raise ValueError(f"{self.__qualname__}: causal=True is for scores of shape (..., n, m) "
                             f"along the last axis, not for shape {shape} along axis {axis}")
        seen = np.clip(np.arange(1, shape[-2] + 1, dtype=np.intp) + (n - shape[-2]), 0, n)
        reach = np.broadcast_to(seen, rows) if reach is None else np.minimum(reach, seen)
    return reach


cdef object spread_b(RowOperation self, b, x):
    if isinstance(b, np.ma.MaskedArray):
        b = b.filled(0)  # where a weight is absent, x is
    try:
        b = np.asarray(b, dtype=None if isinstance(b, (np.ndarray, np.generic)) else float)
    except (TypeError, ValueError):
        b = np.asarray(b)
    if promote_one(b) < 0:
        raise TypeError(f"{self.__qualname__} does not take b of {b.dtype}")
    try:
        return np.broadcast_to(b, np.shape(x))
    except ValueError:
        raise ValueError(f"{self.__qualname__}: b of shape {b.shape} does not broadcast to the "
                         f"shape of x, {np.shape(x)}") from None
