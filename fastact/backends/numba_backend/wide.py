"""Lanes of float64, whatever the type of the row, and sums that keep what additions round away."""

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from .intrinsics import of_numbers
from .lanes import LANES, Lanes
from .memory import lane_writer, reader
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
def any_lane(typingctx, mask):
    """Whether one of the truth values is set."""

    def codegen(context, builder, signature, args):
        bits = builder.bitcast(args[0], ir.IntType(LANES))
        return builder.icmp_unsigned("!=", bits, bits.type(0))

    return types.boolean(mask), codegen


def long_total(index):
    """total(args, at, lanes): their sum and what it lost, through argument `index` from `at` on."""
    write, read = lane_writer(DOUBLE, index), reader(DOUBLE, index)

    @inline
    def sum_lanes(args, at, lanes):
        write(args, at, LANES, lanes)
        total, lost = read(args, at), 0.0
        for lane in range(1, LANES):
            total, error = add((total, read(args, at + lane)))
            lost += error
        return total, lost

    return sum_lanes
