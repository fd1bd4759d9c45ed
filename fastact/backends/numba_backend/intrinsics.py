"""The few LLVM instructions that Numba has no spelling for, for numbers and for Lanes.

They are emitted without fast-math flags: `nsz` would lose the sign of zero, `nnan` the NaN, and
with `contract` forward and forward_backward could round differently.
"""

from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.core.registry import cpu_target
from numba.extending import intrinsic

from .lanes import Lanes, elementwise, literal, number_type, splat

DTYPES = {"f": types.float32, "d": types.float64}

SIGNATURE = types.void(
    types.CPointer(types.voidptr),
    types.CPointer(types.intp),
    types.CPointer(types.intp),
    types.voidptr,
)
"""What the engine calls: loop(char** args, npy_intp* dims, npy_intp* steps, void* data)."""


def target():
    """(triple, CPU name, feature string) that Numba compiles for."""
    return cpu_target.target_context.codegen().magic_tuple()


def _has_fused_multiply_add():
    """Whether the CPU has the instruction: otherwise llvm.fma is a slow library call."""
    triple, _, features = target()
    return not triple.startswith(("x86", "i386", "i686")) or "+fma" in features.split(",")


FUSED = _has_fused_multiply_add()


def llvm_suffix(kind):
    """How LLVM names a type in its intrinsics: f32, f64, v32f32, ..."""
    if isinstance(kind, ir.VectorType):
        return f"v{kind.count}{llvm_suffix(kind.element)}"
    return "f32" if kind == ir.FloatType() else "f64"


def _call(builder, name, *args):
    """Call the LLVM intrinsic `name` of numbers, or vectors, of one type."""
    kind = args[0].type
    signature = ir.FunctionType(kind, [kind] * len(args))
    full_name = f"{name}.{llvm_suffix(kind)}"
    return builder.call(get_or_insert_function(builder.module, signature, full_name), args)


def _emit_mul_add(builder, a, b, c):
    if FUSED:
        return _call(builder, "llvm.fma", a, b, c)
    return builder.fadd(builder.fmul(a, b), c)


def _emit_low_bits_as_exponent(builder, x):
    real = x.type.element if isinstance(x.type, ir.VectorType) else x.type
    width, fraction = (32, 23) if real == ir.FloatType() else (64, 52)
    bits = ir.IntType(width)
    if real != x.type:
        bits = ir.VectorType(bits, x.type.count)
    shifted = builder.shl(builder.bitcast(x, bits), literal(bits, fraction))
    return builder.bitcast(shifted, x.type)


mul_add = elementwise(3, _emit_mul_add)
"""a * b + c, rounded once where the CPU can."""

absolute = elementwise(1, lambda builder, x: _call(builder, "llvm.fabs", x))
"""|x|."""

copy_sign = elementwise(2, lambda builder, x, sign: _call(builder, "llvm.copysign", x, sign))
"""The size of x with the sign of the other."""

low_bits_as_exponent = elementwise(1, _emit_low_bits_as_exponent)
"""The number whose exponent field is the low bits of x's significand, all else zero."""


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


def constant(float32, float64):
    """A constant that takes the type of the argument it is asked for: `ln2(x)`."""

    @intrinsic
    def value(typingctx, x):
        number = float32 if number_type(x) == types.float32 else float64

        def codegen(context, builder, signature, args):
            return literal(args[0].type, number)

        return x(x), codegen

    return value


def polynomial(float32, float64):
    """Horner's rule, the constant term first, with the coefficients of the argument's type."""

    @intrinsic
    def evaluate(typingctx, x):
        coefficients = float32 if number_type(x) == types.float32 else float64

        def codegen(context, builder, signature, args):
            kind = args[0].type
            result = literal(kind, coefficients[-1])
            for coefficient in reversed(coefficients[:-1]):
                result = _emit_mul_add(builder, result, args[0], literal(kind, coefficient))
            return result

        return x(x), codegen

    return evaluate


@intrinsic
def use_widest_vectors(typingctx):
    """Let the calling function use 512-bit registers; LLVM stops at 256 bits on most CPUs.

    The gain is measured: 0.37 instead of 0.52 ns per element for the float32 sigmoid.
    """

    def codegen(context, builder, signature, args):
        # llvmlite's own add() knows no attribute with a value; its printing does not mind one.
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.none(), codegen
