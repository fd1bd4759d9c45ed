# The arguments of a call in the order of the loop's inputs.

UFUNC_KEYWORDS = frozenset(
    {"out", "where", "casting", "order", "dtype", "subok", "signature", "sig"}
)


cdef int place_of(Operation self, PyObject* name) except -2:
    # Keywords are nearly always interned: the same object as in self.inputs.
    cdef Py_ssize_t i
    for i in range(self.nin):
        if name == PyTuple_GET_ITEM(<PyObject*>self.inputs, i):
            return i
    return -1 if <object>name not in self.index else self.index[<object>name]


cdef int fill_inputs(Operation self, PyObject** args, Py_ssize_t nargs, PyObject* kwnames,
                     PyObject** stack, PyObject** rest, PyObject** option) except -1:
    # Positional arguments and parameters given by keyword into their places; `rest` gets the names
    # of the ufunc's own keywords, whose values go behind the inputs.
    cdef Py_ssize_t i
    cdef int others = 0, place
    cdef PyObject* name
    for i in range(PyTuple_GET_SIZE(kwnames)):
        name = PyTuple_GET_ITEM(kwnames, i)
        place = place_of(self, name)
        if place >= 0:
            if stack[place] != NULL:
                raise TypeError(f"{self.__qualname__} got {<object>name} twice")
            stack[place] = args[nargs + i]
        elif self.option is not None and <object>name == self.option:
            option[0] = args[nargs + i]
        elif others == MAX_KEYWORDS or <object>name not in UFUNC_KEYWORDS:
            raise TypeError(f"{self.__qualname__} has no keyword {<object>name!r}; there are "
                            f"{', '.join((*self.inputs, *keywords_only(self)))}")
        else:
            stack[self.nin + others] = args[nargs + i]
            rest[others] = name
            others += 1
    return others


cdef tuple keywords_only(Operation self):
    option = () if self.option is None else (self.option,)
    return (*option, *sorted(UFUNC_KEYWORDS))


cdef int too_many(Operation self, Py_ssize_t nargs) except -1:
    option = "out=" if self.option is None else f"{self.option}= and out="
    raise TypeError(
        f"{self.__qualname__} takes {self.nin} positional argument{'s' if self.nin > 1 else ''} "
        f"({', '.join(self.inputs)}), {nargs} were given; {option} can only be given by keyword"
    )


cdef int something_missing(Operation self, PyObject** stack) except -1:
    missing = [name for i, name in enumerate(self.inputs)
               if stack[i] == NULL and self.default_values[i] is None]
    raise TypeError(f"{self.__qualname__} needs {' and '.join(missing)}")


cdef Operation chosen(Operation self, value):
    # The operation that serves a value of the option.
    try:
        return self.choices[value]
    except (KeyError, TypeError):
        raise ValueError(
            f"{self.__qualname__}: {self.option} must be one of "
            f"{', '.join([repr(choice) for choice in self.choices])}, not {value!r}"
        ) from None


cdef PyObject* arranged(Operation self, PyObject** stack, PyObject* option) except NULL:
    # The last input as the option wants it; a new reference.
    last = self.arrange(self.__qualname__, <object>stack[0], <object>stack[self.nin - 1],
                        <object>option)
    Py_INCREF(last)
    return <PyObject*>last


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
