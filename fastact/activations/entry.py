"""What an entry of the catalogue says.

Named tuples here and wherever an import comes by: a dataclass takes several times as long to make.
"""

from sys import float_info
from typing import NamedTuple


class Parameter(NamedTuple):
    """An input besides x; `default` is None where it must be given."""

    name: str
    default: float | None
    doc: str
    trainable: bool = False  # has a gradient of its own: parameter_backward
    slope: str = ""  # the derivative with respect to it, if it is trainable
    least: float = 0.0  # of a whole row's parameter: the range that it must be in
    most: float = float_info.max


class Entry(NamedTuple):
    """What is to be known of an activation apart from how to compute it."""

    name: str
    kind: str  # "elementwise", "rowwise", "loss" or "gated"
    formula: str
    slope: str  # the derivative, in words or as a formula
    summary: str
    range: str
    limits: str  # at NaN, infinities and kinks
    source: str
    parameters: tuple[Parameter, ...] = ()
    aliases: tuple[str, ...] = ()
    cost: str = "heavy"  # "light": memory-bound, more elements before a thread pays
    output_gradient: str = ""  # dx by the value y, where backward_from_output is there
    output_loss: str = ""  # what it loses
    textbook: bool = False  # drawn in the picture of the textbook's functions
    computed: str = ""  # how, where it is not as its family: a paragraph of the docstring
