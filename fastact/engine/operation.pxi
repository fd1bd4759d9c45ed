# One operation of an activation that goes element by element, as an object: its inputs, its ufuncs, its defaults.

from fastact.engine.introduction import Later

DEF MAX_INPUTS = 6
DEF MAX_OUTPUTS = 3
DEF MAX_KEYWORDS = 8  # as many as UFUNC_KEYWORDS has


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
    """One operation (forward, backward, ...) of an elementwise activation; a callable."""

    cdef fastact_vectorcall vectorcall
    cdef readonly str activation
    cdef readonly str operation
    cdef readonly int nin, nout
    cdef public int parameters_from  # the first input that is a parameter; nin: there is none
    cdef readonly tuple inputs  # names
    cdef readonly tuple default_values  # None where an input must be given
    cdef readonly object make  # backend name -> ufunc
    cdef dict __dict__  # __name__ and the like of this very operation
    cdef object home  # (owner, attribute) for pickling, or None: __module__ and __qualname__
    cdef dict index
    cdef dict ufuncs
    cdef object active
    cdef unsigned long generation
    cdef list defaults  # [input][dtype] -> 0-d array
    cdef list recent  # [input][dtype] -> (value, 0-d array), of the last Python scalar seen
    cdef tuple parts  # of several outputs: for each, an operation with one, and which inputs it takes
    cdef readonly str option  # a keyword that is no input of the loop, or None
    cdef dict choices  # a value of the option -> the operation that serves it
    cdef object arrange  # arrange(name, x, last input, value of the option) -> last input
    __doc__ = Later("__doc__")  # each class has to say this, as it has a docstring
    __signature__ = Later("__signature__")

    def __cinit__(self):
        self.vectorcall = call_operation

    def __init__(self, str activation, str operation, tuple inputs, tuple default_values, int nout,
                 make, home=None):
        if len(inputs) > MAX_INPUTS:
            raise ValueError(f"{activation} has more than {MAX_INPUTS} inputs")
        if nout > MAX_OUTPUTS:
            raise ValueError(f"{activation} has more than {MAX_OUTPUTS} outputs")
        self.activation = activation
        self.operation = operation
        self.inputs = inputs
        self.default_values = default_values
        self.nin = self.parameters_from = len(inputs)
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

    def add_option(self, str name, dict choices=None, arrange=None):
        """A keyword besides the inputs; see `choices` and `arrange`."""
        for other in (choices or {}).values():
            if (<Operation?>other).inputs != self.inputs or other.nout != self.nout:
                raise ValueError(f"{other!r} does not take what {self!r} does")
        self.option = name
        self.choices = choices
        self.arrange = arrange

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

    # Calls go by the vectorcall slot; this is for who asks whether there is one, and what it is.
    def __call__(self, *args, **kwargs):
        return PyVectorcall_Call(self, args, kwargs)

    def __repr__(self):
        return f"<fastact {self.__qualname__}({', '.join(self.inputs)})>"

    def __reduce__(self):
        if self.home is None:
            return self.__qualname__
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
        if seen is None or (<tuple>seen)[0] != number or (
                number == 0 and copysign(1, number) != copysign(1, (<tuple>seen)[0])):
            with np.errstate(all="ignore"):
                seen = (number, np.array(number, dtype="efd"[dtype]))
            row[dtype] = seen
        array = (<tuple>seen)[1]
        Py_INCREF(array)
        return <PyObject*>array


cdef class Elementwise(Operation):
    """An elementwise activation: its value, and `backward`, `forward_backward`, `derivative`.

    `parameter_backward`, too, if it has a trainable parameter.
    """

    cdef readonly Operation backward
    cdef readonly Operation forward_backward
    cdef readonly Operation derivative
    cdef object gradient  # parameter_backward, or None
    cdef object of_output  # backward_from_output, or None
    __doc__ = Later("__doc__")

    def attach(self, Operation backward, Operation forward_backward, Operation derivative,
               parameter_backward=None, backward_from_output=None):
        forward_inputs = (0, *range(2, backward.nin))
        forward_backward.parts = ((self, forward_inputs), (backward, tuple(range(backward.nin))))
        self.backward = backward
        self.forward_backward = forward_backward
        self.derivative = derivative
        self.gradient = parameter_backward
        self.of_output = backward_from_output
        if parameter_backward is not None:
            TRAINABLE.append(self.activation)

    @property
    def parameter_backward(self):
        """The gradient of the trainable parameter, summed to its shape."""
        if self.gradient is None:
            raise AttributeError(
                f"{self.activation} has no trainable parameter; parameter_backward is there for "
                f"{', '.join(TRAINABLE)}"
            )
        return self.gradient

    @property
    def backward_from_output(self):
        """The gradient from the value, where that tells it."""
        if self.of_output is None:
            raise AttributeError(f"{self.activation} has no backward_from_output: use backward, "
                                 "from x")
        return self.of_output


TRAINABLE = []  # names


cdef class Gated(Operation):
    """A gated unit of two arrays: its value, and `backward`, `forward_backward`, `gate_gradient`.

    `packed` takes both in one array.
    """

    cdef readonly Operation backward
    cdef readonly Operation forward_backward
    cdef readonly Operation gate_gradient
    cdef readonly object packed
    __doc__ = Later("__doc__")

    def attach(self, Operation backward, Operation forward_backward, Operation gate_gradient,
               packed):
        # The gradient of the value is what the unit makes of dy in its place.
        y, dgate, dvalue = (self, (0, 1)), (gate_gradient, (0, 1, 2)), (self, (0, 2))
        backward.parts = (dgate, dvalue)
        forward_backward.parts = (y, dgate, dvalue)
        self.backward = backward
        self.forward_backward = forward_backward
        self.gate_gradient = gate_gradient
        self.packed = packed
