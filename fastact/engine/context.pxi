# What is in force here: the selection of backends and the number of threads.

import contextvars


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


cdef class Scope:
    """A `with` block with its own selection of backends or number of threads.

    In Python an interrupt could come between what is set and what is remembered of it.
    """

    cdef readonly object selection
    cdef readonly int threads
    cdef list tokens

    def __init__(self, selection=None, int threads=0):
        self.selection = selection
        self.threads = threads
        self.tokens = []

    def __enter__(self):
        cdef Context outer = active_context()
        selection, threads = self.selection, self.threads
        if outer is not None:
            selection, threads = selection or outer.selection, threads or outer.threads
        self.tokens.append(variable.set(Context(selection, threads)))

    def __exit__(self, *error):
        variable.reset(self.tokens.pop())


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
