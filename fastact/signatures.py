"""How the public callables introduce themselves: name, signature, docstring."""

import inspect

from fastact.docs import reduces_rows
from fastact.options import OPTIONS
from fastact.rowkeywords import DEFAULTS


def introduce(made, qualname, signature, document):
    """Make an object look like a function of the package; `signature()` and `document()`: later."""
    made.__module__ = "fastact"
    made.__name__ = qualname.rpartition(".")[2]
    made.__qualname__ = qualname
    made._introduction = {"__signature__": signature, "__doc__": document}


def signature(entry, operation, further):
    """Of an elementwise or row-wise operation; `further`: keywords that few calls give."""
    kinds = inspect.Parameter
    of_output = operation == "backward_from_output"
    found = [kinds("y" if of_output else "x", kinds.POSITIONAL_OR_KEYWORD)]
    required = any(p.default is None for p in entry.parameters)
    if "backward" in operation:
        # dy=1 can be left out before a required parameter given by name; a signature cannot say so.
        default = kinds.empty if operation == "backward" or of_output or required else 1
        found.append(kinds("dy", kinds.POSITIONAL_OR_KEYWORD, default=default))
    if entry.kind == "rowwise":
        found.append(kinds("axis", kinds.POSITIONAL_OR_KEYWORD, default=-1))
        if reduces_rows(entry):
            found.append(kinds("keepdims", kinds.KEYWORD_ONLY, default=False))
    for p in entry.parameters:
        default = kinds.empty if p.default is None else p.default
        kind = kinds.KEYWORD_ONLY if entry.kind == "rowwise" else kinds.POSITIONAL_OR_KEYWORD
        found.append(kinds(p.name, kind, default=default))
    if entry.name in OPTIONS:
        option = OPTIONS[entry.name]
        found.append(kinds(option.name, kinds.KEYWORD_ONLY, default=option.default))
    if operation == "parameter_backward":
        return inspect.Signature(found)
    found.append(kinds("out", kinds.KEYWORD_ONLY, default=None))
    found.append(kinds("where", kinds.KEYWORD_ONLY, default=entry.kind == "elementwise" or None))
    found += [kinds(name, kinds.KEYWORD_ONLY, default=DEFAULTS[name]) for name in further]
    if entry.kind == "elementwise":
        found.append(kinds("kwargs", kinds.VAR_KEYWORD))
    return inspect.Signature(found)
