# A bias in front of an activation: its loops, and the sums that are its gradient.

cdef extern from "bias.hpp" namespace "fastact":
    ctypedef void (*Loop)(char**, const Py_ssize_t*, const Py_ssize_t*, void*)
    cdef cppclass BiasLoop:
        Loop loop
        int nin, nout
    void bias_loop[T](char**, const Py_ssize_t*, const Py_ssize_t*, void*)
    void sum_columns[T](const T*, Py_ssize_t, Py_ssize_t, Py_ssize_t, int, double*) nogil


def biased_loop(size_t address, int nin, int nout, str dtype):
    """A loop of x, bias, ... out of one of x, ...: the addresses of its code and of its data."""
    cdef BiasLoop* data = <BiasLoop*>PyMem_Malloc(sizeof(BiasLoop))  # a ufunc keeps it for good
    if data == NULL:
        raise MemoryError
    data.loop = <Loop><void*>address
    data.nin = nin
    data.nout = nout
    cdef size_t code = <size_t>&bias_loop[float] if dtype == "f" else <size_t>&bias_loop[double]
    return code, <size_t>data


def column_sums(array, Py_ssize_t outer, Py_ssize_t n, Py_ssize_t inner):
    """Sums of a C-contiguous array of shape (outer, n, inner) over its outer axes, in float64.

    They are rounded once, to its dtype.
    """
    cdef cnp.ndarray given = np.ascontiguousarray(array, "d" if array.dtype.char == "d" else "f")
    if not given.flags.aligned:
        given = given.copy()
    cdef cnp.ndarray sums = np.empty(n)
    cdef double* out = <double*>cnp.PyArray_DATA(sums)
    cdef void* data = cnp.PyArray_DATA(given)
    cdef int threads = effective_threads() if given.nbytes >= 262144 else 1
    if given.size != outer * n * inner or array.dtype.char not in "efd":
        raise ValueError(f"{given.dtype} of shape {array.shape} is not ({outer}, {n}, {inner})")
    if given.dtype.char == "f":
        with nogil:
            sum_columns[float](<const float*>data, outer, n, inner, threads, out)
    else:
        with nogil:
            sum_columns[double](<const double*>data, outer, n, inner, threads, out)
    if array.dtype.char == "d":
        return sums
    if array.dtype.char == "e":
        with np.errstate(all="ignore"):
            return sums.astype("e")
    cdef cnp.ndarray rounded_sums = np.empty(n, "f")
    cdef float* of_floats = <float*>cnp.PyArray_DATA(rounded_sums)
    cdef Py_ssize_t i
    for i in range(n):
        of_floats[i] = <float>out[i]
    return rounded_sums
