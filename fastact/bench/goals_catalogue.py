"""The checks on the pointwise catalogue: against torch, and where numbers are subnormal."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

import fastact as fa
from fastact.activations import CATALOGUE

from .cases import Case, fa_function, inputs
from .checks import Check, Pair, ratio
from .goals import DTYPES, LARGE, imported_torch, timed
from .timing import Timed

POINTWISE = [entry.name for entry in CATALOGUE.values() if entry.kind == "elementwise"]

# A twentieth more time than the peer is the most.
AS_FAST = 1.05


def over_torch() -> Iterator[Check]:
    """Large arrays on one thread, torch's `out` form where it has one."""
    torch = imported_torch()
    if not torch:
        return
    for dtype in DTYPES:
        for name in torch_functions(torch):
            yield Check(
                "10^6 elements, out= given, one thread, over torch",
                f"{name} {dtype}",
                ratio(partial(_over_torch, torch, name, dtype)),
                AS_FAST,
            )


def torch_functions(torch: Any) -> dict[str, Callable[..., Any]]:
    """By our names: functions of a tensor and of `out`, with our default parameters."""
    kernels, f = torch._C._nn, torch.nn.functional
    return {
        "relu": lambda x, out: torch.clamp_min(x, 0, out=out),
        "relu6": lambda x, out: kernels.hardtanh(x, 0, 6, out=out),
        "leaky_relu": kernels.leaky_relu,
        "elu": kernels.elu,
        "selu": lambda x, out: f.selu(x),
        "celu": lambda x, out: f.celu(x),
        "gelu": kernels.gelu,
        "gelu_tanh": partial(kernels.gelu, approximate="tanh"),
        "silu": kernels.silu,
        "mish": kernels.mish,
        "hard_swish": kernels.hardswish,
        "softplus": kernels.softplus,
        "log_sigmoid": kernels.log_sigmoid,
        "hard_sigmoid": kernels.hardsigmoid,
        "hard_tanh": kernels.hardtanh,
        "tanh_shrink": lambda x, out: f.tanhshrink(x),
        "softsign": lambda x, out: f.softsign(x),
        "soft_shrink": kernels.softshrink,
        "hard_shrink": torch.hardshrink,
        "exponential": torch.exp,
        "logit": torch.logit,
    }


def _over_torch(torch: Any, name: str, dtype: str) -> Pair:
    (x,) = inputs(Case(name, "forward", LARGE, dtype))
    theirs = torch.from_numpy(x)
    ours = timed(getattr(fa, name), x, out=np.empty_like(x))
    return ours, Timed(torch_functions(torch)[name], theirs, out=torch.empty_like(theirs))


def subnormals() -> Iterator[Check]:
    """Where x is subnormal, and where a result is, against ordinary numbers."""
    for dtype in DTYPES:
        for name in POINTWISE:
            for operation in ("forward", "derivative"):
                yield Check(
                    "subnormal x, over ordinary x, one thread",
                    f"{name} {dtype} {operation}",
                    ratio(partial(_over_ordinary, name, operation, dtype, subnormal_inputs)),
                    3.0,
                )
        for name in POINTWISE:
            if not len(where_results_are_subnormal(name, dtype)):
                continue
            for operation in ("forward", "derivative", "backward"):
                yield Check(
                    "subnormal results, over ordinary x, one thread",
                    f"{name} {dtype} {operation}",
                    ratio(
                        partial(_over_ordinary, name, operation, dtype, where_results_are_subnormal)
                    ),
                    3.0,
                )


def subnormal_inputs(name: str, dtype: str) -> np.ndarray:
    """Of both signs, but for a function of probabilities."""
    x, *_ = inputs(Case(name, "forward", 10_000, dtype))
    return (x / 16 * np.finfo(dtype).tiny).astype(dtype)


def where_results_are_subnormal(name: str, dtype: str) -> np.ndarray:
    """Normal x in the tails for which the value or the slope is subnormal."""
    _, *parameters = inputs(Case(name, "forward", 10_000, dtype))
    x = np.linspace(-800, 800, 400_001).astype(dtype)
    tiny = np.finfo(dtype).tiny
    found = np.zeros(x.shape, bool)
    for operation in ("forward", "derivative"):
        size = np.abs(fa_function(name, operation)(x, *parameters))
        found |= (size > 0) & (size < tiny)
    return x[found]


def _over_ordinary(
    name: str, operation: str, dtype: str, make: Callable[[str, str], np.ndarray]
) -> Pair:
    function = fa_function(name, operation)
    x, *rest = inputs(Case(name, operation, 10_000, dtype))
    unusual, out = np.resize(make(name, dtype), x.shape), np.empty_like(x)
    return timed(function, unusual, *rest, out=out), timed(function, x, *rest, out=out)
