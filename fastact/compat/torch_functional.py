"""torch.nn.functional's activations, on NumPy arrays: its names, arguments and defaults.

`inplace=True` writes into `input`. Left out: what is random (`gumbel_softmax`, `rrelu` in training)
and arguments that PyTorch has deprecated. Where PyTorch guesses the axis of a softmax, with a
warning, it must be given here.
"""

from typing import TYPE_CHECKING

import numpy as np

import fastact as fa

if TYPE_CHECKING:
    from typing import Any, Literal

    from numpy.typing import ArrayLike, DTypeLike

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


def _out(input: "ArrayLike", inplace: bool) -> "Any":
    return input if inplace else None


def relu(input: "ArrayLike", inplace: bool = False) -> "Any":
    """fa.relu."""
    return fa.relu(input, out=_out(input, inplace))


def relu6(input: "ArrayLike", inplace: bool = False) -> "Any":
    """fa.relu6."""
    return fa.relu6(input, out=_out(input, inplace))


def leaky_relu(
    input: "ArrayLike", negative_slope: "ArrayLike" = 0.01, inplace: bool = False
) -> "Any":
    """fa.leaky_relu."""
    return fa.leaky_relu(input, negative_slope, out=_out(input, inplace))


def rrelu(
    input: "ArrayLike",
    lower: float = 1 / 8,
    upper: float = 1 / 3,
    training: bool = False,
    inplace: bool = False,
) -> "Any":
    """fa.leaky_relu with the mean of both slopes, as PyTorch does when it does not train."""
    if training:
        raise NotImplementedError("rrelu: training=True is random; fastact has no such function")
    return fa.leaky_relu(input, (lower + upper) / 2, out=_out(input, inplace))


def prelu(input: "ArrayLike", weight: "ArrayLike") -> "Any":
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


def threshold(
    input: "ArrayLike", threshold: "ArrayLike", value: "ArrayLike", inplace: bool = False
) -> "Any":
    """fa.threshold."""
    return fa.threshold(input, threshold, value, out=_out(input, inplace))


def elu(input: "ArrayLike", alpha: "ArrayLike" = 1.0, inplace: bool = False) -> "Any":
    """fa.elu."""
    return fa.elu(input, alpha, out=_out(input, inplace))


def selu(input: "ArrayLike", inplace: bool = False) -> "Any":
    """fa.selu."""
    return fa.selu(input, out=_out(input, inplace))


def celu(input: "ArrayLike", alpha: "ArrayLike" = 1.0, inplace: bool = False) -> "Any":
    """fa.celu."""
    return fa.celu(input, alpha, out=_out(input, inplace))


def gelu(input: "ArrayLike", approximate: "Literal['none', 'tanh']" = "none") -> "Any":
    """fa.gelu."""
    return fa.gelu(input, approximate=approximate)


def silu(input: "ArrayLike", inplace: bool = False) -> "Any":
    """fa.silu."""
    return fa.silu(input, out=_out(input, inplace))


def mish(input: "ArrayLike", inplace: bool = False) -> "Any":
    """fa.mish."""
    return fa.mish(input, out=_out(input, inplace))


def hardswish(input: "ArrayLike", inplace: bool = False) -> "Any":
    """fa.hard_swish."""
    return fa.hard_swish(input, out=_out(input, inplace))


def sigmoid(input: "ArrayLike") -> "Any":
    """fa.sigmoid."""
    return fa.sigmoid(input)


def logsigmoid(input: "ArrayLike") -> "Any":
    """fa.log_sigmoid."""
    return fa.log_sigmoid(input)


def hardsigmoid(input: "ArrayLike", inplace: bool = False) -> "Any":
    """fa.hard_sigmoid."""
    return fa.hard_sigmoid(input, out=_out(input, inplace))


def tanh(input: "ArrayLike") -> "Any":
    """fa.tanh."""
    return fa.tanh(input)


def hardtanh(
    input: "ArrayLike",
    min_val: "ArrayLike" = -1.0,
    max_val: "ArrayLike" = 1.0,
    inplace: bool = False,
) -> "Any":
    """fa.hard_tanh."""
    return fa.hard_tanh(input, min_val, max_val, out=_out(input, inplace))


