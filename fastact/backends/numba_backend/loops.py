"""Stamps a formula into the loops of the operations."""

import inspect

from numba import types
from numba.extending import intrinsic

from .formulas import FAR, FORMULAS, PARAMETER_SLOPES
from .from_output import FORMULAS as OUTPUT_FORMULAS
from .intrinsics import use_widest_vectors
from .memory import load_number, store_number


def _forward(load, store, formula, parameters):
    """x, *parameters -> y."""
    value, _ = formula(*map(load, range(1 + parameters)))
    store(1 + parameters, value)


def _derivative(load, store, formula, parameters):
    """x, *parameters -> slope."""
    _, slope = formula(*map(load, range(1 + parameters)))
    store(1 + parameters, slope)


def _backward(load, store, formula, parameters):
    """x, dy, *parameters -> dx."""
    _, slope = formula(load(0), *map(load, range(2, 2 + parameters)))
    store(2 + parameters, load(1) * slope)


def _forward_backward(load, store, formula, parameters):
    """x, dy, *parameters -> y, dx."""
    value, slope = formula(load(0), *map(load, range(2, 2 + parameters)))
    store(2 + parameters, value)
    store(3 + parameters, load(1) * slope)


def _parameter_backward(load, store, formula, parameters):
    """x, dy, *parameters -> dy * the slope in the trainable parameter."""
    slope = formula(load(0), *map(load, range(2, 2 + parameters)))
    store(2 + parameters, load(1) * slope)


OPERATIONS = {
    "forward": _forward,
    "backward": _backward,
    "forward_backward": _forward_backward,
    "derivative": _derivative,
    "parameter_backward": _parameter_backward,
}


def _element(operation, formula, real):
    """element(args, i): the operation on element i, all of it one LLVM block."""
    parameters = len(inspect.signature(formula).parameters) - 1

    @intrinsic
    def element(typingctx, args, i):
        def codegen(context, builder, signature, arguments):
            table, position = arguments
            OPERATIONS[operation](
                lambda index: load_number(context, builder, table, index, position, real),
                lambda index, number: store_number(context, table, index, position, real, number),
                formula,
                parameters,
            )
            return context.get_dummy_value()

        return types.none(args, types.intp), codegen

    return element


def _far_element(operation, is_far, real):
    """far(args, i): 1 if the ordinary formula is not for element i, else 0."""
    parameters = len(inspect.signature(is_far).parameters) - 1
    first = 2 if "backward" in operation else 1

    @intrinsic
    def far(typingctx, args, i):
        def codegen(context, builder, signature, arguments):
            table, position = arguments
            indices = (0, *range(first, first + parameters))
            mask = is_far(
                *(load_number(context, builder, table, k, position, real) for k in indices)
            )
            return builder.zext(mask.value, context.get_value_type(types.int32))

        return types.int32(args, types.intp), codegen

    return far


def pointwise_loop(activation, operation, real):
    """The Python function of one loop, ready to be compiled."""
    of_output = operation == "backward_from_output"
    table = PARAMETER_SLOPES if operation == "parameter_backward" else FORMULAS
    table = OUTPUT_FORMULAS if of_output else table
    element = _element("backward" if of_output else operation, table[activation], real)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        for i in range(dims[0]):
            element(args, i)

    if activation not in FAR or of_output:
        return loop

    is_far, formula = FAR[activation]
    is_far_element = _far_element(operation, is_far, real)
    far_element = _element(operation, formula, real)

    def loop_with_far_elements(args, dims, steps, data):
        use_widest_vectors()
        for i in range(dims[0]):
            element(args, i)
        count = 0
        for i in range(dims[0]):
            count += is_far_element(args, i)
        if count > 0:
            for i in range(dims[0]):
                if is_far_element(args, i) > 0:
                    far_element(args, i)

    return loop_with_far_elements
