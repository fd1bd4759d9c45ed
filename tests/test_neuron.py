"""bias_act: the bits of the activation, sums against exact ones, layouts; errors, also of dense."""

import pickle

import numpy as np
import pytest
from inputs import random_inputs
from layouts import LAYOUTS_2D
from neuron_checks import check_sums, keywords_of
from operations import ELEMENTWISE, WITH_PARAMETERS
from processes import output_of
from ulp import assert_same_bits

import fastact as fa

pytestmark = pytest.mark.filterwarnings("error")


def given(dtype, shape=(7, 45), seed=0):
    """x, a bias for its last axis, dy: ordinary numbers, of both signs."""
    random = np.random.default_rng(seed)
    x, dy = 3 * random.standard_normal((2, *shape))
    bias = random.standard_normal(shape[-1])
    assert x.min() < -1 < 1 < x.max()
    return x.astype(dtype), bias.astype(dtype), dy.astype(dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_bits_of_the_activation(activation, dtype, variant):
    x, bias, dy = given(dtype)
    parameters = keywords_of(activation)
    face = getattr(fa, activation)
    with fa.use_backend(variant), np.errstate(all="ignore"):
        sums = x + bias
        y, dx = face.forward_backward(sums, dy, **parameters)
        assert_same_bits(fa.bias_act(x, bias, activation, **parameters), y, activation)
        got = fa.bias_act.forward_backward(x, bias, dy, face, **parameters)
        assert_same_bits(got[0], y, f"{activation} fused value")
        assert_same_bits(got[1], dx, f"{activation} fused dx")
        back = fa.bias_act.backward(x, bias, dy, activation, **parameters)
        assert_same_bits(back[0], dx, f"{activation} dx")
        assert_same_bits(back[1], got[2], f"{activation} dbias")
        if np.isfinite(dx).all():
            check_sums(back[1], dx, 1)


def test_float16_is_rounded_once(variant):
    x, bias, _ = given("float16")
    wide = fa.gelu(x.astype("f") + bias.astype("f")).astype("e")
    with fa.use_backend(variant):
        assert_same_bits(fa.bias_act(x, bias, "gelu"), wide, variant)


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -3])
def test_every_axis(axis, variant):
    x = random_inputs("float32", 5 * 6 * 7).reshape(5, 6, 7) / np.float32(1e30)
    bias = np.linspace(-1, 1, x.shape[axis], dtype="f")
    dy = np.float32(0.75)
    shape = [1, 1, 1]
    shape[axis] = -1
    with fa.use_backend(variant):
        y, dx = fa.tanh.forward_backward(x + bias.reshape(shape), dy)
        got = fa.bias_act.forward_backward(x, bias, dy, "tanh", axis=axis)
    assert_same_bits(got[0], y, f"axis {axis}")
    assert_same_bits(got[1], dx, f"axis {axis}")
    check_sums(got[2], dx, axis)


@pytest.mark.parametrize("activation", ["gelu", "leaky_relu", "relu6"])
def test_layouts(activation, variant):
    x, bias, dy = given("float32", (40, 600))
    with fa.use_backend(variant):
        y, dx, dbias = fa.bias_act.forward_backward(x, bias, dy, activation)
        for name, lay_out in LAYOUTS_2D.items():
            arguments = lay_out(x), lay_out(bias[None])[0], lay_out(dy), activation
            for got, right in zip(
                fa.bias_act.forward_backward(*arguments), (y, dx, dbias), strict=True
            ):
                assert_same_bits(got, right, f"{activation} {name}")
            outputs = lay_out(np.zeros_like(x)), lay_out(np.zeros_like(x))
            *written, sums = fa.bias_act.forward_backward(*arguments, out=outputs)
            assert written[0] is outputs[0]
            assert_same_bits(outputs[0].astype("f"), y, f"{activation} out {name}")
            assert_same_bits(outputs[1].astype("f"), dx, f"{activation} out {name}")
            assert_same_bits(sums, dbias, f"{activation} dbias {name}")


