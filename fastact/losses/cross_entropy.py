"""softmax_cross_entropy as an object: what its labels are, which backend, and its operations."""

import math
import operator

import numpy as np

from fastact import dispatch
from fastact.engine import _engine
from fastact.engine.numbers import real_number
from fastact.losses.blocks import by_blocks
from fastact.losses.operation import (
    LossOperation,
    attached,
    loss_dtype,
    overlaps_elsewhere,
    writable,
)

__all__ = ["cross_entropy"]

#: Integers that a float64 holds, in which the engine reads labels.
LARGEST_LABEL = 2**53


class CrossEntropyOperation(LossOperation):
    """An operation of softmax_cross_entropy."""

    def __init__(self, entry, home=None):
        super().__init__(entry, home)
        self.loops = {}

    def backend(self):
        name = _engine.get_selection().backend_of(self.activation)
        found = self.loops.get(name)
        if found is None:
            found = self.loops.setdefault(name, self.make(dispatch.table(name)))
        return found

    def make(self, table):
        if hasattr(table, "loss_formula"):
            return by_blocks(table.loss_formula(self.activation))
        return _engine.RowLoops(lambda dtype: (table.row_loops(dtype), table.strict))

    def run(self, logits, labels, dy, axis, smoothing, ignored, weight, reduction, out):
        self.check_reduction(reduction)
        x, labels = self.array("logits", logits), self.array("labels", labels)
        axis = self.axis(axis, x)
        shape, n = x.shape[:axis] + x.shape[axis + 1 :], x.shape[axis]
        dtype = loss_dtype(x)
        classes = self.are_classes(labels, x, shape)
        smoothing = self.smoothing(smoothing)
        weights = self.weights(weight, n)
        ignored = self.ignored(ignored, classes)
        factor, dy = self.gradients(dy, reduction, shape)
        wants_loss, wants_dx = self.operation != "backward", self.operation != "forward"

        given_loss, given_dx = self.outputs(out)
        self.check_output(given_loss, shape if reduction == "none" else (), dtype)
        self.check_output(given_dx, x.shape, dtype)
        if given_dx is not None:
            labels, dy, weights = (
                a.copy() if a is not None and np.may_share_memory(a, given_dx) else a
                for a in (labels, dy, weights)
            )
            if overlaps_elsewhere(x, given_dx):
                x = x.copy()
        dx = None
        if wants_dx:
            usable = given_dx is not None and writable(given_dx, dtype)
            dx = given_dx if usable else np.empty_like(x, dtype)
        loss = np.empty(shape, dtype) if wants_loss and reduction == "none" else None

        is_double = dtype.char == "d"
        call = _engine.CrossEntropy(
            x, labels, axis, is_double, classes, smoothing, ignored, weights
        )
        count = self.count(call, labels, classes, shape, n)
        if reduction == "mean":
            factor = factor / count if count else 0.0
        total = 0.0
        if x.size == 0:
            if loss is not None:
                loss[...] = 0  # of no classes each has its share of nothing
        else:
            backend = self.backend()
            if isinstance(backend, _engine.RowLoops):
                total = call.run(backend, is_double, dy, factor, loss, dx, wants_loss)
            else:
                targets = (labels, classes, smoothing, ignored, weights)
                total = backend(x, axis, targets, dy, factor, loss, dx)
        return self.finished(loss, dx, total, count, reduction, dtype, given_loss, given_dx)

    def finished(self, loss, dx, total, count, reduction, dtype, given_loss, given_dx):
        if dx is not None and given_dx is not None and dx is not given_dx:
            np.copyto(given_dx, dx, casting="same_kind")
        dx = dx if given_dx is None else given_dx
        if self.operation == "backward":
            return dx
        with np.errstate(all="ignore"):
            if reduction == "mean":
                total = np.float64(total) / count
            if loss is None:
                loss = np.asarray(total).astype(dtype)
            if given_loss is not None:
                np.copyto(given_loss, loss, casting="same_kind")
        value = loss[()] if given_loss is None else given_loss
        return value if dx is None else (value, dx)

    def are_classes(self, labels, x, shape):
        """Whether labels are numbers of classes; else they are probabilities."""
        integers = labels.dtype.kind in "iu" or (labels.size == 0 and labels.shape == shape)
        if integers and labels.shape == shape:
            return True
        if labels.dtype.kind == "f" and labels.shape == x.shape:
            return False
        if labels.dtype.kind == "b":
            raise TypeError(
                f"{self.__qualname__}: labels must be integers or floating, not bool: convert with "
                ".astype()"
            )
        if integers:
            raise ValueError(
                f"{self.__qualname__}: integer labels have shape {labels.shape}; for logits of "
                f"shape {x.shape} it must be {shape}, or convert probabilities to floating"
            )
        raise ValueError(
            f"{self.__qualname__}: floating labels are probabilities and have the shape of the "
            f"logits, {x.shape}, not {labels.shape}; convert numbers of classes to integers"
        )

    def smoothing(self, value):
        try:
            number = real_number(value)
        except TypeError:
            number = np.nan
        if not 0 <= number <= 1:
            raise ValueError(
                f"{self.__qualname__}: label_smoothing must be a number from 0 to 1, not {value!r}"
            )
        return number

    def weights(self, weight, n):
        if weight is None:
            return None
        weight = self.array("weight", weight)
        if weight.shape != (n,):
            raise ValueError(
                f"{self.__qualname__}: weight has shape {weight.shape}; one per class, it must be "
                f"({n},)"
            )
        return np.require(weight, np.float64, ["C", "A"]) if n else None

    def ignored(self, index, classes):
        if index is None:
            return None
        if not classes:
            raise ValueError(
                f"{self.__qualname__}: ignore_index is for labels that are numbers of classes; "
                "give the row a dy of 0, or probabilities of 0"
            )
        try:
            index = operator.index("" if isinstance(index, bool | np.ma.MaskedArray) else index)
        except TypeError:
            raise TypeError(
                f"{self.__qualname__}: ignore_index must be an integer or None, not {index!r}"
            ) from None
        if not -LARGEST_LABEL <= index <= LARGEST_LABEL:
            raise ValueError(
                f"{self.__qualname__}: ignore_index must lie within 2**53 of 0, not {index}"
            )
        return index

    def count(self, call, labels, classes, shape, n):
        """What "mean" divides by; an IndexError if a label names no class."""
        if not classes:
            return float(math.prod(shape))
        bad = call.first_bad_label()
        if bad is None:
            return call.count
        position = tuple(int(i) for i in np.unravel_index(bad, labels.shape))
        at = f" at position {position if len(position) > 1 else position[0]}" if position else ""
        there = f"from 0 to {n - 1}" if n else "none, as the logits have no class"
        raise IndexError(
            f"{self.__qualname__}: label {labels[position]}{at} is out of range; labels are {there}"
        )


class Forward(CrossEntropyOperation):
    operation = "forward"

    def __call__(
        self,
        logits,
        labels,
        axis=-1,
        *surplus,
        label_smoothing=0,
        ignore_index=None,
        weight=None,
        reduction="mean",
        out=None,
        **unknown,
    ):
        self.check_arguments(surplus, unknown)
        return self.run(
            logits, labels, 1.0, axis, label_smoothing, ignore_index, weight, reduction, out
        )


class Backward(CrossEntropyOperation):
    operation = "backward"

    def __call__(
        self,
        logits,
        labels,
        dy=1,
        axis=-1,
        *surplus,
        label_smoothing=0,
        ignore_index=None,
        weight=None,
        reduction="mean",
        out=None,
        **unknown,
    ):
        self.check_arguments(surplus, unknown)
        return self.run(
            logits, labels, dy, axis, label_smoothing, ignore_index, weight, reduction, out
        )


class ForwardBackward(Backward):
    operation = "forward_backward"


def cross_entropy(entry, ufunc_maker):
    return attached(entry, Forward, Backward, ForwardBackward)
