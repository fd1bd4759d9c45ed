"""Stamps a formula into the loops of the four operations."""

import inspect

from .intrinsics import use_widest_vectors
from .memory import reader, tuple_reader, writer


def _forward(point, real, parameters):
    """x, *parameters -> y."""
    read = tuple_reader(real, range(1 + parameters))
    write_value = writer(real, 1 + parameters)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        for i in range(dims[0]):
            value, _ = point(*read(args, i))
            write_value(args, i, value)

    return loop


def _derivative(point, real, parameters):
    """x, *parameters -> slope."""
    read = tuple_reader(real, range(1 + parameters))
    write_slope = writer(real, 1 + parameters)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        for i in range(dims[0]):
            _, slope = point(*read(args, i))
            write_slope(args, i, slope)

    return loop


def _backward(point, real, parameters):
    """x, dy, *parameters -> dx."""
    read = tuple_reader(real, (0, *range(2, 2 + parameters)))
    read_dy = reader(real, 1)
    write_dx = writer(real, 2 + parameters)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        for i in range(dims[0]):
            _, slope = point(*read(args, i))
            write_dx(args, i, read_dy(args, i) * slope)

    return loop


def _forward_backward(point, real, parameters):
    """x, dy, *parameters -> y, dx."""
    read = tuple_reader(real, (0, *range(2, 2 + parameters)))
    read_dy = reader(real, 1)
    write_value = writer(real, 2 + parameters)
    write_dx = writer(real, 3 + parameters)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        for i in range(dims[0]):
            value, slope = point(*read(args, i))
            write_value(args, i, value)
            write_dx(args, i, read_dy(args, i) * slope)

    return loop


OPERATIONS = {
    "forward": _forward,
    "backward": _backward,
    "forward_backward": _forward_backward,
    "derivative": _derivative,
}


def pointwise_loop(point, operation, real):
    """The Python function of one loop, ready to be compiled."""
    parameters = len(inspect.signature(point.py_func).parameters) - 1
    return OPERATIONS[operation](point, real, parameters)
