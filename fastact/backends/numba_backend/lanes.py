"""`Lanes`: thirty-two numbers that Numba handles as one value, for work along a row.

The formulas of vecmath run on Lanes as they run on a number. LLVM splits the lanes into the
registers that the CPU has; the last, incomplete Lanes of a row are read and written under a mask.
Element i of a row belongs to lane i mod 32, and a sum combines the lanes by a fixed tree, so a
row gives the same bits wherever it lies (LLVM may not reorder a scalar sum, nor vectorise it).
"""

import operator

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, models, overload, register_model

LANES = 32
INDEX = ir.IntType(32)


class Lanes(types.Type):
    """LANES numbers, or truth values, of one type."""

    def __init__(self, dtype):
        self.dtype = dtype
        super().__init__(name=f"Lanes({dtype})")


@register_model(Lanes)
class LanesModel(models.PrimitiveModel):
    """An LLVM vector; a truth value takes one bit."""

    def __init__(self, manager, lanes):
        is_mask = lanes.dtype == types.boolean
        element = ir.IntType(1) if is_mask else manager.lookup(lanes.dtype).get_value_type()
        super().__init__(manager, lanes, ir.VectorType(element, LANES))


def number_type(kind):
    """float32 or float64, of a number and of Lanes."""
    return kind.dtype if isinstance(kind, Lanes) else kind


def literal(kind, number):
    """An LLVM constant: a number, or the number in every lane."""
    if isinstance(kind, ir.VectorType):
        return ir.Constant(kind, [number] * kind.count)
    return ir.Constant(kind, number)


def splat(builder, value, vector):
    """`value` in every lane."""
    undefined = ir.Constant(vector, ir.Undefined)
    single = builder.insert_element(undefined, value, INDEX(0))
    return builder.shuffle_vector(single, undefined, literal(ir.VectorType(INDEX, LANES), 0))


def elementwise(arity, emit, result=None):
    """An operation on numbers of one type, or on Lanes and numbers that stand for every lane.

    `emit(builder, *values)` writes the instructions; it gets vectors, or numbers, all of one type.
    The result has that type too, or holds `result`.
    """

    def typed(typingctx, *operands):
        lanes = [operand for operand in operands if isinstance(operand, Lanes)]
        number = typingctx.unify_types(*map(number_type, operands))
        common = Lanes(number) if lanes else number
        accepted = [common if operand in lanes else number for operand in operands]
        returned = common if result is None else Lanes(result) if lanes else result

        def codegen(context, builder, signature, args):
            kind = context.get_value_type(common)
            values = [arg if arg.type == kind else splat(builder, arg, kind) for arg in args]
            return emit(builder, *values)

        return returned(*accepted), codegen

    @intrinsic
    def unary(typingctx, a):
        return typed(typingctx, a)

    @intrinsic
    def binary(typingctx, a, b):
        return typed(typingctx, a, b)

    @intrinsic
    def ternary(typingctx, a, b, c):
        return typed(typingctx, a, b, c)

    return {1: unary, 2: binary, 3: ternary}[arity]


def _give_lanes(symbol, arity, emit, result=None):
    """Let Python's operator work on Lanes."""
    operation = elementwise(arity, emit, result)

    options = {"forceinline": True}

    if arity == 1:

        @overload(symbol, jit_options=options)
        def unary(a):
            return (lambda a: operation(a)) if isinstance(a, Lanes) else None
    else:

        @overload(symbol, jit_options=options)
        def binary(a, b):
            on_lanes = isinstance(a, Lanes) or isinstance(b, Lanes)
            return (lambda a, b: operation(a, b)) if on_lanes else None


def _comparison(sign):
    return lambda builder, a, b: builder.fcmp_ordered(sign, a, b)


_give_lanes(operator.neg, 1, lambda builder, a: builder.fneg(a))
_give_lanes(operator.add, 2, lambda builder, a, b: builder.fadd(a, b))
_give_lanes(operator.sub, 2, lambda builder, a, b: builder.fsub(a, b))
_give_lanes(operator.mul, 2, lambda builder, a, b: builder.fmul(a, b))
_give_lanes(operator.lt, 2, _comparison("<"), types.boolean)
_give_lanes(operator.gt, 2, _comparison(">"), types.boolean)
_give_lanes(operator.eq, 2, _comparison("=="), types.boolean)


def _emit_larger(builder, a, b):
    return builder.select(builder.fcmp_ordered(">", b, a), b, a)


larger = elementwise(2, _emit_larger)
"""The larger of two; the first where the second is NaN."""


def _emit_smaller(builder, a, b):
    return builder.select(builder.fcmp_ordered("<", b, a), b, a)


smaller = elementwise(2, _emit_smaller)
"""The smaller of two, likewise."""


def halves(builder, values):
    """Lane k and lane k + n/2 of n lanes, for k < n/2: two vectors, or two numbers."""
    width = values.type.count // 2
    if width == 1:
        return tuple(builder.extract_element(values, INDEX(k)) for k in (0, 1))
    orders = (list(range(first, first + width)) for first in (0, width))
    kind = ir.VectorType(INDEX, width)
    return tuple(builder.shuffle_vector(values, values, ir.Constant(kind, o)) for o in orders)


def _fold(emit):
    """Combine the lanes by a tree: lane k with k + 16, then with k + 8, ... k + 1."""

    @intrinsic
    def combine(typingctx, lanes):
        def codegen(context, builder, signature, args):
            values = args[0]
            while isinstance(values.type, ir.VectorType):
                values = emit(builder, *halves(builder, values))
            return values

        return lanes.dtype(lanes), codegen

    return combine


total = _fold(lambda builder, a, b: builder.fadd(a, b))
largest = _fold(_emit_larger)


@intrinsic
def precise_total(typingctx, lanes, lost):
    """The total by the same tree, with what is lost, its additions too, added at the end."""

    def codegen(context, builder, signature, args):
        values, lost = args
        while isinstance(values.type, ir.VectorType):
            a, b = halves(builder, values)
            values = builder.fadd(a, b)
            back = builder.fsub(values, a)
            of_a, of_b = builder.fsub(a, builder.fsub(values, back)), builder.fsub(b, back)
            missing = builder.fadd(of_a, of_b)
            lost = builder.fadd(builder.fadd(*halves(builder, lost)), missing)
        return builder.fadd(values, lost)

    return lanes.dtype(lanes, lost), codegen


def filled_with(real, number):
    """start(): Lanes that all hold `number`."""

    @intrinsic
    def start(typingctx):
        lanes = Lanes(real)

        def codegen(context, builder, signature, args):
            return literal(context.get_value_type(lanes), number)

        return lanes(), codegen

    return start
