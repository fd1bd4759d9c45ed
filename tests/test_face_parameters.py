"""How parameters reach a formula: by position, name or default, as scalars and arrays, on every
path through the engine."""

import math

import numpy as np
import pytest
from layouts import LAYOUTS_2D
from operations import OPERATIONS, TRAINABLE, VARIANTS, WITH_PARAMETERS, Operations
from oracle import Double, evaluate
from ulp import assert_same_bits

import fastact as fa
from fastact import dispatch
from fastact.activations import CATALOGUE

TWO = [name for name in WITH_PARAMETERS if len(CATALOGUE[name].parameters) == 2]
REQUIRED = {"prelu": ["weight"], "threshold": ["threshold", "value"]}
SMALL, LARGE = (5, 7), (150, 130)  # on the face's short way; driven by the engine's own loop


def numbers(shape, dtype, seed=0):
    return (np.random.default_rng(seed).standard_normal(shape) * 3).astype(dtype)


def spread_parameters(shape, dtype):
    """Two arrays of different numbers, the first below the second."""
    low = np.linspace(-1.5, -0.25, math.prod(shape)).astype(dtype).reshape(shape)
    return low, (-low[::-1] + 0.5).astype(dtype)


def one_by_one(operations, operation, x, dy, parameters):
    """Small contiguous pieces with whole arrays of parameters: NumPy's ufunc at its plainest."""
    inputs = [np.asarray(a, x.dtype) for a in (x, dy, *parameters)]
    arrays = [np.array(np.broadcast_to(a, x.shape)).ravel() for a in inputs]
    pieces = [
        operations.run(operation, *(np.array(a[i : i + 100]) for a in arrays))
        for i in range(0, x.size, 100)
    ]
    return [np.concatenate(parts).reshape(x.shape) for parts in zip(*pieces, strict=True)]


def test_there_is_something_to_test():
    assert set(TWO) >= {"hard_sigmoid_affine", "hard_tanh", "threshold", "shrink"}
    assert set(TRAINABLE) == {"prelu", "elu", "celu", "swish", "softplus"}
    required = {
        name: names
        for name in WITH_PARAMETERS
        if (names := [p.name for p in CATALOGUE[name].parameters if p.default is None])
    }
    assert required == REQUIRED


@pytest.mark.parametrize("name", TWO)
def test_two_parameters_are_what_the_definition_means(name, variant, dtype):
    """Above all: neither is taken for the other."""
    x = numbers(SMALL, dtype)
    parameters = (0.25, 0.75) if name != "hard_tanh" else (-0.25, 0.75)
    operations = Operations(name, variant)
    for operation, part in (("forward", "value"), ("derivative", "slope")):
        (result,) = operations.run(operation, x, None, *parameters)
        exact = evaluate(name, part, x, parameters, Double)
        np.testing.assert_allclose(result.astype("d"), exact, rtol=2e-3, atol=2e-3)
    value, swapped = (evaluate(name, "value", x, p, Double) for p in (parameters, parameters[::-1]))
    assert not np.allclose(value, swapped)


