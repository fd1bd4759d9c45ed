"""torch's names for our activations."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import torch

f = torch.nn.functional
kernels = torch._C._nn  # what torch.nn.functional calls, `out` included


class Function(NamedTuple):
    """`value(x, *parameters)`, and `into(x, *parameters, out=...)` if there is such a form.

    Parameters are those of our catalogue; a row-wise function takes the axis.
    """

    value: Callable[..., Any]
    into: Callable[..., Any] | None = None


def both(function: Callable[..., Any]) -> Function:
    """One that takes `out` itself."""
    return Function(function, function)


FUNCTIONS: dict[str, Function] = {
    "sigmoid": both(torch.sigmoid),
    "log_sigmoid": both(kernels.log_sigmoid),
    "hard_sigmoid": both(kernels.hardsigmoid),
    "tanh": both(torch.tanh),
    "hard_tanh": both(kernels.hardtanh),
    "tanh_shrink": Function(f.tanhshrink),
    "softsign": Function(f.softsign),
    "relu": Function(torch.relu, lambda x, out: torch.clamp_min(x, 0, out=out)),
    "relu6": Function(f.relu6, lambda x, out: kernels.hardtanh(x, 0, 6, out=out)),
    "leaky_relu": both(kernels.leaky_relu),
    "prelu": Function(lambda x, weight: f.prelu(x, torch.tensor(weight, dtype=x.dtype))),
    "thresholded_relu": Function(
        lambda x, alpha: torch.threshold(x, alpha, 0.0),
        lambda x, alpha, out: torch.ops.aten.threshold.out._op(x, alpha, 0.0, out=out),
    ),
    "threshold": Function(torch.threshold, torch.ops.aten.threshold.out._op),
    "elu": both(kernels.elu),
    "selu": Function(torch.selu),
    "celu": Function(torch.celu),
    "gelu": both(kernels.gelu),
    "gelu_tanh": both(partial(kernels.gelu, approximate="tanh")),
    "silu": both(kernels.silu),
    "hard_swish": both(kernels.hardswish),
    "mish": both(kernels.mish),
    "softplus": both(kernels.softplus),
    "soft_shrink": both(kernels.softshrink),
    "hard_shrink": Function(torch.hardshrink, torch.hardshrink),
    "exponential": both(torch.exp),
    "logit": both(torch.logit),
    "softmax": both(torch.softmax),
    "log_softmax": both(torch.log_softmax),
    "logsumexp": both(torch.logsumexp),
}