def test_in_place(variant):
    x, bias, dy = given("float32", (70, 300))
    with fa.use_backend(variant):
        expected = fa.bias_act.forward_backward(x, bias, dy, "silu")
        copy = x.copy()
        assert fa.bias_act(copy, bias, "silu", out=copy) is copy
        assert_same_bits(copy, expected[0], "y over x")
        for outputs in [(0, 1), (1, 0)]:
            memory = x.copy(), dy.copy()
            out = memory[outputs[0]], memory[outputs[1]]
            got = fa.bias_act.forward_backward(*memory[:1], bias, memory[1], "silu", out=out)
            for result, right in zip(got, expected, strict=True):
                assert_same_bits(result, right, "over x and dy")


def test_the_check_of_sums_finds_a_float32_sum():
    dx = np.random.default_rng(1).standard_normal((5000, 3)).astype("f")
    check_sums(dx.sum(axis=0, dtype="d").astype("f"), dx, 1)
    with pytest.raises(AssertionError):
        check_sums(np.cumsum(dx, axis=0)[-1], dx, 1)


@pytest.mark.parametrize("shape", [(3000, 130), (5, 200_001), (4, 3, 50_000), (70_000, 9)])
def test_threads_make_no_difference(shape, dtype, variant):
    if variant == "numpy" or dtype == "float16":
        shape = tuple(max(1, n // 20) for n in shape)
    axis = 1
    x, _, dy = given(dtype, shape)
    bias = np.linspace(-1, 1, shape[axis]).astype(dtype)
    with fa.use_backend(variant):
        with fa.threads(1):
            expected = fa.bias_act.forward_backward(x, bias, dy, "sigmoid", axis=axis)
        for count in (2, 5):
            with fa.threads(count):
                got = fa.bias_act.forward_backward(x, bias, dy, "sigmoid", axis=axis)
            for result, right in zip(got, expected, strict=True):
                assert_same_bits(result, right, f"{count} threads")


def test_the_sum_keeps_what_float32_would_lose():
    """10^6 small gradients beside a large one, and a sum that cancels."""
    dy = np.ones((1_000_001, 2), "f")
    dy[0] = 2.0**25, -1e6
    x, bias = np.zeros_like(dy), np.zeros(2, "f")
    _, dbias = fa.bias_act.backward(x, bias, dy)
    assert dbias.tolist() == [2.0**25 + 1e6, 0.0]
    assert dy.sum(axis=0).tolist() != dbias.tolist()  # what NumPy's own sum makes of it


def test_empty_and_infinite():
    for shape in ((0, 3), (3, 0), (2, 0, 3)):
        y, dx, dbias = fa.bias_act.forward_backward(np.zeros(shape), np.zeros(shape[-1]))
        assert y.shape == dx.shape == shape
        assert dbias.tolist() == [0.0] * shape[-1]
    x = np.array([[np.inf, np.nan, -np.inf]])
    assert np.isnan(fa.bias_act(x, [1.0, 1.0, np.inf], "relu")).tolist() == [[False, True, True]]


@pytest.mark.parametrize("activation", WITH_PARAMETERS)
def test_parameters(activation):
    x, bias, _ = given("float32")
    for value in (0.3, np.float32(0.3), np.linspace(0.1, 1, 45, dtype="f")):
        parameters = dict.fromkeys(keywords_of(activation), value)
        expected = getattr(fa, activation)(x + bias, **parameters)
        assert_same_bits(fa.bias_act(x, bias, activation, **parameters), expected, activation)


def test_dtypes():
    x, weights = np.arange(6).reshape(2, 3), np.ones((3, 2), "f")
    assert fa.dense(x, weights).dtype == np.float64
    assert fa.dense(x.astype("e"), weights, np.ones(2, "e")).dtype == np.float32
    assert fa.dense(x.astype("f"), weights, np.ones(2)).dtype == np.float64
    assert fa.bias_act(x, [1, 2, 3], "relu").dtype == np.float64
    assert fa.bias_act(x.astype("e"), np.ones(3, "e")).dtype == np.float16
    assert fa.bias_act(x, [True, False, True]).tolist() == [[1, 1, 3], [4, 4, 6]]
    arguments = x.astype("f"), weights, np.ones(2, "f"), 1.0, "gelu"
    assert {a.dtype.name for a in fa.dense.backward(*arguments)} == {"float32"}


@pytest.mark.parametrize("pair", [("f4", "i1"), ("i2", "f4"), ("f2", "u1"), ("?", "f2")])
def test_small_integers_are_added_as_numpy_adds_them(pair):
    x, bias = np.array([[1, 0, 3]], pair[0]), np.array([1, 0, 1], pair[1])
    for activation in ("relu", "tanh"):
        found = fa.bias_act(x, bias, activation)
        expected = getattr(fa, activation)(x + bias)
        assert found.dtype == expected.dtype == np.result_type(*pair)
        np.testing.assert_allclose(found, expected, rtol=1e-3 if "f2" in pair else 0)


def test_gelu_is_approximated_as_asked():
    x, bias, weights = np.linspace(-3, 3, 12).reshape(4, 3), np.array([0.5, 0, -1]), np.eye(3)
    expected = fa.gelu(x + bias, approximate="tanh")
    assert not np.array_equal(expected, fa.gelu(x + bias))
    for value in ("tanh", True):
        assert_same_bits(fa.bias_act(x, bias, "gelu", approximate=value), expected, "bias_act")
        assert_same_bits(fa.dense(x, weights, bias, "gelu", approximate=value), expected, "dense")


def test_a_gradient_of_1_is_the_default():
    x, bias, weights = np.linspace(-3, 3, 12).reshape(4, 3), np.array([0.5, 0, -1]), np.eye(3)
    for function, given in ((fa.bias_act, (x, bias)), (fa.dense, (x, weights, bias))):
        pairs = zip(
            function.forward_backward(*given, activation="tanh"),
            function.forward_backward(*given, np.ones_like(x), "tanh"),
            strict=True,
        )
        for found, expected in pairs:
            assert_same_bits(found, expected, function.__name__)


def test_arguments_are_not_modified():
    x, bias, dy = given("float32")
    weights = np.linspace(-1, 1, 45 * 8, dtype="f").reshape(45, 8)
    arrays = [x, bias, dy, weights]
    before = [a.tobytes() for a in arrays]
    fa.bias_act.forward_backward(x, bias, dy, "gelu")
    fa.dense.forward_backward(x, weights, bias[:8], dy[:, :8], "gelu")
    assert [a.tobytes() for a in arrays] == before


def test_nothing_but_the_result_is_allocated():
    code = """
    import numpy as np, fastact as fa
    def status(key):
        with open("/proc/self/status") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1024
    def growth(call):
        call()
        open("/proc/self/clear_refs", "w").write("5")
        before = status("VmRSS")
        call()
        return status("VmHWM") - before
    x, w, b = np.ones((2000, 30), "f"), np.ones((30, 4000), "f"), np.ones(4000, "f")
    y, dx = np.ones((2000, 4000), "f"), np.ones((2000, 4000), "f")
    fa.set_num_threads(2)
    print(growth(lambda: fa.dense(x, w, b, "gelu", y)))
    print(growth(lambda: fa.bias_act(y, b, "gelu", out=y)))
    print(growth(lambda: fa.bias_act.backward(y, b, 1, "gelu", out=dx)))
    print(growth(lambda: y + b))
    """
    *ours, numpys = map(float, output_of(code.replace("\n    ", "\n")).split())
    assert max(ours) < 4 < 20 < numpys


def test_pickling():
    functions = [fa.bias_act, fa.dense]
    functions += [f.backward for f in functions] + [f.forward_backward for f in functions]
    for function in functions:
        assert pickle.loads(pickle.dumps(function)) is function
        assert function.__doc__.count("Examples") == 1


X, B, W = np.ones((2, 3)), np.ones(3), np.ones((3, 4))
ERRORS = [
    (ValueError, ["bias", "(2,)", "(3,)"], lambda: fa.bias_act(X, np.ones(2))),
    (ValueError, ["bias", "(3,)", "(2,)"], lambda: fa.bias_act(X, B, axis=0)),
    (ValueError, ["bias", "()", "(3,)"], lambda: fa.bias_act(X, 1.0)),
    (np.exceptions.AxisError, ["axis 2", "-2 to 1"], lambda: fa.bias_act(X, B, axis=2)),
    (np.exceptions.AxisError, ["no axis -1"], lambda: fa.bias_act(1.0, B)),
    (TypeError, ["axis", "float"], lambda: fa.bias_act(X, B, axis=1.0)),
    (ValueError, ["softmax", "gelu"], lambda: fa.bias_act(X, B, "softmax")),
    (ValueError, ["swiglu", "relu"], lambda: fa.bias_act(X, B, fa.swiglu)),
    (ValueError, ["activation", "gelu.backward"], lambda: fa.bias_act(X, B, fa.gelu.backward)),
    (ValueError, ["activation", "tan"], lambda: fa.dense(X, W, activation=np.tan)),
    (TypeError, ["relu", "'alpha'", "none"], lambda: fa.bias_act(X, B, "relu", alpha=1)),
    (TypeError, ["prelu needs weight"], lambda: fa.bias_act(X, B, "prelu")),
    (
        ValueError,
        ["parameter of prelu", "(5, 1, 1)", "(2, 3)"],
        lambda: fa.bias_act.backward(X, B, 1, "prelu", weight=np.ones((5, 1, 1))),
    ),
    (ValueError, ["approximate", "'erf'"], lambda: fa.bias_act(X, B, "gelu", approximate="erf")),
    (TypeError, ["x", "complex128"], lambda: fa.bias_act(X.astype(complex), B)),
    (TypeError, ["bias", str(np.dtype("g"))], lambda: fa.bias_act(X, B.astype("g"))),
    (TypeError, ["bias", "object"], lambda: fa.bias_act(X, B.astype(object))),
    (TypeError, ["x", "MaskedArray"], lambda: fa.bias_act(np.ma.ones((2, 3)), B)),
    (ValueError, ["dy", "(2,)", "(2, 3)"], lambda: fa.bias_act.backward(X, B, np.ones(2))),
    (ValueError, ["out", "(3,)", "(2, 3)"], lambda: fa.bias_act(X, B, out=np.ones(3))),
    (TypeError, ["out", "list"], lambda: fa.bias_act(X, B, out=[1])),
    (TypeError, ["out", "tuple"], lambda: fa.bias_act.forward_backward(X, B, out=X)),
    (ValueError, ["x", "(2, 3)", "(..., 4)"], lambda: fa.dense(X, np.ones((4, 4)))),
    (ValueError, ["weights", "(3,)", "two axes"], lambda: fa.dense(X, np.ones(3))),
    (ValueError, ["bias", "(3,)", "(4,)"], lambda: fa.dense(X, W, np.ones(3))),
    (ValueError, ["out", "float32", "float64"], lambda: fa.dense(X, W, out=np.ones((2, 4), "f"))),
    (ValueError, ["out", "(4, 4)", "(2, 4)"], lambda: fa.dense(X, W, out=np.ones((4, 4)))),
    (
        ValueError,
        ["dy", "(3, 4)", "(2, 4)"],
        lambda: fa.dense.backward(X, W, None, np.ones((3, 4))),
    ),
]


@pytest.mark.parametrize(("error", "words", "call"), ERRORS)
def test_errors_name_the_argument(error, words, call):
    with pytest.raises(error) as found:
        call()
    for word in words:
        assert word in str(found.value)


def test_every_pointwise_activation_is_offered():
    with pytest.raises(ValueError, match="activation must be one of") as found:
        fa.bias_act(X, B, "no such")
    assert all(name in str(found.value) for name in ELEMENTWISE)
    assert_same_bits(fa.bias_act(X, B, "swish"), fa.swish(X + B), "swish")
    assert_same_bits(fa.bias_act(X, B, "hardswish"), fa.hard_swish(X + B), "an alias")
