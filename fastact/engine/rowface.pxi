# The softmax family as users call it: axes, keepdims, out, where. RowCall does the rest.

from libcpp cimport bool as cbool

from numpy.lib.array_utils import normalize_axis_tuple

cdef extern from "rowcall.hpp" namespace "fastact":
    cdef enum Family:
        SOFTMAX, LOG_SOFTMAX, LOGSUMEXP
    cdef enum RowRole:
        X, DY, MASK, Y, DX
    cdef cppclass RowBackend:
        void set(cbool is_double, int stage, size_t address)
        void set_strict(cbool is_double, cbool strict)
    cdef cppclass RowCall:
        RowCall(PyObject*, const cbool*, cbool)
        cbool set(int, PyObject*, cbool)
        cbool run(Family, const RowBackend&, Py_ssize_t) nogil

cdef extern from "fpenv.hpp" namespace "fastact":
    cdef cppclass FlagGuard:
        pass

cdef extern from *:
    """
    static PyObject* fastact_new_array(int ndim, npy_intp* shape, int dtype) {
        return PyArray_EMPTY(ndim, shape, fastact::TYPE_NUMBERS[dtype], 0);
    }
    """
    object fastact_new_array(int, Py_ssize_t*, int)

# The stages' names as backends know them, in the order of the engine's enumeration.
STAGES = ("exp_sum", "dot", "others", "scale", "softmax_backward", "log_softmax",
          "log_softmax_backward", "softmax_columns")
cdef Py_ssize_t ROWS_PARALLEL_FROM = 32768
DEF MAX_NDIM = 64


cdef class RowLoops:
    """The row loops of one backend: stage addresses per dtype, asked for on first use."""

    cdef RowBackend backend
    cdef readonly object resolver
    cdef bint ready[2]

    def __init__(self, resolver):
        self.resolver = resolver
        self.ready[0] = self.ready[1] = False

    cdef int resolve(self, bint is_double) except -1:
        cdef int i
        if self.ready[is_double]:
            return 0
        stages, strict = self.resolver("d" if is_double else "f")
        for i, name in enumerate(STAGES):
            self.backend.set(is_double, i, stages.get(name, 0))  # the last is optional
        self.backend.set_strict(is_double, strict)
        self.ready[is_double] = True
        return 0


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
            return self.call_other(x, dy, axis, keepdims, out, where)
        if dy is not None and isinstance(dy, (list, tuple)):
            dy = np.asarray(dy)
        ndim = cnp.PyArray_NDIM(x)
        if ndim == 0:
            return self.call_scalar(x, dy, axis, keepdims, out, where)
        dtype = self.dtype_of(x, dy)

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
            dy = self.spread_dy(dy, x, dtype, reduced, ndim, keepdims)
        if where is not None:
            where = self.spread_where(where, x)
        given_y, given_dx = self.given_outputs(out)
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
                good = call.run(self.family, loops.backend, ROWS_PARALLEL_FROM)
            else:
                with nogil:
                    good = call.run(self.family, loops.backend, ROWS_PARALLEL_FROM)
            if not good:
                raise MemoryError
        finally:
            context_threads = saved_threads
            del call
        return 0

    cdef int dtype_of(self, x, dy) except -1:
        # 0, 1, 2: float16, float32, float64.
        cdef int kinds[2]
        cdef int result
        kinds[0] = cnp.PyArray_TYPE(x)
        kinds[1] = kinds[0]
        if dy is not None and isinstance(dy, (np.ndarray, np.generic)):
            kinds[1] = dy.dtype.num
        result = promote(kinds, 2)
        if result < 0:
            wrong = x if promote(kinds, 1) < 0 else dy
            raise TypeError(
                f"{self.__qualname__} does not take {wrong.dtype}; bool, integers, float16, float32 "
                "and float64 are supported: convert with .astype()"
            )
        return result

    cdef object spread_dy(self, dy, x, int dtype, const cbool* reduced, int ndim, bint keepdims):
        if type(dy) is not np.ndarray:
            dy = np.asarray(dy, dtype=None if isinstance(dy, (np.ndarray, np.generic, list, tuple))
                            else "efd"[dtype])
            if promote_one(dy) < 0:
                raise TypeError(f"{self.__qualname__} does not take dy of {dy.dtype}")
        if not self.reduces:
            return dy if cnp.PyArray_SAMESHAPE(dy, x) else np.broadcast_to(dy, np.shape(x))
        squeezed = tuple([np.shape(x)[d] for d in range(ndim) if not reduced[d]])
        kept = tuple([1 if reduced[d] else np.shape(x)[d] for d in range(ndim)])
        return np.broadcast_to(dy, kept if keepdims or dy.shape == kept else squeezed)

    cdef object spread_where(self, where, x):
        where = np.asarray(where)
        if where.dtype != bool:
            raise TypeError(f"{self.__qualname__}: where= must be a bool array, not {where.dtype}")
        return np.broadcast_to(where, np.shape(x))

    cdef tuple given_outputs(self, out):
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
                raise TypeError("return arrays must be of ArrayType")
        return pair

    cdef object call_other(self, x, dy, axis, keepdims, out, where):
        # Lists, scalars, subclasses of ndarray. A masked array's mask is what is absent.
        array = np.asarray(x)
        mask = np.ma.getmask(x)
        if mask is not np.ma.nomask:
            where = ~mask if where is None else np.logical_and(where, ~mask)
        result = self.call(array, dy, axis, keepdims, out, where)
        if not isinstance(x, np.ndarray) or out is not None:
            return result
        if isinstance(result, tuple):
            return tuple([self.like(part, x, mask) for part in result])
        return self.like(result, x, mask)

    cdef object like(self, result, x, mask):
        if isinstance(x, np.ma.MaskedArray):
            full = np.shape(result) == np.shape(x)
            keep = full and mask is not np.ma.nomask
            return np.ma.array(result, mask=mask.copy() if keep else np.ma.nomask)
        return x.__array_wrap__(result, None, False) if isinstance(result, np.ndarray) else result

    cdef object call_scalar(self, x, dy, axis, keepdims, out, where):
        # A single number is a row of one.
        if axis not in (None, 0, -1, ()):
            normalize_axis_tuple(axis, 0)
        given = self.given_outputs(out)
        flat = [None if o is None else o.reshape(1) for o in given]
        both = self.gives_y and self.gives_dx
        result = self.call(x.reshape(1), dy, 0, True,
                           tuple(flat) if both else flat[0] if self.gives_y else flat[1], where)
        results = result if both else (result,)
        wanted = given if both else (given[0] if self.gives_y else given[1],)
        answer = [r[0] if o is None else o for r, o in zip(results, wanted)]
        return tuple(answer) if both else answer[0]


