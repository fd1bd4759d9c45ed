"""tanh: its value is NumPy's, its slope has two forms."""

import numpy as np

from fastact.backends.numpy_backend.operations import (
    ONE,
    in_vector_instructions,
    unless_out_of_range,
)


def tanh_by_cosh(x, dy, dx):
    # The value has no digits left in the tails.
    np.cosh(x, dx)
    np.multiply(dx, dx, dx)
    np.divide(dy, dx, dx)


def careful_tanh_by_cosh(x, dy, dx):
    """Where the square of cosh overflows, too."""
    cosh = np.cosh(x)
    square = np.multiply(cosh, cosh)
    np.divide(dy, square, dx)
    far = np.isinf(square)
    dx[far] = (dy[far] if dy.ndim else dy) / cosh[far] / cosh[far]


def tanh_by_exp(x, dy, dx):
    e = np.abs(x)
    np.multiply(e, -2, e)
    np.exp(e, e)
    over = np.add(e, ONE[x.itemsize])
    np.multiply(e, 4, e)
    np.divide(e, over, e)
    np.divide(e, over, e)
    np.multiply(e, dy, dx)


def with_slope_one(backward):
    def slope(x, out):
        backward(x, ONE[x.itemsize], out)

    return slope


def with_tanh(backward):
    def forward_backward(x, dy, y, dx):
        np.tanh(x, y)
        backward(x, dy, dx)

    return forward_backward


def tanh_operations(*forms):
    """Out of a form of backward, and one for where that is out of range."""
    made = {
        "derivative": map(with_slope_one, forms),
        "backward": forms,
        "forward_backward": map(with_tanh, forms),
    }
    made = {name: (unless_out_of_range(*pair), "direct") for name, pair in made.items()}
    return {"forward": np.tanh} | made


TANH_BY_COSH = tanh_operations(tanh_by_cosh, careful_tanh_by_cosh)
TANH_BY_EXP = tanh_operations(tanh_by_exp, tanh_by_exp)

FORMULAS = {"tanh": TANH_BY_COSH if in_vector_instructions("cosh") else TANH_BY_EXP}
