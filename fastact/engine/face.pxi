# The call that users make: picks the active backend's ufunc and fills in default parameters.
# Written against the C API, since a call on a small array costs little more than NumPy's own.

# Of one dimension NumPy's own loop hands so few over at once or in few slices; of more it goes row
# by row.
cdef Py_ssize_t DRIVE_FROM = 16384


cdef PyObject* call_operation(PyObject* self_, PyObject** args, size_t nargsf,
                              PyObject* kwnames) except NULL:
    cdef Operation self = <Operation>self_
    cdef Py_ssize_t nargs = nargsf & ~(<size_t>1 << (8 * sizeof(size_t) - 1))
    cdef PyObject* stack[MAX_INPUTS + MAX_KEYWORDS]
    cdef PyObject* owned[MAX_INPUTS]
    cdef PyObject* array
    cdef PyObject* out = NULL  # the value of out=, where that is the only keyword of the ufunc's
    cdef Py_ssize_t i, nin = self.nin
    cdef int dtype = -1, owned_count = 0, others = 0
    cdef PyObject* rest[MAX_KEYWORDS]
    cdef PyObject* option = NULL
    cdef object names = None, undefined
    cdef Context context = active_context()
    cdef PyObject* ufunc = self.current(context)

    if nargs > nin:
        too_many(self, nargs)
    for i in range(nin):
        stack[i] = args[i] if i < nargs else NULL
    if kwnames != NULL and PyTuple_GET_SIZE(kwnames) > 0:
        others = fill_inputs(self, args, nargs, kwnames, stack, rest, &option)
        if others == PyTuple_GET_SIZE(kwnames):
            names = <object>kwnames
        elif others:
            names = tuple([<object>rest[i] for i in range(others)])
        if others == 1 and <object>rest[0] == "out":
            out = stack[nin]
    if stack[0] == NULL:
        something_missing(self, stack)
    if option != NULL:
        if self.choices is not None:
            self = chosen(self, <object>option)
            ufunc = self.current(context)
        elif option != Py_None and stack[nin - 1] != NULL:
            stack[nin - 1] = arranged(self, stack, option)
            owned[0] = stack[nin - 1]
            owned_count = 1
    try:
        for i in range(self.parameters_from, nin):
            if is_nan(stack[i]):
                # As if x was: no formula makes a number of that, and none has to ask.
                undefined = undefined_like(<object>stack[0])
                stack[0] = <PyObject*>undefined
                break
        # Scalars become arrays of the loop's dtype; -1: NumPy is to find out which that is.
        dtype = -1 if others > (out != NULL) else loop_dtype(stack, nin)
        for i in range(1, nin):
            if stack[i] == NULL:
                default = self.default_values[i]
                if default is None:
                    something_missing(self, stack)
                if dtype >= 0:
                    stack[i] = <PyObject*>((<list>self.defaults[i])[dtype])
                else:
                    stack[i] = <PyObject*>default
            elif dtype >= 0 and not PyArray_CheckExact(stack[i]):
                array = self.scalar(stack[i], i, dtype)
                if array != NULL:
                    owned[owned_count] = array
                    owned_count += 1
                    stack[i] = array
        if context is None or context.threads == 0:
            result = dispatch(self, ufunc, stack, out, others, names, dtype >= 0)
        else:
            result = dispatch_threads(self, ufunc, stack, out, others, names, dtype >= 0,
                                      context.threads)
        Py_INCREF(result)
        return <PyObject*>result
    finally:
        for i in range(owned_count):
            Py_XDECREF(owned[i])


cdef bint is_nan(PyObject* value) except -1:
    # Is it one number, and NaN?
    cdef double number
    if value == NULL or PyLong_CheckExact(value):
        return False
    if PyFloat_CheckExact(value):
        number = PyFloat_AsDouble(value)
    elif PyArray_CheckExact(value):
        if fastact_size(value) != 1 or (<object>value).dtype.kind != "f":
            return False
        number = (<object>value).item()
    elif isinstance(<object>value, np.floating):
        number = <object>value
    else:
        return False
    return number != number


