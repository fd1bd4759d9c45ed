"""fastact.compat's other modules against the libraries whose names they have, or formulas."""

import inspect
from collections.abc import Mapping
from importlib import import_module

import numpy as np
import pytest
import scipy.special
from processes import output_of

import fastact as fa
from fastact.compat import (
    jax_nn,
    keras_activations,
    onnx_ops,
    scipy_special,
)

MODULES = (
    "torch_functional",
    "jax_nn",
    "keras_activations",
    "scipy_special",
    "onnx_ops",
    "transformers_activations",
)
X = np.concatenate([np.linspace(-8, 8, 161), [-0.5, 0.5, 1.0, -1.0, 3.0, -3.0, 0.0, 40.0, -40.0]])
ROWS = np.random.default_rng(0).standard_normal((3, 4, 6)) * 4


def close(found, right, tolerance=1e-13):
    np.testing.assert_allclose(found, right, rtol=tolerance, atol=tolerance)


def arguments_of(function):
    """Their names, kinds and defaults, in order."""
    return [(p.name, p.kind, p.default) for p in inspect.signature(function).parameters.values()]


@pytest.mark.parametrize("name", MODULES)
def test_modules_import_no_other_library(name):
    found = output_of(
        f"""
        import sys
        import fastact.compat.{name}
        others = "torch jax keras tensorflow scipy onnx onnxruntime numba".split()
        print([other for other in others if other in sys.modules])
        import fastact
        print("fastact.compat" in sys.modules)
        """
    )
    assert found.split("\n")[0] == "[]"


@pytest.mark.parametrize("name", MODULES)
def test_all_is_complete_and_documented(name):
    module = import_module(f"fastact.compat.{name}")
    assert sorted(module.__all__) == module.__all__
    public = {n: v for n, v in vars(module).items() if n[0] != "_" and n != "MappingProxyType"}
    assert set(module.__all__) == {
        n for n, v in public.items() if callable(v) or isinstance(v, Mapping)
    }
    assert all(public[n].__doc__ for n in module.__all__ if callable(public[n]))


def test_what_is_put_together_here_warns_no_more_than_fastact(dtype):
    info = np.finfo(dtype)
    x = np.array([info.max, -info.max, info.tiny, 1, -1, 0, np.inf, -np.inf, np.nan], dtype)
    with np.errstate(all="raise"):
        for y in (
            onnx_ops.Selu(x),
            keras_activations.relu(x, 3.0, 6.0, float(info.max) / 2),
            jax_nn.standardize(x, where=x == x),
            jax_nn.standardize(x, where=False),
            jax_nn.standardize(x, where=False, algorithm="stable"),
            jax_nn.standardize(x, mean=0.0, algorithm="stable"),
        ):
            assert y.dtype == dtype


@pytest.mark.parametrize("name", ["expit", "logit", "log_expit", "softplus"])
def test_scipy_pointwise(name):
    x = np.linspace(0, 1, 101) if name == "logit" else X
    if not hasattr(scipy.special, name):
        pytest.skip("this SciPy does not have it")
    with np.errstate(all="ignore"):
        close(getattr(scipy_special, name)(x), getattr(scipy.special, name)(x))
    out = np.empty_like(x)
    assert getattr(scipy_special, name)(x, out=out) is out


@pytest.mark.parametrize("axis", [None, 0, -1, (0, 2)])
def test_scipy_rows(axis):
    for name in ("softmax", "log_softmax", "logsumexp"):
        mine, right = getattr(scipy_special, name), getattr(scipy.special, name)
        close(mine(ROWS, axis), right(ROWS, axis))
        close(mine(ROWS), right(ROWS))
        assert arguments_of(mine) == arguments_of(right)
    b = np.where(ROWS > 0, 2.0, -1.0)
    given = {"axis": axis, "b": b, "keepdims": True, "return_sign": True}
    for found, right in zip(
        scipy_special.logsumexp(ROWS, **given), scipy.special.logsumexp(ROWS, **given), strict=True
    ):
        close(found, right, 1e-12)


POINTWISE_JAX = [
    *((name, {}) for name in jax_nn.__all__ if "softmax" not in name and "meanexp" not in name),
    ("elu", {"alpha": 0.5}),
    ("celu", {"alpha": 2.0}),
    ("gelu", {"approximate": False}),
    ("leaky_relu", {"negative_slope": 0.3}),
    ("squareplus", {"b": 1.0}),
    ("standardize", {"axis": 0, "epsilon": 0.1}),
    ("standardize", {"mean": 0.5}),
    ("standardize", {"axis": 1, "variance": 2.0}),
    ("standardize", {"mean": 0.5, "variance": 2.0}),
    ("standardize", {"where": ROWS > -2, "axis": (1, 2)}),
    ("standardize", {"mean": 0.5, "algorithm": "stable"}),
    ("glu", {"axis": 1}),
    ("softmax", {"axis": 0}),
    ("softmax", {"axis": (0, 1), "where": ROWS > -2}),
    ("log_softmax", {"axis": 1}),
    ("logsumexp", {"axis": 1, "keepdims": True, "b": np.abs(ROWS)}),
    ("logsumexp", {"where": ROWS > 0}),
    ("logmeanexp", {}),
    ("logmeanexp", {"axis": (0, 1), "keepdims": True}),
    ("logmeanexp", {"axis": (1, 2), "where": ROWS > -2}),
]


