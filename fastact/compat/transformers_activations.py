"""transformers.activations: what a model's configuration calls its activation, on NumPy arrays.

A `config.json` names it (`hidden_act`, `hidden_activation`, `activation_function`):

>>> from fastact.compat.transformers_activations import get_activation
>>> act = get_activation("gelu_new")
>>> act
<fastact gelu_tanh(x)>

All but `gelu_10` are fastact's own activations, `backward` and all. `gelu_fast` rounds a constant
to ten digits, which only float64 can tell; here it has them all. Left out are `laplace` and
`xielu`, which fastact does not have, and `prelu`, whose weights the model has (`fa.prelu`).
"""

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

import fastact as fa

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import ArrayLike

    from fastact.typing import Operation

__all__ = ["ACT2FN", "get_activation"]


def _gelu_10(x: "ArrayLike") -> "Any":
    """fa.gelu of x, between -10 and 10."""
    y = fa.gelu(x)
    return np.clip(y, -10, 10, out=y if isinstance(y, np.ndarray) else None)


# These differ in how the same function is computed.
_TANH = ("gelu_accurate", "gelu_fast", "gelu_new", "gelu_python_tanh", "gelu_pytorch_tanh")

ACT2FN: "MappingProxyType[str, Operation]" = MappingProxyType(
    dict.fromkeys(_TANH, fa.gelu_tanh)
    | {
        "gelu": fa.gelu,
        "gelu_10": _gelu_10,
        "gelu_python": fa.gelu,
        "leaky_relu": fa.leaky_relu,
        "linear": fa.identity,
        "mish": fa.mish,
        "quick_gelu": fa.quick_gelu,
        "relu": fa.relu,
        "relu2": fa.squared_relu,
        "relu6": fa.relu6,
        "sigmoid": fa.sigmoid,
        "silu": fa.silu,
        "swish": fa.silu,
        "tanh": fa.tanh,
    }
)


def get_activation(activation_string: str) -> "Operation":
    """The function of that name.

    Parameters
    ----------
    activation_string : str
        One of `ACT2FN`'s keys.

    Raises
    ------
    KeyError
        If there is none; it lists those there are.
    """
    if activation_string not in ACT2FN:
        known = ", ".join(sorted(ACT2FN))
        raise KeyError(f"{activation_string!r} is not one of {known}")
    return ACT2FN[activation_string]
