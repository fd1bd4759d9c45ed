"""A layer of neurons: NumPy's product, a bias and an activation."""

from math import prod

import numpy as np

from fastact.neuron.arguments import array, check_out, gradient_of, operation
from fastact.neuron.bias_act import summed
from fastact.neuron.biased import chosen


def dense(x, weights, bias=None, activation="identity", out=None, **parameters):
    """A layer of neurons: the inputs times their weights, a bias, an activation.

        y = activation(x @ weights + bias)

    The product is NumPy's, into the output; bias and activation are one pass over it, in place, and
    nothing else is allocated; but float16 is multiplied in copies of float32.

    Parameters
    ----------
    x : array_like
        Of shape (..., n): n inputs to each neuron. dtypes as for bias_act.
    weights : array_like
        Of shape (n, m): a column for each of m neurons.
    bias : array_like, optional
        Of shape (m,).
    activation : str or function of fastact, default "identity"
        A pointwise activation of the catalogue, or one made by `fa.define`.
    out : ndarray, optional
        Where to write; of the shape and dtype of the result, in native byte order, not x itself.
    **parameters
        Those of the activation, such as ``negative_slope=0.1``; but not shrink's own ``bias``.

    Returns
    -------
    y : ndarray
        Of shape (..., m).

    Raises
    ------
    ValueError
        For shapes that do not fit, and for an activation that is none; the message lists them.
    TypeError
        For arrays that are not NumPy's, other dtypes, and parameters that the activation has not.

    Examples
    --------
    >>> import fastact as fa
    >>> fa.dense([[1.0, 2.0]], [[0.5, -1.0], [0.25, -1.0]], [0.0, 1.0], "relu")
    array([[1., 0.]])
    """
    made = chosen("dense", activation, parameters)
    x, weights, bias = layer("dense", x, weights, bias)
    if out is not None:
        bias, *values = (apart(a, out) for a in (bias, *made.parameters))
        made = made._replace(parameters=tuple(values))
    y = product("dense", x, weights, bias, out)
    if bias is not None:
        return made.call("forward", y, bias, out=y)
    return y if made.name == "identity" else made.plain("forward", y, out=y)


@operation(dense, "backward")
def dense_backward(x, weights, bias, dy, activation="identity", **parameters):
    """The gradients of dense, from its inputs.

        sums = x @ weights + bias,  dsums = dy * activation'(sums)
        dx = dsums @ weights.T,  dweights = x.T @ dsums,  dbias = sum(dsums)

    The product is computed again. Whoever keeps it from the way forward spares that, and dx where
    nothing is in front of the layer:

        sums = x @ weights
        y = fa.bias_act(sums, bias, activation)
        ...
        dsums, dbias = fa.bias_act.backward(sums, bias, dy, activation)
        dweights = x.T @ dsums

    Parameters
    ----------
    x, weights, bias, activation, **parameters
        As for dense; bias may be None.
    dy : array_like
        Gradient of the output; broadcasts against it.

    Returns
    -------
    dx, dweights, dbias : ndarray
        Of the shapes of x, weights and bias; dbias is None without a bias.

    Raises
    ------
    ValueError, TypeError
        As dense.

    Examples
    --------
    >>> import fastact as fa
    >>> x, weights = [[1.0, 2.0]], [[0.5, -1.0], [0.25, -1.0]]
    >>> dx, dweights, dbias = fa.dense.backward(x, weights, [0.0, 1.0], 1.0, "relu")
    >>> dx
    array([[0.5 , 0.25]])
    """
    name = "dense.backward"
    made = chosen(name, activation, parameters)
    x, weights, bias = layer(name, x, weights, bias)
    sums = product(name, x, weights, bias)
    dy = gradient_in(name, dy, sums)
    if bias is None:
        made.plain("backward", sums, dy, out=sums)
    else:
        made.call("backward", sums, bias, dy, out=sums)
    return gradients(x, weights, bias, sums)


@operation(dense, "forward_backward")
def dense_forward_backward(x, weights, bias=None, dy=1, activation="identity", **parameters):
    """The value of dense and its gradients; the product x @ weights is computed once.

        sums = x @ weights + bias,  y = activation(sums),  dsums = dy * activation'(sums)
        dx = dsums @ weights.T,  dweights = x.T @ dsums,  dbias = sum(dsums)

    Parameters
    ----------
    x, weights, bias, activation, **parameters
        As for dense.
    dy : array_like, default 1
        Gradient of the output; broadcasts against it.

    Returns
    -------
    y, dx, dweights, dbias : ndarray
        As of dense and dense.backward.

    Raises
    ------
    ValueError, TypeError
        As dense.

    Examples
    --------
    >>> import fastact as fa
    >>> x, weights = [[1.0, 2.0]], [[0.5, -1.0], [0.25, -1.0]]
    >>> y, dx, dweights, dbias = fa.dense.forward_backward(x, weights, [0.0, 1.0], 1.0, "relu")
    >>> y.shape, dx.shape, dweights.shape, dbias.shape
    ((1, 2), (1, 2), (2, 2), (2,))
    """
    name = "dense.forward_backward"
    made = chosen(name, activation, parameters)
    x, weights, bias = layer(name, x, weights, bias)
    sums = product(name, x, weights, bias)
    dy = gradient_in(name, dy, sums)
    y = np.empty_like(sums)  # of the layer's dtype, whatever a parameter's is
    if bias is None:
        made.plain("forward_backward", sums, dy, out=(y, sums))
    else:
        made.call("forward_backward", sums, bias, dy, out=(y, sums))
    return y, *gradients(x, weights, bias, sums)


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
    dtype = dtype_of(x, weights, bias)
    shape = (*x.shape[:-1], weights.shape[1])
    if out is None:
        out = np.empty(shape, dtype)
    else:
        check_out(function, "out", out, shape)
        if out.dtype != dtype:
            raise ValueError(f"{function}: out has dtype {out.dtype}; it must be {dtype}")
    x, weights = (a.astype(dtype, copy=False) for a in (x, weights))
    with np.errstate(all="ignore"):
        if out.flags.c_contiguous and x.ndim > 2 and x.flags.c_contiguous:
            # One product: NumPy would make one for each of the leading indices.
            matmul(as_rows(x), weights, as_rows(out))
        else:
            matmul(x, weights, out)
    return out


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
    with np.errstate(all="ignore"):
        return dy.astype(sums.dtype)


def as_rows(array):
    """With two axes; written out, since -1 stands for no number where there are no columns."""
    *leading, n = array.shape
    return array.reshape(prod(leading), n)


def gradients(x, weights, bias, dsums):
    dtype = dsums.dtype
    x, weights = (a.astype(dtype, copy=False) for a in (x, weights))
    flat = as_rows(dsums)
    with np.errstate(all="ignore"):
        dx = matmul(flat, weights.T).reshape(x.shape)
        dweights = matmul(as_rows(x).T, flat)
    return dx, dweights, None if bias is None else summed(flat, 1)
