"""torch's kernels for gradients.

They are what autograd calls, and without its bookkeeping faster than autograd in every case.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch

from fastact.bench.by_hand import SELU_ALPHA, SELU_SCALE

aten = torch.ops.aten

Kernel = Callable[..., Any]


class Gradient(NamedTuple):
    """How torch computes `dx` from `dy` and what it keeps of the forward pass."""

    # (*parameters) -> a function (dy, kept), and one (dy, kept, out) where there is one; of a
    # row-wise function the axis is the parameter
    kernels: Callable[..., tuple[Kernel, Kernel | None]]
    of_value: bool = False  # what is kept is the value; else x


def kernel(
    name: str,
    constants: Callable[..., tuple[Any, ...]] = lambda *parameters: parameters,
    *,
    of_value: bool = False,
    overload: str = "grad_input",
    out: str = "grad_input",
) -> Gradient:
    """A kernel that takes dy, what is kept, and `constants(*parameters)`."""
    packet = getattr(aten, name)

    def kernels(*parameters: float) -> tuple[Kernel, Kernel | None]:
        behind = constants(*parameters)
        # `_op` leaves the Python part of the call out, which takes a microsecond.
        fresh = packet.default._op
        if overload not in packet.overloads():
            return lambda dy, kept: fresh(dy, kept, *behind), None
        into = getattr(packet, overload)._op
        if out == "grad_input":
            return (
                lambda dy, kept: fresh(dy, kept, *behind),
                lambda dy, kept, out: into(dy, kept, *behind, grad_input=out),
            )
        return (
            lambda dy, kept: fresh(dy, kept, *behind),
            lambda dy, kept, out: into(dy, kept, *behind, out=out),
        )

    return Gradient(kernels, of_value)


def elu_kernel(constants: Callable[..., tuple[float, float, float]]) -> Gradient:
    """The kernel of ELU and its kin: `constants` gives alpha, scale, input_scale."""
    fresh, into = aten.elu_backward.default._op, aten.elu_backward.grad_input._op

    def kernels(*parameters: float) -> tuple[Kernel, Kernel]:
        three = constants(*parameters)
        return (
            lambda dy, x: fresh(dy, *three, False, x),
            lambda dy, x, out: into(dy, *three, False, x, grad_input=out),
        )

    return Gradient(kernels)


def composed(function: Kernel, *, of_value: bool = False) -> Gradient:
    """Several calls, where torch has no kernel of its own."""
    return Gradient(lambda *parameters: (function, function), of_value)


def along(function: Kernel, *, of_value: bool = False) -> Gradient:
    """Of rows: a function of dy, what is kept, the axis, and out."""

    def kernels(axis: float) -> tuple[Kernel, Kernel]:
        def gradient(dy: Any, kept: Any, out: Any = None) -> Any:
            return function(dy, kept, axis, out)

        return gradient, gradient

    return Gradient(kernels, of_value)


def _log_sigmoid(dy: Any, x: Any, out: Any = None) -> Any:
    _, kept = aten.log_sigmoid_forward.default._op(x)
    if out is None:
        return aten.log_sigmoid_backward.default._op(dy, x, kept)
    return aten.log_sigmoid_backward.grad_input._op(dy, x, kept, grad_input=out)


def _softmax(dy: Any, y: Any, axis: int, out: Any) -> Any:
    if out is None:
        return aten._softmax_backward_data.default._op(dy, y, axis, y.dtype)
    return aten._softmax_backward_data.out._op(dy, y, axis, y.dtype, grad_input=out)


def _log_softmax(dy: Any, y: Any, axis: int, out: Any) -> Any:
    if out is None:
        return aten._log_softmax_backward_data.default._op(dy, y, axis, y.dtype)
    return aten._log_softmax_backward_data.out._op(dy, y, axis, y.dtype, out=out)


GRADIENTS: dict[str, Gradient] = {
    "sigmoid": kernel("sigmoid_backward", of_value=True),
    "log_sigmoid": composed(_log_sigmoid),
    "hard_sigmoid": kernel("hardsigmoid_backward"),
    "tanh": kernel("tanh_backward", of_value=True),
    "hard_tanh": kernel("hardtanh_backward"),
    "tanh_shrink": composed(lambda dy, x, out=None: torch.mul(dy, x.tanh().square_(), out=out)),
    "softsign": composed(lambda dy, x, out=None: torch.div(dy, x.abs().add_(1).square_(), out=out)),
    "relu": kernel("threshold_backward", lambda: (0,)),
    "relu6": kernel("hardtanh_backward", lambda: (0, 6)),
    "leaky_relu": kernel("leaky_relu_backward", lambda slope: (slope, False)),
    "prelu": kernel("leaky_relu_backward", lambda weight: (weight, False)),
    "thresholded_relu": kernel("threshold_backward"),
    "threshold": kernel("threshold_backward", lambda threshold, value: (threshold,)),
    "elu": elu_kernel(lambda alpha: (alpha, 1, 1)),
    "selu": elu_kernel(lambda: (SELU_ALPHA, SELU_SCALE, 1)),
    "celu": elu_kernel(lambda alpha: (alpha, 1, 1 / alpha)),
    "gelu": kernel("gelu_backward"),
    "gelu_tanh": composed(
        lambda dy, x, out=None: (
            aten.gelu_backward.default._op(dy, x, approximate="tanh")
            if out is None
            else aten.gelu_backward.grad_input._op(dy, x, approximate="tanh", grad_input=out)
        )
    ),
    "silu": kernel("silu_backward"),
    "hard_swish": kernel("hardswish_backward", overload="out", out="out"),
    "mish": kernel("mish_backward"),
    "softplus": kernel("softplus_backward", lambda beta: (beta, 20)),
    "soft_shrink": kernel("softshrink_backward"),
    "hard_shrink": kernel("hardshrink_backward"),
    "exponential": composed(lambda dy, y, out=None: torch.mul(dy, y, out=out), of_value=True),
    "logit": kernel("logit_backward"),
    "softmax": along(_softmax, of_value=True),
    "log_softmax": along(_log_softmax, of_value=True),
    "logsumexp": along(
        lambda dy, x, axis, out: torch.mul(torch.softmax(x, axis), dy.unsqueeze(axis), out=out)
    ),
}
