"""The instructions of each word that a formula of one's own may use, as functions of Numbers."""

from llvmlite import ir
from numba.core.cgutils import get_or_insert_function

from .formulas import FORMULAS
from .number import Mask, Number, absolute, copy_sign, select, square_root
from .target import emit_call
from .vecmath.exponential import exp
from .vecmath.general import expm1, log, log1p, log_add_exp

INFINITY = float("inf")


def number_of(value, like):
    """A Number; of a truth 1 or 0."""
    return select(value, like.like(1), 0) if isinstance(value, Mask) else value


def truth_of(value):
    """A Mask: what is not 0 is true."""
    return value if isinstance(value, Mask) else value != 0


def emit(word, like, arguments):
    """What the word makes of Numbers and Masks; `like` is a Number of the loop's type."""
    if word in LOGICAL:
        return LOGICAL[word](*map(truth_of, arguments))
    if word == "where":
        condition, *others = arguments
        return select(truth_of(condition), *(number_of(v, like) for v in others))
    return NUMERIC[word](*(number_of(v, like) for v in arguments))


def llvm(name):
    """An instruction, or a function of the mathematical library that LLVM knows."""

    def call(first, *others):
        values = [first.value, *(v.value for v in others)]
        return Number(first.builder, emit_call(first.builder, f"llvm.{name}", *values))

    return call


def library(name):
    """A function of C's mathematical library, one number at a time."""

    def call(*numbers):
        builder, kind = numbers[0].builder, numbers[0].value.type
        symbol = f"{name}f" if numbers[0].single else name
        signature = ir.FunctionType(kind, [kind] * len(numbers))
        function = get_or_insert_function(builder.module, signature, symbol)
        # What is not used is left out: a forward loop without what only the slope needs.
        function.attributes.add("readnone")
        function.attributes.add("nounwind")
        return Number(builder, builder.call(function, [n.value for n in numbers]))

    return call


def power(x, exponent):
    """x to a power; a small whole one is multiplied out; the half is a square root, as in NumPy."""
    known = exponent.value.constant if isinstance(exponent.value, ir.Constant) else None
    if known == 0.5:
        return square_root(x)
    if known not in range(1, 5):
        return 1 / x if known == -1 else llvm("pow")(x, exponent)
    product, rest, square = None, int(known), x
    while rest:
        if rest & 1:
            product = square if product is None else product * square
        rest >>= 1
        square = square * square if rest else square
    return product


def maximum(a, b):
    return select((a >= b) | (a != a), a, b)


def minimum(a, b):
    return select((a <= b) | (a != a), a, b)


def sign(x):
    return select(x > 0, x.like(1), select(x < 0, x.like(-1), x + 0))  # of -0, too, 0


def sign_bit(x):
    return (x.bits() & (1 << 31 if x.single else 1 << 63)).is_not_0()


def catalogue():
    """The activations: `name.forward` and `name.derivative`, written for every x."""
    for name, formula in FORMULAS.items():
        yield f"{name}.forward", lambda *a, formula=formula: formula(*a)[0]
        yield f"{name}.derivative", lambda *a, formula=formula: formula(*a)[1]


ARITHMETIC = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "negative": lambda a: -a,
    "positive": lambda a: a,
    "reciprocal": lambda a: 1 / a,
    "square": lambda a: a * a,
    "absolute": absolute,
    "copysign": copy_sign,
    "sqrt": square_root,
    "power": power,
    "maximum": maximum,
    "minimum": minimum,
    "sign": sign,
    "less": lambda a, b: a < b,
    "less_equal": lambda a, b: a <= b,
    "greater": lambda a, b: a > b,
    "greater_equal": lambda a, b: a >= b,
    "equal": lambda a, b: a == b,
    "not_equal": lambda a, b: a != b,
    "isnan": lambda a: a != a,
    "isinf": lambda a: absolute(a) == INFINITY,
    "isfinite": lambda a: absolute(a) < INFINITY,
    "signbit": sign_bit,
    "exp": exp,
    "expm1": expm1,
    "log": log,
    "log1p": log1p,
    "logaddexp": log_add_exp,
    "tanh": lambda x: FORMULAS["tanh"](x)[0],
}
#: NumPy's name -> C's, where the loop calls the mathematical library for each number.
LIBRARY = {
    **{name: name for name in ("log2", "log10", "exp2", "cbrt", "tan", "sinh", "cosh", "hypot")},
    **{"arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2"},
    **{"arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh"},
    **{"erf": "erf", "erfc": "erfc", "sin": "sin", "cos": "cos"},
}
LOGICAL = {
    "logical_and": lambda a, b: a & b,
    "logical_or": lambda a, b: a | b,
    "logical_not": lambda a: ~a,
}

NUMERIC = ARITHMETIC | dict(catalogue())
NUMERIC |= {name: llvm(name) for name in ("floor", "ceil", "trunc", "rint")}
NUMERIC |= {name: library(symbol) for name, symbol in LIBRARY.items()}
WORDS = frozenset((*NUMERIC, *LOGICAL, "where"))
