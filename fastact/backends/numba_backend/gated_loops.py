"""Stamps a gated unit into the loops of its operations."""

from functools import reduce
from operator import or_

from numba import types
from numba.extending import intrinsic

from .formulas import gated
from .loops import finder, plain_loop, with_far_elements
from .memory import load_number, store_number

#: Number of inputs, and which of y, dgate, dvalue are outputs.
OPERATIONS = {
    "forward": (2, (0,)),
    "backward": (3, (1, 2)),
    "forward_backward": (3, (0, 1, 2)),
    "gate_gradient": (3, (1,)),
}


def _operands(inputs, load):
    """gate, value and dy, which is 1 where an operation takes none."""
    numbers = [load(index) for index in range(inputs)]
    return numbers if inputs == 3 else [*numbers, numbers[0].like(1)]


def _element(unit, operation, formula, real):
    """element(args, i): the operation on element i."""
    inputs, results = OPERATIONS[operation]

    @intrinsic
    def element(typingctx, args, i):
        def codegen(context, builder, signature, arguments):
            table, position = arguments
            found = formula(
                unit,
                *_operands(
                    inputs, lambda k: load_number(context, builder, table, k, position, real)
                ),
            )
            for place, result in enumerate(results, start=inputs):
                store_number(context, table, place, position, real, found[result])
            return context.get_dummy_value()

        return types.none(args, types.intp), codegen

    return element


def _find_far(unit, operation, real):
    """find(args, i, found): `found`, and one more if a result of element i needs `gated.far`."""
    inputs, results = OPERATIONS[operation]

    def is_far(load):
        masks = gated.far_masks(unit, *_operands(inputs, load))
        return reduce(or_, (masks[result] for result in results))

    return finder(is_far, real)


def gated_loop(name, operation, real):
    """The Python function of one loop, ready to be compiled."""
    unit = gated.UNITS[name]
    element = _element(unit, operation, gated.near, real)
    if unit.exact:
        return plain_loop(element, len(OPERATIONS[operation][1]))
    far_element = _element(unit, operation, gated.far, real)
    return with_far_elements(element, _find_far(unit, operation, real), far_element)
