"""Numbers as a formula sees them: whatever is done with them writes LLVM instructions.

A formula is a Python function that runs once per loop, on Numbers. So it costs Numba no type
inference and leaves no call behind; it may ask for its type with an ordinary `if`, but it cannot
branch on a value: `select` does that. A Number may also hold many numbers, one per lane.
"""

import numpy as np
from llvmlite import ir

from .lanes import literal, splat
from .target import FUSED, emit_call

SINGLE, DOUBLE = ir.FloatType(), ir.DoubleType()


def _as_wide(kind, element):
    """The type of `element`, with as many lanes as `kind`."""
    return ir.VectorType(element, kind.count) if isinstance(kind, ir.VectorType) else element


def float32_holds(number):
    """Whether a number of Python is a float32, or NaN."""
    # float() twice: NumPy would round the one to compare it with the other.
    return number != number or float(np.float32(number)) == float(number)


class Constant:
    """A number with a value per type, for what float32 does not hold."""

    def __init__(self, float32, float64):
        self.float32, self.float64 = float32, float64

    def __neg__(self):
        return self.scaled(-1)

    def scaled(self, power):
        """Times a power of two, or -1 times that."""
        return Constant(self.float32 * power, self.float64 * power)


class Value:
    """An LLVM value and the builder that continues from it."""

    def __init__(self, builder, value):
        self.builder, self.value = builder, value

    @property
    def single(self):
        """Whether its numbers have 32 bits."""
        element = getattr(self.value.type, "element", self.value.type)
        return element in (SINGLE, ir.IntType(32))

    def take(self, other):
        """The LLVM value of `other`, for an operation with this one."""
        kind = self.value.type
        if isinstance(other, Value):
            value = other.value
            return value if value.type == kind else splat(self.builder, value, kind)
        if isinstance(other, Constant):
            other = other.float32 if self.single else other.float64
        return literal(kind, other)

    def like(self, other):
        """`other` as a value of this type."""
        return type(self)(self.builder, self.take(other))

    def integer(self, kind):
        """The LLVM value of a mask, or of bits, as an integer of that type."""
        width = self.value.type.width
        if width == kind.width:
            return self.value
        return (self.builder.zext if width < kind.width else self.builder.trunc)(self.value, kind)

    def emit(self, operation, *others):
        """A value like this one, by an operation of the builder."""
        emitted = getattr(self.builder, operation)(self.value, *map(self.take, others))
        return type(self)(self.builder, emitted)


class Mask(Value):
    """Truth values."""

    def __and__(self, other):
        return self.emit("and_", other)

    def __or__(self, other):
        return self.emit("or_", other)

    def __invert__(self):
        return self.emit("not_")


class Bits(Value):
    """Integers of as many bits as the numbers have."""

    def __add__(self, other):
        return self.emit("add", other)

    def __sub__(self, other):
        return self.emit("sub", other)

    def __and__(self, other):
        return self.emit("and_", other)

    def __or__(self, other):
        return self.emit("or_", other)

    def __xor__(self, other):
        return self.emit("xor", other)

    def __lshift__(self, other):
        return self.emit("shl", other)

    def __rshift__(self, other):
        """With zeros from the left."""
        return self.emit("lshr", other)

    def is_not_0(self):
        """Whether one of them is set."""
        return Mask(self.builder, self.builder.icmp_unsigned("!=", self.value, self.take(0)))

    def number(self):
        """The number that has these bits."""
        kind = _as_wide(self.value.type, SINGLE if self.single else DOUBLE)
        return Number(self.builder, self.builder.bitcast(self.value, kind))


class Number(Value):
    """A float32 or a float64."""

    def take(self, other):
        if self.single and isinstance(other, int | float) and not float32_holds(other):
            raise ValueError(f"{other} is rounded in float32: a Constant is needed")
        return super().take(other)

    def constant(self, value):
        """A number of this type."""
        return Number(self.builder, literal(self.value.type, value))

    def bits(self):
        """Its bits."""
        kind = _as_wide(self.value.type, ir.IntType(32 if self.single else 64))
        return Bits(self.builder, self.builder.bitcast(self.value, kind))

    def widened(self):
        """The same in float64."""
        kind = _as_wide(self.value.type, DOUBLE)
        return Number(self.builder, self.builder.fpext(self.value, kind))

    def narrowed(self):
        """Rounded to float32."""
        kind = _as_wide(self.value.type, SINGLE)
        return Number(self.builder, self.builder.fptrunc(self.value, kind))

    def __add__(self, other):
        return self.emit("fadd", other)

    __radd__ = __add__

    def __sub__(self, other):
        return self.emit("fsub", other)

    def __rsub__(self, other):
        return self.like(other) - self

    def __mul__(self, other):
        return self.emit("fmul", other)

    __rmul__ = __mul__

    def __truediv__(self, other):
        return self.emit("fdiv", other)

    def __rtruediv__(self, other):
        return self.like(other) / self

    def __neg__(self):
        return self.emit("fneg")

    def _compare(self, sign, other):
        """False where one of the two is NaN."""
        return Mask(self.builder, self.builder.fcmp_ordered(sign, self.value, self.take(other)))

    def __lt__(self, other):
        return self._compare("<", other)

    def __le__(self, other):
        return self._compare("<=", other)

    def __gt__(self, other):
        return self._compare(">", other)

    def __ge__(self, other):
        return self._compare(">=", other)

    def __eq__(self, other):
        return self._compare("==", other)

    __hash__ = None  # type: ignore[assignment]

    def __ne__(self, other):
        return ~(self == other)


def _call(name, first, *others):
    values = [first.value, *map(first.take, others)]
    return Number(first.builder, emit_call(first.builder, name, *values))


def absolute(x):
    """|x|."""
    return _call("llvm.fabs", x)


def copy_sign(x, sign):
    """The size of x with the sign of the other."""
    return _call("llvm.copysign", x, sign)


def flip_sign(x, by):
    """x with the other sign where `by` is negative."""
    sign_bit = by.bits() & (1 << 31 if by.single else 1 << 63)
    return (x.bits() ^ sign_bit).number()


def square_root(x):
    """The square root, correctly rounded."""
    return _call("llvm.sqrt", x)


def select(condition, chosen, otherwise):
    """`chosen if condition else otherwise` without a branch."""
    like = chosen if isinstance(chosen, Number) else otherwise
    value = condition.builder.select(condition.value, like.take(chosen), like.take(otherwise))
    return Number(condition.builder, value)


def mul_add(a, b, c):
    """a * b + c, rounded once where the CPU can; one of them at least is a Number."""
    first = next(value for value in (a, b, c) if isinstance(value, Number))
    a, b, c = (first.like(value) for value in (a, b, c))
    return _call("llvm.fma", a, b, c) if FUSED else a * b + c
