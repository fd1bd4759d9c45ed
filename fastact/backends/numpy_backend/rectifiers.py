"""Rectifiers of straight lines."""

import numpy as np

from fastact.backends.numpy_backend.operations import ONE, ZERO, operations


def relu(x, y):
    # Two arrays go through vector instructions, an array and a number do not.
    y.fill(0)
    np.maximum(x, y, out=y)


def relu_slope(x, out):
    out[...] = np.greater(x, ZERO[x.itemsize])


def relu6(x, y):
    np.clip(x, 0, 6, out=y)
    np.add(y, ZERO[x.itemsize], y)  # of -0.0, 0.0


def relu6_slope(x, out):
    np.copyto(out, (x > 0) & (x < 6))


def squared_relu(x, y):
    relu(x, y)
    np.square(y, y)


def squared_relu_slope(x, out):
    relu(x, out)
    np.multiply(out, 2, out)


def leaky_relu(x, negative_slope, y):
    np.multiply(x, negative_slope, y)
    if is_gentle(negative_slope):
        np.maximum(x, y, out=y)  # the same, and much faster than a selection
    else:
        np.copyto(y, x, where=x > 0)


def leaky_relu_slope(x, negative_slope, out):
    right = np.greater(x, ZERO[x.itemsize])
    if is_gentle(negative_slope):
        out[...] = right.view(np.uint8)  # as it is, a bool is converted number by number
        np.multiply(out, np.subtract(ONE[x.itemsize], negative_slope), out)
        np.add(out, negative_slope, out)  # 1 - slope is rounded, its sum with the slope is 1 again
    else:
        np.copyto(out, negative_slope)
        np.copyto(out, 1, where=right)


def is_gentle(slope):
    """Whether it is above 0 and at most 1, or all of them are."""
    if slope.ndim == 0:
        return 0 < float(slope) <= 1
    return np.min(slope) > 0 and np.max(slope) <= 1


def prelu_by_weight(x, weight, out):
    np.copyto(out, x)
    np.copyto(out, 0, where=x > 0)


def thresholded_relu(x, alpha, y):
    threshold(x, alpha, 0, y)


def threshold(x, threshold, value, y):
    y[...] = np.where(x <= threshold, value, x)


def threshold_slope(x, threshold, *rest):
    np.copyto(rest[-1], x > threshold)


FORMULAS = {
    "relu": operations(relu, relu_slope, keep_nan=True) | {"forward": (np.maximum, 0.0)},
    "relu6": operations(relu6, relu6_slope, keep_nan=True),
    "squared_relu": operations(squared_relu, squared_relu_slope),
    "leaky_relu": operations(leaky_relu, leaky_relu_slope, keep_nan=True),
    "prelu": operations(leaky_relu, leaky_relu_slope, prelu_by_weight, keep_nan=True),
    "thresholded_relu": operations(thresholded_relu, threshold_slope, keep_nan=True),
    "threshold": operations(threshold, threshold_slope, keep_nan=True),
}
