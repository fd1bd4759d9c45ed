"""Prints fastact/__init__.pyi: the public names with their signatures, for editors and mypy.

    python tools/write_stub.py > fastact/__init__.pyi

The catalogue's functions are made when fastact is imported, so nothing that only reads the source
can see them.
"""

import inspect
import textwrap

import fastact as fa
from fastact.activations import CATALOGUE

TYPES = {"elementwise": "Activation", "rowwise": "Rowwise", "loss": "Loss", "gated": "Gated"}
#: Operations that only some functions have.
FURTHER = ("parameter_backward", "backward_from_output")
ANNOTATIONS = {
    "approximate": 'Literal["none", "tanh"] | bool',
    "axis": "int | str | Sequence[int | str] | None",
    "causal": "bool",
    "eps": "float",
    "ignore_index": "int | None",
    "keepdims": "bool",
    "kwargs": "Any",
    "lengths": "ArrayLike | None",
    "out": "Any",
    "reduction": 'Literal["mean", "sum", "none"]',
    "return_sign": "bool",
    "temperature": "float",
    "prelu.axis": "int | None",
    "softmax_cross_entropy.axis": "int",
    "binary_cross_entropy_with_logits.weight": "ArrayLike | None",
    "binary_cross_entropy_with_logits.pos_weight": "ArrayLike | None",
}

HEAD = '''\
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
'''


def call(function):
    """The signature of a call, with annotations."""
    parts, star = ["self"], False
    for p in inspect.signature(function).parameters.values():
        if p.kind is p.KEYWORD_ONLY and not star:
            parts.append("*")
            star = True
        annotation = ANNOTATIONS.get(p.name, "ArrayLike")
        annotation = ANNOTATIONS.get(f"{function.__name__}.{p.name}", annotation)
        if p.default is None and "None" not in annotation and annotation != "Any":
            annotation += " | None"
        default = "" if p.default is p.empty else f" = {p.default!r}"
        parts.append(f"{'**' * (p.kind is p.VAR_KEYWORD)}{p.name}: {annotation}{default}")
    whole = [part.replace(" ", "\0") for part in parts]  # a line is broken between two of them
    line = f"def\0__call__( {', '.join(whole)} )\0->\0Any:\0..."
    lines = textwrap.wrap(line, 92, break_on_hyphens=False, break_long_words=False)
    text = "\n        ".join(lines).replace("( ", "(").replace(" )", ")")
    return "    " + text.replace("\0", " ")


def stub():
    lines = [HEAD]
    for name, entry in CATALOGUE.items():
        function = getattr(fa, name)
        lines.append(f"class _{name}({TYPES[entry.kind]}, Protocol):\n{call(function)}")
        lines += [
            f"    @property\n    def {further}(self) -> Operation: ..."
            for further in FURTHER
            if hasattr(function, further)
        ]
        lines += [f"{public}: _{name}" for public in (name, *entry.aliases)]
    names = textwrap.fill(", ".join(map(repr, fa.__all__)), 92)
    lines.append(f"__all__ = [\n{textwrap.indent(names, '    ')}\n]".replace("'", '"'))
    return "\n".join(lines)


if __name__ == "__main__":
    print(stub())
