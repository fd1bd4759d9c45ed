"""binary_cross_entropy_with_logits as an object: an elementwise operation, written or summed."""

import numpy as np

from fastact.engine import _engine
from fastact.engine.silence import silently
from fastact.losses.operation import (
    LossOperation,
    attached,
    loss_dtype,
    overlaps_elsewhere,
    writable,
)
from fastact.parameter_gradient import BLOCK, blocks, elsewhere, part
from fastact.shapes import broadcasts

__all__ = ["binary"]

#: Names, defaults and number of outputs, as for an elementwise activation.
INPUTS = {
    "forward": (("logits", "targets", "pos_weight", "weight"), (None, None, 1.0, 1.0), 1),
    "backward": (
        ("logits", "dy", "targets", "pos_weight", "weight"),
        (None, None, None, 1.0, 1.0),
        1,
    ),
    "forward_backward": (
        ("logits", "dy", "targets", "pos_weight", "weight"),
        (None, None, None, 1.0, 1.0),
        2,
    ),
}


class BinaryOperation(LossOperation):
    """An operation of binary_cross_entropy_with_logits."""

    def __init__(self, entry, home=None, ufunc_maker=None):
        super().__init__(entry, home)
        names, defaults, nout = INPUTS[self.operation]
        make = ufunc_maker(entry, self.operation, names, nout)
        self.kernel = _engine.Operation(entry.name, self.operation, names, defaults, nout, make)
        self.kernel.__qualname__ = f"{entry.name}.{self.operation}"

    def ufunc_of(self, backend):
        """The NumPy ufunc of a backend by name: an element's loss, before it is reduced."""
        return self.kernel.ufunc_of(backend)

    def run(self, logits, targets, dy, weight, pos_weight, reduction, out):
        self.check_reduction(reduction)
        weights = [1.0 if w is None else w for w in (pos_weight, weight)]  # None as in PyTorch
        given = (logits, targets, dy, *weights)
        if not all(type(a) in (np.ndarray, int, float) for a in given):
            logits, targets, dy, *weights = map(one_array, given)
            if any(elsewhere(a) for a in (logits, targets, dy, *weights)):
                return self.lazily(logits, targets, dy, weights, reduction, out)
        x = self.array("logits", logits)
        dtype = loss_dtype(x)
        others = [
            self.spread(name, value, x)
            for name, value in zip(
                ("targets", "pos_weight", "weight"), (targets, *weights), strict=True
            )
        ]
        factor, dy = self.gradients(dy, reduction, x.shape)
        if reduction == "mean":
            factor = factor / x.size if x.size else 0.0
        wants_value, wants_dx = self.operation != "backward", self.operation != "forward"

        given_loss, given_dx = self.outputs(out)
        self.check_output(given_loss, x.shape if reduction == "none" else (), dtype)
        self.check_output(given_dx, x.shape, dtype)
        inputs = [x, np.asarray(factor) if dy is None else dy, *others]
        if not wants_dx:
            del inputs[1]
        results = []
        if wants_value:
            results.append(self.output(given_loss, x, dtype) if reduction == "none" else None)
        if wants_dx:
            results.append(self.output(given_dx, x, dtype))
        if len(results) == 2 and results[0] is not None and np.may_share_memory(*results):
            results[0] = np.empty_like(x, dtype)
        for result in results if out is not None else ():
            # What is written over must be the same element of the input, or not be read again.
            inputs = [
                a.copy() if result is not None and overlaps_elsewhere(a, result) else a
                for a in inputs
            ]
        total = self.compute(dtype, inputs, results)
        return self.finished(results, total, x.size, reduction, dtype, given_loss, given_dx)

    def spread(self, name, value, x):
        array = self.array(name, value)
        if array.ndim:
            self.check_broadcasts(name, array.shape, x.shape)
        return array

    def check_broadcasts(self, name, given, shape):
        if not broadcasts(given, shape):
            raise ValueError(
                f"{self.__qualname__}: {name} has shape {given}, which does not broadcast to that "
                f"of the logits, {shape}"
            )

    def output(self, given, x, dtype):
        return given if given is not None and writable(given, dtype) else np.empty_like(x, dtype)

    def compute(self, dtype, inputs, results):
        """Fill the results; the sum of the losses where there is None for them."""
        ufunc = self.kernel.ufunc
        wide = np.dtype("f" if dtype.char == "e" else dtype)
        flat = [a.reshape(1) if a.ndim == 0 else a for a in inputs[:1]]
        # Numbers of the loop's own dtype are read as they are.
        flat += [silently(a.astype, wide) if a.ndim == 0 else a for a in inputs[1:]]
        outputs = [a if a is None or a.ndim else a.reshape(1) for a in results]
        total = _engine.element_loss(ufunc, dtype.char, tuple(flat), tuple(outputs))
        return self.by_blocks(ufunc, wide, flat, outputs) if total is None else total

    def by_blocks(self, ufunc, dtype, inputs, outputs):
        """The same for a backend of Python formulas."""
        shape = inputs[0].shape
        whole = ((slice(None),) * len(shape), shape)
        sums = []
        with np.errstate(all="ignore"):
            for place, block in blocks(shape) if inputs[0].size > BLOCK else [whole]:
                parts = [part(a, place) for a in inputs]
                out = [np.empty(block, dtype) if o is None else part(o, place) for o in outputs]
                ufunc(*parts, out=tuple(out), dtype=dtype, casting="same_kind")
                if outputs[0] is None:
                    sums.append(float(np.sum(out[0], dtype=np.float64)))
            return float(np.sum(sums))

    def finished(self, results, total, size, reduction, dtype, given_loss, given_dx):
        values = []
        given = (given_loss, given_dx)[self.operation == "backward" :]
        for result, target in zip(results, given, strict=False):
            if result is None:
                mean = reduction == "mean"
                total = silently(np.divide, total, size) if mean else np.float64(total)
                result = silently(np.asarray(total).astype, dtype)
            if target is not None and target is not result:
                silently(np.copyto, target, result, "same_kind")
            values.append(result[()] if target is None else target)
        return values[0] if len(values) == 1 else tuple(values)

    def lazily(self, x, targets, dy, weights, reduction, out):
        """Arrays of other libraries, such as Dask's: by their own ufuncs and sums."""
        if out is not None:
            raise TypeError(f"{self.__qualname__}: out= is for NumPy arrays")
        names = ("logits", "targets", "pos_weight", "weight")
        arrays = zip(names, (x, targets, *weights), strict=True)
        inputs = [a if elsewhere(a) else self.array(name, a) for name, a in arrays]
        for name, a in zip(names, inputs, strict=True):
            self.check_dtype(name, a.dtype)
        dtype = loss_dtype(inputs[0])
        if not elsewhere(dy):
            dy = self.array("dy", dy)
        if type(inputs[0]).__module__.startswith("dask") and not np.isnan(inputs[0].size):
            wanted = inputs[0].shape  # of a table or a labelled array shapes say little
            for name, a in zip(names[1:], inputs[1:], strict=True):
                self.check_broadcasts(name, a.shape, wanted)
            self.check_reduced(dy, reduction)
            self.check_broadcasts("dy", dy.shape, wanted)
        with np.errstate(all="ignore"):
            inputs = [a.astype(dtype) for a in inputs]
            dy = float(dy) if np.ndim(dy) == 0 and not elsewhere(dy) else dy.astype(dtype)
        count = inputs[0].size if reduction == "mean" else 1
        results = []
        if self.operation != "backward":
            loss = self.forward_kernel(*inputs)
            results.append(loss if reduction == "none" else reduced(loss, reduction))
        if self.operation != "forward":
            results.append(self.backward_kernel(inputs[0], dy / count, *inputs[1:]))
        return results[0] if len(results) == 1 else tuple(results)


