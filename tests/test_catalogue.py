"""The catalogue is whole: every backend, the oracle, the README and the docstrings cover it."""

import copy
import doctest
import inspect
import pickle
from pathlib import Path

import numpy as np
import pytest
from operations import (
    ELEMENTWISE,
    GATED,
    LOSSES,
    OPERATIONS,
    ROWWISE,
    VARIANTS,
    WITH_PARAMETERS,
    Operations,
)
from oracle import DEFINITIONS
from row_oracle import REDUCING
from row_oracle import ROWWISE as DEFINED_ROWWISE

import fastact as fa
from fastact.activations import CATALOGUE
from fastact.availability import table
from fastact.cli import markdown_catalogue

TEXTBOOK = [
    "identity",
    "sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "softmax",
    "log_softmax",
    "logsumexp",
]
NAMES = list(CATALOGUE)
# What a loss of two logits is called with, and its first inputs.
LOSS_INPUTS = {
    "softmax_cross_entropy": (np.array([0.25, -1.5]), np.array(1)),
    "binary_cross_entropy_with_logits": (np.array([0.25, -1.5]), np.array([1.0, 0.0])),
}
LOSS_NAMES = {
    "softmax_cross_entropy": ["logits", "labels", "axis"],
    "binary_cross_entropy_with_logits": ["logits", "targets"],
}
PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
README = Path(__file__).parent.parent / "README.md"


def test_the_textbook_functions_are_there():
    assert set(TEXTBOOK) <= set(NAMES)
    assert sorted([*ELEMENTWISE, *ROWWISE, *LOSSES, *GATED]) == sorted(NAMES)


def test_the_oracle_defines_the_catalogue():
    assert set(ELEMENTWISE) <= set(DEFINITIONS)
    assert set(ROWWISE) <= set(DEFINED_ROWWISE)
    for name in ELEMENTWISE:
        count = len(CATALOGUE[name].parameters)
        cases = DEFINITIONS[name].parameter_cases
        assert all(len(case) == count for case in cases)
        assert len(cases) >= 3 or not count
        for parameter, first in zip(CATALOGUE[name].parameters, cases[0], strict=True):
            assert parameter.default in (first, None)


@pytest.mark.parametrize("backend", ["cython", "numba", "numpy", *VARIANTS])
def test_every_backend_covers_the_catalogue(backend):
    if fa.available_backends()[backend] is not None:
        pytest.skip(fa.available_backends()[backend])
    assert [name for name in NAMES if not table(backend).covers(name)] == []
    assert not table(backend).covers("no such activation")


@pytest.mark.parametrize("name", NAMES)
def test_aliases_are_the_same_object(name):
    for alias in CATALOGUE[name].aliases:
        assert getattr(fa, alias) is getattr(fa, name)
        assert alias in fa.__all__
    assert name in fa.__all__


def test_all_public_names_exist():
    assert len(fa.__all__) == len(set(fa.__all__))
    for name in fa.__all__:
        assert getattr(fa, name) is not None


def test_the_readme_has_the_table_that_the_command_prints():
    assert f"\n{markdown_catalogue()}\n" in README.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_docstrings_are_complete(name):
    entry, text = CATALOGUE[name], getattr(fa, name).__doc__
    assert entry.formula in text
    assert entry.source in text
    for heading in ("Parameters", "Returns", "Examples"):
        assert f"\n{heading}\n{'-' * len(heading)}\n" in text, heading
    for parameter in entry.parameters:
        assert f"\n{parameter.name} : " in text
        assert parameter.doc.lower() in text.lower()
    assert ">>> " in text


@pytest.mark.parametrize(
    "name", [n for n in NAMES if CATALOGUE[n].kind in ("elementwise", "rowwise")]
)
def test_docstrings_name_the_other_operations(name):
    face = getattr(fa, name)
    _, _, listed = face.__doc__.partition("See Also\n--------\n")
    named = {line.split(" : ")[0] for line in listed.partition("\n\n")[0].splitlines()}
    there = ("backward", "forward_backward", "derivative", "parameter_backward")
    there = [n for n in (*there, "backward_from_output") if hasattr(face, n)]
    assert named == {f"{name}.{operation}" for operation in there}


