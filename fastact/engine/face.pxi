# The callable that users see: picks the active backend's ufunc and fills in default parameters.
# Written against the C API, since a call on a small array costs little more than NumPy's own.

from cpython.mem cimport PyMem_Malloc
from cpython.object cimport PyObject
from cpython.ref cimport Py_INCREF, Py_XDECREF
from libc.string cimport strcpy

import contextvars

import numpy as np

cimport numpy as cnp

cnp.import_array()
cnp.import_umath()

cdef extern from *:
    """
    typedef PyObject* (*fastact_vectorcall)(PyObject*, PyObject**, size_t, PyObject*);

    // Cython has no syntax for a vectorcall slot of an extension type.
    static void fastact_enable_vectorcall(PyTypeObject* type, Py_ssize_t offset) {
        type->tp_vectorcall_offset = offset;
        type->tp_call = PyVectorcall_Call;
        type->tp_flags |= Py_TPFLAGS_HAVE_VECTORCALL;
        PyType_Modified(type);
    }
    """
    ctypedef PyObject* (*fastact_vectorcall)(PyObject*, PyObject**, size_t, PyObject*) except NULL
    void fastact_enable_vectorcall(type, Py_ssize_t offset)
    object PyObject_Vectorcall(PyObject*, PyObject**, size_t, PyObject*)
    int PyContextVar_Get(object, PyObject*, PyObject**) except -1
    bint PyFloat_CheckExact(PyObject*)
    bint PyLong_CheckExact(PyObject*)
    double PyFloat_AsDouble(PyObject*) except? -1.0
    Py_ssize_t PyTuple_GET_SIZE(PyObject*)
    PyObject* PyTuple_GET_ITEM(PyObject*, Py_ssize_t)
    PyObject* Py_None

cdef extern from "drive.hpp" namespace "fastact":
    cdef cppclass Operation_ "fastact::Operation":
        int nin
    object make_ufunc(const char*, const char*, int, int, Py_ssize_t, object)
    Operation_* operation_of(PyObject*)
    int drive_simple(Operation_*, PyObject**, PyObject**, PyObject**) except -1
    int drive(Operation_*, PyObject**, PyObject**, PyObject**) except -1
    int dtype_index(int)
    int promote(const int*, int)

cdef extern from "threads.hpp" namespace "fastact":
    cdef cppclass atomic_int "std::atomic<int>":
        int load()
        void store(int)
    atomic_int process_threads
    int context_threads
    int thread_count() nogil

cdef extern from "cpu.hpp" namespace "fastact":
    int detect_level()

cdef extern from "numpy/arrayobject.h":
    bint PyArray_CheckExact(PyObject*)
    bint is_array "PyArray_Check"(PyObject*)

cdef extern from *:
    """
    static inline int fastact_type(PyObject* a) { return PyArray_TYPE((PyArrayObject*)a); }
    static inline npy_intp fastact_size(PyObject* a) { return PyArray_SIZE((PyArrayObject*)a); }
    """
    int fastact_type(PyObject*)
    Py_ssize_t fastact_size(PyObject*)

DEF MAX_INPUTS = 6
DEF MAX_KEYWORDS = 8  # as many as UFUNC_KEYWORDS has
# Below this NumPy's own loop hands everything over at once or in few slices.
cdef Py_ssize_t DRIVE_FROM = 16384

UFUNC_KEYWORDS = frozenset({"out", "where", "casting", "order", "dtype", "subok", "signature", "sig"})


def cpu_level():
    """0: none of ours, 1: baseline, 2: AVX2 (x86-64-v3), 3: AVX-512 (x86-64-v4)."""
    return detect_level()


def set_process_threads(int n):
    process_threads.store(n)


def effective_threads():
    cdef Context context = active_context()
    return context.threads if context is not None and context.threads else process_threads.load()


cdef class Context:
    """What a context (thread, task) has set: a selection of backends and a number of threads."""

    cdef readonly object selection  # None: as the process says
    cdef readonly int threads  # 0: as the process says

    def __init__(self, selection=None, int threads=0):
        self.selection = selection
        self.threads = threads


context_variable = contextvars.ContextVar("fastact")
cdef object variable = context_variable
cdef object process_selection = None
cdef unsigned long process_generation = 0


cdef Context active_context():
    cdef PyObject* value = NULL
    PyContextVar_Get(variable, NULL, &value)
    if value == NULL:
        return None
    context = <Context>value
    Py_XDECREF(value)
    return context


def set_process_selection(selection):
    """`selection.backend_of(activation)` names the backend that serves it, process-wide."""
    global process_selection, process_generation
    process_selection = selection
    process_generation += 1


def get_selection():
    cdef Context context = active_context()
    if context is not None and context.selection is not None:
        return context.selection
    return process_selection


