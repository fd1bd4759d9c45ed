"""Docstrings of the public callables, out of the catalogue."""

NUMBERS = "bool and integer (computed as float64), float16 (in float32), float32, float64"


def docstring(entry, operation):
    """A numpydoc docstring for one operation of an entry."""
    write = elementwise if entry.kind == "elementwise" else rowwise
    return write(entry, operation)


def heading(entry, operation):
    return {
        "forward": f"{entry.summary}\n\n    y = {entry.formula}",
        "derivative": f"The slope of {entry.name} at x.\n\n    y' = {entry.slope}",
        "backward": f"The gradient of {entry.name} from its input: dy times the slope at x.",
        "forward_backward": f"The value of {entry.name} and its gradient, in one pass over memory.",
    }[operation]


def elementwise(entry, operation):
    parameters = "".join(
        f"{p.name} : array_like{'' if p.default is None else f', default {p.default:g}'}\n"
        f"    {p.doc[0].upper()}{p.doc[1:]}; broadcasts against x.\n"
        for p in entry.parameters
    )
    dy = ""
    if "backward" in operation:
        default = ", default 1" if operation == "forward_backward" else ""
        dy = f"dy : array_like{default}\n    Gradient of the output; broadcasts against x.\n"
    returns = {
        "forward": f"y : ndarray or scalar\n    In {entry.range}.",
        "derivative": "slope : ndarray or scalar",
        "backward": "dx : ndarray or scalar",
        "forward_backward": "y, dx : ndarray or scalar",
    }[operation]
    out = "tuple of ndarray" if operation == "forward_backward" else "ndarray"
    return f"""{heading(entry, operation)}

Parameters
----------
x : array_like
    Any shape; {NUMBERS}.
{dy}{parameters}out : {out}, optional
    Where to write; may be x itself. Keyword-only.
where, dtype, casting, order, subok
    As for any NumPy ufunc.

Returns
-------
{returns}

Raises
------
TypeError
    For complex, longdouble, object and string input, and for unknown keywords.

Notes
-----
{entry.limits} Subnormal results are exact; no floating point warning is raised.
Source: {entry.source}.

Examples
--------
{example(entry, operation)}
"""


def rowwise(entry, operation):
    reduces = entry.name == "logsumexp"
    dy = ""
    if "backward" in operation:
        default = ", default 1" if operation == "forward_backward" else ""
        shape = "one per row" if reduces else "broadcasts against x"
        dy = f"dy : array_like{default}\n    Gradient of the output; {shape}.\n"
    keepdims = (
        "keepdims : bool, default False\n    Keep the axes summed over, with length one.\n"
        if reduces
        else ""
    )
    returns = {"forward": "y : ndarray", "backward": "dx : ndarray"}.get(
        operation, "y, dx : ndarray"
    )
    return f"""{heading(entry, operation)}

Computed in units of the row's largest element, so that nothing overflows, and without a rounded
difference from it, so that no digits are lost.

Parameters
----------
x : array_like
    Any shape; {NUMBERS}.
{dy}axis : int, tuple of int or None, default -1
    The axis or axes that a row runs along; None: all of them.
{keepdims}out : ndarray or tuple of ndarray, optional
    Where to write; may be x itself. Keyword-only.
where : array_like of bool, optional
    Broadcasts against x; elements where it is False count as absent.

Returns
-------
{returns}
    Values in {entry.range}.

Raises
------
TypeError
    For complex, longdouble, object and string input, and for unknown keywords.
numpy.exceptions.AxisError
    If an axis is out of range.

Notes
-----
{entry.limits}
The bits do not depend on the axis, the memory layout or the number of threads.
Source: {entry.source}.

Examples
--------
{example(entry, operation)}
"""


def example(entry, operation):
    call = f"fa.{entry.name}" if operation == "forward" else f"fa.{entry.name}.{operation}"
    dy = ", [1.0, 2.0, 3.0]" if operation == "backward" and entry.name != "logsumexp" else ""
    dy = ", 2.0" if operation == "backward" and entry.name == "logsumexp" else dy
    unpack = "y, dx = " if operation == "forward_backward" else "y = "
    return (
        f">>> import fastact as fa\n>>> {unpack}{call}([-1.0, 0.0, 2.0]{dy})\n"
        + (">>> y.shape, dx.shape\n" if "dx" in unpack else ">>> y.shape\n")
        + shapes(entry, operation)
    )


def shapes(entry, operation):
    value = "()" if entry.name == "logsumexp" and operation != "backward" else "(3,)"
    return f"({value}, (3,))" if operation == "forward_backward" else value
