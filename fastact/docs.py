"""Docstrings of the public callables, out of the catalogue."""

from fastact.options import OPTIONS
from fastact.rowkeywords import documentation
from fastact.shown import example

NUMBERS = "bool and integer (computed as float64), float16 (in float32), float32, float64"

EXPONENTIALS = """\
Computed in units of the row's largest element, so that nothing overflows, and without a rounded
difference from it, so that no digits are lost."""


def docstring(entry, operation, further=()):
    """A numpydoc docstring for one operation of an entry; `further`: keywords of row-wise ones."""
    if entry.kind == "elementwise":
        return elementwise(entry, operation)
    return rowwise(entry, operation, further)


def heading(entry, operation):
    name, value, slope = entry.name, f"    y = {entry.formula}", f"y' = {entry.slope}"
    gradient = (
        f"    dx = dy * y',  {slope}" if entry.kind == "elementwise" else f"    dx = {entry.slope}"
    )
    trained = "".join(
        f"    d{p.name} = sum(dy * g),  g = {p.slope}" for p in entry.parameters if p.trainable
    )
    return {
        "forward": f"{entry.summary}\n\n{value}",
        "derivative": f"The slope of {name} at x.\n\n    {slope}",
        "backward": f"The gradient of {name}, from its input.\n\n{gradient}",
        "forward_backward": f"The value of {name} and its gradient, in one pass over memory.\n\n"
        f"{value}\n{gradient}",
        "parameter_backward": f"The gradient of {name} in its parameter.\n\n{trained}",
        "backward_from_output": f"The gradient of {name}, from its value.\n\n"
        f"    dx = {entry.output_gradient}",
    }[operation]


def elementwise(entry, operation):
    parameters = "".join(
        f"{p.name} : array_like{'' if p.default is None else f', default {p.default:g}'}\n"
        f"    {p.doc[0].upper()}{p.doc[1:]}; broadcasts against x.\n"
        for p in entry.parameters
    )
    if entry.name in OPTIONS:
        option = OPTIONS[entry.name]
        parameters += f"{option.name} : {option.type}, default {option.default!r}\n"
        parameters += f"    {option.doc} Keyword-only.\n"
    dy = ""
    if "backward" in operation:
        default = "" if operation.startswith("backward") else ", default 1"
        first = "y" if operation == "backward_from_output" else "x"
        dy = f"dy : array_like{default}\n    Gradient of the output; broadcasts against {first}.\n"
    trained = "".join(p.name for p in entry.parameters if p.trainable)
    returns = {
        "parameter_backward": f"d{trained} : ndarray or scalar\n    Has the shape of {trained}; "
        "summed in float64.",
        "forward": f"y : ndarray or scalar\n    In {entry.range}.",
        "derivative": "slope : ndarray or scalar",
        "backward": "dx : ndarray or scalar",
        "backward_from_output": "dx : ndarray or scalar",
        "forward_backward": "y, dx : ndarray or scalar",
    }[operation]
    ufunc_keywords = (
        f"{output(operation)} Keyword-only.\n"
        "where, dtype, casting, order, subok\n    As for any NumPy ufunc.\n"
    )
    if operation == "parameter_backward":
        ufunc_keywords = ""
    return f"""{heading(entry, operation)}

Parameters
----------
{first_input(entry, operation)}{dy}{parameters}{ufunc_keywords}
Returns
-------
{returns}

Raises
------
TypeError
    For complex, longdouble, object and string input, and for unknown keywords.

{see_also(entry, operation)}Notes
-----
{loss(entry, operation)}{entry.limits}
{undefined(entry)}Subnormal numbers are kept; no floating point warning is raised, but
for those of NumPy where it casts to a narrower `dtype` or `out`.
Source: {entry.source}.

Examples
--------
{shown(entry, operation)}
"""


def undefined(entry):
    return "A parameter that is NaN gives NaN.\n" if entry.parameters else ""


def first_input(entry, operation):
    if operation == "backward_from_output":
        return f"y : array_like\n    What {entry.name} gave; any shape; {NUMBERS}.\n"
    return f"x : array_like\n    Any shape; {NUMBERS}.\n"


