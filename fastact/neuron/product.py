"""The product in front of a layer's activations: its arguments, itself, its gradients."""

from math import prod

import numpy as np

from fastact.engine.silence import silently
from fastact.neuron.arguments import array, check_out, gradient_of
from fastact.neuron.bias_act import summed

FLOATS = np.dtype("f"), np.dtype("d")


def layer(function, x, weights, bias):
    x, weights = array(function, "x", x), array(function, "weights", weights)
    if weights.ndim != 2:
        raise ValueError(
            f"{function}: weights has shape {weights.shape}; it must have two axes, the inputs and "
            "the outputs"
        )
    n, m = weights.shape
    if x.ndim == 0 or x.shape[-1] != n:
        raise ValueError(
            f"{function}: x has shape {x.shape}; with weights of shape {weights.shape} it must be "
            f"(..., {n})"
        )
    if bias is None:
        return x, weights, None
    bias = array(function, "bias", bias)
    if bias.shape != (m,):
        raise ValueError(
            f"{function}: bias has shape {bias.shape}; with weights of shape {weights.shape} it "
            f"must be ({m},)"
        )
    return x, weights, bias


def dtype_of(*arrays):
    """The widest of the floating point dtypes; integers count as float64."""
    kinds = [a.dtype if a.dtype.kind == "f" else np.dtype("d") for a in arrays if a is not None]
    if all(kind is kinds[0] for kind in kinds) and kinds[0].isbuiltin:
        return kinds[0]
    return np.dtype(np.result_type(*kinds).char)  # NumPy's own one, not another like it


def product(function, x, weights, bias, out=None):
    """x @ weights by NumPy, in the dtype of the result."""
    dtype = x.dtype
    # Usually there is nothing to convert, and a small layer takes no longer than to find out.
    usual = dtype is FLOATS[0] or dtype is FLOATS[1]
    if not (usual and weights.dtype is dtype and (bias is None or bias.dtype is dtype)):
        dtype = dtype_of(x, weights, bias)
        x, weights = converted(dtype, x, weights)
    shape = (*x.shape[:-1], weights.shape[1])
    if out is None:
        out = np.empty(shape, dtype)
    else:
        check_out(function, "out", out, shape)
        if out.dtype != dtype:
            raise ValueError(f"{function}: out has dtype {out.dtype}; it must be {dtype}")
    if x.ndim > 2 and out.flags.c_contiguous and x.flags.c_contiguous:
        # One product: NumPy would make one for each of the leading indices.
        silently(matmul, as_rows(x), weights, as_rows(out))
    elif usual:
        silently(np.matmul, x, weights, out)
    else:
        silently(matmul, x, weights, out)
    return out


def converted(dtype, *arrays):
    return silently(lambda: [a.astype(dtype, copy=False) for a in arrays])


def apart(given, out):
    """A copy of an array that the product, written first, would overwrite."""
    overlaps = isinstance(given, np.ndarray) and np.may_share_memory(given, out)
    return given.copy() if overlaps else given


def matmul(a, b, out=None):
    """NumPy's product; of float16 as float32, for which it has a library."""
    if a.dtype != np.float16:
        return np.matmul(a, b, out=out)
    if out is None:
        out = np.empty((*a.shape[:-1], b.shape[-1]), a.dtype)
    return np.matmul(a, b, out=out, dtype=np.float32, casting="same_kind")


def gradient_in(function, dy, sums):
    """dy in the dtype of the layer: a wider one would make y another than dense's."""
    dy = gradient_of(function, dy, sums.shape)
    if not hasattr(dy, "dtype") or dy.dtype == sums.dtype:
        return dy
    return converted(sums.dtype, dy)[0]


def as_rows(array):
    """With two axes; written out, since -1 stands for no number where there are no columns."""
    *leading, n = array.shape
    return array.reshape(prod(leading), n)


def gradients(x, weights, bias, dsums):
    x, weights = converted(dsums.dtype, x, weights)
    flat = as_rows(dsums)
    dx = silently(matmul, flat, weights.T).reshape(x.shape)
    dweights = silently(matmul, as_rows(x).T, flat)
    return dx, dweights, None if bias is None else summed(flat, 1)
