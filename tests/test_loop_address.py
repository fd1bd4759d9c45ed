"""The compiled loops, called as from C; and the example in Cython."""

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from inputs import mixed_inputs, random_gradients
from operations import ELEMENTWISE, GATED, OPERATIONS
from oracle import DEFINITIONS
from own_activations import bent
from ulp import assert_same_bits

import fastact as fa
from fastact.activation import operation_of

EXAMPLE = Path(__file__).parents[1] / "examples" / "recurrent.pyx"
C_LOOP = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)
HAS_OUTPUT_GRADIENT = [n for n in ELEMENTWISE if hasattr(getattr(fa, n), "backward_from_output")]


def called(operation, dtype, *inputs, rows=1):
    """The results of a loop for rows of equal length; an input of one number has a step of 0."""
    size = inputs[0].size // rows
    outputs = [np.full(inputs[0].size, 77, dtype) for _ in range(operation.nout)]
    arrays = [*inputs, *outputs]
    args = np.array([a.ctypes.data for a in arrays], np.intp)
    steps = [a.itemsize * (a.size > 1) for a in arrays]
    steps += [size * step for step in steps]
    loop = C_LOOP(fa.loop_address(operation, dtype))
    dims, steps = np.array([size, rows], np.intp), np.array(steps, np.intp)
    loop(args.ctypes.data, dims.ctypes.data, steps.ctypes.data, None)
    return outputs


def check(operation, dtype, *inputs):
    with fa.use_backend("cython"):
        expected = operation(*inputs)
    expected = expected if isinstance(expected, tuple) else (expected,)
    for rows in (1, 7):
        found = called(operation, dtype, *inputs, rows=rows)
        for got, right in zip(found, expected, strict=True):
            assert_same_bits(got, right, f"{operation} in {rows} rows")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_every_operation(name, dtype):
    x, dy = mixed_inputs(dtype, 7 * 37, name), random_gradients(dtype, 7 * 37)
    parameters = [np.array(value, dtype) for value in DEFINITIONS[name].parameter_cases[0]]
    for operation in OPERATIONS:
        function = operation_of(getattr(fa, name), operation)
        given = (x, dy) if "backward" in operation else (x,)
        check(function, dtype, *given, *parameters)
        check(function, dtype, *given, *(np.full_like(x, value) for value in parameters))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", GATED)
def test_gated_units(name, dtype):
    gate, value, dy = (random_gradients(dtype, 7 * 37, seed) for seed in range(3))
    unit = getattr(fa, name)
    check(unit, dtype, gate, value)
    check(unit.backward, dtype, gate, value, dy)
    check(unit.forward_backward, dtype, gate, value, dy)


@pytest.mark.parametrize("name", HAS_OUTPUT_GRADIENT)
def test_from_output(name):
    y, dy = np.linspace(0, 1, 21), random_gradients("float64", 21)
    check(getattr(fa, name).backward_from_output, "float64", y, dy)


def test_in_place():
    x = np.linspace(-3, 3, 50)
    expected = fa.gelu(x)
    args = np.array([x.ctypes.data] * 2, np.intp)
    dims, steps = np.array([50, 1], np.intp), np.array([8, 8, 0, 0], np.intp)
    C_LOOP(fa.loop_address(fa.gelu, "f8"))(
        args.ctypes.data, dims.ctypes.data, steps.ctypes.data, None
    )
    assert_same_bits(x, expected, "in place")


NO_LOOP = [
    fa.softmax,
    fa.softmax_cross_entropy,
    fa.binary_cross_entropy_with_logits.backward,
    bent,
    fa.dense,
    fa.swiglu.packed,
    np.tanh,
    3,
]


@pytest.mark.parametrize("other", NO_LOOP)
def test_what_has_no_loop(other):
    with pytest.raises(TypeError, match="has no compiled loop"):
        fa.loop_address(other, "float32")


@pytest.mark.parametrize("dtype", ["float16", "int32", ">f8", "complex128"])
def test_other_dtypes(dtype):
    with pytest.raises(ValueError, match="must be float32 or float64, not"):
        fa.loop_address(fa.relu, dtype)


@pytest.fixture(scope="module")
def recurrent(tmp_path_factory):
    """The example, compiled."""
    pytest.importorskip("Cython")
    folder = tmp_path_factory.mktemp("recurrent")
    shutil.copy(EXAMPLE, folder)
    command = [sys.executable, "-m", "Cython.Build.Cythonize", "-i", "-q", EXAMPLE.name]
    quick = os.environ | {"CFLAGS": "-O1"}
    subprocess.run(command, cwd=folder, env=quick, check=True, capture_output=True, timeout=300)
    (built,) = (path for path in folder.iterdir() if path.suffix in (".so", ".pyd"))
    specification = importlib.util.spec_from_file_location("recurrent", built)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_example_in_cython(recurrent, capsys):
    random = np.random.default_rng(3)
    inputs, weights = random.standard_normal((20, 5)), random.standard_normal((5, 5))
    h, expected = np.zeros(5), []
    for row in inputs:
        h = np.tanh(row + weights @ h)
        expected.append(h)
    np.testing.assert_allclose(recurrent.states(inputs, weights), expected, rtol=1e-9)
    relu = recurrent.states(inputs, weights / 5, fa.relu)
    np.testing.assert_allclose(relu, recurrent.in_python(inputs, weights / 5, fa.relu), rtol=1e-9)
    with pytest.raises(ValueError, match="without parameters"):
        recurrent.states(inputs, weights, fa.elu)
    recurrent.main()
    assert "1,000 steps" in capsys.readouterr().out
