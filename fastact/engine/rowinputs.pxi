# The inputs of a row-wise call: which dtype it has, dy and the mask broadcast against x.

cdef int dtype_of(RowOperation self, x, dy, b) except -1:
    # 0, 1, 2: float16, float32, float64.
    cdef int kinds[3]
    cdef int result
    kinds[0] = cnp.PyArray_TYPE(x)
    kinds[1] = kinds[2] = kinds[0]
    if dy is not None and isinstance(dy, (np.ndarray, np.generic)):
        kinds[1] = dy.dtype.num
    if b is not None and isinstance(b, (np.ndarray, np.generic)):
        kinds[2] = b.dtype.num
    result = promote(kinds, 3)
    if result < 0:
        wrong = x if promote(kinds, 1) < 0 else dy if promote(kinds, 2) < 0 else b
        raise TypeError(
            f"{self.__qualname__} does not take {wrong.dtype}; bool, integers, float16, float32 "
            "and float64 are supported: convert with .astype()"
        )
    return result


cdef tuple axes_of(RowOperation self, axis, int ndim):
    try:
        return normalize_axis_tuple(axis, ndim)
    except (TypeError, OverflowError):
        raise TypeError(f"{self.__qualname__}: axis must be an integer, a tuple of integers or "
                        f"None, not {axis!r}") from None


cdef int check_mask(RowOperation self, dy, where) except -1:
    # All of a row depends on each of its gradients: what lies under a mask must not be one of them.
    counts = True if where is None or self.reduces else where
    if np.any(np.logical_and(np.ma.getmaskarray(dy), counts)):
        raise ValueError(f"{self.__qualname__}: dy is masked where x is not; say what it is there, "
                         "as by dy.filled(0)")
    return 0


cdef object spread_dy(RowOperation self, dy, x, where, int dtype, const cbool* reduced, int ndim,
                      bint keepdims):
    if type(dy) is not np.ndarray:
        if isinstance(dy, np.ma.MaskedArray):
            check_mask(self, dy, where)
        kind = getattr(dy, "dtype", type(dy).__name__)
        try:
            dy = rounded(dy, dtype) if type(dy) in (int, float) else np.asarray(dy)
        except (TypeError, ValueError, OverflowError):
            raise TypeError(f"{self.__qualname__} does not take dy of {kind}") from None
        if promote_one(dy) < 0:
            raise TypeError(f"{self.__qualname__} does not take dy of {kind}")
    if not self.reduces:
        return dy if cnp.PyArray_SAMESHAPE(dy, x) else np.broadcast_to(dy, np.shape(x))
    shape = x.shape
    squeezed = tuple([shape[d] for d in range(ndim) if not reduced[d]])
    kept = tuple([1 if reduced[d] else shape[d] for d in range(ndim)])
    wanted = kept if keepdims or dy.shape == kept else squeezed
    return dy if dy.shape == wanted else np.broadcast_to(dy, wanted)  # which takes 5 us


cdef object rounded(number, int dtype):
    # Without a warning where that makes it infinite or 0.
    if type(number) is int and -2048 <= number <= 2048:
        return np.asarray(number, "efd"[dtype])
    with np.errstate(all="ignore"):
        return np.asarray(number, "efd"[dtype])


cdef object spread_where(RowOperation self, where, x):
    if isinstance(where, np.ma.MaskedArray):
        where = where.filled(False)  # what is absent does not count
    where = np.asarray(where)
    if where.dtype != bool:
        raise TypeError(f"{self.__qualname__}: where= must be a bool array, not {where.dtype}")
    try:
        return np.broadcast_to(where, np.shape(x))
    except ValueError:
        raise ValueError(f"{self.__qualname__}: where of shape {where.shape} does not broadcast to "
                         f"the shape of x, {np.shape(x)}") from None


cdef int promote_one(array):
    cdef int kind = array.dtype.num
    return promote(&kind, 1)


cdef tuple apart(RowOperation self, x, dy, where, b, given_y, given_dx):
    # Inputs that an output overlaps are copied, unless the only output lies exactly over one input.
    both = self.gives_y and self.gives_dx
    outputs = [o for o in (given_y, given_dx) if o is not None]
    inputs = []
    for array in (x, dy, where, b):
        if array is not None:
            for o in outputs:
                same = not both and one_over_the_other(o, array)
                if not same and not separate(o, array) and np.may_share_memory(o, array):
                    array = array.copy()
        inputs.append(array)
    return tuple(inputs)


cdef bint one_over_the_other(a, b):
    # The same elements at the same places.
    cdef int d
    if (cnp.PyArray_DATA(a) != cnp.PyArray_DATA(b) or not cnp.PyArray_SAMESHAPE(a, b)
            or a.dtype != b.dtype):
        return False
    for d in range(cnp.PyArray_NDIM(a)):
        if cnp.PyArray_STRIDE(a, d) != cnp.PyArray_STRIDE(b, d):
            return False
    return True


cdef bint separate(a, b):
    # Arrays in one piece whose memory is not shared: what most are, told without a Python call.
    cdef char* first = cnp.PyArray_BYTES(a)
    cdef char* second = cnp.PyArray_BYTES(b)
    return (cnp.PyArray_ISONESEGMENT(a) and cnp.PyArray_ISONESEGMENT(b)
            and (first + cnp.PyArray_NBYTES(a) <= second or second + cnp.PyArray_NBYTES(b) <= first))


cdef bint in_one_piece(x, dy, y, dx, tuple axes, int dtype):
    # Last axes of arrays that a formula can see as they are.
    if len(axes) != 1 or axes[0] != cnp.PyArray_NDIM(x) - 1 or dtype == 0:
        return False
    for array in (x, dy, y, dx):
        if array is not None and not (
                cnp.PyArray_ISCARRAY_RO(array)
                and cnp.PyArray_TYPE(array) == TYPE_NUMBERS[dtype]):
            return False
    return True
