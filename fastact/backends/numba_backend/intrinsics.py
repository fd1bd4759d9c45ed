"""What compiled Python code needs besides Python: functions of Numbers, and two instructions.

Loops are compiled by Numba from Python; what happens to one element is written with Numbers.
"""

from llvmlite import ir
from numba import types
from numba.core.cgutils import unpack_tuple
from numba.extending import intrinsic

from .lanes import Lanes, elementwise, number_type, splat
from .number import Number
from .number import mul_add as mul_add_numbers

DTYPES = {"f": types.float32, "d": types.float64}

SIGNATURE = types.void(
    types.CPointer(types.voidptr),
    types.CPointer(types.intp),
    types.CPointer(types.intp),
    types.intp,
)
"""What the engine calls: loop(char** args, npy_intp* dims, npy_intp* steps, void* data).

The data is an address, as a number: a loop asks at most whether there is one.
"""


def of_numbers(function, results=1):
    """A function of Numbers as one of a tuple of numbers, or Lanes, that compiled code can call.

    It returns a tuple if there are more results than one.
    """

    @intrinsic
    def call(typingctx, operands):
        number = typingctx.unify_types(*map(number_type, operands))
        common = Lanes(number) if any(isinstance(kind, Lanes) for kind in operands) else number
        returned = common if results == 1 else types.UniTuple(common, results)

        def codegen(context, builder, signature, args):
            kind = context.get_value_type(common)
            values = unpack_tuple(builder, args[0])
            values = [v if v.type == kind else splat(builder, v, kind) for v in values]
            outcome = function(*(Number(builder, value) for value in values))
            if results == 1:
                return outcome.value
            return context.make_tuple(builder, returned, [number.value for number in outcome])

        return returned(operands), codegen

    return call


def _emit_mul_add(builder, *values):
    return mul_add_numbers(*(Number(builder, value) for value in values)).value


mul_add = elementwise(3, _emit_mul_add)
"""a * b + c, rounded once where the CPU can."""


@intrinsic
def select(typingctx, condition, chosen, otherwise):
    """`chosen if condition else otherwise` without a branch."""
    number = typingctx.unify_types(number_type(chosen), number_type(otherwise))
    lanes = isinstance(condition, Lanes)
    result = Lanes(number) if lanes else number
    accepted = [result if isinstance(value, Lanes) else number for value in (chosen, otherwise)]

    def codegen(context, builder, signature, args):
        kind = context.get_value_type(result)
        values = [arg if arg.type == kind else splat(builder, arg, kind) for arg in args[1:]]
        mask = args[0] if lanes else builder.trunc(args[0], ir.IntType(1))
        return builder.select(mask, *values)

    return result(condition, *accepted), codegen


@intrinsic
def use_widest_vectors(typingctx):
    """Let the calling function use 512-bit registers, and keep them where they lie well.

    LLVM stops at 256 bits on most CPUs; the gain is measured: 0.37 instead of 0.52 ns per element
    for the float32 sigmoid. On a stack that is not aligned a register may lie across two pages:
    the sums of float64 rows then took 2.3 times as long, in one process of ten.
    """

    def codegen(context, builder, signature, args):
        # llvmlite's own add() knows no attribute with a value; its printing does not mind one.
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        set.add(builder.function.attributes, '"stackrealign"')
        return context.get_dummy_value()

    return types.none(), codegen


def vectorized_by(**hints):
    """An instruction behind the first loop that ends: how LLVM is to vectorise it.

    `width`: how many elements at a time; it goes by the widest type. `interleave`: how many such
    vectors side by side; it takes two where there is a sum.
    """
    hints = {hint: number for hint, number in hints.items() if number}

    @intrinsic
    def mark(typingctx):
        def codegen(context, builder, signature, args):
            if hints:
                _, first, *_ = builder.function.blocks  # Numba's entry is not connected yet
                jumps = list(_jumps_back(first, (), set()))
                if len(jumps) == 1:  # else Numba writes loops in some other way
                    _set_hints(jumps[0], hints)
            return context.get_dummy_value()

        return types.none(), codegen

    return mark


LOOP_HINTS = {"width": "llvm.loop.vectorize.width", "interleave": "llvm.loop.interleave.count"}


def _set_hints(jump, hints):
    module, number = jump.module, ir.IntType(32)
    made = [module.add_metadata([LOOP_HINTS[h], number(count)]) for h, count in hints.items()]
    loop = module.add_metadata([f"the loop of {jump.function.name}"])
    loop.operands = (loop, *made)  # LLVM knows one by being its own first operand
    jump.set_metadata("llvm.loop", loop)


def _jumps_back(block, path, seen):
    """The instructions that end a loop, of what has been written so far."""
    seen.add(block)
    end = block.terminator
    targets = [] if end is None else [to for to in end.operands if isinstance(to, ir.Block)]
    for to in targets:
        if to in (*path, block):
            yield end
        elif to not in seen:
            yield from _jumps_back(to, (*path, block), seen)
