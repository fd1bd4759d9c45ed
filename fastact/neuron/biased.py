"""Activations of x + bias: the ufuncs behind `bias_act`, made of the backends' own loops."""

from collections.abc import Hashable
from functools import cache
from typing import NamedTuple

import numpy as np

from fastact import dispatch
from fastact.activation import ACTIVATIONS, PARALLEL_FROM
from fastact.activations import CATALOGUE
from fastact.engine import _engine
from fastact.options import OPTIONS
from fastact.own import service
from fastact.own.registry import DEFINITIONS

OUTPUTS = {"forward": 1, "backward": 1, "forward_backward": 2}


class Activation(NamedTuple):
    """An activation by name, with the values of its parameters in their order."""

    name: str
    parameters: tuple = ()

    def call(self, operation, *inputs, out):
        """The operation of `x, bias, ...`."""
        return self.run(biased(self.name, operation), inputs, out)

    def plain(self, operation, *inputs, out):
        """The operation of `x, ...`, without a bias."""
        face = ACTIVATIONS.get(self.name) or DEFINITIONS[self.name].face
        face = face if operation == "forward" else getattr(face, operation)
        return self.run(face, inputs, out)

    def run(self, function, inputs, out):
        if out is None:
            return function(*inputs, *self.parameters)
        return function(*inputs, *self.parameters, out=out)


def chosen(function, activation, parameters):
    """The Activation that a name, or an activation of fastact's, and keywords stand for."""
    if not parameters and isinstance(activation, str) and activation in _usual:
        return _usual[activation]
    made = _chosen(function, activation, parameters)
    if not parameters and isinstance(activation, str):
        _usual[activation] = made
    return made


_usual: dict[str, Activation] = {}  # names -> what they stand for alone: small calls ask often


def _chosen(function, activation, parameters):
    name = getattr(activation, "activation", activation)
    face = ACTIVATIONS.get(name) if isinstance(name, str) else None
    if isinstance(activation, _engine.Elementwise) and name in DEFINITIONS:
        face = activation
    if not isinstance(face, _engine.Elementwise) or (
        name is not activation and face is not activation
    ):
        known = [other for other, entry in CATALOGUE.items() if entry.kind == "elementwise"]
        raise ValueError(
            f"{function}: activation must be one of {', '.join(known)}, or such a function of "
            f"fastact, not {activation!r}"
        )
    name, given = face.activation, dict(parameters)
    option = OPTIONS.get(name)
    if option is not None and option.choices and option.name in given:
        value = given.pop(option.name)
        if not isinstance(value, Hashable) or value not in option.choices:
            raise ValueError(
                f"{function}: {option.name} must be one of "
                f"{', '.join(map(repr, option.choices))}, not {value!r}"
            )
        name = option.choices[value]
    expected = entry_of(name).parameters
    unknown = given.keys() - {p.name for p in expected}
    if unknown:
        there = ", ".join(p.name for p in expected) or "none"
        raise TypeError(
            f"{function}: {name} has no parameter {min(unknown)!r}; its parameters: {there}"
        )
    missing = [p.name for p in expected if p.default is None and p.name not in given]
    if missing:
        raise TypeError(f"{function}: {name} needs {' and '.join(missing)}, as a keyword")
    return Activation(name, tuple(given.get(p.name, p.default) for p in expected))


def entry_of(name):
    """Of the catalogue, or of an activation by `fa.define`."""
    return CATALOGUE[name] if name in CATALOGUE else DEFINITIONS[name].entry


@cache
def biased(name, operation):
    """The operation of an activation of x + bias: `x, bias[, dy], *parameters`."""
    entry = entry_of(name)
    parameters = tuple(p.name for p in entry.parameters)
    inputs = ("x", "bias") if operation == "forward" else ("x", "bias", "dy")
    names = (*inputs, *parameters)
    nout = OUTPUTS[operation]

    def make(backend):
        table = dispatch.table(backend)

        def resolve(dtype):
            if name in CATALOGUE:
                loop = table.loop(name, operation, dtype)
            else:
                loop = service.loop(name, operation, backend, dtype)
            if not isinstance(loop, int):
                return biased_formula(loop)
            strict = bool(getattr(table, "strict", False))
            code, data = _engine.biased_loop(loop, len(names) - 1, nout, dtype)
            return code, strict, data

        suffix = backend.replace("-", "_")
        title = f"fastact_biased_{name}_{operation}__{suffix}"
        parallel = PARALLEL_FROM[entry.cost]
        return _engine.new_ufunc(title, title, len(names), nout, parallel, resolve)

    found = _engine.Operation(name, operation, names, (None,) * len(names), nout, make)
    found.__qualname__ = found.__name__ = f"{name} of x + bias, {operation}"
    return found


def biased_formula(loop):
    """A formula of NumPy's backend, or a ufunc with constants bound to it, of x + bias."""
    function, *more = loop if isinstance(loop, tuple) else (loop,)
    if not isinstance(function, np.ufunc):

        def of_sum(x, bias, *rest):
            with np.errstate(all="ignore"):
                total = x + bias
                function(total, *rest)
            if "keep_nan" in more:
                np.copyto(rest[-1], total, where=np.isnan(total))

        return of_sum

    def ufunc_of_sum(x, bias, *rest):
        *inputs, out = rest
        with np.errstate(all="ignore"):
            np.add(x, bias, out=out)
            function(out, *inputs, *(out.dtype.type(c) for c in more), out=out)

    return ufunc_of_sum