cdef object undefined_like(x):
    try:
        with np.errstate(all="ignore"):  # a signalling NaN
            return np.multiply(x, float("nan"))
    except TypeError:
        return x  # which the ufunc refuses, in its own words


cdef object dispatch_threads(Operation self, PyObject* ufunc, PyObject** stack, PyObject* out,
                             int others, object names, bint plain, int threads):
    global context_threads
    cdef int saved = context_threads
    context_threads = threads
    try:
        return dispatch(self, ufunc, stack, out, others, names, plain)
    finally:
        context_threads = saved


cdef object dispatch(Operation self, PyObject* ufunc, PyObject** stack, PyObject* out, int others,
                     object names, bint plain):
    # Simple or large calls on plain arrays: the engine's own loop. Everything else: NumPy's.
    if plain:
        if others == (out != NULL):
            result = drive_plain(self, ufunc, stack, out)
            if result is not None:
                return result
    elif self.nout > 1 and others == 0:
        inputs = [<object>stack[i] for i in range(self.nin)]
        if knows_one_output(inputs):
            # Dask has no ufuncs with several outputs.
            return tuple([part(*[inputs[i] for i in takes]) for part, takes in self.parts])
        index = index_among(inputs) if self.nout > 2 else None
        if index is not None:
            arrays = [np.asarray(a) if hasattr(a, "__array_wrap__") else a for a in inputs]
            loops = <object>ufunc
            return tuple([index.__array_wrap__(result) for result in loops(*arrays)])
    return PyObject_Vectorcall(ufunc, stack, self.nin, <PyObject*>names if others else NULL)


cdef bint knows_one_output(list inputs):
    return any([is_lazy(a) for a in inputs])


cdef bint is_lazy(object a):
    # One of Dask's arrays, or an array of xarray's with one in it.
    package = (type(a).__module__ or "").partition(".")[0]
    return package == "dask" or (package == "xarray" and bool(getattr(a, "chunks", None)))


cdef object index_among(list inputs):
    # The first pandas.Index, which knows ufuncs of at most two outputs; None if there is none, or
    # something else of pandas, which then serves the call.
    of_pandas = [a for a in inputs if (type(a).__module__ or "").partition(".")[0] == "pandas"]
    for a in of_pandas:
        if not any([kind.__name__ == "Index" for kind in type(a).__mro__]):
            return None
    return of_pandas[0] if of_pandas else None


cdef object drive_plain(Operation self, PyObject* ufunc, PyObject** stack, PyObject* out):
    # None: a case for NumPy.
    cdef PyObject* outputs[MAX_OUTPUTS]
    cdef PyObject* results[MAX_OUTPUTS]
    cdef int k
    cdef list found
    for k in range(self.nout):
        outputs[k] = NULL
    if out != NULL and out != Py_None:
        if self.nout == 1 and is_array(out):
            outputs[0] = out
        elif isinstance(<object>out, tuple) and PyTuple_GET_SIZE(out) == self.nout:
            for k in range(self.nout):
                if PyTuple_GET_ITEM(out, k) != Py_None:
                    outputs[k] = PyTuple_GET_ITEM(out, k)
        else:
            return None
    if not drive_simple(operation_of(ufunc), stack, outputs, results):
        if fastact_ndim(stack[0]) < 2 and fastact_size(stack[0]) < DRIVE_FROM:
            return None
        if not drive(operation_of(ufunc), stack, outputs, results):
            return None
    if self.nout == 1:
        first = <object>results[0]
        Py_XDECREF(results[0])
        return first
    found = []
    for k in range(self.nout):
        found.append(<object>results[k])
        Py_XDECREF(results[k])
    return tuple(found)


def _enable():
    cdef Operation probe = Operation.__new__(Operation)
    cdef Py_ssize_t offset = <char*>&probe.vectorcall - <char*><PyObject*>probe
    fastact_enable_vectorcall(Operation, offset)
    fastact_enable_vectorcall(Elementwise, offset)
    fastact_enable_vectorcall(Gated, offset)


_enable()
