"""Docstrings of the losses, out of the catalogue and what each operation takes."""

from fastact.shown import example

NUMBERS = "bool and integer (computed as float64), float16 (in float32), float32, float64"

CROSS_ENTROPY = {
    "logits": f"Any shape; {NUMBERS}.",
    "labels": "Integers, of the shape of the logits without `axis`: the number of each row's\n"
    "    class; or floating, of the shape of the logits: a probability for every class.",
    "arguments": """axis : int, default -1
    The axis that the classes run along.
label_smoothing : float, default 0
    The share of every label that is spread evenly over all classes, from 0 to 1.
    Keyword-only, as are all below.
ignore_index : int, optional
    Rows with this label have loss 0 and gradient 0, and "mean" does not count them. Within 2**53 of
    0.
weight : array_like, optional
    One per class: what each class counts for. With numbers of classes "mean" divides by the sum
    of the labels' weights, as in PyTorch.
""",
    "shape": "of the logits without `axis`",
    "errors": """IndexError
    If a label is no number of a class; it names the first such label and its position.
ValueError
    If shapes do not go together, or an argument is out of its range.
TypeError
    For complex, longdouble, object, string and masked input, bool labels and unknown keywords.
numpy.exceptions.AxisError
    If an axis is out of range.
""",
    "notes": """q is 1 for the label and 0 elsewhere, or the probabilities; less the share that is
smoothed, plus that over the number of classes; times `weight`. The loss is taken as
log1p(rest / peak) + (top - x), the gradient of a class with more than half of the softmax as
-rest / sum, so that neither cancels: a confident prediction keeps all digits of both, as far as the
other classes' shares are normal numbers of the dtype. Sums are in float64 and do not depend on the
number of threads; no temporary has the size of the logits. The results have the dtype of the
logits.
""",
    "example": "[[2.0, -1.0, 0.5], [0.0, 3.0, -2.0]], [0, 1]",
}

BINARY = {
    "logits": f"Any shape; {NUMBERS}.",
    "second": "targets",
    "labels": "Floating, integers or bool, from 0 to 1; broadcasts to the shape of the logits.",
    "arguments": """weight : array_like, default 1
    What each element counts for; broadcasts to the shape of the logits. Keyword-only, as are all
    below. "mean" divides by the number of elements, whatever they count for.
pos_weight : array_like, default 1
    What a target of 1 counts for, 0 or more; broadcasts to the shape of the logits.
""",
    "shape": "of the shape of the logits",
    "errors": """ValueError
    If a shape does not broadcast to that of the logits, or `reduction` is unknown.
TypeError
    For complex, longdouble, object, string and masked input, and for unknown keywords.
""",
    "notes": """Both terms are made of exp(-abs(x)). For targets of 0 and 1 neither loss nor
gradient cancels; between them the gradient is the difference of its two terms, and as exact as
these: next to its zero it may have no digit right. The results have the dtype of the logits. Sums
are in float64 and do not depend on the number of threads; no temporary has the size of the logits.

As the objective of gradient boosting: the gradient is that of ``reduction="sum"``, the hessian
``fa.sigmoid.derivative(logits)``.
""",
    "example": "[2.0, -1.0, 0.5], [1, 0, 0.5]",
}

DETAILS = {"softmax_cross_entropy": CROSS_ENTROPY, "binary_cross_entropy_with_logits": BINARY}


def docstring(entry, operation):
    """A numpydoc docstring for one operation of a loss."""
    text = DETAILS[entry.name]
    value, gradient = f"    loss = {entry.formula}", f"    dlogits = dy * ({entry.slope})"
    heading = {
        "forward": f"{entry.summary}\n\n{value}",
        "backward": f"The gradient of {entry.name} in its logits.\n\n{gradient}",
        "forward_backward": f"The value of {entry.name} and its gradient in the logits, in one "
        f"pass over memory.\n\n{value}\n{gradient}",
    }[operation]
    dy = ""
    if operation != "forward":
        dy = (
            "dy : array_like, default 1\n    Gradient of the loss: a number, or with "
            'reduction="none" one that\n    broadcasts against the losses.\n'
        )
    loss = (
        f'loss : scalar or ndarray\n    With reduction="none" an array {text["shape"]}; in '
        f"{entry.range}.\n"
    )
    dlogits = "dlogits : ndarray\n    The gradient, of the shape of the logits.\n"
    returns = {"forward": loss, "backward": dlogits}.get(operation, loss + dlogits)
    out = "tuple of ndarray" if operation == "forward_backward" else "ndarray"
    function = entry.name if operation == "forward" else f"{entry.name}.{operation}"
    results = {"forward": ("loss",), "backward": ("dlogits",)}.get(operation, ("loss", "dlogits"))
    into = "" if operation == "forward" else "; a gradient may stand in the logits' own memory"
    return f"""{heading}

Parameters
----------
logits : array_like
    {text["logits"]}
{text.get("second", "labels")} : array_like
    {text["labels"]}
{dy}{text["arguments"]}reduction : {{"mean", "sum", "none"}}, default "mean"
    What becomes of the losses; the gradient is that of the result.
out : {out}, optional
    Where to write{into}.

Returns
-------
{returns}
Raises
------
{text["errors"]}
Notes
-----
{entry.limits}
{text["notes"]}Source: {entry.source}.

Examples
--------
{example(function, text["example"], results)}
"""
