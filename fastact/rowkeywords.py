"""What the keywords of row-wise functions mean, for docstrings and signatures."""

import functools
import textwrap

__all__ = ["DEFAULTS", "documentation"]

#: Keyword -> its default.
DEFAULTS = {
    "temperature": 1,
    "lengths": None,
    "causal": False,
    "b": None,
    "return_sign": False,
}

DOCUMENTATION = {
    "temperature": (
        "float, default 1",
        "Above 0: x / temperature takes the place of x, not rounded, and the gradient is divided "
        "by it, too.",
    ),
    "lengths": (
        "array_like of int, optional",
        "How many elements of each row are there, one number per row (broadcasts against the "
        "shape of x without `axis`, which must be a single one); those behind are absent as by "
        "`where`, and not read.",
    ),
    "causal": (
        "bool, default False",
        "For x of shape (..., n, m) along the last axis alone: row i has the elements up to "
        "i + m - n, as a query sees no later key. No mask is built, and what is absent is not "
        "read.",
    ),
    "b": (
        "array_like, optional",
        "Weights, of either sign: log(sum(b * exp(x))). Broadcasts against x; where it is 0, x "
        "is absent. float32 is then summed in float64.",
    ),
    "return_sign": (
        "bool, default False",
        "Return the pair (log of the sum's size, sign of the sum: 1, 0 or -1) in place of the "
        "value. Without it a negative sum gives NaN.",
    ),
}


def documentation(names):
    """The entries of a docstring for these keywords."""
    return "".join(described(name) for name in names)


@functools.cache  # wrapped once: the same few keywords stand in every row-wise docstring
def described(name):
    kind, text = DOCUMENTATION[name]
    wrapped = textwrap.fill(text, 96, initial_indent="    ", subsequent_indent="    ")
    return f"{name} : {kind}\n{wrapped}\n"
