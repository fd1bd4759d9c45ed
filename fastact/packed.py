"""Gated units of one array that holds the gates and the values along an axis."""

import operator

import numpy as np

from fastact.engine.introduction import Introducing
from fastact.shapes import broadcasts

LAYOUTS = ("gate_first", "value_first", "interleaved")


class Packed(Introducing):
    """A gated unit of one array; `backward` and `forward_backward` as its operations."""

    def __init__(self, unit, option, operation="forward"):
        self.unit = unit
        self.option = option
        self.operation = operation
        if operation == "forward":
            self.backward = Packed(unit, option, "backward")
            self.forward_backward = Packed(unit, option, "forward_backward")

    def __repr__(self):
        return f"<fastact {self.__qualname__}>"

    def __reduce__(self):
        if self.operation == "forward":
            return getattr, (self.unit, "packed")
        return getattr, (self.unit.packed, self.operation)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __call__(self, x, *arguments, layout=None, out=None, **options):
        takes_dy = self.operation != "forward"
        names = ("x", "dy", "axis") if takes_dy else ("x", "axis")
        given = dict(zip(names, (x, *arguments), strict=False))
        if len(arguments) >= len(names):
            raise TypeError(
                f"{self.__qualname__} takes {len(names)} positional arguments "
                f"({', '.join(names)}), {1 + len(arguments)} were given; layout= and out= can only "
                "be given by keyword"
            )
        for name in ("dy", "axis"):
            if name in options and name in names:
                if name in given:
                    raise TypeError(f"{self.__qualname__} got {name} twice")
                given[name] = options.pop(name)
        unknown = options.keys() - ({self.option.name} if self.option else set())
        if unknown:
            raise TypeError(f"{self.__qualname__} has no keyword {min(unknown)!r}")
        if self.operation == "backward" and "dy" not in given:
            raise TypeError(f"{self.__qualname__} needs dy")
        self.check_layout(layout)
        x = self.array("x", x)
        axis = self.checked_axis(x, given.get("axis", -1))
        halves = self.halves(x, axis, layout)
        if not takes_dy:
            return self.unit(*halves, out=out, **options)
        dy = given.get("dy", 1)
        dy = dy if type(dy) in (int, float) else self.array("dy", dy)
        return self.gradients(x, dy, halves, axis, layout, out, options)

    def gradients(self, x, dy, halves, axis, layout, out, options):
        outputs = out if isinstance(out, tuple) else (out,)
        count = 1 if self.operation == "backward" else 2
        if out is None:
            outputs = (None,) * count
        if len(outputs) != count or not all(isinstance(a, np.ndarray | None) for a in outputs):
            wanted = "an array" if count == 1 else "a tuple of two arrays (or None), y and dx"
            raise TypeError(f"{self.__qualname__}: out must be {wanted}")
        dx = outputs[-1]
        shape = halves[0].shape
        if not broadcasts(np.shape(dy), shape):
            raise ValueError(
                f"{self.__qualname__}: dy has shape {np.shape(dy)}; it must broadcast against the "
                f"output's, {shape}"
            )
        if dx is None:
            dx = np.empty_like(x, dtype=self.dtype_of(x, dy), subok=False)
        elif dx.shape != x.shape:
            raise ValueError(
                f"{self.__qualname__}: out for dx has shape {dx.shape}, x has {x.shape}; they must "
                "be the same"
            )
        parts = self.halves(dx, axis, layout)
        if self.operation == "backward":
            self.unit.backward(*halves, dy, out=parts, **options)
            return dx
        y, _, _ = self.unit.forward_backward(*halves, dy, out=(outputs[0], *parts), **options)
        return y, dx

    def array(self, name, given):
        if isinstance(given, np.ma.MaskedArray) or (
            hasattr(given, "__array_ufunc__") and not isinstance(given, np.ndarray | np.generic)
        ):
            kind = type(given)
            raise TypeError(
                f"{self.__qualname__}: {name} is a {kind.__module__}.{kind.__qualname__}, a packed "
                f"array must be NumPy's; give the halves to {self.unit.__name__}(gate, value)"
            )
        return np.asarray(given)

    def checked_axis(self, x, axis):
        try:
            axis = operator.index(axis)
        except TypeError:
            raise TypeError(
                f"{self.__qualname__}: axis must be an integer, not {type(axis).__name__}"
            ) from None
        if not -x.ndim <= axis < x.ndim:
            there = f"there are {-x.ndim} to {x.ndim - 1}" if x.ndim else "a number has none"
            raise np.exceptions.AxisError(
                f"{self.__qualname__}: x of shape {x.shape} has no axis {axis}; {there}"
            )
        if x.shape[axis] % 2:
            raise ValueError(
                f"{self.__qualname__}: x has {x.shape[axis]} elements along axis {axis}; gates and "
                "values need an even number"
            )
        return axis % x.ndim

    def check_layout(self, layout):
        if not isinstance(layout, str) or layout not in LAYOUTS:
            choices = ", ".join(map(repr, LAYOUTS))
            if layout is None:
                raise TypeError(f"{self.__qualname__} needs layout=, one of {choices}")
            raise ValueError(
                f"{self.__qualname__}: layout must be one of {choices}, not {layout!r}"
            )

    def halves(self, x, axis, layout):
        """Views of the gates and of the values."""
        before = (slice(None),) * axis
        if layout == "interleaved":
            return x[(*before, slice(0, None, 2))], x[(*before, slice(1, None, 2))]
        middle = x.shape[axis] // 2
        parts = x[(*before, slice(middle))], x[(*before, slice(middle, None))]
        return parts if layout == "gate_first" else parts[::-1]

    def dtype_of(self, x, dy):
        """The dtype of the results; what the engine does not take is its error."""
        empty = dy if np.ndim(dy) == 0 else np.empty(0, dy.dtype)
        return self.unit.gate_gradient(np.empty(0, x.dtype), np.empty(0, x.dtype), empty).dtype
