"""Contexts in which NumPy says nothing of floating point errors, or raises them; and its buffer."""

from contextvars import Context, copy_context

import numpy as np

BUFFER = 8192  # NumPy's own
# A column that is broadcast along rows is copied into the buffer if that is longer than a row: this
# takes twice as long as the arithmetic. For shorter rows than this it still pays.
SHORT_BUFFER = 256


def context_with(buffer=BUFFER, **states):
    """A context with these states of `np.errstate`, and numbers in NumPy's buffer.

    To run something in a copy of it costs a twentieth of what entering `np.errstate` does. (A
    context itself can be entered once at a time.)
    """

    def inside():
        with np.errstate(**states):
            np.setbufsize(buffer)
            return copy_context()

    return Context().run(inside)


# NumPy warns where a branch not taken overflows; our loops never do.
SILENT = context_with(all="ignore")
SILENT_ON_ROWS = context_with(SHORT_BUFFER, all="ignore")
STRICT = context_with(under="ignore", divide="ignore", over="raise", invalid="raise")


def silently(function, *arguments):
    """What `function` gives, without a warning."""
    return SILENT.copy().run(function, *arguments)


def silent(length):
    """A context for formulas on rows of this length."""
    return (SILENT_ON_ROWS if SHORT_BUFFER <= length < BUFFER else SILENT).copy()
