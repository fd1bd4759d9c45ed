"""What Numba compiles for, and how its LLVM intrinsics are called."""

from llvmlite import ir
from numba.core.cgutils import get_or_insert_function
from numba.core.registry import cpu_target


def target():
    """(triple, CPU name, feature string) that Numba compiles for."""
    return cpu_target.target_context.codegen().magic_tuple()


def _has_fused_multiply_add():
    """Whether the CPU has the instruction: otherwise llvm.fma is a slow library call."""
    triple, _, features = target()
    return not triple.startswith(("x86", "i386", "i686")) or "+fma" in features.split(",")


FUSED = _has_fused_multiply_add()

#: Whether there are the 32 registers of 512 bits, in which long formulas do not spill.
WIDEST = "+avx512f" in target()[2].split(",")

#: Whether there are 16 registers: x86-64 without AVX-512.
SIXTEEN = target()[0].startswith("x86_64") and not WIDEST

#: Whether a division takes but a few times as long as a product: on AMD's Zen.
FAST_DIVIDER = target()[1].startswith("znver")

#: Whether vectors have 256 bits.
AVX2_ALONE = "+avx2" in target()[2].split(",") and not WIDEST


def llvm_suffix(kind):
    """How LLVM names a type in its intrinsics: f32, f64, v32f32, ..."""
    if isinstance(kind, ir.VectorType):
        return f"v{kind.count}{llvm_suffix(kind.element)}"
    return "f32" if kind == ir.FloatType() else "f64"


def emit_call(builder, name, *args):
    """Call the LLVM intrinsic `name` of numbers, or vectors, of one type.

    It is emitted without fast-math flags: `nsz` would lose the sign of zero, `nnan` the NaN, and
    with `contract` forward and forward_backward could round differently.
    """
    kind = args[0].type
    signature = ir.FunctionType(kind, [kind] * len(args))
    full_name = f"{name}.{llvm_suffix(kind)}"
    return builder.call(get_or_insert_function(builder.module, signature, full_name), args)
