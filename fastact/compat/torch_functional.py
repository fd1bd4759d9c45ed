"""torch.nn.functional's activations, on NumPy arrays: its names, arguments and defaults.

`inplace=True` writes into `input`. Left out: what is random (`gumbel_softmax`, `rrelu` in training)
and arguments that PyTorch has deprecated. Where PyTorch guesses the axis of a softmax, with a
warning, it must be given here.
"""

import numpy as np

import fastact as fa

__all__ = [
    "binary_cross_entropy_with_logits",
    "celu",
    "cross_entropy",
    "elu",
    "gelu",
    "glu",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "leaky_relu",
    "log_softmax",
    "logsigmoid",
    "mish",
    "prelu",
    "relu",
    "relu6",
    "rrelu",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softmin",
    "softplus",
    "softshrink",
    "softsign",
    "tanh",
    "tanhshrink",
    "threshold",
]


def _out(input, inplace):
    return input if inplace else None


def relu(input, inplace=False):
    """fa.relu."""
    return fa.relu(input, out=_out(input, inplace))


def relu6(input, inplace=False):
    """fa.relu6."""
    return fa.relu6(input, out=_out(input, inplace))


def leaky_relu(input, negative_slope=0.01, inplace=False):
    """fa.leaky_relu."""
    return fa.leaky_relu(input, negative_slope, out=_out(input, inplace))


def rrelu(input, lower=1 / 8, upper=1 / 3, training=False, inplace=False):
    """fa.leaky_relu with the mean of both slopes, as PyTorch does when it does not train."""
    if training:
        raise NotImplementedError("rrelu: training=True is random; fastact has no such function")
    return fa.leaky_relu(input, (lower + upper) / 2, out=_out(input, inplace))


def prelu(input, weight):
    """fa.prelu with a weight for all, or one for each channel, along axis 1."""
    channels = np.size(weight)
    if np.ndim(weight) > 1:
        raise ValueError(f"prelu: weight has shape {np.shape(weight)}; it must be 0-d or 1-d")
    if channels == 1:
        return fa.prelu(input, np.reshape(weight, ()) if np.ndim(weight) else weight)
    if np.ndim(input) < 2:
        raise ValueError(
            f"prelu: weight has {channels} elements, but input of shape {np.shape(input)} has no "
            "axis 1 of channels"
        )
    return fa.prelu(input, weight, axis=1)


def threshold(input, threshold, value, inplace=False):
    """fa.threshold."""
    return fa.threshold(input, threshold, value, out=_out(input, inplace))


def elu(input, alpha=1.0, inplace=False):
    """fa.elu."""
    return fa.elu(input, alpha, out=_out(input, inplace))


def selu(input, inplace=False):
    """fa.selu."""
    return fa.selu(input, out=_out(input, inplace))


def celu(input, alpha=1.0, inplace=False):
    """fa.celu."""
    return fa.celu(input, alpha, out=_out(input, inplace))


def gelu(input, approximate="none"):
    """fa.gelu."""
    return fa.gelu(input, approximate=approximate)


def silu(input, inplace=False):
    """fa.silu."""
    return fa.silu(input, out=_out(input, inplace))


def mish(input, inplace=False):
    """fa.mish."""
    return fa.mish(input, out=_out(input, inplace))


def hardswish(input, inplace=False):
    """fa.hard_swish."""
    return fa.hard_swish(input, out=_out(input, inplace))


def sigmoid(input):
    """fa.sigmoid."""
    return fa.sigmoid(input)


def logsigmoid(input):
    """fa.log_sigmoid."""
    return fa.log_sigmoid(input)


def hardsigmoid(input, inplace=False):
    """fa.hard_sigmoid."""
    return fa.hard_sigmoid(input, out=_out(input, inplace))


def tanh(input):
    """fa.tanh."""
    return fa.tanh(input)


def hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False):
    """fa.hard_tanh."""
    return fa.hard_tanh(input, min_val, max_val, out=_out(input, inplace))


def tanhshrink(input):
    """fa.tanh_shrink."""
    return fa.tanh_shrink(input)


def hardshrink(input, lambd=0.5):
    """fa.hard_shrink."""
    return fa.hard_shrink(input, lambd)


def softshrink(input, lambd=0.5):
    """fa.soft_shrink."""
    return fa.soft_shrink(input, lambd)


def softsign(input):
    """fa.softsign."""
    return fa.softsign(input)


def softplus(input, beta=1, threshold=20):
    """fa.softplus, but input itself where beta * input is above the threshold."""
    x, smooth = fa.identity(input), fa.softplus(input, beta)
    with np.errstate(all="ignore"):
        straight = np.multiply(x, beta) > threshold
    above = np.where(straight, -np.inf, np.inf).astype(smooth.dtype)
    return fa.threshold(x, above, smooth)  # keeps masks, as np.where does not


def softmax(input, dim, dtype=None):
    """fa.softmax along `dim`."""
    return fa.softmax(_converted(input, dtype), axis=dim)


def log_softmax(input, dim, dtype=None):
    """fa.log_softmax along `dim`."""
    return fa.log_softmax(_converted(input, dtype), axis=dim)


def softmin(input, dim, dtype=None):
    """fa.softmin along `dim`."""
    return fa.softmin(_converted(input, dtype), axis=dim)


def _converted(input, dtype):
    return input if dtype is None else np.asarray(input, dtype)


def glu(input, dim=-1):
    """fa.glu of one array: the first half is the value, the second the gate."""
    return fa.glu.packed(input, axis=dim, layout="value_first")


def cross_entropy(
    input, target, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0
):
    """fa.softmax_cross_entropy; the classes are axis 1, or the only axis there is."""
    keywords = {} if np.asarray(target).dtype.kind == "f" else {"ignore_index": ignore_index}
    return fa.softmax_cross_entropy(
        input,
        target,
        axis=min(np.ndim(input) - 1, 1),
        weight=weight,
        reduction=reduction,
        label_smoothing=label_smoothing,
        **keywords,
    )


def binary_cross_entropy_with_logits(input, target, weight=None, reduction="mean", pos_weight=None):
    """fa.binary_cross_entropy_with_logits."""
    return fa.binary_cross_entropy_with_logits(
        input, target, weight=weight, reduction=reduction, pos_weight=pos_weight
    )
