"""Docstrings of gated units, out of the catalogue."""

from fastact.docs import NUMBERS
from fastact.options import OPTIONS
from fastact.shown import example

#: What comes out.
RESULTS = {
    "forward": ("y",),
    "backward": ("dgate", "dvalue"),
    "forward_backward": ("y", "dgate", "dvalue"),
    "gate_gradient": ("dgate",),
}
PACKED_RESULTS = {"forward": ("y",), "backward": ("dx",), "forward_backward": ("y", "dx")}
HEADINGS = {
    "backward": "The gradients of {name}, both in one pass over memory, from its inputs.",
    "forward_backward": "The value of {name} and both gradients, in one pass over memory.",
    "gate_gradient": "The gradient of {name} in its gate alone.",
}


def formulas(entry, operation):
    value, gradients = f"    y = {entry.formula}", entry.slope.split(", dvalue")
    lines = [value] if "forward" in operation else []
    if operation != "forward":
        lines.append(f"    {gradients[0]}")
    if "backward" in operation:
        lines.append(f"    dvalue{gradients[1]}")
    return "\n".join(lines)


def option_of(entry):
    if entry.name not in OPTIONS:
        return ""
    option = OPTIONS[entry.name]
    return f"{option.name} : {option.type}, default {option.default!r}\n    {option.doc}\n"


def dy_of(operation):
    if operation == "forward":
        return ""
    default = "" if operation == "backward" else ", default 1"
    return f"dy : array_like{default}\n    Gradient of the output; broadcasts against it.\n"


def ending(entry):
    return f"""Notes
-----
{entry.limits}
Subnormal numbers are kept; no floating point warning is raised, but
for those of NumPy where it casts to a narrower `dtype` or `out`.
Source: {entry.source}.
"""


def gated(entry, operation):
    """The docstring of an operation of two arrays."""
    heading = HEADINGS.get(operation, entry.summary).format(name=entry.name)
    results = RESULTS[operation]
    out = "ndarray" if len(results) == 1 else "tuple of ndarray"
    function = entry.name if operation == "forward" else f"{entry.name}.{operation}"
    dy = ", [1.0, 1.0]" if operation == "backward" else ""
    return f"""{heading}

{formulas(entry, operation)}

Parameters
----------
gate : array_like
    Any shape; {NUMBERS}.
value : array_like
    As gate; the two broadcast against each other.
{dy_of(operation)}{option_of(entry)}out : {out}, optional
    Where to write; may be an input itself. Keyword-only.
where, dtype, casting, order, subok
    As for any NumPy ufunc.

Returns
-------
{", ".join(results)} : ndarray or scalar
    Of the shape that the inputs broadcast to.

Raises
------
TypeError
    For complex, longdouble, object and string input, and for unknown keywords.

{ending(entry)}
Examples
--------
{example(function, f"[1.0, -2.0], [3.0, 0.5]{dy}", results)}
"""


def packed(entry, operation):
    """The docstring of an operation of one array that holds both."""
    heading = {
        "forward": f"{entry.name} of one array that holds the gates and the values.",
        "backward": f"The gradient of {entry.name}.packed, from its input.",
        "forward_backward": f"The value of {entry.name}.packed and its gradient, in one pass.",
    }[operation]
    results = PACKED_RESULTS[operation]
    half = "axis half as long as x's"
    out = "ndarray" if len(results) == 1 else "tuple of ndarray"
    returns = {
        "forward": f"y : ndarray\n    With an {half}.",
        "backward": "dx : ndarray\n    Of the shape and in the layout of x.",
        "forward_backward": f"y, dx : ndarray\n    y with an {half}, dx in the layout of x.",
    }[operation]
    function = f"{entry.name}.packed" + ("" if operation == "forward" else f".{operation}")
    dy = ", [1.0, 1.0]" if operation == "backward" else ""
    arguments = f'[1.0, -2.0, 3.0, 0.5]{dy}, layout="gate_first"'
    return f"""{heading}

{formulas(entry, operation)}

Works on strided views of x; no half is copied.

Parameters
----------
x : array_like
    With an even number of elements along `axis`; dtypes as for {entry.name}.
{dy_of(operation)}axis : int, default -1
    The axis that the gates and the values share.
layout : {{"gate_first", "value_first", "interleaved"}}
    Must be given, by keyword. "gate_first": the gates, then the values; "value_first": the other
    way round, as in torch.nn.functional.glu; "interleaved": a gate, its value, the next gate.
{option_of(entry)}out : {out}, optional
    Where to write. Keyword-only.

Returns
-------
{returns}

Raises
------
TypeError
    Without a layout; for arrays of other libraries and masked ones: give their halves to
    {entry.name}(gate, value).
ValueError
    For another layout, and for an odd number of elements.
numpy.exceptions.AxisError
    If the axis is out of range.

{ending(entry)}
Examples
--------
{example(function, arguments, results)}
"""
