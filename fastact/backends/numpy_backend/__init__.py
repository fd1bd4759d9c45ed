"""The readable reference: formulas on blocks of an array, in NumPy alone.

Each formula fills its outputs, which come last; an operation that is one ufunc of NumPy's is given
as that ufunc (with constants bound behind its inputs), and its compiled loop is used directly.
"""

import numpy as np

from fastact.activations import CATALOGUE
from fastact.backends.numpy_backend import (
    exponentials,
    from_output,
    gated,
    gates,
    losses,
    others,
    projections,
    rectifiers,
    shrinkers,
    sigmoids,
    softplus,
    standardize,
    straight,
    tanh,
)
from fastact.backends.numpy_backend.operations import keeping_nan
from fastact.backends.numpy_backend.rows import FROM_OUTPUT, ROWWISE, SHARES, WEIGHTED

name = "numpy"

FAMILIES = (
    straight,
    sigmoids,
    tanh,
    rectifiers,
    softplus,
    exponentials,
    gates,
    shrinkers,
    others,
    losses,
    gated,
)
ELEMENTWISE = {
    activation: formulas for family in FAMILIES for activation, formulas in family.FORMULAS.items()
}
WHOLE_ROWS = projections.WHOLE_ROWS | standardize.WHOLE_ROWS


def covers(activation):
    return any(activation in table for table in (ELEMENTWISE, ROWWISE, WHOLE_ROWS, losses.LOSSES))


def loop(activation, operation, dtype):
    if operation == "backward_from_output":
        return from_output.FORMULAS[activation]
    answer = ELEMENTWISE[activation][operation]
    entry = CATALOGUE[activation]
    if entry.kind != "elementwise" or not entry.parameters or isinstance(answer, np.ufunc):
        return answer
    return keeping_nan(operation, answer)


def row_formula(activation, operation):
    """formula(x, dy, y, dx) on rows of a 2-d block; y, dx or dy None where not asked for."""
    return (FROM_OUTPUT if operation == "backward_from_output" else ROWWISE)[activation]


def row_share(activation):
    """How many blocks of x the temporaries of a row formula are worth."""
    return SHARES.get(activation, 1)


def weighted_row_formula(activation):
    """formula(x, weights, dy, y, sign, dx) of the same kind, or None: it takes no weights."""
    return WEIGHTED.get(activation)


def loss_formula(activation):
    """formula(x, shares, scale, loss, dx) on rows of a 2-d block of float64; dx may be None."""
    return losses.LOSSES[activation]


def whole_row_formula(activation):
    """formula(x, dy, y, dx, **parameter) of a function that sees whole rows, none of them empty,
    and how many blocks of x its temporaries are worth."""
    return WHOLE_ROWS[activation]