def one_array(given):
    """As an array of NumPy's what has no dtype of NumPy's, or no mean: a table, a pandas.Index."""
    single = isinstance(getattr(given, "dtype", None), np.dtype) and hasattr(given, "mean")
    return given if single or not elsewhere(given) else np.asarray(given)


def reduced(loss, reduction):
    """The mean or sum; pandas and xarray would leave NaNs out."""
    library = (type(loss).__module__ or "").partition(".")[0]
    options = {"skipna": False} if library in ("pandas", "xarray") else {}
    return getattr(loss, reduction)(**options)


class Forward(BinaryOperation):
    operation = "forward"

    def __call__(
        self,
        logits,
        targets,
        *surplus,
        weight=1,
        pos_weight=1,
        reduction="mean",
        out=None,
        **unknown,
    ):
        self.check_arguments(surplus, unknown)
        return self.run(logits, targets, 1.0, weight, pos_weight, reduction, out)


class Backward(BinaryOperation):
    operation = "backward"

    def __call__(
        self,
        logits,
        targets,
        dy=1,
        *surplus,
        weight=1,
        pos_weight=1,
        reduction="mean",
        out=None,
        **unknown,
    ):
        self.check_arguments(surplus, unknown)
        return self.run(logits, targets, dy, weight, pos_weight, reduction, out)


class ForwardBackward(Backward):
    operation = "forward_backward"


def binary(entry, ufunc_maker):
    main = attached(entry, Forward, Backward, ForwardBackward, ufunc_maker=ufunc_maker)
    for made in (main, main.backward, main.forward_backward):
        made.forward_kernel, made.backward_kernel = main.kernel, main.backward.kernel
    return main
