"""How an activation of one's own is pickled: by its name, as a function is, or by its formula.

By name it must be importable where it is loaded. cloudpickle, with which joblib and Dask send what
is defined in a script or a notebook, takes such functions by value instead; this lets it.
"""

import sys
from functools import partial
from operator import attrgetter
from types import FunctionType

from fastact.own import expression
from fastact.own.registry import DEFINITIONS

__all__ = ["make_picklable"]


def make_picklable(definition):
    """Tell pickle, which asks the activation itself, and put its functions where they are found."""
    face = definition.face
    face._formula = named(definition, "_formula", definition.formula)
    face._slope = named(definition, "_slope", definition.slope)
    face.__reduce_ex__ = partial(reduced, definition)


def named(definition, attribute, function):
    """The function as ``bent._formula``, since the activation has taken its name.

    That is what pickle stores of it; and cloudpickle, of a function of ``__main__``, its code.
    """
    if not isinstance(function, FunctionType):
        return function
    code, names = function.__code__, function.__globals__
    made = FunctionType(code, names, None, function.__defaults__, function.__closure__)
    made.__doc__ = function.__doc__
    made.__module__ = definition.module
    made.__qualname__ = f"{definition.qualname}.{attribute}"
    return made


def reduced(definition, protocol):
    """What `pickle` asks an object for."""
    face, by_name = definition.face, found_by_name(definition) is definition.face
    if by_name:
        functions = face._formula, face._slope
        plain = all(f is None or isinstance(f, FunctionType) for f in functions)
        if definition.module != "__main__" or not plain or protocol < 4:  # 4 knows dotted names
            return definition.qualname
    else:
        functions = definition.formula, definition.slope
    return loaded, (*functions, definition.name, definition.module, definition.qualname)


def found_by_name(definition):
    """What stands where the definition says it does, or None."""
    try:
        return attrgetter(definition.qualname)(sys.modules[definition.module])
    except (KeyError, AttributeError):
        return None


def loaded(formula, slope, name, module, qualname):
    """The activation: one that is here already, if it computes the same."""
    from fastact.own.define import defined
    from fastact.own.definition import Definition

    present = list(DEFINITIONS.values())
    for other in present:
        if other.face._formula is formula and other.face._slope is slope:
            return other.face
    made = Definition(formula, slope, name)
    made.module, made.qualname = module, qualname
    computes = fingerprint(made)
    for other in present:
        same_place = (other.module, other.qualname) == (module, qualname)
        if same_place and computes is not None and fingerprint(other) == computes:
            del DEFINITIONS[made.key]
            return other.face
    return defined(made)


def fingerprint(definition):
    """Equal for two definitions that compute the same, or None."""
    if isinstance(definition.expressions, Exception):
        return None
    results = [one for one in definition.expressions if one is not None]
    return expression.digest(results), definition.parameters