def tanhshrink(input: "ArrayLike") -> "Any":
    """fa.tanh_shrink."""
    return fa.tanh_shrink(input)


def hardshrink(input: "ArrayLike", lambd: "ArrayLike" = 0.5) -> "Any":
    """fa.hard_shrink."""
    return fa.hard_shrink(input, lambd)


def softshrink(input: "ArrayLike", lambd: "ArrayLike" = 0.5) -> "Any":
    """fa.soft_shrink."""
    return fa.soft_shrink(input, lambd)


def softsign(input: "ArrayLike") -> "Any":
    """fa.softsign."""
    return fa.softsign(input)


def softplus(input: "ArrayLike", beta: "ArrayLike" = 1, threshold: "ArrayLike" = 20) -> "Any":
    """fa.softplus, but input itself where beta * input is above the threshold."""
    x, smooth = fa.identity(input), fa.softplus(input, beta)
    with np.errstate(all="ignore"):
        straight = np.multiply(x, beta) > threshold
    dtype = smooth.dtype if hasattr(smooth, "dtype") else np.result_type(*smooth.dtypes)  # pandas
    above = np.where(straight, -np.inf, np.inf).astype(dtype)
    return fa.threshold(x, above, smooth)  # keeps masks, as np.where does not


def softmax(input: "ArrayLike", dim: int | str, dtype: "DTypeLike | None" = None) -> "Any":
    """fa.softmax along `dim`."""
    return fa.softmax(_converted(input, dtype), axis=_one_axis("softmax", dim))


def log_softmax(input: "ArrayLike", dim: int | str, dtype: "DTypeLike | None" = None) -> "Any":
    """fa.log_softmax along `dim`."""
    return fa.log_softmax(_converted(input, dtype), axis=_one_axis("log_softmax", dim))


def softmin(input: "ArrayLike", dim: int | str, dtype: "DTypeLike | None" = None) -> "Any":
    """fa.softmin along `dim`."""
    return fa.softmin(_converted(input, dtype), axis=_one_axis("softmin", dim))


def _one_axis(function: str, dim: int | str) -> int | str:
    if dim is None or isinstance(dim, (tuple, list)):
        raise TypeError(
            f"{function}: dim must be one axis, not {dim!r}; PyTorch's guess is not made"
        )
    return dim


def _converted(input: "ArrayLike", dtype: "DTypeLike | None") -> "Any":
    if dtype is None:
        return input
    with np.errstate(all="ignore"):
        return input.astype(dtype) if hasattr(input, "astype") else np.asarray(input, dtype)


def glu(input: "ArrayLike", dim: int = -1) -> "Any":
    """fa.glu of one array: the first half is the value, the second the gate."""
    return fa.glu.packed(input, axis=dim, layout="value_first")


def cross_entropy(
    input: "ArrayLike",
    target: "ArrayLike",
    weight: "ArrayLike | None" = None,
    ignore_index: int = -100,
    reduction: "Literal['mean', 'sum', 'none']" = "mean",
    label_smoothing: float = 0.0,
) -> "Any":
    """fa.softmax_cross_entropy; the classes are axis 1, or the only axis there is."""
    keywords = {"ignore_index": ignore_index}
    if np.asarray(target).dtype.kind == "f" and ignore_index < 0:
        keywords = {}  # of probabilities there is none; PyTorch says so where it could be a class
    return fa.softmax_cross_entropy(
        input,
        target,
        axis=min(np.ndim(input) - 1, 1),
        weight=weight,
        reduction=reduction,
        label_smoothing=label_smoothing,
        **keywords,
    )


def binary_cross_entropy_with_logits(
    input: "ArrayLike",
    target: "ArrayLike",
    weight: "ArrayLike | None" = None,
    reduction: "Literal['mean', 'sum', 'none']" = "mean",
    pos_weight: "ArrayLike | None" = None,
) -> "Any":
    """fa.binary_cross_entropy_with_logits; the target has the shape of the input."""
    if np.shape(target) != np.shape(input):
        raise ValueError(
            f"binary_cross_entropy_with_logits: target has shape {np.shape(target)}, input "
            f"{np.shape(input)}; they must be the same"
        )
    return fa.binary_cross_entropy_with_logits(
        input, target, weight=weight, reduction=reduction, pos_weight=pos_weight
    )