def new_ufunc(str name, str doc, int nin, int nout, Py_ssize_t parallel_from, resolver):
    """A ufunc whose loops `resolver("f")` and `resolver("d")` supply on first use."""
    return make_ufunc(immortal(name), immortal(doc), nin, nout, parallel_from, resolver)


cdef char* immortal(str text) except NULL:
    # A ufunc keeps pointers to its name and docstring for good.
    cdef bytes encoded = text.encode()
    cdef char* copy = <char*>PyMem_Malloc(len(encoded) + 1)
    if copy == NULL:
        raise MemoryError
    strcpy(copy, encoded)
    return copy


cdef class Operation:
    """One operation (forward, backward, ...) of an elementwise activation; callable like a ufunc."""

    cdef fastact_vectorcall vectorcall
    cdef readonly str activation
    cdef readonly str operation
    cdef readonly int nin, nout
    cdef readonly tuple inputs  # names
    cdef readonly tuple default_values  # None where an input must be given
    cdef readonly object make  # backend name -> ufunc
    cdef dict __dict__  # __name__, __doc__, __signature__ of this very operation
    cdef object home  # (owner, attribute) for pickling, or None: fastact.<name>
    cdef dict index
    cdef dict ufuncs
    cdef object active
    cdef unsigned long generation
    cdef list defaults  # [input][dtype] -> 0-d array
    cdef list recent  # [input][dtype] -> (value, 0-d array), of the last Python scalar seen
    cdef tuple parts  # of forward_backward: the operations of its two outputs

    def __cinit__(self):
        self.vectorcall = call_operation

    def __init__(self, str activation, str operation, tuple inputs, tuple default_values, int nout,
                 make, home=None):
        if len(inputs) > MAX_INPUTS:
            raise ValueError(f"{activation} has more than {MAX_INPUTS} inputs")
        self.activation = activation
        self.operation = operation
        self.inputs = inputs
        self.default_values = default_values
        self.nin = len(inputs)
        self.nout = nout
        self.make = make
        self.home = home
        self.index = {name: i for i, name in enumerate(inputs)}
        self.ufuncs = {}
        self.active = None
        self.generation = 0
        self.defaults = [
            None if value is None else [np.array(value, dtype=c) for c in "efd"]
            for value in default_values
        ]
        self.recent = [[None] * 3 for _ in inputs]

    @property
    def ufunc(self):
        """The NumPy ufunc that the active backend serves this operation with."""
        return <object>self.current(active_context())

    def ufunc_of(self, str backend):
        """The NumPy ufunc of a backend by name."""
        found = self.ufuncs.get(backend)
        if found is None:
            found = self.ufuncs.setdefault(backend, self.make(backend))
        return found

    cdef PyObject* current(self, Context context) except NULL:
        # Borrowed: self.ufuncs keeps every ufunc for good.
        if context is not None and context.selection is not None:
            found = self.ufunc_of(context.selection.backend_of(self.activation))
            return <PyObject*>found
        if self.generation != process_generation:
            generation = process_generation
            self.active = self.ufunc_of(process_selection.backend_of(self.activation))
            self.generation = generation
        return <PyObject*>self.active

    def __repr__(self):
        return f"<fastact {self.__qualname__}({', '.join(self.inputs)})>"

    def __reduce__(self):
        if self.home is None:
            return self.activation
        return getattr, self.home

    def __deepcopy__(self, memo):
        return self

    def __copy__(self):
        return self

    cdef PyObject* scalar(self, PyObject* value, int i, int dtype) except? NULL:
        # A Python scalar as a 0-d array of x's dtype: NumPy would take four times as long to do it.
        # A new reference, or NULL: leave it to NumPy.
        cdef double number
        if not (PyFloat_CheckExact(value) or PyLong_CheckExact(value)):
            return NULL
        try:
            number = PyFloat_AsDouble(value)
        except OverflowError:
            return NULL
        cdef list row = <list>self.recent[i]
        seen = row[dtype]
        if seen is None or (<tuple>seen)[0] != number or number == 0:  # -0.0 == 0.0
            with np.errstate(all="ignore"):
                seen = (number, np.array(number, dtype="efd"[dtype]))
            row[dtype] = seen
        array = (<tuple>seen)[1]
        Py_INCREF(array)
        return <PyObject*>array


cdef class Elementwise(Operation):
    """An elementwise activation: its value, and `backward`, `forward_backward`, `derivative`."""

    cdef readonly Operation backward
    cdef readonly Operation forward_backward
    cdef readonly Operation derivative

    def attach(self, Operation backward, Operation forward_backward, Operation derivative):
        forward_backward.parts = (self, backward)
        self.backward = backward
        self.forward_backward = forward_backward
        self.derivative = derivative


