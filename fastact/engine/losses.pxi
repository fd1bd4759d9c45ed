# Softmax cross-entropy: one call, first to look at its labels, then to run.

cdef extern from "losscall.hpp" namespace "fastact":
    cdef cppclass Targets:
        cbool classes
        double smoothing
        cbool ignores
        double ignored
        const double* weights
        double scale
        cbool losses
    cdef cppclass CrossEntropyCall:
        CrossEntropyCall(PyObject*, int, cbool)
        Targets targets
        double count
        cbool set(int, PyObject*)
        Py_ssize_t first_bad_label()
        cbool run(const RowBackend&, Py_ssize_t, double*) nogil
    int LABELS, LOSS, GRADIENT


cdef class CrossEntropy:
    """Logits and what they are compared with; `weights`: float64, one per class, contiguous."""

    cdef CrossEntropyCall* call
    cdef object logits, labels, weights

    def __cinit__(self, logits, labels, int axis, bint is_double, bint classes, double smoothing,
                  ignored, weights):
        cdef const double[::1] view
        self.logits, self.labels, self.weights = logits, labels, weights  # kept alive
        self.call = new CrossEntropyCall(<PyObject*>logits, axis, is_double)
        self.call.targets.classes = classes
        self.call.targets.smoothing = smoothing
        if ignored is not None:
            self.call.targets.ignores = True
            self.call.targets.ignored = ignored
        if weights is not None:
            view = weights
            self.call.targets.weights = &view[0]
        self.use(X, logits)
        self.use(LABELS, labels)

    def __dealloc__(self):
        del self.call

    cdef int use(self, int role, array) except -1:
        if not self.call.set(role, <PyObject*>array):
            raise AssertionError(f"no conversion for {array.dtype}")
        return 0

    def first_bad_label(self):
        """The position, in C order, of the first label that names no class; None if all do."""
        cdef Py_ssize_t found = self.call.first_bad_label()
        return None if found < 0 else found

    @property
    def count(self):
        """Rows that are not ignored, or the sum of their labels' weights."""
        return self.call.count

    def run(self, RowLoops loops, bint is_double, dy, double scale, loss, gradient, bint losses):
        """Fill `loss` (a value per row) and `gradient`, or those given; the sum of the losses.

        If `losses` is false nobody asks for them. Gradients are multiplied by `dy` (a value per
        row, or None) and by `scale`.
        """
        global context_threads
        cdef int saved_threads = context_threads
        cdef Context context = active_context()
        cdef double total = 0
        cdef bint good
        loops.resolve(is_double)
        self.call.targets.scale = scale
        self.call.targets.losses = losses
        for role, array in ((DY, dy), (LOSS, loss), (GRADIENT, gradient)):
            if array is not None:
                self.use(role, array)
        if context is not None and context.threads:
            context_threads = context.threads
        try:
            if cnp.PyArray_SIZE(self.logits) < 500:
                good = self.call.run(loops.backend, rows_parallel_from, &total)
            else:
                with nogil:
                    good = self.call.run(loops.backend, rows_parallel_from, &total)
        finally:
            context_threads = saved_threads
        if not good:
            raise MemoryError
        return total


cdef extern from "elementloss.hpp" namespace "fastact":
    int run_element_loss(Operation_*, int, PyObject**, PyObject**, double*) except -1


def element_loss(ufunc, str dtype, tuple inputs, tuple outputs):
    """Run a loss's ufunc in this dtype; the sum of its first output where that is None.

    None if the backend has Python formulas only. Inputs are arrays, outputs of the full shape.
    """
    global context_threads
    cdef int saved_threads = context_threads
    cdef Context context = active_context()
    cdef PyObject* given[MAX_INPUTS]
    cdef PyObject* targets[2]
    cdef double total = 0
    cdef int i, found
    for i in range(len(inputs)):
        given[i] = PyTuple_GET_ITEM(<PyObject*>inputs, i)
    for i in range(len(outputs)):
        targets[i] = PyTuple_GET_ITEM(<PyObject*>outputs, i)
        if targets[i] == Py_None:
            targets[i] = NULL
    if context is not None and context.threads:
        context_threads = context.threads
    try:
        found = run_element_loss(operation_of(<PyObject*>ufunc), "efd".index(dtype), given, targets,
                                 &total)
    finally:
        context_threads = saved_threads
    return total if found else None
