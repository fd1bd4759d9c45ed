"""Stamps a formula into the loops of the operations."""

import inspect
from functools import wraps

import numpy as np
from numba import types
from numba.extending import intrinsic

from .formulas import FORMULAS, PARAMETER_SLOPES, SHORT
from .formulas.table import keep_nan
from .from_output import FORMULAS as OUTPUT_FORMULAS
from .intrinsics import use_widest_vectors, vectorized_by
from .memory import load_number, store_number
from .target import AVX2_ALONE, SIXTEEN, WIDEST

#: Their float32 are computed in float64.
IN_DOUBLE = ("snake",)
#: How many of these at a time; 0: as LLVM finds best. Where registers have 256 bits that is 4, for
#: which each constant is read again, and the arithmetic of float32 leaves half a register empty.
SINGLES = 16 if AVX2_ALONE else 0

#: How many vectors of a formula side by side; 0: as LLVM finds best. With 16 registers it takes one
#: or two, and reads all constants again for them: with four, which share them, the sigmoid of
#: float64 takes 0.67 of the time.
SIDE_BY_SIDE = 4 if SIXTEEN else 0

#: Of these LLVM is to take one vector at a time, not two side by side as where it counts what is
#: far: the constants of one fit into 32 registers, those of two are read again and again.
ALONE = (("gelu", "forward"),) if WIDEST else ()

#: Of a light formula's results so many vectors go to one array, then as many to the next: stores to
#: two in turn wait for each other (Intel, arrays that begin inside a line of the caches).
IN_TURN = 8 if WIDEST else 4

#: Elements among which one that is far has them all looked at a second time.
STRETCH = 512


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


def finder(is_far, real):
    """find(args, i, found): `found`, and more if element i is far.

    `is_far(load)` gives a mask, or small Bits that are not 0 there; `load(k)` gives argument k.
    """

    @intrinsic
    def find(typingctx, args, i, found):
        def codegen(context, builder, signature, arguments):
            table, position, before = arguments
            far = is_far(lambda k: load_number(context, builder, table, k, position, real))
            # A sum is a reduction that LLVM vectorises, whatever the mask; `or` and select are not.
            return builder.add(before, far.integer(before.type))

        return types.int32(args, types.intp, types.int32), codegen

    return find


def plain_loop(element, results):
    """The Python function of a loop over all elements."""
    mark_loop = vectorized_by(interleave=IN_TURN if results > 1 else SIDE_BY_SIDE)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        for i in range(dims[0]):
            element(args, i)
        mark_loop()

    return loop


def with_far_elements(element, find_far, far_element, width=0, interleave=SIDE_BY_SIDE):
    """The Python function of a loop: `element`, then `far_element` of what `find_far` finds."""
    nothing, mark_loop = np.int32(0), vectorized_by(width=width, interleave=interleave)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        for start in range(0, dims[0], STRETCH):
            # Not min(): with it the caller is prepared for an exception.
            stop = start + STRETCH if start + STRETCH < dims[0] else dims[0]
            found = nothing
            for i in range(start, stop):
                element(args, i)
                found = find_far(args, i, found)
            mark_loop()
            if found != 0:
                for i in range(start, stop):
                    if find_far(args, i, nothing) != 0:
                        far_element(args, i)

    return loop


def keeping_nan(formula):
    """The formula, but NaN of a parameter that is NaN, whatever the formula makes of it."""

    @wraps(formula)
    def kept(x, *parameters):
        found = formula(x, *parameters)
        results = found if isinstance(found, tuple) else (found,)
        for parameter in parameters:
            results = tuple(keep_nan(parameter, result) for result in results)
        return results if isinstance(found, tuple) else results[0]

    return kept


def pointwise_loop(activation, operation, real):
    """The Python function of one loop, ready to be compiled."""
    of_output = operation == "backward_from_output"
    table = PARAMETER_SLOPES if operation == "parameter_backward" else FORMULAS
    table = OUTPUT_FORMULAS if of_output else table
    formula = keeping_nan(table[activation])
    element = _element("backward" if of_output else operation, formula, real)

    if table is FORMULAS and activation in SHORT:
        formula, is_far = SHORT[activation]
        parameters = len(inspect.signature(is_far).parameters) - 1
        first = 2 if "backward" in operation else 1
        operands = 0, *range(first, first + parameters)
        find_far = finder(lambda load: is_far(*map(load, operands)), real)
        hints = {}
        if activation in IN_DOUBLE and real == types.float32:
            hints = {"width": SINGLES, "interleave": 0}
        elif (activation, operation) in ALONE:
            hints = {"interleave": 1}
        short = _element(operation, keeping_nan(formula), real)
        return with_far_elements(short, find_far, element, **hints)
    return plain_loop(element, results=2 if operation == "forward_backward" else 1)
