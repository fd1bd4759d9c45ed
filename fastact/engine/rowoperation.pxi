# The softmax family as an object: axes, keepdims, out, where. RowCall does the rest.

from numpy.lib.array_utils import normalize_axis_tuple

DEF MAX_NDIM = 64

cdef object NDARRAY = np.ndarray
cdef Py_ssize_t rows_parallel_from = 0


def set_rows_parallel_from(Py_ssize_t n):
    """Bytes of x from which threads pay; returns what it was."""
    global rows_parallel_from
    before, rows_parallel_from = rows_parallel_from, n
    return before


cdef class RowOperation:
    """One operation of a row-wise activation; callable."""

    cdef fastact_vectorcall vectorcall
    cdef readonly str activation, operation
    cdef readonly object make  # backend name -> RowLoops, or a formula on whole rows
    cdef dict __dict__
    cdef readonly str parameter  # a keyword whose value `make` must know, or None
    cdef object home
    cdef dict backends
    cdef object active  # of them, since the selection of this generation
    cdef unsigned long generation
    cdef dict bound  # value of the parameter -> the operation that has it
    cdef Family family
    cdef bint takes_dy, needs_dy, gives_y, gives_dx, reduces, from_output
    cdef readonly tuple keywords  # names of the arguments, in the order of the positional ones
    cdef readonly tuple further  # those that few calls give, by keyword only
    __doc__ = Later("__doc__")
    __signature__ = Later("__signature__")

    def __cinit__(self):
        self.vectorcall = call_rows

    def __init__(self, str activation, str operation, int family, make, home=None,
                 str parameter=None):
        self.activation = activation
        self.operation = operation
        self.family = <Family>family
        self.make = make
        self.home = home
        self.parameter = parameter
        self.backends = {}
        self.active = None
        self.generation = 0
        self.bound = {}
        self.takes_dy = operation != "forward"
        self.from_output = operation == "backward_from_output"
        self.needs_dy = operation == "backward" or self.from_output
        self.gives_y = not self.needs_dy
        self.gives_dx = operation != "forward"
        self.reduces = self.family == LOGSUMEXP
        first = "y" if self.from_output else "x"
        inputs = (first, "dy") if self.takes_dy else (first,)
        self.keywords = (*inputs, "axis", "keepdims", "out", "where")
        self.further = tuple([name for name in ROW_KEYWORDS[activation]
                              if self.gives_y or name != "return_sign"])

    def backend_named(self, str backend):
        found = self.backends.get(backend)
        if found is None:
            found = self.backends.setdefault(backend, self.make(backend))
        return found

    cdef object current(self, Context context):
        if context is not None and context.selection is not None:
            return self.backend_named(context.selection.backend_of(self.activation))
        if self.generation != process_generation:
            generation = process_generation
            self.active = self.backend_named(process_selection.backend_of(self.activation))
            self.generation = generation
        return self.active

    # Calls go by the vectorcall slot; this is for who asks whether there is one, and what it is.
    def __call__(self, *args, **kwargs):
        return PyVectorcall_Call(self, args, kwargs)

    def __repr__(self):
        inputs = ", ".join(self.keywords[:2 if self.takes_dy else 1])
        return f"<fastact {self.__qualname__}({inputs}, axis=-1)>"

    def __reduce__(self):
        return self.activation if self.home is None else (getattr, self.home)

    def __deepcopy__(self, memo):
        return self

    def __copy__(self):
        return self

    cdef object call(self, x, dy, axis, bint keepdims, out, where, RowKeywords keywords):
        cdef cbool reduced[MAX_NDIM]
        cdef Py_ssize_t full[MAX_NDIM]
        cdef Py_ssize_t left[MAX_NDIM]
        cdef int ndim, d, dtype, kept = 0
        cdef Py_ssize_t length = 1
        cdef object y = None, dx = None, lengths = None, b = None, sign = None
        cdef RowOptions options
        cdef bint wide  # sums of both signs cancel: float32 is then summed in double
        cdef FlagGuard* flags
        cdef Context context = active_context()
        backend = self.current(context)

        if type(x) is not NDARRAY:
            return call_other(self, x, dy, axis, keepdims, out, where, keywords)
        if dy is not None and isinstance(dy, (list, tuple)):
            dy = np.asarray(dy)
        ndim = cnp.PyArray_NDIM(x)
        if ndim == 0:
            return call_scalar(self, x, dy, axis, keepdims, out, where, keywords)
        if keywords is not None:
            b = keywords.b if not isinstance(keywords.b, (list, tuple)) else np.asarray(keywords.b)
        dtype = dtype_of(self, x, dy, b)
        options.negate = self.activation == "softmin"
        options.mean = self.activation == "logmeanexp"
        options.from_output = self.from_output

        for d in range(ndim):
            full[d] = cnp.PyArray_DIM(x, d)
            reduced[d] = axis is None
        if type(axis) is int and -ndim <= axis < ndim:
            reduced[<int>axis % ndim if <int>axis >= 0 else <int>axis + ndim] = True
        elif axis is not None:
            for d in axes_of(self, axis, ndim):
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
            dy = spread_dy(self, dy, x, where, dtype, reduced, ndim, keepdims)
        if where is not None:
            where = spread_where(self, where, x)
        if keywords is not None:
            if keywords.temperature is not None:
                set_temperature(self, keywords.temperature, dtype, &options)
            if keywords.lengths is not None or keywords.causal:
                lengths = row_lengths(self, keywords, x, reduced, ndim)
            if b is not None:
                b = spread_b(self, b, x)
            if keywords.return_sign:
                sign = fastact_new_array(kept, left, dtype)
        given_y = given_dx = None
        if type(out) is NDARRAY and not (self.gives_y and self.gives_dx):
            if self.gives_y:
                given_y = out
            else:
                given_dx = out
        elif out is not None:
            given_y, given_dx = given_outputs(self, out)
        # Usually there is x alone, and somewhere else.
        if out is not None and not (dy is None and where is None and b is None
                                    and given_y is not None and separate(given_y, x)):
            x, dy, where, b = apart(self, x, dy, where, b, given_y, given_dx)
        wide = dtype == 2 or (b is not None and dtype == 1)
        if self.gives_y and self.reduces:
            y = usable(self, given_y, None, kept, left, dtype, wide)
        elif self.gives_y:
            y = usable(self, given_y, x, ndim, full, dtype, wide)
        if self.gives_dx:
            dx = usable(self, given_dx, x, ndim, full, dtype, wide)
            if given_y is not None and dx is given_dx and np.may_share_memory(given_y, dx):
                dx = fastact_new_array(ndim, full, dtype)  # and handed over last

        if length == 0:
            self.empty_rows(y, sign)
        elif isinstance(backend, RowLoops):
            self.run(<RowLoops>backend, x, dy, where, y, dx, lengths, b, sign, reduced, wide,
                     options, 0 if context is None else context.threads)
        else:
            axes = tuple([d for d in range(ndim) if reduced[d]])
            flags = new FlagGuard()
            try:
                if keywords is None and where is None and in_one_piece(x, dy, y, dx, axes, dtype):
                    backend.in_one_piece(x, dy, y, dx, length)
                elif keywords is None:
                    backend(x, dy, where, y, dx, axes, "efd"[dtype])
                else:
                    backend(x, dy, where, y, dx, axes, "efd"[dtype], lengths=lengths, weights=b,
                            sign=sign,
                            temperature=None if options.scale == 1 else keywords.temperature)
            finally:
                del flags
        y, dx = hand_over(self, y, given_y), hand_over(self, dx, given_dx)
        if not self.gives_y:
            return dx
        results = [scalar_if(y, given_y, kept if self.reduces else ndim)]
        if sign is not None:
            results.append(scalar_if(sign, None, kept))
        if self.gives_dx:
            results.append(dx)
        return tuple(results) if len(results) > 1 else results[0]

    cdef int empty_rows(self, y, sign) except -1:
        # Nothing to sum: the log of the sum is -inf; for the rest there is nothing to write.
        if self.reduces and y is not None:
            y[...] = -np.inf
        if sign is not None:
            sign[...] = 0
        return 0

    cdef int run(self, RowLoops loops, x, dy, where, y, dx, lengths, b, sign,
                 const cbool* reduced, bint is_double, RowOptions options, int threads) except -1:
        global context_threads
        cdef int saved_threads = context_threads
        cdef RowCall* call
        cdef cbool good
        loops.resolve(is_double)
        if self.family == HARDMAX or options.from_output or options.scale != 1:
            loops.resolve_further(is_double)
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
            if lengths is not None:
                good = good and call.set(LENGTHS, <PyObject*>lengths, True)
            if b is not None:
                good = good and call.set(WEIGHTS, <PyObject*>b, False)
            if sign is not None:
                good = good and call.set(SIGN, <PyObject*>sign, True)
            if not good:
                raise AssertionError("dtype_of() let a dtype through that no conversion is for")
            if cnp.PyArray_SIZE(x) < 500:  # as NumPy: for less, handing the GIL over costs more
                good = call.run(self.family, loops.backend, rows_parallel_from, options)
            else:
                with nogil:
                    good = call.run(self.family, loops.backend, rows_parallel_from, options)
            if not good:
                raise MemoryError
        finally:
            context_threads = saved_threads
            del call
        return 0
