"""What is under test: an activation on one backend variant, and the lists every test iterates."""

from functools import cache

import numpy as np
from oracle import DEFINITIONS

import fastact as fa
from fastact.activations import CATALOGUE
from fastact.context import context
from fastact.dispatch import Selection

ELEMENTWISE = [name for name, entry in CATALOGUE.items() if entry.kind == "elementwise"]
ROWWISE = [name for name, entry in CATALOGUE.items() if entry.kind == "rowwise"]
LOSSES = [name for name, entry in CATALOGUE.items() if entry.kind == "loss"]
GATED = [name for name, entry in CATALOGUE.items() if entry.kind == "gated"]
OPERATIONS = ["forward", "backward", "forward_backward", "derivative"]
ROW_OPERATIONS = ["forward", "backward", "forward_backward"]
DTYPES = ["float16", "float32", "float64"]


def required(name):
    return any(parameter.default is None for parameter in CATALOGUE[name].parameters)


def trainable(name):
    return any(parameter.trainable for parameter in CATALOGUE[name].parameters)


TRAINABLE = [name for name in ELEMENTWISE if trainable(name)]
WITH_PARAMETERS = [name for name in ELEMENTWISE if CATALOGUE[name].parameters]


def representatives():
    """One activation for every number of inputs and cost, and one whose parameter must be given:
    they stand for all where layouts, dtypes and threads are tested, which know no formula."""
    found = {}
    for name in ELEMENTWISE:
        entry = CATALOGUE[name]
        found.setdefault((len(entry.parameters), entry.cost), name)
        if required(name):
            found.setdefault("required", name)
    return list(found.values())


REPRESENTATIVES = representatives()


def available_variants():
    """Every backend variant of this machine; ``cython`` and ``auto`` are names for one of them."""
    available = [name for name, reason in fa.available_backends().items() if reason is None]
    return [name for name in available if name not in ("auto", "cython")]


def __getattr__(name):
    """VARIANTS, found when it is asked for: Numba is imported for that."""
    if name != "VARIANTS":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()["VARIANTS"] = available_variants()
    return found


def bounds(variant, dtype):
    """The promised (value, slope) errors in units of the last place."""
    value, slope = {"float16": (1, 1), "float32": (2, 4), "float64": (3, 4)}[np.dtype(dtype).name]
    slack = 1 if variant.startswith("cython") else 2
    return value * slack, slope * slack


@cache
def selection(variant):
    return Selection(variant)


def on(variant):
    """``fa.use_backend(variant)``, whose argument is read once: it is entered for every call here,
    and takes longer than what most of them do. ``test_dispatch.py`` tests it itself."""
    return context(selection=selection(variant))


class Operations:
    """The operations of one activation on one backend variant; the checks are fed with these.

    Where parameters without defaults are left out, the first of the definition's cases are given.
    """

    def __init__(self, activation, variant):
        self.activation, self.variant = activation, variant
        self.face = getattr(fa, activation)
        self.is_elementwise = activation in ELEMENTWISE
        self.names = {p.name for p in CATALOGUE[activation].parameters}
        self.required = self.parameters if required(activation) else ()

    def __repr__(self):
        return f"{self.activation} on {self.variant}"

    @property
    def definition(self):
        return DEFINITIONS[self.activation]

    @property
    def parameters(self):
        """The parameters to test with when one choice is enough."""
        return self.definition.parameter_cases[0] if self.is_elementwise else ()

    def given(self, parameters, keywords):
        return parameters if parameters or self.names & keywords.keys() else self.required

    def forward(self, x, *parameters, **keywords):
        with on(self.variant):
            return self.face(x, *self.given(parameters, keywords), **keywords)

    def backward(self, x, dy, *parameters, **keywords):
        with on(self.variant):
            return self.face.backward(x, dy, *self.given(parameters, keywords), **keywords)

    def forward_backward(self, x, dy, *parameters, **keywords):
        parameters = self.given(parameters, keywords)
        with on(self.variant):
            return self.face.forward_backward(x, dy, *parameters, **keywords)

    def derivative(self, x, *parameters, **keywords):
        with on(self.variant):
            return self.face.derivative(x, *self.given(parameters, keywords), **keywords)

    def parameter_backward(self, x, dy, *parameters):
        """Element by element: parameters of the shape of x are not summed over."""
        spread = [np.full(x.shape, value, x.dtype) for value in parameters or self.parameters]
        with on(self.variant):
            return self.face.parameter_backward(x, dy, *spread)

    def run(self, operation, x, dy, *parameters, **keywords):
        """Any operation with the same arguments; always a tuple of results."""
        inputs = (x, dy) if operation in ("backward", "forward_backward") else (x,)
        results = getattr(self, operation)(*inputs, *parameters, **keywords)
        return results if isinstance(results, tuple) else (results,)


class Faulty(Operations):
    """Operations with some replaced: ``forward=fault`` makes forward ``fault(true forward)``."""

    def __init__(self, operations, **faults):
        super().__init__(operations.activation, operations.variant)
        for name, fault in faults.items():
            setattr(self, name, fault(getattr(operations, name)))
