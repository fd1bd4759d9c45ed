"""Reading and writing the arguments of a loop.

The engine promises contiguous, aligned arguments that do not overlap. The accesses say so in
metadata, so that LLVM vectorises without comparing addresses first.
"""

from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.extending import intrinsic

from .lanes import INDEX, LANES, Lanes, literal, splat
from .number import Number
from .target import llvm_suffix

MAX_ARGUMENTS = 16
CACHE_LINE = 64  # bytes


def _element(context, builder, args, index, position, real):
    """Address of element `position` of argument `index`."""
    slot = builder.gep(args, [ir.Constant(ir.IntType(64), index)])
    address = builder.load(slot)
    # The table of arguments never changes during a call.
    address.set_metadata("invariant.load", builder.module.add_metadata([]))
    return builder.gep(
        builder.bitcast(address, context.get_value_type(real).as_pointer()), [position]
    )


def _mark(builder, access, index):
    """Say that this load or store of argument `index` meets no other argument."""
    module = builder.module
    domain = module.add_metadata(["fastact arguments"])
    scopes = [module.add_metadata([f"argument {k}", domain]) for k in range(MAX_ARGUMENTS)]
    others = scopes[:index] + scopes[index + 1 :]
    access.set_metadata("alias.scope", module.add_metadata([scopes[index]]))
    access.set_metadata("noalias", module.add_metadata(others))
    return access


def _load(context, builder, args, index, position, real):
    """Element `position` of argument `index`."""
    pointer = _element(context, builder, args, index, position, real)
    return _mark(builder, builder.load(pointer, align=real.bitwidth // 8), index)


def reader(real, index):
    """read(args, i): element i of argument `index`."""

    @intrinsic
    def read(typingctx, args, i):
        def codegen(context, builder, signature, arguments):
            return _load(context, builder, arguments[0], index, arguments[1], real)

        return real(args, types.intp), codegen

    return read


def load_number(context, builder, args, index, position, real):
    """Element `position` of argument `index`, as a Number."""
    return Number(builder, _load(context, builder, args, index, position, real))


def store_number(context, args, index, position, real, number):
    """Set element `position` of argument `index`."""
    builder = number.builder
    pointer = _element(context, builder, args, index, position, real)
    _mark(builder, builder.store(number.value, pointer, align=real.bitwidth // 8), index)


def writer(real, index):
    """write(args, i, value): set element i of argument `index`."""

    @intrinsic
    def write(typingctx, args, i, value):
        def codegen(context, builder, signature, arguments):
            table, position, number = arguments
            store_number(context, table, index, position, real, Number(builder, number))
            return context.get_dummy_value()

        return types.none(args, types.intp, real), codegen

    return write


def _first_lanes(builder, count):
    """Mask of the first `count` lanes."""
    vector = ir.VectorType(INDEX, LANES)
    lanes = ir.Constant(vector, list(range(LANES)))
    return builder.icmp_signed("<", lanes, splat(builder, builder.trunc(count, INDEX), vector))


def lane_reader(real, index, fill):
    """read(args, start, count): Lanes of the next `count` elements, `fill` where there are less."""

    @intrinsic
    def read(typingctx, args, start, count):
        lanes = Lanes(real)

        def codegen(context, builder, signature, arguments):
            table, first, number = arguments
            vector = context.get_value_type(lanes)
            pointer = builder.bitcast(
                _element(context, builder, table, index, first, real), vector.as_pointer()
            )
            alignment = real.bitwidth // 8
            whole = builder.icmp_signed(">=", number, ir.Constant(number.type, LANES))
            with builder.if_else(whole, likely=True) as (then, otherwise):
                with then:
                    all_lanes = _mark(builder, builder.load(pointer, align=alignment), index)
                    whole_block = builder.block
                with otherwise:
                    mask = _first_lanes(builder, number)
                    load = get_or_insert_function(
                        builder.module,
                        ir.FunctionType(vector, [pointer.type, INDEX, mask.type, vector]),
                        f"llvm.masked.load.{llvm_suffix(vector)}.p0",
                    )
                    filler = literal(vector, fill)
                    some_lanes = builder.call(load, [pointer, INDEX(alignment), mask, filler])
                    _mark(builder, some_lanes, index)
                    part_block = builder.block
            result = builder.phi(vector)
            result.add_incoming(all_lanes, whole_block)
            result.add_incoming(some_lanes, part_block)
            return result

        return lanes(args, types.intp, types.intp), codegen

    return read


def lane_writer(real, index):
    """write(args, start, count, values): set the next elements, at most `count` of them."""

    @intrinsic
    def write(typingctx, args, start, count, values):
        def codegen(context, builder, signature, arguments):
            table, first, number, vectors = arguments
            pointer = builder.bitcast(
                _element(context, builder, table, index, first, real), vectors.type.as_pointer()
            )
            alignment = real.bitwidth // 8
            whole = builder.icmp_signed(">=", number, ir.Constant(number.type, LANES))
            with builder.if_else(whole, likely=True) as (then, otherwise):
                with then:
                    _mark(builder, builder.store(vectors, pointer, align=alignment), index)
                with otherwise:
                    mask = _first_lanes(builder, number)
                    kinds = [vectors.type, pointer.type, INDEX, mask.type]
                    store = get_or_insert_function(
                        builder.module,
                        ir.FunctionType(ir.VoidType(), kinds),
                        f"llvm.masked.store.{llvm_suffix(vectors.type)}.p0",
                    )
                    call = builder.call(store, [vectors, pointer, INDEX(alignment), mask])
                    _mark(builder, call, index)
            return context.get_dummy_value()

        return types.none(args, types.intp, types.intp, Lanes(real)), codegen

    return write


def prefetcher(real, *indices):
    """ask(args, start): have the next LANES elements of these arguments brought to the caches."""
    lines = max(LANES * real.bitwidth // 8 // CACHE_LINE, 1)

    @intrinsic
    def ask(typingctx, args, start):
        def codegen(context, builder, signature, arguments):
            table, first = arguments
            number, byte = ir.IntType(32), ir.IntType(8).as_pointer()
            kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
            prefetch = get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
            for index in indices:
                pointer = _element(context, builder, table, index, first, real)
                for line in range(lines):
                    offset = ir.Constant(ir.IntType(64), line * CACHE_LINE * 8 // real.bitwidth)
                    address = builder.bitcast(builder.gep(pointer, [offset]), byte)
                    # To read it, and to keep it near; it is data.
                    builder.call(prefetch, [address, number(0), number(3), number(1)])
            return context.get_dummy_value()

        return types.none(args, types.intp), codegen

    return ask
