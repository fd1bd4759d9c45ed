"""An activation of one's own as it was defined: its formula, and what is read off it."""

import inspect
import itertools
from functools import cached_property
from keyword import iskeyword

import numpy as np

from fastact.activations import NAMES, Entry, Parameter
from fastact.own import blocks, expression
from fastact.own.registry import DEFINITIONS

__all__ = ["Definition"]

_count = itertools.count(2)

#: What a formula is tried on when it is defined.
TRIAL = np.array([-1.75, -0.375, 0.625, 2.5])
KINDS = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
OF_UFUNCS = ("x", "y", "dy", "out", "where", "casting", "order", "dtype", "subok", "signature")
OF_LAYERS = ("axis", "bias", "weights", "activation")  # bias_act and dense take them for their own
TAKEN = frozenset((*OF_UFUNCS, "sig", *OF_LAYERS))
MOST_PARAMETERS = 4  # the engine's loops have six inputs


class Definition:
    """A formula, its slope and its parameters; its `key` is what backends are chosen by."""

    def __init__(self, formula, slope, name):
        for role, function in (("formula", formula), ("slope", slope)):
            if not callable(function) and (role == "formula" or function is not None):
                raise TypeError(
                    f"fa.define: the {role} must be a function, not {type(function).__name__}"
                )
        self.formula, self.slope = formula, slope
        self.face = None  # what `fa.define` returns
        self.module = getattr(formula, "__module__", None) or "__main__"
        self.name = getattr(formula, "__name__", "") if name is None else name
        self.qualname = self.name if name is not None else getattr(formula, "__qualname__", "")
        self.check_name()
        self.parameters = tuple(parameters_of(self.name, formula))
        if slope is not None and [p.name for p in parameters_of(self.name, slope)] != [
            p.name for p in self.parameters
        ]:
            raise TypeError(
                f"fa.define: the slope of {self.name} must take the arguments of its formula, "
                f"{inspect.signature(formula)}, not {inspect.signature(slope)}"
            )
        self.gives_both = False
        self.try_out()
        self.key = f"{self.module}.{self.qualname}"
        if self.key in DEFINITIONS:
            self.key += f" ({next(_count)})"
        DEFINITIONS[self.key] = self

    def check_name(self):
        if not (isinstance(self.name, str) and self.name.isidentifier()) or iskeyword(self.name):
            raise ValueError(
                f"fa.define: {self.name!r} is no name for an activation; give one, "
                'fa.define(..., name="bent")'
            )
        if self.name in NAMES:
            raise ValueError(f"fa.define: fastact has {self.name} already; take another name")

    def try_out(self):
        """Call the formula once on a few numbers, together and one by one."""
        given = [
            np.full(TRIAL.shape, p.default if p.default is not None else 1.0)
            for p in self.parameters
        ]
        inputs = [TRIAL.copy(), *given]
        for array in inputs:
            array.flags.writeable = False
        try:
            with np.errstate(all="ignore"):
                found = self.formula(*inputs)
            self.gives_both = isinstance(found, tuple)
            if self.gives_both and (len(found) != 2 or self.slope is not None):
                raise TypeError(
                    f"{self.name}: the formula must return a value, or a value and a slope; it "
                    f"returned {len(found)} results"
                    + (", and there is a slope besides" if self.slope is not None else "")
                )
            together = self.run(inputs)
            single = [self.run([a[i : i + 1] for a in inputs]) for i in range(len(TRIAL))]
        except Exception as error:
            error.add_note(
                f"This came from fa.define, which tried {self.name} on an array of "
                f"{len(TRIAL)} numbers. A formula works on arrays as NumPy's functions do: "
                "np.where instead of if, np.exp instead of math.exp, no assignment to x."
            )
            raise
        apart = np.concatenate(single, axis=1)
        if not np.allclose(together, apart, rtol=1e-6, atol=1e-12, equal_nan=True):
            raise ValueError(
                f"{self.name}: the formula gives other results for {len(TRIAL)} numbers than for "
                "each of them alone; that of an activation goes element by element"
            )

    def run(self, inputs):
        """Value and slope, the latter 0 if there is none, as rows of an array."""
        results = np.zeros((2, *inputs[0].shape))
        slope = results[1] if self.has_slope else None
        blocks.computed(self, inputs, results[0], slope)
        return results

    @property
    def has_slope(self):
        return self.gives_both or self.slope is not None

    @cached_property
    def entry(self):
        """As those of the catalogue."""
        return Entry(
            name=self.key,
            kind="elementwise",
            formula="",
            slope="",
            summary=f"{self.name}, defined in {self.module}.",
            range="",
            limits="",
            source="",
            parameters=self.parameters,
        )

    @cached_property
    def expressions(self):
        """(value, slope), the slope None if there is none; an `Unreadable` if they are no such."""
        count = 1 + len(self.parameters)
        try:
            found = expression.reads(self.formula, count)
            if self.gives_both:
                value, slope = found
            else:
                value = found
                slope = None if self.slope is None else expression.reads(self.slope, count)
        except Exception as error:  # whatever a formula raises that is given no arrays
            return error
        return value, slope


def parameters_of(name, function):
    """The parameters of a formula, all but its first argument."""
    try:
        arguments = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        raise TypeError(
            f"fa.define: the arguments of {function!r} cannot be read; wrap it in a function"
        ) from None
    if not arguments or any(a.kind not in KINDS for a in arguments):
        raise TypeError(
            f"fa.define: {name}{inspect.signature(function)} must take x, and parameters by "
            "position"
        )
    if len(arguments) > 1 + MOST_PARAMETERS:
        raise TypeError(f"fa.define: {name} may have {MOST_PARAMETERS} parameters at the most")
    for argument in arguments[1:]:
        if argument.name in TAKEN:
            raise TypeError(f"fa.define: {name} cannot have a parameter called {argument.name}")
        default = argument.default
        if default is inspect.Parameter.empty:
            default = None
        elif isinstance(default, bool) or not isinstance(default, int | float | np.number):
            raise TypeError(
                f"fa.define: the default of {argument.name} must be a number, not {default!r}"
            )
        yield Parameter(
            argument.name, default if default is None else float(default), argument.name
        )
