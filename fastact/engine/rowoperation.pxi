# The softmax family as an object: axes, keepdims, out, where. RowCall does the rest.

from numpy.lib.array_utils import normalize_axis_tuple

DEF MAX_NDIM = 64

cdef Py_ssize_t rows_parallel_from = 0


def set_rows_parallel_from(Py_ssize_t n):
    """Elements from which waking the pool pays; returns what it was."""
    global rows_parallel_from
    before, rows_parallel_from = rows_parallel_from, n
    return before


cdef class RowOperation:
    """One operation of a row-wise activation; callable."""

    cdef fastact_vectorcall vectorcall
    cdef readonly str activation, operation
    cdef readonly object make  # backend name -> RowLoops, or a formula on whole rows
    cdef dict __dict__
    cdef object home
    cdef dict backends
    cdef Family family
    cdef bint takes_dy, needs_dy, gives_y, gives_dx, reduces

    def __cinit__(self):
        self.vectorcall = call_rows

    def __init__(self, str activation, str operation, int family, make, home=None):
        self.activation = activation
        self.operation = operation
        self.family = <Family>family
        self.make = make
        self.home = home
        self.backends = {}
        self.takes_dy = operation != "forward"
        self.needs_dy = operation == "backward"
        self.gives_y = operation != "backward"
        self.gives_dx = operation != "forward"
        self.reduces = self.family == LOGSUMEXP

    def backend_named(self, str backend):
        found = self.backends.get(backend)
        if found is None:
            found = self.backends.setdefault(backend, self.make(backend))
        return found

    @property
    def keywords(self):
        """The names of the arguments, in the order of the positional ones."""
        return (("x", "dy") if self.takes_dy else ("x",)) + ("axis", "keepdims", "out", "where")

    def __repr__(self):
        return f"<fastact {self.__qualname__}(x, {'dy, ' if self.takes_dy else ''}axis=-1)>"

    def __reduce__(self):
        return self.activation if self.home is None else (getattr, self.home)

    def __deepcopy__(self, memo):
        return self

    def __copy__(self):
        return self

    cdef object call(self, x, dy, axis, bint keepdims, out, where):
        cdef cbool reduced[MAX_NDIM]
        cdef Py_ssize_t full[MAX_NDIM]
        cdef Py_ssize_t left[MAX_NDIM]
        cdef int ndim, d, dtype, kept = 0
        cdef Py_ssize_t length = 1
        cdef object y = None, dx = None
        cdef FlagGuard* flags
        cdef Context context = active_context()
        cdef object selection = process_selection
        if context is not None and context.selection is not None:
            selection = context.selection
        backend = self.backend_named(selection.backend_of(self.activation))

        if type(x) is not np.ndarray:
            return call_other(self, x, dy, axis, keepdims, out, where)
        if dy is not None and isinstance(dy, (list, tuple)):
            dy = np.asarray(dy)
        ndim = cnp.PyArray_NDIM(x)
        if ndim == 0:
            return call_scalar(self, x, dy, axis, keepdims, out, where)
        dtype = dtype_of(self, x, dy)

        for d in range(ndim):
            full[d] = cnp.PyArray_DIM(x, d)
            reduced[d] = axis is None
        if type(axis) is int and -ndim <= axis < ndim:
            reduced[<int>axis % ndim if <int>axis >= 0 else <int>axis + ndim] = True
        elif axis is not None:
            for d in normalize_axis_tuple(axis, ndim):
                reduced[d] = True
        for d in range(ndim):
            if reduced[d]:
                length *= full[d]
                if keepdims:
                    left[kept] = 1
                    kept += 1
            else:
                left[kept] = full[d]
                kept += 1

        if self.takes_dy:
            dy = spread_dy(self, dy, x, dtype, reduced, ndim, keepdims)
        if where is not None:
            where = spread_where(self, where, x)
        given_y, given_dx = given_outputs(self, out)
        if given_y is not None or given_dx is not None:
            x, dy, where = apart(self, x, dy, where, given_y, given_dx)
        if self.gives_y and self.reduces:
            y = usable(self, given_y, kept, left, dtype)
        elif self.gives_y:
            y = usable(self, given_y, ndim, full, dtype)
        if self.gives_dx:
            dx = usable(self, given_dx, ndim, full, dtype)
            if given_y is not None and dx is given_dx and np.may_share_memory(given_y, dx):
                dx = fastact_new_array(ndim, full, dtype)  # and handed over last

        if length == 0:
            self.empty_rows(x, y)
        elif isinstance(backend, RowLoops):
            self.run(<RowLoops>backend, x, dy, where, y, dx, reduced, dtype,
                     0 if context is None else context.threads)
        else:
            axes = tuple([d for d in range(ndim) if reduced[d]])
            flags = new FlagGuard()
            try:
                backend(x, dy, where, y, dx, axes, "efd"[dtype])
            finally:
                del flags
        y, dx = hand_over(self, y, given_y), hand_over(self, dx, given_dx)
        if not self.gives_dx:
            return scalar_if(y, given_y, kept if self.reduces else ndim)
        if not self.gives_y:
            return dx
        return scalar_if(y, given_y, kept if self.reduces else ndim), dx

    cdef int empty_rows(self, x, y) except -1:
        # Nothing to sum: the log of the sum is -inf; for the rest there is nothing to write.
        if self.reduces and y is not None:
            y[...] = -np.inf
        return 0

    cdef int run(self, RowLoops loops, x, dy, where, y, dx, const cbool* reduced,
                 int dtype, int threads) except -1:
        global context_threads
        cdef int saved_threads = context_threads
        cdef bint is_double = dtype == 2
        cdef RowCall* call
        cdef cbool good
        loops.resolve(is_double)
        call = new RowCall(<PyObject*>x, reduced, is_double)
        if threads:
            context_threads = threads
        try:
            good = call.set(X, <PyObject*>x, False)
            if dy is not None:
                good = good and call.set(DY, <PyObject*>dy, self.reduces)
            if where is not None:
                good = good and call.set(MASK, <PyObject*>where, False)
            if y is not None:
                good = good and call.set(Y, <PyObject*>y, self.reduces)
            if dx is not None:
                good = good and call.set(DX, <PyObject*>dx, False)
            if not good:
                raise AssertionError("dtype_of() let a dtype through that no conversion is for")
            if cnp.PyArray_SIZE(x) < 500:  # as NumPy: for less, handing the GIL over costs more
                good = call.run(self.family, loops.backend, rows_parallel_from)
            else:
                with nogil:
                    good = call.run(self.family, loops.backend, rows_parallel_from)
            if not good:
                raise MemoryError
        finally:
            context_threads = saved_threads
            del call
        return 0
