"""Printed by tools/write_stub.py; not to be edited."""

# fmt: off
# ruff: noqa: RUF022
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from os import PathLike
from typing import Any, Literal, Protocol, overload

from numpy.typing import ArrayLike, DTypeLike

from fastact.own.check import SlopeCheck
from fastact.tuning.result import Tuning
from fastact.typing import Activation, Differentiable, Gated, Loss, Operation, Rowwise

__version__: str

dense: Differentiable
bias_act: Differentiable

@overload
def define(
    formula: Callable[..., Any], slope: Callable[..., Any] | None = None, *,
    name: str | None = None
) -> Activation: ...
@overload
def define(
    formula: None = None, slope: Callable[..., Any] | None = None, *, name: str | None = None
) -> Callable[[Callable[..., Any]], Activation]: ...
def check_slope(
    activation: Operation, x: ArrayLike | None = None, **parameters: Any
) -> SlopeCheck: ...
def available_backends() -> dict[str, str | None]: ...
def get_backend(activation: str | Operation | None = None) -> str: ...
def set_backend(specification: str) -> None: ...
def use_backend(specification: str) -> AbstractContextManager[None]: ...
def get_num_threads() -> int: ...
def set_num_threads(count: int) -> None: ...
def threads(count: int) -> AbstractContextManager[None]: ...
def loop_address(operation: Operation, dtype: DTypeLike) -> int: ...
def plot(*names: str | Operation, **options: Any) -> Any: ...
@overload
def show_config(mode: None = None) -> None: ...
@overload
def show_config(mode: Literal["dict"]) -> dict[str, Any]: ...
def tune(
    *names: str | Operation, seconds: float = 45.0, save: bool = False,
    path: str | PathLike[str] | None = None, quiet: bool = False
) -> Tuning: ...