@pytest.mark.parametrize(("name", "arguments"), POINTWISE_JAX)
def test_jax(name, arguments):
    jax = pytest.importorskip("jax")
    x = ROWS.astype("f")
    given = {n: a.astype("f") if np.shape(a) and n == "b" else a for n, a in arguments.items()}
    right = getattr(jax.nn, name)(x, **given)
    found = getattr(jax_nn, name)(x, **given)
    assert found.dtype == np.float32
    close(found, right, 3e-6)


@pytest.mark.parametrize("name", jax_nn.__all__)
def test_jax_defaults(name):
    jax = pytest.importorskip("jax")
    expected = inspect.signature(getattr(jax.nn, name)).parameters
    found = inspect.signature(getattr(jax_nn, name)).parameters
    for parameter in expected.values():
        assert found[parameter.name].default == parameter.default


def keras_relu(x, negative_slope=0.0, max_value=np.inf, threshold=0.0):
    below = negative_slope * (x - threshold)
    return np.where(x >= max_value, max_value, np.where(x > threshold, x, below))


KERAS = {
    "linear": lambda x: x,
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "gelu": lambda x: x * scipy.special.ndtr(x),
    "softplus": lambda x: np.logaddexp(0, x),
    "swish": lambda x: x / (1 + np.exp(-x)),
    "hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "hard_shrink": lambda x: np.where(abs(x) > 0.5, x, 0),
    "soft_shrink": lambda x: np.sign(x) * np.maximum(abs(x) - 0.5, 0),
    "relu": keras_relu,
    "exponential": np.exp,
    "squareplus": lambda x: (x + np.sqrt(x**2 + 4)) / 2,
    "sparse_sigmoid": lambda x: np.clip((x + 1) / 2, 0, 1),
    "celu": lambda x: np.where(x > 0, x, np.expm1(x)),
}


def test_keras():
    for name, formula in KERAS.items():
        close(getattr(keras_activations, name)(X), formula(X))
    for given in (
        {"negative_slope": 0.1},
        {"max_value": 2.0},
        {"max_value": 6},
        {"threshold": 1.5},
        {"negative_slope": 0.1, "max_value": 2.0, "threshold": 0.5},
    ):
        close(keras_activations.relu(X, **given), keras_relu(X, **given))
    close(keras_activations.threshold(X, 0.25, -3.0), np.where(X > 0.25, X, -3.0))
    close(keras_activations.softmax(ROWS, axis=(1, 2)), scipy.special.softmax(ROWS, axis=(1, 2)))
    close(keras_activations.log_softmax(ROWS), scipy.special.log_softmax(ROWS, axis=-1))
    close(keras_activations.sparsemax(ROWS, axis=0).sum(axis=0), 1)
    value, gate = np.split(ROWS, 2, axis=-1)
    close(keras_activations.glu(ROWS), value * scipy.special.expit(gate))
    assert keras_activations.relu(X.astype("f"), 0.1).dtype == np.float32
    assert keras_activations.gelu is not fa.gelu


ONNX_CASES = [
    *((name, {}) for name in onnx_ops.__all__ if name != "PRelu"),
    ("Celu", {"alpha": 2.0}),
    ("Elu", {"alpha": 0.5}),
    ("Gelu", {"approximate": "tanh"}),
    ("HardSigmoid", {"alpha": 0.5, "beta": 0.25}),
    ("Hardmax", {"axis": 0}),
    ("LeakyRelu", {"alpha": 0.3}),
    ("LogSoftmax", {"axis": 1}),
    ("Selu", {"alpha": 2.0, "gamma": 3.0}),
    ("Shrink", {"bias": 0.25, "lambd": 1.0}),
    ("Softmax", {"axis": 0}),
    ("Swish", {"alpha": 2.0}),
    ("ThresholdedRelu", {"alpha": 0.25}),
]


@pytest.mark.parametrize(("name", "arguments"), ONNX_CASES)
def test_onnx(name, arguments):
    reference = onnx_reference()
    close(getattr(onnx_ops, name)(ROWS, **arguments), reference(name, arguments, ROWS), 1e-6)


def test_onnx_prelu():
    slope = np.array([0.1, 0.2, 0.3, 0.4]).reshape(4, 1)
    close(onnx_ops.PRelu(ROWS, slope), onnx_reference()("PRelu", {}, ROWS, slope))


@pytest.mark.parametrize("name", onnx_ops.__all__)
def test_onnx_names_and_defaults(name):
    pytest.importorskip("onnx")
    from onnx import defs, helper

    schema = defs.get_schema(name)
    found = {n: p.default for n, p in inspect.signature(getattr(onnx_ops, name)).parameters.items()}
    assert list(found)[: len(schema.inputs)] == [i.name for i in schema.inputs]
    for attribute in schema.attributes.values():
        default = helper.get_attribute_value(attribute.default_value)
        default = default.decode() if isinstance(default, bytes) else default
        mine = found.pop(attribute.name)
        assert (np.float32(mine) if isinstance(mine, float) else mine) == default


def onnx_reference():
    """ONNX's own definition of an operator, as a function."""
    pytest.importorskip("onnx")
    from onnx import TensorProto, helper
    from onnx.reference import ReferenceEvaluator

    def run(name, attributes, *arrays):
        inputs = [f"input{k}" for k in range(len(arrays))]
        node = helper.make_node(name, inputs, ["output"], **attributes)
        info = [helper.make_tensor_value_info(i, TensorProto.DOUBLE, None) for i in inputs]
        output = helper.make_tensor_value_info("output", TensorProto.DOUBLE, None)
        graph = helper.make_graph([node], "one", info, [output])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 24)])
        return ReferenceEvaluator(model).run(None, dict(zip(inputs, arrays, strict=True)))[0]

    return run
