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
    if np.isnan(np.min(x)):
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
    np.copyto(out, x > 0)
    keep_nan(x, out)


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


ELEMENTWISE = {
    "identity": operations(np.positive, identity_slope) | {"forward": np.positive},
    "sigmoid": operations(sigmoid, sigmoid_slope),
    "tanh": operations(np.tanh, tanh_slope) | {"forward": np.tanh},
    "relu": operations(lambda x, y: np.maximum(x, 0, out=y), relu_slope)
    | {"forward": (np.maximum, 0.0)},
    "leaky_relu": operations(leaky_relu, leaky_relu_slope),
}


def exponentials(x):
    """e = exp(x - base), where each row's first top is, its e (peak), and the sum of all other e.

    base is a whole number that brings the top down to where nothing overflows, 0 if it is there:
    so x - base is exact wherever the result is a normal number. The top itself would round it.
    """
    n = x.shape[1]
    at_top = np.argmax(x, axis=1)[:, None]
    top = np.take_along_axis(x, at_top, axis=1)
    limit = (87 if x.dtype == np.float32 else 708) - int(np.log(n))
    base = np.trunc(top - np.clip(top, 0, limit))
    odd = ~np.isfinite(top[:, 0])
    e = np.subtract(x, np.where(odd[:, None], 0, base)) if odd.any() or base.any() else x
    e = np.exp(e, out=None if e is x else e)
    if odd.any():
        e[odd] = limits(x[odd], top[odd])
    peak = np.take_along_axis(e, at_top, axis=1)
    np.put_along_axis(e, at_top, 0, axis=1)
    rest = np.sum(e, axis=1, keepdims=True)
    np.put_along_axis(e, at_top, peak, axis=1)
    peak[odd], rest[odd] = 1, 0  # limits() has divided already
    return e, at_top, top, peak, rest


def limits(x, top):
    """e of rows whose top is infinite or NaN."""
    largest = x == top
    several = np.sum(largest, axis=1, keepdims=True) > 1
    e = np.where(largest, np.where(several, np.nan, 1), 0)  # inf/inf of several is undefined
    e[np.broadcast_to(top == -np.inf, x.shape) | np.isnan(top)] = np.nan
    return e


def softmax(x, dy, y, dx):
    e, at_top, _, peak, rest = exponentials(x)
    e /= peak + rest
    if dx is not None:
        # Relative to dy at the largest element the sum does not cancel against dy.
        relative = dy - np.take_along_axis(dy, at_top, axis=1)
        relative -= np.sum(e * relative, axis=1, keepdims=True)
        np.multiply(e, relative, out=dx)
    if y is not None:
        y[...] = e


def log_softmax(x, dy, y, dx):
    e, at_top, top, peak, rest = exponentials(x)
    if dx is not None:
        p = e / (peak + rest)
        dy_top = np.take_along_axis(dy, at_top, axis=1)
        total = np.sum(dy, axis=1, keepdims=True)
        others = np.sum(np.where(np.arange(x.shape[1]) == at_top, 0, dy), axis=1, keepdims=True)
        slope_top = dy_top * (rest / (peak + rest)) - others * (peak / (peak + rest))
        np.subtract(dy, p * total, out=dx)
        np.put_along_axis(dx, at_top, slope_top, axis=1)  # here the difference would cancel
    if y is not None:
        log_sum = np.log1p(rest / peak)
        infinite = np.isinf(top[:, 0])
        special = np.log(e[infinite]) if infinite.any() else None
        np.subtract(x, top, out=y)
        y -= log_sum
        np.copyto(y, -log_sum, where=y == 0)  # -0.0 where the sum is lost
        if special is not None:
            y[infinite] = special


def logsumexp(x, dy, y, dx):
    e, _, top, peak, rest = exponentials(x)
    if dx is not None:
        np.multiply(e, dy / (peak + rest), out=dx)
    if y is not None:
        np.add(top, np.log1p(rest / peak), out=y)
        np.copyto(y, top, where=np.isinf(top) & ~np.isnan(x).any(axis=1, keepdims=True))


ROWWISE = {
    "softmax": quiet(softmax),
    "log_softmax": quiet(log_softmax),
    "logsumexp": quiet(logsumexp),
}
