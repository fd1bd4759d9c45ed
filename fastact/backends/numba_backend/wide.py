"""Lanes of float64, whatever the type of the row, and sums that keep what additions round away."""

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from .intrinsics import of_numbers
from .lanes import LANES, Lanes, halves
from .number import Number
from .vecmath import pairs

DOUBLE = types.float64

inline = njit(error_model="numpy", forceinline=True)
add = of_numbers(pairs.sum_and_error, 2)
subtract = of_numbers(pairs.difference_and_error, 2)
multiply = of_numbers(pairs.product, 2)


def _cast(source, target, change):
    """cast(lanes): the same numbers in another type."""

    @intrinsic
    def cast(typingctx, lanes):
        def codegen(context, builder, signature, args):
            kind = context.get_value_type(Lanes(target))
            return args[0] if source == target else getattr(builder, change)(args[0], kind)

        return Lanes(target)(Lanes(source)), codegen

    return cast


def widening(real):
    """Lanes of `real` -> of float64."""
    return _cast(real, DOUBLE, "fpext")


def narrowing(real):
    """Lanes of float64 -> of `real`, rounded."""
    return _cast(DOUBLE, real, "fptrunc")


@intrinsic
def lane_bits(typingctx, mask):
    """Truth values as bits of an integer, the first lane in the lowest."""

    def codegen(context, builder, signature, args):
        bits = builder.bitcast(args[0], ir.IntType(LANES))
        return builder.zext(bits, ir.IntType(64))

    return types.int64(mask), codegen


@intrinsic
def lowest_bit(typingctx, bits):
    """Which bit is the lowest that is set."""

    def codegen(context, builder, signature, args):
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(bits), codegen


@intrinsic
def total_and_error(typingctx, lanes):
    """The sum of the lanes, by the tree of `total`, and what the additions have rounded away."""

    def codegen(context, builder, signature, args):
        value, error = args[0], None
        while isinstance(value.type, ir.VectorType):
            low, high = halves(builder, value)
            value, lost = (
                number.value
                for number in pairs.sum_and_error(Number(builder, low), Number(builder, high))
            )
            if error is not None:
                lost = builder.fadd(lost, builder.fadd(*halves(builder, error)))
            error = lost
        return context.make_tuple(builder, signature.return_type, [value, error])

    return types.UniTuple(lanes.dtype, 2)(lanes), codegen
