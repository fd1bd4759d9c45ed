# The row loops of a backend, and what the engine's headers say of them.

from libcpp cimport bool as cbool

cdef extern from "rowcall.hpp" namespace "fastact":
    cdef enum Family:
        SOFTMAX, LOG_SOFTMAX, LOGSUMEXP, HARDMAX
    cdef enum RowRole:
        X, DY, MASK, Y, DX, LENGTHS, WEIGHTS, SIGN
    cdef cppclass RowOptions:
        cbool negate, mean, from_output
        double scale, scale_low
    cdef cppclass RowBackend:
        void set(cbool is_double, int stage, size_t address)
        void set_strict(cbool is_double, cbool strict)
        void set_whole_row(cbool is_double, size_t address, double parameter, cbool strict)
    cdef cppclass RowCall:
        RowCall(PyObject*, const cbool*, cbool)
        cbool set(int, PyObject*, cbool)
        cbool run(Family, const RowBackend&, Py_ssize_t, const RowOptions&) nogil

cdef extern from "operation.hpp" namespace "fastact":
    const int* TYPE_NUMBERS

cdef extern from "fpenv.hpp" namespace "fastact":
    cdef cppclass FlagGuard:
        pass

cdef extern from *:
    """
    static PyObject* fastact_new_array(int ndim, npy_intp* shape, int dtype) {
        return PyArray_EMPTY(ndim, shape, fastact::TYPE_NUMBERS[dtype], 0);
    }
    static PyObject* fastact_new_like(PyObject* array, int dtype) {
        PyArray_Descr* described = PyArray_DescrFromType(fastact::TYPE_NUMBERS[dtype]);
        return PyArray_NewLikeArray((PyArrayObject*)array, NPY_KEEPORDER, described, 0);
    }
    """
    object fastact_new_array(int, Py_ssize_t*, int)
    object fastact_new_like(object, int)

# The stages' names as backends know them, in the order of the engine's enumeration.
STAGES = ("exp_sum", "dot", "others", "scale", "softmax_backward", "log_softmax",
          "log_softmax_backward", "softmax_columns", "log_softmax_columns", "logsumexp_columns",
          "softmax_values", "log_softmax_values", "logsumexp_values", "exp_sum_near", "log_rest",
          "exp_sum_dot", "exp_sum_others", "softmax_both", "softmax_gradients",
          "log_softmax_gradients", "logsumexp_gradients", "cross_entropy", "sum_columns",
          "exp_sum_columns", "scale_columns", "shift_columns")
# Those that a first call of softmax does not wait for.
FURTHER_STAGES = ("first_top", "exp_sum_scaled", "log_softmax_scaled")


cdef class RowLoops:
    """The row loops of one backend: stage addresses per dtype, asked for on first use."""

    cdef RowBackend backend
    cdef readonly object resolver, further
    cdef double parameter  # of a whole row's loop
    cdef bint ready[2]
    cdef bint further_ready[2]

    def __init__(self, resolver, further=None, double parameter=0):
        self.resolver = resolver
        self.further = further
        self.parameter = parameter
        for i in range(2):
            self.ready[i] = self.further_ready[i] = False

    cdef int resolve_further(self, bint is_double) except -1:
        cdef int i
        if self.further_ready[is_double]:
            return 0
        stages = self.further("d" if is_double else "f")
        for i, name in enumerate(FURTHER_STAGES):
            self.backend.set(is_double, len(STAGES) + i, stages[name])
        self.further_ready[is_double] = True
        return 0

    cdef int resolve(self, bint is_double) except -1:
        cdef int i
        if self.ready[is_double]:
            return 0
        stages, strict = self.resolver("d" if is_double else "f")
        for i, name in enumerate(STAGES):
            self.backend.set(is_double, i, stages.get(name, 0))  # from softmax_columns on optional
        self.backend.set_strict(is_double, strict)
        self.backend.set_whole_row(is_double, stages.get("whole_row", 0), self.parameter, strict)
        self.ready[is_double] = True
        return 0
