"""What a formula computes, found out by calling it with an expression in place of an array.

Whatever is done with an `Expression`, by Python's operators or NumPy's functions, gives another.
A backend that compiles builds its loop from the one that comes out; it never sees the formula.
"""

from math import inf
from numbers import Real

import numpy as np

from fastact.own import vocabulary
from fastact.own.kinds import Kind, of_constant, of_result

__all__ = ["Expression", "Unreadable", "constant", "digest", "inputs", "reads", "real"]


class Unreadable(TypeError):
    """The formula does what is no expression: it can be run on arrays, but not be compiled."""


def _binary(name):
    def forward(self, other):
        return made(name, self, other)

    def reflected(self, other):
        return made(name, other, self)

    return forward, reflected


class Expression:
    """An operation and what it is applied to; the kind of NumPy's array, and its largest size."""

    __slots__ = ("arguments", "kind", "operation", "size")

    def __init__(self, operation, *arguments, kind=Kind.REAL, size=inf):
        self.operation = operation  # a word of the vocabulary, "input" or "constant"
        self.arguments = arguments
        self.kind = kind
        self.size = size

    __add__, __radd__ = _binary("add")
    __sub__, __rsub__ = _binary("subtract")
    __mul__, __rmul__ = _binary("multiply")
    __truediv__, __rtruediv__ = _binary("divide")
    __pow__, __rpow__ = _binary("power")
    __and__, __rand__ = _binary("bitwise_and")
    __or__, __ror__ = _binary("bitwise_or")
    __lt__, __gt__ = _binary("less")
    __le__, __ge__ = _binary("less_equal")
    __eq__, _ = _binary("equal")  # type: ignore[assignment]
    __ne__, _ = _binary("not_equal")  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]

    def __neg__(self):
        return made("negative", self)

    def __pos__(self):
        return self

    def __abs__(self):
        return made("absolute", self)

    def __invert__(self):
        return made("invert", self)

    def __array_ufunc__(self, ufunc, method, *given, **keywords):
        if method != "__call__" or keywords:
            raise Unreadable(f"np.{ufunc.__name__} with {', '.join(keywords) or method}")
        return vocabulary.apply(made, ufunc, given)

    def __array_function__(self, function, types, given, keywords):
        reader = vocabulary.FUNCTIONS.get(function)
        if reader is None:
            raise Unreadable(f"np.{function.__name__}")
        return reader(made, *given, **keywords)

    def _no_number(self, *_):
        raise Unreadable("a branch or a conversion that depends on x")

    __bool__ = __float__ = __int__ = __index__ = __len__ = __iter__ = _no_number
    __getitem__ = __setitem__ = __array__ = _no_number


def constant(value):
    """A number that is the same for every x."""
    kind, size = of_constant(value)
    return Expression("constant", float(value), kind=kind, size=size)


def inputs(count):
    """x and the parameters."""
    return [Expression("input", index) for index in range(count)]


def operand(value):
    """An expression, or a number as one."""
    if isinstance(value, Expression):
        return value
    array = isinstance(value, np.ndarray)
    if array and (value.ndim or value.dtype.kind not in "biuf"):
        raise Unreadable(f"an array of shape {value.shape} and dtype {value.dtype}")
    if not array and not isinstance(value, Real | np.bool_):
        raise Unreadable(f"an operand of type {type(value).__name__}")
    return constant(value)


def made(operation, *given):
    """The operation, applied to expressions and numbers."""
    arguments = [operand(value) for value in given]
    found = of_result(operation, arguments)
    if found is None:
        raise Unreadable(f"{operation} of truth values or integers, not that of floats to NumPy")
    kind, size = found
    word = vocabulary.LOGICAL.get(operation, operation)
    node = Expression(word, *arguments, kind=kind, size=size)
    if kind is Kind.INTEGER and operation in ("multiply", "negative"):
        return made("add", node, 0)  # integers have no -0
    return node


def real(value):
    """The operand as real numbers, as an activation takes it."""
    value = operand(value)
    if value.operation == "constant":
        return Expression("constant", *value.arguments)
    return value if value.kind is Kind.REAL else made("multiply", value, 1.0)


def reads(formula, count):
    """What the formula returns for expressions: one, or a tuple of them."""
    with np.errstate(all="ignore"):  # as when it runs on blocks: of what it does with numbers alone
        found = formula(*inputs(count))
    return tuple(map(operand, found)) if isinstance(found, tuple) else operand(found)


def ordered(results):
    """Every expression that the results are made of, each after its arguments."""
    done, pending, order = set(), [(one, False) for one in reversed(results)], []
    while pending:
        node, ready = pending.pop()
        if id(node) in done:
            continue
        if ready:
            done.add(id(node))
            order.append(node)
            continue
        pending.append((node, True))
        pending += [(a, False) for a in node.arguments if isinstance(a, Expression)]
    return order


def digest(results):
    """A name for what is computed; the same words in the same places give the same one."""
    import hashlib  # slow to import

    order = ordered(results)
    place = {id(node): index for index, node in enumerate(order)}
    lines = [
        f"{node.operation} "
        + " ".join(
            f"%{place[id(a)]}" if isinstance(a, Expression) else repr(a) for a in node.arguments
        )
        for node in order
    ]
    lines.append(" ".join(f"%{place[id(one)]}" for one in results))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
