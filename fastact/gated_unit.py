"""Gated units as objects: what a call, backward, forward_backward and the packed form do."""

import inspect
from functools import partial

from fastact import gated_docs
from fastact.engine import _engine
from fastact.options import OPTIONS
from fastact.packed import Packed
from fastact.signatures import introduce

#: Inputs, their defaults and the number of outputs of each operation.
OPERATIONS = {
    "forward": (("gate", "value"), (None, None), 1),
    "backward": (("gate", "value", "dy"), (None, None, None), 2),
    "forward_backward": (("gate", "value", "dy"), (None, None, 1.0), 3),
    "gate_gradient": (("gate", "value", "dy"), (None, None, 1.0), 1),
}


def gated(entry, ufunc_maker):
    """The catalogue's gated unit as a callable with its operations attached."""
    main = None
    made = {}
    for operation, (names, defaults, nout) in OPERATIONS.items():
        kind = _engine.Operation if made else _engine.Gated
        home = (main, operation) if made else None
        make = ufunc_maker(entry, operation, names, nout)
        made[operation] = kind(entry.name, operation, names, defaults, nout, make, home)
        main = made["forward"]
        qualname = entry.name if operation == "forward" else f"{entry.name}.{operation}"
        document = partial(gated_docs.gated, entry, operation)
        introduce(made[operation], qualname, partial(signature, entry, operation), document)
    packed = Packed(main, OPTIONS.get(entry.name))
    for one in (packed, packed.backward, packed.forward_backward):
        qualname = f"{entry.name}.packed" + ("" if one is packed else f".{one.operation}")
        about = entry, one.operation
        document = partial(gated_docs.packed, *about)
        introduce(one, qualname, partial(packed_signature, *about), document)
    main.attach(made["backward"], made["forward_backward"], made["gate_gradient"], packed)
    return main


def parameter(name, default=inspect.Parameter.empty, kind=inspect.Parameter.POSITIONAL_OR_KEYWORD):
    return inspect.Parameter(name, kind, default=default)


def keyword(name, default=inspect.Parameter.empty):
    return parameter(name, default, inspect.Parameter.KEYWORD_ONLY)


def option_of(entry):
    option = OPTIONS.get(entry.name)
    return [keyword(option.name, option.default)] if option else []


def signature(entry, operation):
    names, defaults, _ = OPERATIONS[operation]
    inputs = [
        parameter(name) if default is None else parameter(name, 1)
        for name, default in zip(names, defaults, strict=True)
    ]
    rest = inspect.Parameter("kwargs", inspect.Parameter.VAR_KEYWORD)
    return inspect.Signature(
        [*inputs, *option_of(entry), keyword("out", None), keyword("where", True), rest]
    )


def packed_signature(entry, operation):
    inputs = [parameter("x"), *packed_dy(operation), parameter("axis", -1)]
    return inspect.Signature([*inputs, keyword("layout"), *option_of(entry), keyword("out", None)])


def packed_dy(operation):
    if operation == "forward":
        return []
    return [parameter("dy") if operation == "backward" else parameter("dy", 1)]
