"""tanh: its value is NumPy's, its slope has two forms."""

import numpy as np

from fastact.backends.numpy_backend.operations import (
    ONE,
    direct,
    in_vector_instructions,
    unless_out_of_range,
)

MINUS_TWO, FOUR = ({4: np.full((), n, np.float32), 8: np.full((), float(n))} for n in (-2, 4))


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
    e = np.abs(x, dx)
    np.multiply(e, MINUS_TWO[x.itemsize], e)
    np.exp(e, e)
    over = np.add(e, ONE[x.itemsize])
    np.multiply(e, FOUR[x.itemsize], e)
    np.divide(e, over, e)
    np.divide(e, over, e)
    np.multiply(e, dy, e)


def with_slope_one(backward):
    def slope(x, out):
        backward(x, ONE[x.itemsize], out)

    return slope


def with_tanh(backward):
    def forward_backward(x, dy, y, dx):
        np.tanh(x, y)
        backward(x, dy, dx)

    return forward_backward


def tanh_operations(backward, careful=None):
    """Out of a form of backward, and one for where that is out of range, if there is such x."""

    def made(of):
        if careful is None:
            return direct(of(backward))
        return unless_out_of_range(of(backward), of(careful)), "direct"

    return {
        "forward": np.tanh,
        "derivative": made(with_slope_one),
        "backward": made(lambda form: form),
        "forward_backward": made(with_tanh),
    }


TANH_BY_COSH = tanh_operations(tanh_by_cosh, careful_tanh_by_cosh)
TANH_BY_EXP = tanh_operations(tanh_by_exp)

FORMULAS = {"tanh": TANH_BY_COSH if in_vector_instructions("cosh") else TANH_BY_EXP}
