"""What a formula computes, found out by calling it with an expression in place of an array.

Whatever is done with an `Expression`, by Python's operators or NumPy's functions, gives another.
A backend that compiles builds its loop from the one that comes out; it never sees the formula.
"""

from numbers import Real

import numpy as np

from fastact.own import vocabulary

__all__ = ["Expression", "Unreadable", "constant", "digest", "inputs", "reads"]


class Unreadable(TypeError):
    """The formula does what is no expression: it can be run on arrays, but not be compiled."""


def _binary(name):
    def forward(self, other):
        return made(name, self, other)

    def reflected(self, other):
        return made(name, other, self)

    return forward, reflected


class Expression:
    """An operation and what it is applied to; `truth` where it gives true or false."""

    __slots__ = ("arguments", "operation", "truth")

    def __init__(self, operation, *arguments):
        self.operation = operation  # a word of the vocabulary, "input" or "constant"
        self.arguments = arguments
        self.truth = operation in vocabulary.TRUTHS

    __add__, __radd__ = _binary("add")
    __sub__, __rsub__ = _binary("subtract")
    __mul__, __rmul__ = _binary("multiply")
    __truediv__, __rtruediv__ = _binary("divide")
    __pow__, __rpow__ = _binary("power")
    __and__, __rand__ = _binary("logical_and")
    __or__, __ror__ = _binary("logical_or")
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
        return made("logical_not", self)

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
    return Expression("constant", float(value))


def inputs(count):
    """x and the parameters."""
    return [Expression("input", index) for index in range(count)]


def made(operation, *given):
    """The operation, applied to expressions and numbers."""
    for value in given:
        array = isinstance(value, np.ndarray)
        if array and (value.ndim or value.dtype.kind not in "biuf"):
            raise Unreadable(f"an array of shape {value.shape} and dtype {value.dtype}")
        if not array and not isinstance(value, Expression | Real | np.bool_):
            raise Unreadable(f"an operand of type {type(value).__name__}")
    arguments = [v if isinstance(v, Expression) else constant(v) for v in given]
    return Expression(operation, *arguments)


def reads(formula, count):
    """What the formula returns for expressions: one, or a tuple of them."""
    found = formula(*inputs(count))
    several = found if isinstance(found, tuple) else (found,)
    several = tuple(v if isinstance(v, Expression) else made("positive", v) for v in several)
    return several if isinstance(found, tuple) else several[0]


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
