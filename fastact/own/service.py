"""Which backend serves an activation of one's own, and the loops that Numba makes for it."""

from fastact import availability
from fastact.own import blocks, expression
from fastact.own.registry import DEFINITIONS

__all__ = ["choice", "loop", "require_slope"]


def choice(key, general):
    """The backend that serves a definition, or None, and why; `general` is what was asked for."""
    definition = DEFINITIONS[key]
    if general == "numpy":
        return "numpy", "asked for by name"
    reason = availability.missing("numba") or unreadable(definition)
    if reason is None:
        return (
            "numba",
            "asked for by name" if general == "numba" else f"{general}: the first choice",
        )
    if general == "numba":
        return None, f"the numba backend, asked for by name, does not serve {key}: {reason}"
    return "numpy", f"{general}: not numba ({reason})"


def unreadable(definition):
    """Why Numba cannot compile a definition, or None."""
    from fastact.backends.numba_backend import expressions

    found = definition.expressions
    if isinstance(found, Exception):
        return f"the formula cannot be read: {type(found).__name__}: {found}"
    results = [one for one in found if one is not None]
    word = expressions.unknown_word(expression.ordered(results))
    return None if word is None else f"no loop has {word}"


def require_slope(definition, operation):
    if operation != "forward" and not definition.has_slope:
        raise TypeError(
            f"{definition.name} has no {operation}, since it was defined without a slope: "
            f"fa.define(formula, slope=...), or a formula that returns value and slope"
        )


def loop(key, operation, backend, dtype):
    """What a backend's table would give for an activation of the catalogue."""
    definition = DEFINITIONS[key]
    require_slope(definition, operation)
    if backend == "numba":
        return numba_loop(definition, operation, dtype)
    return blocks.formula_of(definition, operation)


def numba_loop(definition, operation, dtype):
    """Address of the loop that Numba compiles."""
    from fastact.backends.numba_backend import expressions

    value, slope = definition.expressions
    results = (value,) if operation == "forward" else (value, slope)
    if operation in ("derivative", "backward"):
        results = (slope,)
    given = {"forward": (value, None), "derivative": (None, slope), "backward": (None, slope)}
    return expressions.expression_loop(
        expression.digest(results),
        expression.ordered(results),
        given.get(operation, (value, slope)),
        len(definition.parameters),
        operation,
        dtype,
    )
