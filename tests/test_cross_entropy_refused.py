"""What softmax_cross_entropy does not take, and what it says of it."""

import numpy as np
import pytest
from loss_checks import Losses

import fastact as fa

NAN = np.nan
X, LABELS = np.zeros((2, 3), "f"), np.array([0, 2])
REFUSED = {
    "bool labels": (TypeError, "not bool", (X, [True, False]), {}),
    "complex logits": (TypeError, "does not take logits of complex", (X * 1j, LABELS), {}),
    "long labels": (TypeError, "labels of", (X, X.astype("g")), {}),
    "masked": (TypeError, "masked", (np.ma.masked_array(X, X > 0), LABELS), {}),
    "shape": (ValueError, r"must be \(2,\)", (X, [0, 1, 2]), {}),
    "one-hot integers": (ValueError, "to floating", (X, np.eye(3, dtype=int)[:2]), {}),
    "shape of probabilities": (ValueError, "probabilities", (X, [0.5, 0.5]), {}),
    "axis": (np.exceptions.AxisError, "no axis 2", (X, LABELS), {"axis": 2}),
    "axis of no integer": (TypeError, "axis", (X, LABELS), {"axis": None}),
    "number": (np.exceptions.AxisError, "no axis", (1.0, 0), {}),
    "smoothing": (ValueError, "label_smoothing", (X, LABELS), {"label_smoothing": 1.5}),
    "smoothing of NaN": (ValueError, "label_smoothing", (X, LABELS), {"label_smoothing": NAN}),
    "smoothing that is a text": (ValueError, "number", (X, LABELS), {"label_smoothing": "0.5"}),
    "complex smoothing": (ValueError, "number", (X, LABELS), {"label_smoothing": np.complex64(1)}),
    "weights": (ValueError, r"must be \(3,\)", (X, LABELS), {"weight": [1, 2]}),
    "reduction": (ValueError, "'mean', 'sum', 'none'", (X, LABELS), {"reduction": "avg"}),
    "ignored": (TypeError, "ignore_index", (X, LABELS), {"ignore_index": 1.0}),
    "ignored rows of probabilities": (ValueError, "ignore_index", (X, X), {"ignore_index": 1}),
    "ignored and huge": (ValueError, r"2\*\*53", (X, LABELS), {"ignore_index": 2**60}),
    "out of another shape": (ValueError, "shape", (X, LABELS), {"out": np.zeros(2)}),
    "out that is a list": (TypeError, "out=", (X, LABELS), {"out": [0.0]}),
    "unknown": (TypeError, "has no keyword 'smoothing'", (X, LABELS), {"smoothing": 0}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    error, message, arguments, keywords = REFUSED[name]
    with pytest.raises(error, match=message):
        fa.softmax_cross_entropy(*arguments, **keywords)
    if "out" not in keywords:
        with pytest.raises(error, match=message):
            fa.softmax_cross_entropy.forward_backward(*arguments, **keywords)


def test_refused_gradients_and_outputs(variant):
    losses = Losses("softmax_cross_entropy", variant)
    with pytest.raises(ValueError, match="reduction='mean'"):
        losses.backward(X, LABELS, [1.0, 2.0])
    with pytest.raises(ValueError, match=r"the losses have \(2,\)"):
        losses.backward(X, LABELS, [1.0, 2.0, 3.0], reduction="none")
    frozen = X.copy()
    frozen.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        losses.backward(X, LABELS, out=frozen)
    with pytest.raises(TypeError, match="same_kind"):
        losses.backward(X, LABELS, out=np.zeros(X.shape, int))
    with pytest.raises(TypeError, match="tuple of two"):
        losses.forward_backward(X, LABELS, out=frozen)


def test_wrong_counts_of_arguments_are_told_by_the_public_name():
    for loss in (fa.softmax_cross_entropy, fa.binary_cross_entropy_with_logits):
        for operation in (loss, loss.backward, loss.forward_backward):
            name = operation.__qualname__
            with pytest.raises(TypeError, match=rf"^{name}\(\) missing 1 required"):
                operation(X)
            with pytest.raises(TypeError, match=rf"^{name} takes \d positional.*logits.*6 were"):
                operation(X, LABELS, 1, 1, 1, 1)
