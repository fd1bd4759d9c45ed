"""Stamps a gated unit into the loops of its operations."""

from numba import types
from numba.extending import intrinsic

from .formulas import gated
from .intrinsics import use_widest_vectors
from .memory import load_number, store_number

#: Number of inputs, and which of y, dgate, dvalue are outputs.
OPERATIONS = {
    "forward": (2, (0,)),
    "backward": (3, (1, 2)),
    "forward_backward": (3, (0, 1, 2)),
    "gate_gradient": (3, (1,)),
}

#: Elements among which one that is far has them all looked at a second time.
STRETCH = 128


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


def _far_element(unit, operation, real):
    """far(args, i): 1 if a result of element i needs `gated.far`, else 0."""
    inputs, results = OPERATIONS[operation]

    @intrinsic
    def far(typingctx, args, i):
        def codegen(context, builder, signature, arguments):
            table, position = arguments
            masks = gated.far_masks(
                unit,
                *_operands(
                    inputs, lambda k: load_number(context, builder, table, k, position, real)
                ),
            )
            found = masks[results[0]]
            for result in results[1:]:
                found = found | masks[result]
            return builder.zext(found.value, context.get_value_type(types.int32))

        return types.int32(args, types.intp), codegen

    return far


def gated_loop(name, operation, real):
    """The Python function of one loop, ready to be compiled."""
    unit = gated.UNITS[name]
    element = _element(unit, operation, gated.near, real)
    is_far = _far_element(unit, operation, real)
    far_element = _element(unit, operation, gated.far, real)

    def loop(args, dims, steps, data):
        use_widest_vectors()
        for start in range(0, dims[0], STRETCH):
            stop = min(start + STRETCH, dims[0])
            for i in range(start, stop):
                element(args, i)
            count = 0
            for i in range(start, stop):
                count += is_far(args, i)
            if count > 0:
                for i in range(start, stop):
                    if is_far(args, i) > 0:
                        far_element(args, i)

    return loop