@pytest.mark.parametrize("shape", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("name", [*TWO, "prelu"])
def test_layouts_and_shapes_of_parameters(name, shape, variant, dtype):
    operations = Operations(name, variant)
    count = len(CATALOGUE[name].parameters)
    x, dy = numbers(shape, dtype), numbers(shape, dtype, 1)
    whole = spread_parameters(shape, dtype)
    columns = [p[:, :1] for p in whole]
    row = [p[0] for p in whole]
    scalars = [p[0, 0] for p in whole]
    python = [float(p) for p in scalars]
    mixed = [whole[0], python[1]]
    cases = [whole, columns, row, scalars, python, mixed, [np.array(p) for p in scalars]]
    for operation in OPERATIONS:
        for case in cases:
            parameters = case[:count]
            expected = one_by_one(operations, operation, x, dy, parameters)
            for layout, lay_out in LAYOUTS_2D.items():
                laid = [lay_out(p) if np.shape(p) == shape else p for p in parameters]
                results = operations.run(operation, lay_out(x), dy, *laid)
                for result, right in zip(results, expected, strict=True):
                    assert_same_bits(result, right, f"{operations} {operation} {layout}")
                if variant != VARIANTS[-1] and shape == LARGE:
                    break  # the layouts are the engine's: one variant in all of them will do


@pytest.mark.parametrize("shape", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("name", TWO)
def test_two_parameters_in_place_and_for_integers(name, shape, variant):
    operations = Operations(name, variant)
    for dtype in ("f", "d", "e"):
        x, dy = numbers(shape, dtype), numbers(shape, dtype, 1)
        parameters = spread_parameters(shape, dtype)
        for case in (parameters, [float(p[0, 0]) for p in parameters]):
            for operation in OPERATIONS:
                expected = operations.run(operation, x, dy, *case)
                into = (x.copy(), dy.copy())[: len(expected)]
                results = operations.run(operation, into[0], into[-1], *case, out=into)
                if operation == "backward":
                    expected = operations.run(operation, x, x, *case)
                for result, given, right in zip(results, into, expected, strict=True):
                    assert result is given
                    assert_same_bits(result, right, f"{operations} {operation} in place")
    whole = np.arange(-40, 40, dtype=np.int8).repeat(math.prod(shape) // 80 + 1)
    for case in ((0.25, 0.75), (np.int16(1), np.float32(2)), (np.full(whole.shape, 1), 2)):
        (result,) = operations.run("forward", whole, None, *case)
        (expected,) = operations.run("forward", whole.astype("d"), None, *case)
        assert result.dtype == np.float64
        assert_same_bits(result, expected, f"{operations} of int8")


def test_python_scalars_keep_the_dtype_and_change_the_result(variant, dtype):
    x = np.array([-2.0, 0.5, 2.0], dtype)
    operations = Operations("hard_tanh", variant)
    for low, high in ((-1, 1), (-0.0, 1.5), (0.0, 1.5), (-0.0, 1.5), (-1, 10**400 // 10**399)):
        result = operations.forward(x, low, high)
        assert result.dtype == dtype
        assert result.tolist() == [low, 0.5, min(2.0, high)]
        assert math.copysign(1, result[0]) == math.copysign(1, low)
    assert operations.forward(x, max_val=0.25).tolist() == [-1, 0.25, 0.25]
    assert operations.forward(x, max_val=0.25, min_val=0).tolist() == [0, 0.25, 0.25]
    assert operations.forward(x, np.float64(0.1)).dtype == np.float64


@pytest.mark.parametrize("name", REQUIRED)
def test_what_is_missing_is_named(name):
    face, names = getattr(fa, name), REQUIRED[name]
    x = np.ones(3)
    for method, inputs in (
        (face, [x]),
        (face.derivative, [x]),
        (face.backward, [x, x]),
        (face.forward_backward, [x, x]),
    ):
        with pytest.raises(TypeError, match=f"^{method.__qualname__} needs {' and '.join(names)}$"):
            method(*inputs)
        with pytest.raises(TypeError, match=f"needs x and {names[0]}"):
            method(**dict.fromkeys(names[1:], 0.5), **({"dy": x} if len(inputs) > 1 else {}))
        method(*inputs, *[0.5] * len(names))
        method(*inputs, **dict.fromkeys(names, 0.5))
    _, dx = face.forward_backward(x, **dict.fromkeys(names, 0.5))  # dy is 1
    assert_same_bits(dx, face.derivative(x, *[0.5] * len(names)), name)


@pytest.mark.parametrize("name", ["gelu", "prelu", "shrink", "softplus"])
def test_unknown_keywords_list_those_there_are(name):
    face = getattr(fa, name)
    known = [*(p.name for p in CATALOGUE[name].parameters), "out", "where"]
    known += {"gelu": ["approximate"], "prelu": ["axis"]}.get(name, [])
    for method in (face, face.backward, face.forward_backward, face.derivative):
        with pytest.raises(TypeError, match=f"^{method.__qualname__} has no keyword 'slop'") as e:
            method(np.ones(3), slop=1)
        assert set(known) <= set(str(e.value).replace(",", "").split())
        with pytest.raises(TypeError, match="only be given by keyword"):
            method(*[np.ones(3)] * 5)


@pytest.mark.parametrize("missing", [("cython",), ("cython", "numba"), dispatch.BACKENDS])
def test_auto_passes_by_a_backend_that_does_not_cover_a_name(missing, monkeypatch, capsys):
    class Table:
        def __init__(self, name):
            self.real = real(name)
            self.name = name

        def covers(self, activation):
            known = activation != "tanh" or self.name not in missing
            return known and self.real.covers(activation)

        def loop(self, *arguments):
            return self.real.loop(*arguments)

    real = dispatch.table
    monkeypatch.setattr(dispatch, "table", Table)
    with fa.use_backend("auto"):
        config = fa.show_config(mode="dict")["selected"]
        why = config["tanh"]["why"]
        assert all(f"{name} does not cover tanh" in why for name in missing)
        assert config["sigmoid"]["why"] == "auto: the first choice"
        fa.show_config()
        assert why in capsys.readouterr().out
        if len(missing) < 3:
            served = dispatch.BACKENDS[len(missing)]
            assert fa.get_backend("tanh") == config["tanh"]["backend"] == served
            assert fa.tanh(0.0) == 0
        else:
            assert config["tanh"]["backend"] is None
            with pytest.raises(NotImplementedError, match="no backend serves tanh"):
                fa.tanh(2.0)
    with fa.use_backend("cython"), pytest.raises(NotImplementedError, match=r"cython.*cover tanh"):
        fa.tanh(2.0)