def loss(entry, operation):
    if operation != "backward_from_output":
        return ""
    return (
        f"For when x is no longer there. What it loses: {entry.output_loss}.\n"
        f"Where digits matter, use `backward`, from x.\n"
    )


def see_also(entry, operation):
    """With the value: what else there is of the same function."""
    if operation != "forward":
        return ""
    others = {"backward": "The gradient.", "forward_backward": "Value and gradient in one pass."}
    if entry.kind == "elementwise":
        others["derivative"] = "The slope."
    if any(p.trainable for p in entry.parameters):
        others["parameter_backward"] = "The gradient of the parameter."
    if entry.output_gradient:
        others["backward_from_output"] = "The gradient, from the value."
    lines = "\n".join(f"{entry.name}.{name} : {what}" for name, what in others.items())
    return f"See Also\n--------\n{lines}\n\n"


def reduces_rows(entry):
    return entry.name in ("logsumexp", "logmeanexp")


def output(operation):
    """The beginning of what is said of out=."""
    first = "y" if operation == "backward_from_output" else "x"
    kind = "tuple of ndarray" if operation == "forward_backward" else "ndarray"
    return f"out : {kind}, optional\n    Where to write; may be {first} itself."


def rowwise(entry, operation, further):
    reduces = reduces_rows(entry)
    dy, first = "", "y" if operation == "backward_from_output" else "x"
    if "backward" in operation:
        default = ", default 1" if operation == "forward_backward" else ""
        shape = "one per row" if reduces else f"broadcasts against {first}"
        dy = f"dy : array_like{default}\n    Gradient of the output; {shape}.\n"
    keepdims = (
        "keepdims : bool, default False\n    Keep the axes summed over, with length one.\n"
        if reduces
        else ""
    )
    parameters = "".join(
        f"{p.name} : float, default {p.default:g}\n"
        f"    {p.doc[0].upper()}{p.doc[1:]}. Keyword-only.\n"
        for p in entry.parameters
    )
    value = f"y : ndarray or scalar\n    Values in {entry.range}."
    gradient = f"dx : ndarray or scalar\n    Of the shape of {first}."
    returns = {"forward": value, "forward_backward": f"{value}\n{gradient}"}.get(
        operation, gradient
    )
    return f"""{heading(entry, operation)}

{entry.computed or EXPONENTIALS}

Parameters
----------
{first_input(entry, operation)}{dy}axis : int, tuple of int or None, default -1
    The axis or axes that a row runs along; None: all of them.
{keepdims}{parameters}{output(operation)} Keyword-only.
where : array_like of bool, optional
    Broadcasts against {first}; elements where it is False count as absent.
{documentation(further)}
Returns
-------
{returns}

Raises
------
TypeError
    For complex, longdouble, object and string input, and for unknown keywords.
numpy.exceptions.AxisError
    If an axis is out of range.
{errors(entry, further)}
{see_also(entry, operation)}Notes
-----
{loss(entry, operation)}{entry.limits}
The bits do not depend on the axis, the memory layout or the number of threads.
Source: {entry.source}.

Examples
--------
{shown(entry, operation)}
"""


def errors(entry, further):
    text = "".join(f"ValueError\n    If {p.name} is out of range.\n" for p in entry.parameters)
    if "temperature" in further:
        text += "ValueError\n    If the temperature is not above 0, or has no reciprocal.\n"
    if "lengths" in further:
        text += "IndexError\n    If a length is below 0 or above that of a row.\n"
    return text


def shown(entry, operation):
    function = entry.name if operation == "forward" else f"{entry.name}.{operation}"
    takes_dy = "backward" in operation and not (  # 1 unless it is given
        operation == "forward_backward" and entry.kind == "elementwise"
    )
    first = "[0.25, 0.5, 0.25]" if operation == "backward_from_output" else "[-1.0, 0.0, 2.0]"
    dy = "" if not takes_dy else ", 2.0" if reduces_rows(entry) else ", [1.0, 2.0, 3.0]"
    required = "".join(f", {p.name}=0.25" for p in entry.parameters if p.default is None)
    results = ("y", "dx") if operation == "forward_backward" else ("y",)
    return example(function, f"{first}{dy}{required}", results)
