"""The functions that a formula may use and still be compiled: NumPy's, and the activations.

Any other ufunc is a word, too, but one that no backend knows.
"""

import sys

import numpy as np

from fastact import ufuncs
from fastact.activations import CATALOGUE

#: Results that are true or false.
TRUTHS = frozenset(
    (
        *("less", "less_equal", "greater", "greater_equal", "equal", "not_equal"),
        *("logical_and", "logical_or", "logical_not"),
        *("isnan", "isinf", "isfinite", "signbit"),
    )
)

NUMPY = (
    *("add", "subtract", "multiply", "divide", "power", "negative", "positive", "absolute"),
    *("sqrt", "square", "reciprocal", "cbrt", "sign", "copysign", "maximum", "minimum"),
    *("floor", "ceil", "trunc", "rint", "hypot", "arctan2", "logaddexp"),
    *("exp", "exp2", "expm1", "log", "log2", "log10", "log1p"),
    *("sin", "cos", "tan", "arcsin", "arccos", "arctan"),
    *("sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh"),
    *sorted(TRUTHS),
)
WORDS = {getattr(np, name): name for name in NUMPY} | {
    np.fabs: "absolute",
    np.float_power: "power",
    np.bitwise_and: "bitwise_and",
    np.bitwise_or: "bitwise_or",
    np.invert: "invert",
}
#: Of truth values, which is all that floats leave them.
LOGICAL = {"bitwise_and": "logical_and", "bitwise_or": "logical_or", "invert": "logical_not"}
#: SciPy's, by name, since this does not import it.
SCIPY = {
    "erf": "erf",
    "erfc": "erfc",
    "expit": "sigmoid.forward",
    "log_expit": "log_sigmoid.forward",
}
#: A ufunc of an activation of one's own -> what it makes of expressions.
OWN_UFUNCS: dict = {}


def apply(made, ufunc, given):
    """The ufunc of `given`, an expression or a tuple of them; `made(word, *given)` makes one."""
    own = OWN_UFUNCS.get(ufunc)
    if own is not None:
        return own(*given)
    name = ufunc.__name__
    if vars(ufuncs).get(name) is ufunc:
        return activation(made, name, given)
    known = WORDS.get(ufunc)
    if known is None and getattr(sys.modules.get("scipy.special"), name, None) is ufunc:
        known = SCIPY.get(name)
    return made(known or f"the ufunc {name}", *given)


def activation(made, ufunc_name, given):
    """An activation of the catalogue: one word for its value, one for its slope."""
    name = ufunc_name.partition("__")[0].removeprefix("fastact_")
    operation = "forward"
    for other in ("forward_backward", "backward", "derivative"):
        if name.endswith(f"_{other}"):
            name, operation = name.removesuffix(f"_{other}"), other
            break
    if name not in CATALOGUE or CATALOGUE[name].kind != "elementwise":
        return made(f"the ufunc {name}", *given)
    if operation in ("forward", "derivative"):
        return made(f"{name}.{operation}", *given)
    x, dy, *parameters = given
    dx = made("multiply", dy, made(f"{name}.derivative", x, *parameters))
    return dx if operation == "backward" else (made(f"{name}.forward", x, *parameters), dx)


def where(made, condition, chosen, otherwise):
    return made("where", condition, chosen, otherwise)


def clip(made, a, a_min=None, a_max=None):
    above = a if a_min is None else made("maximum", a, a_min)
    return above if a_max is None else made("minimum", above, a_max)


def full_like(made, a, fill_value):
    return made("where", True, fill_value, made("positive", a))  # no `positive` of integers


def filled(number):
    return lambda made, a: full_like(made, a, number)


#: NumPy's functions that are no ufuncs.
FUNCTIONS = {
    np.where: where,
    np.clip: clip,
    np.zeros_like: filled(0.0),
    np.ones_like: filled(1.0),
    np.full_like: full_like,
}