cdef int promote_one(array):
    cdef int kind = array.dtype.num
    return promote(&kind, 1)


cdef tuple apart(RowOperation self, x, dy, where, given_y, given_dx):
    # Inputs that an output overlaps are copied, unless the only output lies exactly over one input.
    outputs = [o for o in (given_y, given_dx) if o is not None]
    inputs = []
    for array in (x, dy, where):
        if array is not None:
            for o in outputs:
                same = (not (self.gives_y and self.gives_dx) and o.dtype == array.dtype and o.shape == array.shape
                        and o.strides == array.strides
                        and o.__array_interface__["data"] == array.__array_interface__["data"])
                if not same and np.may_share_memory(o, array):
                    array = array.copy()
        inputs.append(array)
    return tuple(inputs)


cdef object usable(RowOperation self, given, int ndim, Py_ssize_t* shape, int dtype):
    # The array that the engine writes: `given` itself where it can be, else a new one.
    cdef int d
    if given is not None:
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
        if given.dtype.char in "fd" or (given.dtype.char == "e" and dtype < 2):
            return given
    return fastact_new_array(ndim, shape, dtype)


cdef object hand_over(RowOperation self, result, given):
    if given is None or result is given:
        return result
    np.copyto(given, result, casting="same_kind")
    return given


cdef object scalar_if(y, given, int ndim):
    return y[()] if given is None and ndim == 0 else y


cdef PyObject* call_rows(PyObject* self_, PyObject** args, size_t nargsf,
                         PyObject* kwnames) except NULL:
    cdef RowOperation self = <RowOperation>self_
    cdef Py_ssize_t nargs = nargsf & ~(<size_t>1 << (8 * sizeof(size_t) - 1))
    cdef Py_ssize_t i, at, inputs = 2 if self.takes_dy else 1
    # x, dy, axis, keepdims, out, where
    cdef PyObject* given[6]
    cdef bint keepdims = False
    for i in range(6):
        given[i] = NULL
    if nargs > inputs + 1:
        raise TypeError(f"{self.__qualname__} takes {inputs + 1} positional arguments "
                        f"({', '.join(self.keywords[:inputs + 1])}), {nargs} were given")
    for i in range(nargs):
        given[i if i < inputs else 2] = args[i]
    if kwnames != NULL:
        for i in range(PyTuple_GET_SIZE(kwnames)):
            name = <object>PyTuple_GET_ITEM(kwnames, i)
            at = ROW_PLACES.get(name, -1)
            if at < 0 or (at == 1 and not self.takes_dy) or (at == 3 and not self.reduces):
                known = [k for k in self.keywords if k != "keepdims" or self.reduces]
                raise TypeError(f"{self.__qualname__} has no keyword {name!r}; there are "
                                f"{', '.join(known)}")
            if given[at] != NULL:
                raise TypeError(f"{self.__qualname__} got {name} twice")
            given[at] = args[nargs + i]
    if given[0] == NULL or (self.needs_dy and given[1] == NULL):
        raise TypeError(f"{self.__qualname__} needs {'x' if given[0] == NULL else 'dy'}")
    if given[3] != NULL:
        keepdims = <object>given[3]
    result = self.call(
        <object>given[0],
        <object>given[1] if given[1] != NULL else (1 if self.takes_dy else None),
        <object>given[2] if given[2] != NULL else -1,
        keepdims,
        <object>given[4] if given[4] != NULL else None,
        <object>given[5] if given[5] != NULL else None,
    )
    Py_INCREF(result)
    return <PyObject*>result


ROW_PLACES = {"x": 0, "dy": 1, "axis": 2, "keepdims": 3, "out": 4, "where": 5}


cdef class Rowwise(RowOperation):
    """A row-wise activation: its value, and `backward`, `forward_backward`."""

    cdef readonly RowOperation backward
    cdef readonly RowOperation forward_backward

    def attach(self, RowOperation backward, RowOperation forward_backward):
        self.backward = backward
        self.forward_backward = forward_backward


def _enable_rows():
    cdef RowOperation probe = RowOperation.__new__(RowOperation)
    cdef Py_ssize_t offset = <char*>&probe.vectorcall - <char*><PyObject*>probe
    fastact_enable_vectorcall(RowOperation, offset)
    fastact_enable_vectorcall(Rowwise, offset)


_enable_rows()
