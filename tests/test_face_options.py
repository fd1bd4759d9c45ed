"""Keywords that are no input of a loop: gelu's ``approximate`` and prelu's ``axis``."""

import numpy as np
import pytest
from operations import OPERATIONS, Operations
from ulp import assert_same_bits

import fastact as fa

LARGE = (150, 130)  # driven by the engine's own loop


def numbers(shape, dtype):
    return (np.random.default_rng(0).standard_normal(shape) * 3).astype(dtype)


class TestApproximate:
    X = numbers(LARGE, "f")

    @pytest.mark.parametrize("operation", OPERATIONS)
    @pytest.mark.parametrize("make", [np.copy, np.transpose, np.float16, lambda x: x[0], list])
    def test_the_choices(self, operation, make, variant):
        x = make(self.X)
        gelu, other = Operations("gelu", variant), Operations("gelu_tanh", variant)
        for value, right in (("none", gelu), (False, gelu), ("tanh", other), (True, other)):
            results = gelu.run(operation, x, 2.0, approximate=value)
            expected = right.run(operation, x, 2.0)
            for result, wanted in zip(results, expected, strict=True):
                assert_same_bits(np.asarray(result), np.asarray(wanted), f"{operation} {value}")
        assert not np.array_equal(expected[0], gelu.run(operation, x, 2.0)[0])

    def test_with_other_keywords(self):
        x, out = self.X[0], np.full(130, 7, "f")
        assert fa.gelu(x, approximate="tanh", out=out) is out
        assert_same_bits(out, fa.gelu_tanh(x), "out=")
        where = x > 0
        out = np.full(130, 7, "f")
        fa.gelu.backward(dy=2.0, where=where, approximate=True, x=x, out=out)
        assert_same_bits(out, np.where(where, fa.gelu_tanh.backward(x, 2.0), 7).astype("f"), "")

    @pytest.mark.parametrize("value", ["erf", "Tanh", None, 2, [], np.ones(2)])
    def test_a_wrong_value_lists_the_choices(self, value):
        for method in (fa.gelu, fa.gelu.backward, fa.gelu.forward_backward, fa.gelu.derivative):
            with pytest.raises(ValueError, match="'none', 'tanh', False, True") as caught:
                method(
                    1.0, **({"dy": 1} if "backward" in method.__name__ else {}), approximate=value
                )
            assert repr(value) in str(caught.value)
            assert method.__qualname__ in str(caught.value)

    def test_only_gelu_has_it(self):
        with pytest.raises(TypeError, match="gelu_tanh has no keyword 'approximate'"):
            fa.gelu_tanh(1.0, approximate="none")


class TestAxis:
    X = numbers((3, 5, 4, 6), "f")

    @pytest.mark.parametrize("operation", OPERATIONS)
    @pytest.mark.parametrize("axis", [0, 1, 2, 3, -1, -2, -4, np.int64(1)])
    def test_the_weight_runs_along_the_axis(self, operation, axis, variant):
        prelu = Operations("prelu", variant)
        shape = [1] * 4
        shape[axis] = n = self.X.shape[axis]
        weight = np.linspace(0.1, 0.9, n, dtype="f")
        for given in (weight, weight.tolist(), weight[::-1][::-1]):
            results = prelu.run(operation, self.X, 2.0, given, axis=axis)
            expected = prelu.run(operation, self.X, 2.0, np.reshape(given, shape))
            for result, right in zip(results, expected, strict=True):
                assert_same_bits(result, right, f"{operation} along {axis}")
        whole = np.repeat(self.X, 70, axis=0)  # driven by the engine
        if axis % 4 > 0:
            (result,) = prelu.run("forward", whole, None, weight, axis=axis)
            (right,) = prelu.run("forward", self.X, None, weight.reshape(shape))
            assert_same_bits(result, np.repeat(right, 70, axis=0), "large")

    def test_without_an_axis_numpy_broadcasts(self):
        weight = np.linspace(0.1, 0.9, 6, dtype="f")
        assert_same_bits(fa.prelu(self.X, weight), fa.prelu(self.X, weight, axis=-1), "")
        assert_same_bits(fa.prelu(self.X, weight, axis=None), fa.prelu(self.X, weight), "")
        for one in (0.25, [0.25], np.float32(0.25)):
            assert_same_bits(fa.prelu(self.X, one, axis=1), fa.prelu(self.X, one), "one for all")

    def test_what_does_not_fit(self):
        prelu, x = fa.prelu, np.ones((2, 3))
        calls = [
            lambda w, axis: prelu(x, w, axis=axis),
            lambda w, axis: prelu.backward(x, 1.0, w, axis=axis),
            lambda w, axis: prelu.forward_backward(x, weight=w, axis=axis),
            lambda w, axis: prelu.derivative(x, w, axis=axis),
            lambda w, axis: prelu.parameter_backward(x, 1.0, w, axis=axis),
        ]
        for call in calls:
            with pytest.raises(ValueError, match=r"weight has 3 elements, axis 0 .*\(2, 3\) has 2"):
                call([1, 2, 3], 0)
            with pytest.raises(ValueError, match=r"\(2, 3\) has no axis 2; there are -2 to 1"):
                call([1, 2, 3], 2)
            with pytest.raises(ValueError, match=r"weight has shape \(1, 3\).* 1-d"):
                call([[1, 2, 3]], 1)
            with pytest.raises(TypeError, match="axis must be an integer or None, not str"):
                call([1, 2, 3], "channels")
        with pytest.raises(ValueError, match="a single number has none"):
            prelu(1.0, [0.5], axis=0)
        with pytest.raises(TypeError, match="needs weight"):
            prelu(x, axis=0)
