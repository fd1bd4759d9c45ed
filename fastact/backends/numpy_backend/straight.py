"""Straight lines and the step."""

import numpy as np

from fastact.backends.numpy_backend.operations import operations


def identity_slope(x, out):
    out.fill(1)


def identity_backward(x, dy, dx):
    dx[...] = dy


def identity_forward_backward(x, dy, y, dx):
    y[...] = x
    dx[...] = dy


def linear_slope(x, slope, out):
    np.copyto(out, slope)


def step_slope(x, at_zero, out):
    out.fill(0)


FORMULAS = {
    "identity": {
        "forward": np.positive,
        "derivative": (identity_slope, "direct", "keep_nan"),
        "backward": (identity_backward, "direct", "keep_nan"),
        "forward_backward": (identity_forward_backward, "direct", "keep_nan"),
    },
    "linear": operations(np.multiply, linear_slope, keep_nan=True) | {"forward": np.multiply},
    # Of a ufunc the engine asks nothing; this one is silent about an at_zero that is NaN.
    "step": operations(np.heaviside, step_slope, keep_nan=True),
}
