"""scipy.special's activations: its names, arguments and defaults.

`expit`, `logit` and `log_expit` are fastact's own, `backward` and all; like SciPy's they take the
keywords of ufuncs, but `out` by keyword only.
"""

from typing import TYPE_CHECKING

import fastact as fa
from fastact import expit, log_expit, logit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import ArrayLike

__all__ = ["expit", "log_expit", "log_softmax", "logit", "logsumexp", "softmax", "softplus"]


def softmax(x: "ArrayLike", axis: "int | str | Sequence[int | str] | None" = None) -> "Any":
    """fa.softmax, by default over all elements."""
    return fa.softmax(x, axis=axis)


def log_softmax(x: "ArrayLike", axis: "int | str | Sequence[int | str] | None" = None) -> "Any":
    """fa.log_softmax, by default over all elements."""
    return fa.log_softmax(x, axis=axis)


def logsumexp(
    a: "ArrayLike",
    axis: "int | str | Sequence[int | str] | None" = None,
    b: "ArrayLike | None" = None,
    keepdims: bool = False,
    return_sign: bool = False,
) -> "Any":
    """fa.logsumexp, by default of all elements."""
    return fa.logsumexp(a, axis=axis, b=b, keepdims=keepdims, return_sign=return_sign)


def softplus(x: "ArrayLike", **kwargs: "Any") -> "Any":
    """fa.softplus with a beta of 1; the keywords are those of ufuncs."""
    return fa.softplus(x, 1.0, **kwargs)
