"""Rectifiers of straight lines."""

import numpy as np

from fastact.backends.numpy_backend.operations import keep_nan, operations


def relu(x, y):
    np.maximum(x, 0, out=y)


def relu_slope(x, out):
    np.copyto(out, x > 0)
    keep_nan(x, out)


def relu6(x, y):
    np.maximum(x, 0, out=y)
    np.minimum(y, 6, out=y)


def relu6_slope(x, out):
    np.copyto(out, (x > 0) & (x < 6))
    keep_nan(x, out)


def squared_relu(x, y):
    np.maximum(x, 0, out=y)
    np.square(y, out=y)


def squared_relu_slope(x, out):
    np.maximum(x, 0, out=out)
    np.multiply(out, 2, out=out)


def leaky_relu(x, negative_slope, y):
    np.multiply(x, negative_slope, out=y)
    if np.min(negative_slope) > 0 and np.max(negative_slope) <= 1:
        np.maximum(x, y, out=y)  # the same, and much faster than a selection
    else:
        np.copyto(y, x, where=x > 0)


def leaky_relu_slope(x, negative_slope, out):
    np.copyto(out, negative_slope)
    np.copyto(out, 1, where=x > 0)
    keep_nan(x, out)


def prelu_by_weight(x, weight, out):
    np.copyto(out, x)
    np.copyto(out, 0, where=x > 0)


def thresholded_relu(x, alpha, y):
    threshold(x, alpha, 0, y)


def threshold(x, threshold, value, y):
    y[...] = np.where(x <= threshold, value, x)


def threshold_slope(x, threshold, *rest):
    out = rest[-1]
    np.copyto(out, x > threshold)
    keep_nan(x, out)


FORMULAS = {
    "relu": operations(relu, relu_slope) | {"forward": (np.maximum, 0.0)},
    "relu6": operations(relu6, relu6_slope),
    "squared_relu": operations(squared_relu, squared_relu_slope),
    "leaky_relu": operations(leaky_relu, leaky_relu_slope),
    "prelu": operations(leaky_relu, leaky_relu_slope, prelu_by_weight),
    "thresholded_relu": operations(thresholded_relu, threshold_slope),
    "threshold": operations(threshold, threshold_slope),
}