class _identity(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
identity: _identity
class _linear(Activation, Protocol):
    def __call__(self, x: ArrayLike, slope: ArrayLike = 1.0, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
linear: _linear
class _step(Activation, Protocol):
    def __call__(self, x: ArrayLike, at_zero: ArrayLike = 0.0, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
step: _step
heaviside: _step
class _sigmoid(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
    @property
    def backward_from_output(self) -> Operation: ...
sigmoid: _sigmoid
expit: _sigmoid
logistic: _sigmoid
class _log_sigmoid(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
log_sigmoid: _log_sigmoid
logsigmoid: _log_sigmoid
log_expit: _log_sigmoid
class _hard_sigmoid(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
hard_sigmoid: _hard_sigmoid
hardsigmoid: _hard_sigmoid
class _hard_sigmoid_affine(Activation, Protocol):
    def __call__(self, x: ArrayLike, slope: ArrayLike = 0.2, offset: ArrayLike = 0.5, *,
        out: Any = None, where: ArrayLike = True, **kwargs: Any) -> Any: ...
hard_sigmoid_affine: _hard_sigmoid_affine
class _sparse_sigmoid(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
sparse_sigmoid: _sparse_sigmoid
class _tanh(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
    @property
    def backward_from_output(self) -> Operation: ...
tanh: _tanh
class _hard_tanh(Activation, Protocol):
    def __call__(self, x: ArrayLike, min_val: ArrayLike = -1.0, max_val: ArrayLike = 1.0, *,
        out: Any = None, where: ArrayLike = True, **kwargs: Any) -> Any: ...
hard_tanh: _hard_tanh
hardtanh: _hard_tanh
class _softsign(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
softsign: _softsign
soft_sign: _softsign
class _softcap(Activation, Protocol):
    def __call__(self, x: ArrayLike, cap: ArrayLike = 30.0, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
softcap: _softcap
class _relu(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
    @property
    def backward_from_output(self) -> Operation: ...
relu: _relu
class _relu6(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
relu6: _relu6
class _squared_relu(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
squared_relu: _squared_relu
relu2: _squared_relu
class _leaky_relu(Activation, Protocol):
    def __call__(self, x: ArrayLike, negative_slope: ArrayLike = 0.01, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
leaky_relu: _leaky_relu
class _prelu(Activation, Protocol):
    def __call__(self, x: ArrayLike, weight: ArrayLike, *, axis: int | None = None,
        out: Any = None, where: ArrayLike = True, **kwargs: Any) -> Any: ...
    @property
    def parameter_backward(self) -> Operation: ...
prelu: _prelu
class _thresholded_relu(Activation, Protocol):
    def __call__(self, x: ArrayLike, alpha: ArrayLike = 1.0, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
thresholded_relu: _thresholded_relu
class _threshold(Activation, Protocol):
    def __call__(self, x: ArrayLike, threshold: ArrayLike, value: ArrayLike, *,
        out: Any = None, where: ArrayLike = True, **kwargs: Any) -> Any: ...
threshold: _threshold
class _softplus(Activation, Protocol):
    def __call__(self, x: ArrayLike, beta: ArrayLike = 1.0, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
    @property
    def parameter_backward(self) -> Operation: ...
softplus: _softplus
class _squareplus(Activation, Protocol):
    def __call__(self, x: ArrayLike, b: ArrayLike = 4.0, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
squareplus: _squareplus
class _sparse_plus(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
sparse_plus: _sparse_plus
class _elu(Activation, Protocol):
    def __call__(self, x: ArrayLike, alpha: ArrayLike = 1.0, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
    @property
    def parameter_backward(self) -> Operation: ...
elu: _elu
class _selu(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
selu: _selu
class _celu(Activation, Protocol):
    def __call__(self, x: ArrayLike, alpha: ArrayLike = 1.0, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
    @property
    def parameter_backward(self) -> Operation: ...
celu: _celu
class _gelu(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, approximate: Literal["none", "tanh"] | bool = 'none',
        out: Any = None, where: ArrayLike = True, **kwargs: Any) -> Any: ...
gelu: _gelu
class _gelu_tanh(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
gelu_tanh: _gelu_tanh
class _quick_gelu(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
quick_gelu: _quick_gelu
class _silu(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
silu: _silu
class _swish(Activation, Protocol):
    def __call__(self, x: ArrayLike, beta: ArrayLike = 1.0, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
    @property
    def parameter_backward(self) -> Operation: ...
swish: _swish
class _hard_swish(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
hard_swish: _hard_swish
hardswish: _hard_swish
hard_silu: _hard_swish
class _mish(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
mish: _mish
class _soft_shrink(Activation, Protocol):
    def __call__(self, x: ArrayLike, lambd: ArrayLike = 0.5, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
soft_shrink: _soft_shrink
softshrink: _soft_shrink
class _hard_shrink(Activation, Protocol):
    def __call__(self, x: ArrayLike, lambd: ArrayLike = 0.5, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
hard_shrink: _hard_shrink
hardshrink: _hard_shrink
class _shrink(Activation, Protocol):
    def __call__(self, x: ArrayLike, lambd: ArrayLike = 0.5, bias: ArrayLike = 0.0, *,
        out: Any = None, where: ArrayLike = True, **kwargs: Any) -> Any: ...
shrink: _shrink
class _tanh_shrink(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
tanh_shrink: _tanh_shrink
tanhshrink: _tanh_shrink
class _exponential(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
exponential: _exponential
exp: _exponential
class _logit(Activation, Protocol):
    def __call__(self, x: ArrayLike, *, out: Any = None, where: ArrayLike = True, **kwargs: Any
       ) -> Any: ...
logit: _logit
class _snake(Activation, Protocol):
    def __call__(self, x: ArrayLike, alpha: ArrayLike = 1.0, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
snake: _snake
class _softmax(Rowwise, Protocol):
    def __call__(self, x: ArrayLike, axis: int | str | Sequence[int | str] | None = -1, *,
        out: Any = None, where: ArrayLike | None = None, temperature: float = 1,
        lengths: ArrayLike | None = None, causal: bool = False) -> Any: ...
    @property
    def backward_from_output(self) -> Operation: ...
softmax: _softmax
class _log_softmax(Rowwise, Protocol):
    def __call__(self, x: ArrayLike, axis: int | str | Sequence[int | str] | None = -1, *,
        out: Any = None, where: ArrayLike | None = None, temperature: float = 1,
        lengths: ArrayLike | None = None, causal: bool = False) -> Any: ...
    @property
    def backward_from_output(self) -> Operation: ...
log_softmax: _log_softmax
class _logsumexp(Rowwise, Protocol):
    def __call__(self, x: ArrayLike, axis: int | str | Sequence[int | str] | None = -1, *,
        keepdims: bool = False, out: Any = None, where: ArrayLike | None = None,
        b: ArrayLike | None = None, return_sign: bool = False, temperature: float = 1,
        lengths: ArrayLike | None = None, causal: bool = False) -> Any: ...
logsumexp: _logsumexp
class _softmin(Rowwise, Protocol):
    def __call__(self, x: ArrayLike, axis: int | str | Sequence[int | str] | None = -1, *,
        out: Any = None, where: ArrayLike | None = None, temperature: float = 1,
        lengths: ArrayLike | None = None, causal: bool = False) -> Any: ...
    @property
    def backward_from_output(self) -> Operation: ...
softmin: _softmin
class _hardmax(Rowwise, Protocol):
    def __call__(self, x: ArrayLike, axis: int | str | Sequence[int | str] | None = -1, *,
        out: Any = None, where: ArrayLike | None = None, lengths: ArrayLike | None = None,
        causal: bool = False) -> Any: ...
hardmax: _hardmax
class _logmeanexp(Rowwise, Protocol):
    def __call__(self, x: ArrayLike, axis: int | str | Sequence[int | str] | None = -1, *,
        keepdims: bool = False, out: Any = None, where: ArrayLike | None = None,
        temperature: float = 1, lengths: ArrayLike | None = None, causal: bool = False) -> Any: ...
logmeanexp: _logmeanexp
class _sparsemax(Rowwise, Protocol):
    def __call__(self, x: ArrayLike, axis: int | str | Sequence[int | str] | None = -1, *,
        temperature: float = 1, out: Any = None, where: ArrayLike | None = None,
        lengths: ArrayLike | None = None, causal: bool = False) -> Any: ...
sparsemax: _sparsemax
class _entmax15(Rowwise, Protocol):
    def __call__(self, x: ArrayLike, axis: int | str | Sequence[int | str] | None = -1, *,
        temperature: float = 1, out: Any = None, where: ArrayLike | None = None,
        lengths: ArrayLike | None = None, causal: bool = False) -> Any: ...
entmax15: _entmax15
class _standardize(Rowwise, Protocol):
    def __call__(self, x: ArrayLike, axis: int | str | Sequence[int | str] | None = -1, *,
        eps: float = 1e-05, out: Any = None, where: ArrayLike | None = None,
        lengths: ArrayLike | None = None, causal: bool = False) -> Any: ...
standardize: _standardize
class _softmax_cross_entropy(Loss, Protocol):
    def __call__(self, logits: ArrayLike, labels: ArrayLike, axis: int = -1, *,
        label_smoothing: ArrayLike = 0, ignore_index: int | None = None,
        weight: ArrayLike | None = None, reduction: Literal["mean", "sum", "none"] = 'mean',
        out: Any = None) -> Any: ...
softmax_cross_entropy: _softmax_cross_entropy
class _binary_cross_entropy_with_logits(Loss, Protocol):
    def __call__(self, logits: ArrayLike, targets: ArrayLike, *, weight: ArrayLike | None = 1,
        pos_weight: ArrayLike | None = 1, reduction: Literal["mean", "sum", "none"] = 'mean',
        out: Any = None) -> Any: ...
binary_cross_entropy_with_logits: _binary_cross_entropy_with_logits
class _glu(Gated, Protocol):
    def __call__(self, gate: ArrayLike, value: ArrayLike, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
glu: _glu
class _reglu(Gated, Protocol):
    def __call__(self, gate: ArrayLike, value: ArrayLike, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
reglu: _reglu
class _geglu(Gated, Protocol):
    def __call__(self, gate: ArrayLike, value: ArrayLike, *,
        approximate: Literal["none", "tanh"] | bool = 'none', out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
geglu: _geglu
class _geglu_tanh(Gated, Protocol):
    def __call__(self, gate: ArrayLike, value: ArrayLike, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
geglu_tanh: _geglu_tanh
class _swiglu(Gated, Protocol):
    def __call__(self, gate: ArrayLike, value: ArrayLike, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
swiglu: _swiglu
class _bilinear(Gated, Protocol):
    def __call__(self, gate: ArrayLike, value: ArrayLike, *, out: Any = None,
        where: ArrayLike = True, **kwargs: Any) -> Any: ...
bilinear: _bilinear
__all__ = [
    "__version__", "available_backends", "bias_act", "check_slope", "define", "dense",
    "get_backend", "get_num_threads", "loop_address", "plot", "set_backend", "set_num_threads",
    "show_config", "threads", "tune", "use_backend", "identity", "linear", "step", "heaviside",
    "sigmoid", "expit", "logistic", "log_sigmoid", "logsigmoid", "log_expit", "hard_sigmoid",
    "hardsigmoid", "hard_sigmoid_affine", "sparse_sigmoid", "tanh", "hard_tanh", "hardtanh",
    "softsign", "soft_sign", "softcap", "relu", "relu6", "squared_relu", "relu2", "leaky_relu",
    "prelu", "thresholded_relu", "threshold", "softplus", "squareplus", "sparse_plus", "elu",
    "selu", "celu", "gelu", "gelu_tanh", "quick_gelu", "silu", "swish", "hard_swish",
    "hardswish", "hard_silu", "mish", "soft_shrink", "softshrink", "hard_shrink", "hardshrink",
    "shrink", "tanh_shrink", "tanhshrink", "exponential", "exp", "logit", "snake", "softmax",
    "log_softmax", "logsumexp", "softmin", "hardmax", "logmeanexp", "sparsemax", "entmax15",
    "standardize", "softmax_cross_entropy", "binary_cross_entropy_with_logits", "glu", "reglu",
    "geglu", "geglu_tanh", "swiglu", "bilinear"
]
