"""The readable reference: formulas on blocks of an array, in NumPy alone.

Each formula fills its outputs, which come last; an operation that is one ufunc of NumPy's is given
as that ufunc (with constants bound behind its inputs), and its compiled loop is used directly.
"""

from functools import wraps

import numpy as np

name = "numpy"


def covers(activation):
    return activation in ELEMENTWISE or activation in ROWWISE


def loop(activation, operation, dtype):
    return ELEMENTWISE[activation][operation]


def row_formula(activation, operation):
    """formula(x, dy, y, dx) on rows of a 2-d block; y, dx or dy None where not asked for."""
    return ROWWISE[activation]


def quiet(formula):
    """NumPy warns where a branch not taken overflows; our loops never do."""

    @wraps(formula)
    def silent(*arrays):
        with np.errstate(all="ignore"):
            formula(*arrays)

    return silent


def operations(value, slope):
    """The four operations out of `value(x, *parameters, y)` and `slope(x, *parameters, s)`."""

    def backward(x, dy, *rest):
        *parameters, dx = rest
        slope(x, *parameters, dx)
        np.multiply(dx, dy, out=dx)

    def forward_backward(x, dy, *rest):
        *parameters, y, dx = rest
        value(x, *parameters, y)
        backward(x, dy, *parameters, dx)

    return {
        "forward": quiet(value),
        "derivative": quiet(slope),
        "backward": quiet(backward),
        "forward_backward": quiet(forward_backward),
    }


def keep_nan(x, out):
    np.copyto(out, x, where=np.isnan(x))


def identity_slope(x, out):
    out.fill(1)
    keep_nan(x, out)


def sigmoid(x, y):
    np.negative(x, out=y)
    np.exp(y, out=y)
    y += 1
    np.divide(1, y, out=y)
    # Further left exp(-x) overflows; there e/(1+e) is e to the last bit. (NaN fails the test.)
    tail = -80 if x.dtype == np.float32 else -700
    if not np.min(x) >= tail:
        left = x < tail
        y[left] = np.exp(x[left])


def sigmoid_slope(x, out):
    e = np.exp(-np.abs(x))
    np.divide(e, np.square(1 + e), out=out)


def tanh_slope(x, out):
    e = np.exp(-2 * np.abs(x))
    np.divide(4 * e, np.square(1 + e), out=out)


def relu_slope(x, out):
    np.greater(x, 0, out=out, casting="unsafe")
    keep_nan(x, out)


def leaky_relu(x, negative_slope, y):
    np.multiply(x, negative_slope, out=y)
    np.copyto(y, x, where=x > 0)


def leaky_relu_slope(x, negative_slope, out):
    np.copyto(out, negative_slope)
    out[x > 0] = 1
    keep_nan(x, out)


ELEMENTWISE = {
    "identity": operations(np.positive, identity_slope) | {"forward": np.positive},
    "sigmoid": operations(sigmoid, sigmoid_slope),
    "tanh": operations(np.tanh, tanh_slope) | {"forward": np.tanh},
    "relu": operations(lambda x, y: np.maximum(x, 0, out=y), relu_slope)
    | {"forward": (np.maximum, 0.0)},
    "leaky_relu": operations(leaky_relu, leaky_relu_slope),
}


def exponentials(x):
    """exp(x - top) with the rounding error of the difference carried, top, and the sum less 1."""
    top = np.max(x, axis=1, keepdims=True)
    base = np.where(np.isfinite(top), top, 0)
    d = x - base
    back = d - x
    low = (x - (d - back)) - (base + back)
    e = np.exp(d)
    e += e * np.where(np.isfinite(low), low, 0)
    largest = x == top
    infinite = top == np.inf
    if infinite.any():  # beside +inf all else is 0
        e[infinite & ~np.isnan(x)] = 0
    e[largest] = 1
    rest = np.sum(np.where(largest, 0, e), axis=1, keepdims=True)
    rest += np.sum(largest, axis=1, keepdims=True) - 1
    if infinite.any():  # of several +inf each is as undefined as inf/inf
        e[infinite & largest & (np.sum(largest, axis=1, keepdims=True) > 1)] = np.nan
    e[np.broadcast_to(top == -np.inf, e.shape)] = np.nan
    return e, top, rest, largest, (d, np.where(np.isfinite(low), low, 0))


def softmax(x, dy, y, dx):
    e, _, rest, largest, _ = exponentials(x)
    e /= 1 + rest
    if dx is not None:
        # Relative to dy at the largest element the sum does not cancel against dy.
        reference = np.max(np.where(largest, dy, -np.inf), axis=1, keepdims=True)
        reference = np.where(np.isfinite(reference), reference, 0)
        relative = dy - reference
        np.multiply(e, relative - np.sum(e * relative, axis=1, keepdims=True), out=dx)
    if y is not None:
        y[...] = e


def log_softmax(x, dy, y, dx):
    e, top, rest, largest, (d, low) = exponentials(x)
    if dx is not None:
        p = e / (1 + rest)
        reference = np.max(np.where(largest, dy, -np.inf), axis=1, keepdims=True)
        others = np.sum(np.where(largest, 0, dy), axis=1, keepdims=True)
        others += np.sum(np.where(largest, dy, 0), axis=1, keepdims=True) - reference
        at_largest = dy * (rest / (1 + rest)) - p * (others + (reference - dy))
        dx[...] = np.where(largest, at_largest, dy - p * (others + reference))
    if y is not None:
        log_sum = np.log1p(rest)
        np.add(d - log_sum, low, out=y)
        np.copyto(y, -log_sum, where=largest)
        infinite = top == np.inf
        y[infinite & ~largest & ~np.isnan(rest)] = -np.inf
        y[infinite & largest & (rest == 0)] = 0
        y[np.isnan(e)] = np.nan
        y[np.broadcast_to(top == -np.inf, y.shape)] = np.nan


def logsumexp(x, dy, y, dx):
    e, top, rest, _, _ = exponentials(x)
    if dx is not None:
        np.multiply(e / (1 + rest), dy, out=dx)
    if y is not None:
        value = top + np.log1p(rest)
        y[...] = np.where(np.isinf(top) & ~np.isnan(rest), top, value)


ROWWISE = {
    "softmax": quiet(softmax),
    "log_softmax": quiet(log_softmax),
    "logsumexp": quiet(logsumexp),
}