cdef int place_of(Operation self, PyObject* name) except -2:
    # Keywords are nearly always interned: the same object as in self.inputs.
    cdef Py_ssize_t i
    for i in range(self.nin):
        if name == PyTuple_GET_ITEM(<PyObject*>self.inputs, i):
            return i
    return -1 if <object>name not in self.index else self.index[<object>name]


cdef int fill_inputs(Operation self, PyObject** args, Py_ssize_t nargs, PyObject* kwnames,
                     PyObject** stack, PyObject** rest) except -1:
    # Positional arguments and parameters given by keyword into their places; `rest` gets the names
    # of the ufunc's own keywords, whose values go behind the inputs.
    cdef Py_ssize_t i
    cdef int others = 0, place
    cdef PyObject* name
    for i in range(PyTuple_GET_SIZE(kwnames)):
        name = PyTuple_GET_ITEM(kwnames, i)
        place = place_of(self, name)
        if place < 0:
            if others == MAX_KEYWORDS or <object>name not in UFUNC_KEYWORDS:
                raise TypeError(
                    f"{self.__qualname__} has no keyword {<object>name!r}; there are "
                    f"{', '.join((*self.inputs, *sorted(UFUNC_KEYWORDS)))}"
                )
            stack[self.nin + others] = args[nargs + i]
            rest[others] = name
            others += 1
            continue
        if stack[place] != NULL:
            raise TypeError(f"{self.__qualname__} got {<object>name} twice")
        stack[place] = args[nargs + i]
    return others


cdef int loop_dtype(PyObject** stack, Py_ssize_t nin):
    # 0, 1, 2: float16, float32, float64, where all inputs given are plain arrays or Python scalars.
    cdef int kinds[MAX_INPUTS]
    cdef int count = 0
    cdef Py_ssize_t i
    for i in range(nin):
        if stack[i] == NULL:
            continue
        if PyArray_CheckExact(stack[i]):
            kinds[count] = fastact_type(stack[i])
            count += 1
        elif i == 0 or not (PyFloat_CheckExact(stack[i]) or PyLong_CheckExact(stack[i])):
            return -1
    return promote(kinds, count)


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
    cdef object names = None
    cdef Context context = active_context()
    cdef PyObject* ufunc = self.current(context)

    if nargs > nin:
        raise TypeError(
            f"{self.__qualname__} takes {nin} positional argument{'s' if nin > 1 else ''} "
            f"({', '.join(self.inputs)}), {nargs} were given; out= is keyword-only"
        )
    for i in range(nin):
        stack[i] = args[i] if i < nargs else NULL
    if kwnames != NULL and PyTuple_GET_SIZE(kwnames) > 0:
        others = fill_inputs(self, args, nargs, kwnames, stack, rest)
        if others == PyTuple_GET_SIZE(kwnames):
            names = <object>kwnames
        elif others:
            names = tuple([<object>rest[i] for i in range(others)])
        if others == 1 and <object>rest[0] == "out":
            out = stack[nin]
    if stack[0] == NULL:
        raise TypeError(f"{self.__qualname__} needs {self.inputs[0]}")
    # Scalars become arrays of the loop's dtype; -1: NumPy is to find out which that is.
    dtype = -1 if others > (out != NULL) else loop_dtype(stack, nin)
    try:
        for i in range(1, nin):
            if stack[i] == NULL:
                default = self.default_values[i]
                if default is None:
                    raise TypeError(f"{self.__qualname__} needs {self.inputs[i]}")
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
    elif self.nout == 2 and others == 0 and knows_one_output(<object>stack[0], <object>stack[1]):
        # Dask has no ufuncs with two outputs.
        parts = [<object>stack[i] for i in range(self.nin)]
        forward, backward = self.parts
        return forward(parts[0], *parts[2:]), backward(*parts)
    return PyObject_Vectorcall(ufunc, stack, self.nin, <PyObject*>names if others else NULL)


cdef bint knows_one_output(x, dy):
    return (type(x).__module__ or "").startswith("dask.") or (type(dy).__module__ or "").startswith("dask.")


cdef object drive_plain(Operation self, PyObject* ufunc, PyObject** stack, PyObject* out):
    # None: a case for NumPy.
    cdef PyObject* outputs[2]
    cdef PyObject* results[2]
    cdef int k
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
        if fastact_size(stack[0]) < DRIVE_FROM or not drive(
                operation_of(ufunc), stack, outputs, results):
            return None
    first = <object>results[0]
    Py_XDECREF(results[0])
    if self.nout == 1:
        return first
    second = <object>results[1]
    Py_XDECREF(results[1])
    return first, second


def _enable():
    cdef Operation probe = Operation.__new__(Operation)
    cdef Py_ssize_t offset = <char*>&probe.vectorcall - <char*><PyObject*>probe
    fastact_enable_vectorcall(Operation, offset)
    fastact_enable_vectorcall(Elementwise, offset)


_enable()
