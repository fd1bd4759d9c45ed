"""What all operations of a loss have in common: their names, and how arguments are checked."""

import inspect
import operator
from functools import partial
from types import FunctionType

import numpy as np

from fastact.engine.introduction import Introducing
from fastact.losses.docs import docstring
from fastact.signatures import introduce

REDUCTIONS = ("mean", "sum", "none")


class LossOperation(Introducing):
    """An operation of a loss: forward, backward or forward_backward; callable."""

    operation = ""

    def __init__(self, entry, home=None):
        self.activation = entry.name
        self.home = home  # (owner, attribute) for pickling, or None: fastact.<name>

    def __repr__(self):
        return f"<fastact {self.__qualname__}({', '.join(self.positional())})>"

    def __reduce__(self):
        return self.activation if self.home is None else (getattr, self.home)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def positional(self):
        return [p.name for p in self.__signature__.parameters.values() if p.kind < p.KEYWORD_ONLY]

    def check_arguments(self, surplus, unknown):
        if surplus:
            taken = self.positional()
            raise TypeError(
                f"{self.__qualname__} takes {len(taken)} positional arguments "
                f"({', '.join(taken)}), {len(taken) + len(surplus)} were given"
            )
        if unknown:
            raise TypeError(
                f"{self.__qualname__} has no keyword {next(iter(unknown))!r}; there are "
                f"{', '.join(self.__signature__.parameters)}"
            )

    def check_reduction(self, reduction):
        if not isinstance(reduction, str) or reduction not in REDUCTIONS:
            raise ValueError(
                f"{self.__qualname__}: reduction must be one of {', '.join(map(repr, REDUCTIONS))}"
                f", not {reduction!r}"
            )

    def array(self, name, value):
        """`value` as an array of numbers; its mask must not be forgotten."""
        if type(value) is not np.ndarray and isinstance(value, np.ma.MaskedArray):
            raise TypeError(
                f"{self.__qualname__} does not take masked arrays, as {name} is; leave elements "
                "out by ignore_index= or a weight of 0"
            )
        array = np.asarray(value)
        self.check_dtype(name, array.dtype)
        return array

    def check_dtype(self, name, dtype):
        if dtype.kind not in "biuf" or dtype.itemsize > 8:
            raise TypeError(
                f"{self.__qualname__} does not take {name} of {dtype}; integers, float16, float32 "
                "and float64 are supported: convert with .astype()"
            )

    def check_reduced(self, dy, reduction):
        if reduction != "none" and dy.ndim:
            raise ValueError(
                f"{self.__qualname__}: dy has shape {dy.shape}; the loss is one number by "
                f"reduction={reduction!r}, and so must dy be"
            )

    def gradients(self, dy, reduction, shape):
        """dy as (a number, None), or (1, an array of this shape) where there is one per loss."""
        dy = self.array("dy", dy)
        if dy.ndim == 0:
            return float(dy), None
        self.check_reduced(dy, reduction)
        try:
            return 1.0, np.broadcast_to(dy, shape)
        except ValueError:
            raise ValueError(
                f"{self.__qualname__}: dy has shape {dy.shape}, the losses have {shape}"
            ) from None

    def axis(self, axis, x):
        try:
            axis = operator.index(axis)
        except TypeError:
            raise TypeError(
                f"{self.__qualname__}: axis must be an integer, not {type(axis).__name__}"
            ) from None
        if not -x.ndim <= axis < x.ndim:
            raise np.exceptions.AxisError(
                f"{self.__qualname__}: logits of shape {x.shape} have no axis {axis}"
            )
        return axis % x.ndim

    def outputs(self, out):
        """out= as (loss, gradient), each an array or None."""
        both = self.operation == "forward_backward"
        if out is None:
            return None, None
        if both and (type(out) is not tuple or len(out) != 2):
            raise TypeError(f"{self.__qualname__}: out= must be a tuple of two arrays or None")
        if not both:
            if type(out) is tuple and len(out) != 1:
                raise ValueError(f"{self.__qualname__} has one output, out= has {len(out)}")
            out = out[0] if type(out) is tuple else out
        pair = out if both else (out, None) if self.operation == "forward" else (None, out)
        for array in pair:
            if array is not None and not isinstance(array, np.ndarray):
                raise TypeError(f"{self.__qualname__}: out= must be an array, not {type(array)}")
        return pair

    def check_output(self, given, shape, dtype):
        if given is None:
            return
        if given.shape != shape:
            raise ValueError(
                f"{self.__qualname__}: out= has shape {given.shape}, the result has {shape}"
            )
        if not given.flags.writeable:
            raise ValueError(f"{self.__qualname__}: out= is read-only")
        if not np.can_cast(dtype, given.dtype, "same_kind"):
            raise TypeError(
                f"{self.__qualname__}: cannot cast the result from {dtype!r} to out= of "
                f"{given.dtype!r} by the rule 'same_kind'"
            )


def attached(entry, *kinds, **arguments):
    """One object for each kind of operation, the first with the others attached."""
    main = None
    for kind in kinds:
        made = kind(entry, None if main is None else (main, kind.operation), **arguments)
        if main is None:
            main = made
        else:
            setattr(main, kind.operation, made)
        describe(made, entry)
    return main


def describe(made, entry):
    qualname = entry.name if made.home is None else f"{entry.name}.{made.operation}"
    type(made).__call__ = renamed(type(made).__call__, qualname)
    document = partial(docstring, entry, made.operation)
    introduce(made, qualname, partial(signature, made), document)


def renamed(function, qualname):
    """The same under the name that Python's own errors then tell."""
    code, namespace = function.__code__, function.__globals__
    made = FunctionType(code, namespace, function.__name__, function.__defaults__)
    made.__kwdefaults__, made.__qualname__ = function.__kwdefaults__, qualname
    return made


def signature(made):
    found = inspect.signature(made.__call__)
    rest = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    known = [p for p in found.parameters.values() if p.kind not in rest]
    return found.replace(parameters=known)


def loss_dtype(x):
    """float16, float32 and float64 stay; bool and integers become float64."""
    return np.dtype(x.dtype.char if x.dtype.char in "efd" else "d")


def writable(given, dtype):
    """Whether the engine writes an output of this dtype itself: as row-wise functions do."""
    return given.dtype.char in "fd" or (given.dtype.char == "e" and dtype.char != "d")


def overlaps_elsewhere(array, output):
    """Whether an output lies over an input, and not element over element."""
    same = (
        array.dtype == output.dtype
        and array.shape == output.shape
        and array.strides == output.strides
        and array.__array_interface__["data"] == output.__array_interface__["data"]
    )
    return not same and np.may_share_memory(array, output)
