# The call that users make of the softmax family: arguments by position and by keyword.

cdef PyObject* call_rows(PyObject* self_, PyObject** args, size_t nargsf,
                         PyObject* kwnames) except NULL:
    cdef RowOperation self = <RowOperation>self_
    cdef Py_ssize_t nargs = nargsf & ~(<size_t>1 << (8 * sizeof(size_t) - 1))
    cdef Py_ssize_t i, at, inputs = 2 if self.takes_dy else 1
    # x, dy, axis, keepdims, out, where
    cdef PyObject* given[6]
    cdef bint keepdims = False
    cdef dict more = None
    cdef RowKeywords keywords = None
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
            if self.parameter is not None and name == self.parameter:
                self = with_parameter(self, <object>args[nargs + i])
                continue
            if at == 0 and name != self.keywords[0]:
                at = -1
            if at < 0 and name in self.further:
                more = {} if more is None else more
                more[name] = <object>args[nargs + i]
                continue
            if at < 0 or (at == 1 and not self.takes_dy) or (at == 3 and not self.reduces):
                known = [k for k in self.keywords if k != "keepdims" or self.reduces]
                known += [] if self.parameter is None else [self.parameter]
                raise TypeError(f"{self.__qualname__} has no keyword {name!r}; there are "
                                f"{', '.join((*known, *self.further))}")
            if given[at] != NULL:
                raise TypeError(f"{self.__qualname__} got {name} twice")
            given[at] = args[nargs + i]
    if given[0] == NULL or (self.needs_dy and given[1] == NULL):
        raise TypeError(f"{self.__qualname__} needs {self.keywords[0] if given[0] == NULL else 'dy'}")
    if given[3] != NULL:
        keepdims = <object>given[3]
    if more is not None:
        keywords = RowKeywords(self, more)
    result = self.call(
        <object>given[0],
        <object>given[1] if given[1] != NULL else (1 if self.takes_dy else None),
        <object>given[2] if given[2] != NULL else -1,
        keepdims,
        <object>given[4] if given[4] != NULL else None,
        <object>given[5] if given[5] != NULL else None,
        keywords,
    )
    Py_INCREF(result)
    return <PyObject*>result


ROW_PLACES = {"x": 0, "y": 0, "dy": 1, "axis": 2, "keepdims": 3, "out": 4, "where": 5}


cdef class Rowwise(RowOperation):
    """A row-wise activation: its value, and `backward`, `forward_backward`."""

    cdef readonly RowOperation backward
    cdef readonly RowOperation forward_backward
    cdef RowOperation of_output  # or None
    __doc__ = Later("__doc__")

    def attach(self, RowOperation backward, RowOperation forward_backward,
               RowOperation backward_from_output=None):
        self.backward = backward
        self.forward_backward = forward_backward
        self.of_output = backward_from_output

    @property
    def backward_from_output(self):
        """The gradient from the value, where that tells it."""
        if self.of_output is None:
            raise AttributeError(f"{self.activation} has no backward_from_output: use backward, "
                                 "from x")
        return self.of_output


def _enable_rows():
    cdef RowOperation probe = RowOperation.__new__(RowOperation)
    cdef Py_ssize_t offset = <char*>&probe.vectorcall - <char*><PyObject*>probe
    fastact_enable_vectorcall(RowOperation, offset)
    fastact_enable_vectorcall(Rowwise, offset)


_enable_rows()
