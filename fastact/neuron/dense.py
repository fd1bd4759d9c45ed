"""A layer of neurons: NumPy's product, a bias and an activation."""

import numpy as np

from fastact.neuron.arguments import operation
from fastact.neuron.biased import chosen
from fastact.neuron.product import apart, gradient_in, gradients, layer, product


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
