"""The activations within functions that Numba compiles: `fa.gelu(x)` under ``@njit``.

Numba imports this by itself before it compiles anything, by the entry point in pyproject.toml. In
place of a call comes the numba backend's formula, which LLVM inlines into the caller's loop.
"""

import inspect
from functools import cache
from typing import Any

import numba
from numba import types
from numba.core.errors import TypingError
from numba.core.typing.templates import AttributeTemplate, make_overload_template
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)

from fastact.engine import _engine

__all__ = ["register"]

#: Under a caller's fastmath, NaN, infinities and all that corrects a rounding would be lost.
EXACT: dict[str, Any] = {"fastmath": False, "error_model": "numpy"}

#: What becomes of the value and the slope of x.
BODIES = {
    "forward": "point({numbers})[0]",
    "derivative": "point({numbers})[1]",
    "backward": "real(dy) * point({numbers})[1]",
    "forward_backward": "both(point({numbers}), real(dy))",
}


@numba.njit(forceinline=True, **EXACT)
def both(point, dy):
    return point[0], dy * point[1]


class OperationType(types.Function):
    """The type of one operation of an activation; there is nothing to it at run time."""

    def __init__(self, operation):
        self.operation = operation

        def choose(*given, **named):
            return implementation(operation, *given, **named)

        super().__init__(
            # Not strict: the names of the arguments are those of the implementation.
            make_overload_template(operation, choose, EXACT | {"forceinline": True}, False, "never")
        )

    def __reduce__(self):  # into Numba's cache, for a function that is given an activation
        return type_of, (self.operation,)


register_model(OperationType)(models.OpaqueModel)


@cache
def type_of(operation):
    return OperationType(operation)


@typeof_impl.register(_engine.Operation)
def _(operation, context):
    return type_of(operation) if operation.operation in BODIES and "x" in operation.inputs else None


@infer_getattr
class Operations(AttributeTemplate):
    """`fa.gelu.derivative` and its like."""

    key = OperationType

    def generic_resolve(self, kind, name):
        found = getattr(kind.operation, name, None)
        return type_of(found) if getattr(found, "operation", None) in BODIES else None


@lower_getattr_generic(OperationType)
def _(context, builder, kind, value, name):
    return context.get_dummy_value()


@unbox(OperationType)
def _(kind, operation, c):
    return NativeValue(c.context.get_dummy_value())


def implementation(operation, *given, **named):
    """The function to compile for arguments of these types, or None if there is none."""
    try:
        kinds = signature(operation).bind(*given, **named).arguments
    except TypeError as error:
        raise TypingError(f"{operation.__qualname__}: {error}") from None
    elements = {name: element(kind) for name, kind in kinds.items()}
    if not all(map(is_real, elements.values())):
        return None
    if types.float16 in elements.values():
        raise TypingError(f"{operation.__qualname__}: no float16 here; convert it to float32")
    if any(isinstance(kind, types.Array) for kind in kinds.values()):
        if operation.nout > 1:
            raise TypingError(f"{operation.__qualname__} takes numbers here: call it in a loop")
        return on_arrays(operation)
    single = {elements.get("x"), elements.get("dy", types.float32)} == {types.float32}
    return on_numbers(operation, types.float32 if single else types.float64)


def element(kind):
    return kind.dtype if isinstance(kind, types.Array) else kind


def is_real(kind):
    kind = getattr(kind, "value", kind)  # of a default
    return isinstance(kind, types.Float | types.Integer | types.Boolean | float | int)


@cache
def signature(operation):
    """The inputs alone, with their defaults."""
    found = inspect.signature(operation)
    return found.replace(parameters=[found.parameters[name] for name in operation.inputs])


def made(operation, body, names):
    """A function of the operation's inputs; `names` are the others in its body."""
    found = signature(operation)
    function = eval(f"lambda {', '.join(operation.inputs)}: {body}", names)
    defaults = [p.default for p in found.parameters.values() if p.default is not p.empty]
    function.__defaults__ = tuple(defaults)
    function.__name__ = f"fastact_{operation.activation}_{operation.operation}"
    return function


@cache
def on_numbers(operation, real):
    numbers = ", ".join(f"real({name})" for name in operation.inputs if name != "dy")
    body = BODIES[operation.operation].format(numbers=f"({numbers},)")
    return made(operation, body, {"real": real, "both": both, "point": point(operation)})


@cache
def on_arrays(operation):
    """By a universal function of Numba's, which broadcasts."""
    inputs = ", ".join(operation.inputs)
    one = made(operation, f"one({inputs})", {"one": operation})
    return made(operation, f"each({inputs})", {"each": numba.vectorize(one)})


@cache
def point(operation):
    """point((x, *parameters)): value and slope."""
    from fastact.backends.numba_backend.formulas import FORMULAS
    from fastact.backends.numba_backend.intrinsics import of_numbers

    formula = FORMULAS.get(operation.activation) or own_formula(operation)
    return of_numbers(formula, 2)


def own_formula(operation):
    """That of an activation by `fa.define`."""
    from fastact.backends.numba_backend.expressions import expression_formula
    from fastact.own import expression, service
    from fastact.own.registry import DEFINITIONS

    definition = DEFINITIONS[operation.activation]
    reason = service.unreadable(definition)
    if reason is not None:
        raise TypingError(f"{operation.__qualname__}: {reason}")
    try:
        service.require_slope(definition, operation.operation)
    except TypeError as error:
        raise TypingError(str(error)) from None
    value, slope = definition.expressions
    results = value, value if slope is None else slope  # of which only the first is taken
    return expression_formula(expression.ordered(results), results, len(definition.parameters))


def register():
    """What the entry point names; all is done when this module is imported."""
