# The outputs of a row-wise call: given as out= or new, and handed over.

cdef tuple given_outputs(RowOperation self, out):
    if out is None:
        return None, None
    if self.gives_y and self.gives_dx:
        if type(out) is not tuple or len(out) != 2:
            raise TypeError(f"{self.__qualname__}: out= must be a tuple of two arrays or None")
        pair = out
    else:
        if type(out) is tuple:
            if len(out) != 1:
                raise ValueError(f"{self.__qualname__} has one output, out= has {len(out)}")
            out = out[0]
        pair = (out, None) if self.gives_y else (None, out)
    for array in pair:
        if array is not None and not isinstance(array, np.ndarray):
            raise TypeError(f"{self.__qualname__}: out= must be an array, not "
                            f"{type(array).__name__}")
    return pair


cdef bint fits(given, int ndim, Py_ssize_t* shape, int dtype):
    # What most outputs are: of the shape and dtype of the result.
    cdef int d
    if cnp.PyArray_NDIM(given) != ndim or cnp.PyArray_TYPE(given) != TYPE_NUMBERS[dtype]:
        return False
    for d in range(ndim):
        if cnp.PyArray_DIM(given, d) != shape[d]:
            return False
    return cnp.PyArray_ISWRITEABLE(given) and cnp.PyArray_ISNOTSWAPPED(given)


cdef object usable(RowOperation self, given, like, int ndim, Py_ssize_t* shape, int dtype,
                   bint wide):
    # The array that the engine writes: `given` itself where it can be, else a new one, which lies
    # in memory as the array `like`, as results of NumPy's ufuncs do.
    cdef int d
    if given is not None:
        if fits(given, ndim, shape, dtype):
            return given
        if given.shape != tuple([shape[d] for d in range(ndim)]):
            raise ValueError(
                f"{self.__qualname__}: out= has shape {given.shape}, the result has "
                f"{tuple([shape[d] for d in range(ndim)])}"
            )
        if not given.flags.writeable:
            raise ValueError("output array is read-only")
        if not np.can_cast("efd"[dtype], given.dtype, "same_kind"):
            raise TypeError(
                f"Cannot cast {self.__qualname__} output from {np.dtype('efd'[dtype])!r} to "
                f"{given.dtype!r} with casting rule 'same_kind'"
            )
        if given.dtype.char in "fd" or (given.dtype.char == "e" and not wide):
            return given
    return fastact_new_array(ndim, shape, dtype) if like is None else fastact_new_like(like, dtype)


cdef object hand_over(RowOperation self, result, given):
    if given is None or result is given:
        return result
    np.copyto(given, result, casting="same_kind")
    return given


cdef object scalar_if(y, given, int ndim):
    return cnp.PyArray_ToScalar(cnp.PyArray_DATA(y), y) if given is None and ndim == 0 else y