@pytest.mark.parametrize("name", [name for name in fa.__all__ if callable(getattr(fa, name))])
def test_docstrings_run(name):
    public = getattr(fa, name)
    text = inspect.getdoc(public)
    assert text, f"fa.{name} has no docstring"
    parser = doctest.DocTestParser()
    test = parser.get_doctest(text, {"fa": fa, "np": np}, f"fa.{name}", None, 0)
    assert test.examples, f"fa.{name} has no example"
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    report = []
    doctest.DocTestRunner(optionflags=options).run(test, out=report.append)
    assert not report, "".join(report)


@pytest.mark.parametrize("name", NAMES)
def test_faces_pickle_by_name(name):
    face = getattr(fa, name)
    assert copy.copy(face) is face
    assert copy.deepcopy(face) is face
    for protocol in PROTOCOLS:
        assert pickle.loads(pickle.dumps(face, protocol)) is face
    for operation in ("backward", "forward_backward", "derivative"):
        if hasattr(face, operation):
            method = getattr(face, operation)
            x = np.array([0.25, -1.5])
            inputs = (x, x if name not in REDUCING else 1.0) if "backward" in operation else (x,)
            inputs += Operations(name, VARIANTS[0]).required + (x,) * (name in GATED)
            if name in LOSSES:
                inputs = LOSS_INPUTS[name]
            again = [pickle.loads(pickle.dumps(method, protocol)) for protocol in PROTOCOLS]
            for copied in (*again, copy.deepcopy(method)):
                for got, expected in zip(copied(*inputs), method(*inputs), strict=True):
                    assert np.array_equal(got, expected, equal_nan=True)


class Recorder:
    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        return ufunc


# A ufunc without __module__ makes pickle look through every module, also deprecated ones.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_bare_ufuncs_pickle(activation, variant):
    operations = Operations(activation, variant)
    for operation in OPERATIONS:
        inputs = (Recorder(), 1.0) if "backward" in operation else (Recorder(),)
        ufunc = getattr(operations, operation)(*inputs)
        again = pickle.loads(pickle.dumps(ufunc))
        assert again is ufunc or again.__name__ == ufunc.__name__
        assert copy.deepcopy(ufunc) is ufunc
        assert activation in ufunc.__name__


@pytest.mark.parametrize("name", NAMES)
def test_faces_introduce_themselves(name):
    face = getattr(fa, name)
    assert face.__name__ == name
    assert name in repr(face)
    assert "fastact" in repr(face)
    assert callable(face)
    signature = inspect.signature(face)
    positional = [p for p in signature.parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    inputs = ["x"] if name in ELEMENTWISE else ["gate", "value"] if name in GATED else ["x", "axis"]
    inputs = LOSS_NAMES.get(name, inputs)
    assert [p.name for p in positional][: len(inputs)] == inputs
    for parameter in CATALOGUE[name].parameters:
        default = inspect.Parameter.empty if parameter.default is None else parameter.default
        assert signature.parameters[parameter.name].default == default
    assert signature.parameters["out"].kind is inspect.Parameter.KEYWORD_ONLY
    for operation in ("backward", "forward_backward"):
        bound = inspect.signature(getattr(face, operation))
        first = [*inputs[:2], "dy"] if name in LOSSES or name in GATED else ["x", "dy"]
        assert list(bound.parameters)[: len(first)] == first


@pytest.mark.parametrize("activation", WITH_PARAMETERS)
def test_parameters_by_position_and_by_name(activation, operation, variant):
    """And their defaults: three ways to the same bits."""
    operations = Operations(activation, variant)
    entries = CATALOGUE[activation].parameters
    values = [
        first if p.default is None else p.default
        for p, first in zip(entries, operations.parameters, strict=True)
    ]
    x = np.linspace(-3, 3, 41, dtype="f")
    by_default = operations.run(operation, x, 1.5)
    by_position = operations.run(operation, x, 1.5, *values)
    by_name = operations.run(
        operation, x, 1.5, **{p.name: value for p, value in zip(entries, values, strict=True)}
    )
    for first, second, third in zip(by_default, by_position, by_name, strict=True):
        assert first.tobytes() == second.tobytes() == third.tobytes()


def test_there_is_more_than_one_variant():
    assert len(VARIANTS) > 1
