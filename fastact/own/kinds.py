"""Of which type NumPy's arrays would be where a formula has expressions.

A loop has real numbers alone. NumPy calculates in other ways with the truth values that comparisons
give and the integers of `np.where(x > 0, 2, 1)`: the sum of two truths is a truth, `np.reciprocal`
of 2 is 0. An operation is kept where both come to the same.
"""

from enum import IntEnum
from math import inf, prod
from numbers import Integral

import numpy as np

from fastact.own import vocabulary

__all__ = ["Kind", "of_constant", "of_result"]


class Kind(IntEnum):
    """NumPy takes the last one of the operands' kinds."""

    TRUTH = 0
    INTEGER = 1  # of 64 bits
    FLOAT = 2  # Python's, which is as wide as what it meets
    NARROW = 3  # a number of a type of NumPy's own
    REAL = 4  # as x, or float64


#: Up to here a float32 has every integer.
LARGEST = 2**24
BITWISE = frozenset(("bitwise_and", "bitwise_or", "invert"))
SELECTIONS = frozenset(("where", "maximum", "minimum", "absolute"))
#: What NumPy does with integers in integers, each in its way.
WHOLE = frozenset(
    (
        *("power", "reciprocal", "square", "sign", "positive"),
        *("floor", "ceil", "trunc", "rint"),
    )
)


def of_constant(value):
    """The kind of a number, and its size if that is a truth or an integer."""
    if isinstance(value, bool) or np.asarray(value).dtype == bool:
        return Kind.TRUTH, 1
    if isinstance(value, np.ndarray | np.generic):
        return (Kind.REAL if value.dtype == np.float64 else Kind.NARROW), inf
    if not isinstance(value, Integral):
        return Kind.FLOAT, inf
    return (Kind.INTEGER if abs(value) <= LARGEST else Kind.NARROW), abs(value)


def of_result(operation, operands):
    """The kind of a result, and how large it may be; None if it is not that of real numbers."""
    if operation == "where":
        operands = operands[1:]
    kind, sizes = max(a.kind for a in operands), [a.size for a in operands]
    if kind is Kind.NARROW:
        return None
    if operation in BITWISE:
        return (kind, 1) if kind is Kind.TRUTH else None
    if operation in vocabulary.TRUTHS:
        return Kind.TRUTH, 1
    if kind >= Kind.FLOAT:
        return Kind.REAL, inf
    if operation in SELECTIONS:
        return kind, max(sizes)
    if operation == "multiply":
        return (kind, prod(sizes)) if prod(sizes) <= LARGEST else None
    if kind is Kind.TRUTH or operation in WHOLE:
        return None
    if operation in ("add", "subtract", "negative"):
        return (kind, sum(sizes)) if sum(sizes) <= LARGEST else None
    return Kind.REAL, inf
