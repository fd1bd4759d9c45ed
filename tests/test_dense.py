"""dense: NumPy's product, and behind it the bits of the activation; gradients, empty layers."""

import mpmath
import numpy as np
import pytest
from neuron_checks import check_sums, keywords_of
from operations import REPRESENTATIVES
from ulp import assert_same_bits, assert_within, reference_from_mpmath

import fastact as fa

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize("activation", REPRESENTATIVES)
@pytest.mark.parametrize("leading", [(), (1,), (6,), (2, 3)])
def test_dense(activation, leading, variant):
    """The product is NumPy's; what follows has the bits of the activation."""
    random = np.random.default_rng(3)
    x = random.standard_normal((*leading, 20)).astype("f")
    weights, bias = random.standard_normal((20, 30)).astype("f"), random.random(30).astype("f")
    dy = random.standard_normal((*leading, 30)).astype("f")
    parameters = keywords_of(activation)
    face = getattr(fa, activation)
    with fa.use_backend(variant):
        for given_bias in (bias, None):
            sums = fa.dense(x, weights, given_bias)
            y, dsums = face.forward_backward(sums, dy, **parameters)
            got = fa.dense(x, weights, given_bias, activation, **parameters)
            assert_same_bits(got, y, "y")
            out = np.empty_like(y)
            assert fa.dense(x, weights, given_bias, face, out, **parameters) is out
            assert_same_bits(out, y, "out")
            fused = fa.dense.forward_backward(x, weights, given_bias, dy, activation, **parameters)
            back = fa.dense.backward(x, weights, given_bias, dy, activation, **parameters)
            assert_same_bits(fused[0], y, "fused y")
            flat = dsums.reshape(-1, 30)
            assert np.allclose(fused[1], (flat @ weights.T).reshape(x.shape), 1e-5, 1e-5)
            assert np.allclose(fused[2], x.reshape(-1, 20).T @ flat, 1e-5, 1e-5)
            for one, other in zip(fused[1:3], back[:2], strict=True):
                assert_same_bits(one, other, "backward")
            if given_bias is None:
                assert fused[3] is back[2] is None
            else:
                check_sums(back[2], flat, 1)
                assert_same_bits(fused[3], back[2], "dbias")


def test_a_dense_layer_against_mpmath():
    """Everything, in integers that float64 adds exactly, then a tanh."""
    x = np.array([[1.0, -2.0, 3.0], [0.5, 0.25, -1.0]])
    weights = np.array([[0.5, -1.0], [0.25, 0.125], [-0.5, 1.0]])
    bias = np.array([1.25, -2.0])
    sums = [[mpmath.mpf(s) for s in row] for row in ((-0.25, -0.25), (2.0625, -3.46875))]
    reference = reference_from_mpmath([mpmath.tanh(s) for row in sums for s in row], np.dtype("d"))
    y = fa.dense(x, weights, bias, "tanh")
    assert_within(y.ravel(), reference, 2, "dense", x=y.ravel())


@pytest.mark.parametrize("shape", [(4,), (0,), (2, 3), (2, 0, 3), (0, 4, 3)])
@pytest.mark.parametrize("n", [0, 3])
@pytest.mark.parametrize("m", [0, 2])
def test_a_layer_without_inputs_or_outputs(shape, n, m):
    x, weights, bias = np.ones((*shape[:-1], n)), np.ones((n, m)), np.ones(m)
    y, dx, dweights, dbias = fa.dense.forward_backward(x, weights, bias, 2.0)
    assert y.tolist() == np.full((*shape[:-1], m), n + 1.0).tolist()
    assert fa.dense(x, weights, bias).tolist() == y.tolist()
    assert dx.tolist() == np.full(x.shape, 2.0 * m).tolist()
    assert dweights.tolist() == np.full(weights.shape, 2.0 * np.prod(shape[:-1])).tolist()
    assert dbias.shape == (m,)
    assert [a.shape for a in fa.dense.backward(x, weights, None, 2.0)[:2]] == [x.shape, (n, m)]


@pytest.mark.parametrize("leading", [(5,), (2, 3)])
def test_an_output_over_the_bias_or_a_parameter(leading, variant):
    random = np.random.default_rng(5)
    x, weights = random.standard_normal((*leading, 4)), random.standard_normal((4, 6))
    memory = np.zeros(np.prod(leading) * 6 + 6)
    bias, slope, out = memory[3:9], memory[9:15], memory[:-6].reshape(*leading, 6)
    bias[...], slope[...] = random.random(6), random.random(6)
    with fa.use_backend(variant):
        expected = fa.dense(x, weights, bias, "prelu", weight=slope)
        fa.dense(x, weights, bias, "prelu", out, weight=slope)
    assert_same_bits(out, expected, "out=")


def test_a_wider_gradient_leaves_the_value_as_it_is(variant):
    x, weights, bias = np.full((3, 2), 0.3, "f"), np.full((2, 4), 0.7, "f"), np.full(4, 0.1, "f")
    dy = np.full((3, 4), 1e300)
    with fa.use_backend(variant):
        y, *gradients = fa.dense.forward_backward(x, weights, bias, dy, "tanh")
        assert_same_bits(y, fa.dense(x, weights, bias, "tanh"), "y")
        back = fa.dense.backward(x, weights, bias, dy, "tanh")
        for one, other in zip(gradients, back, strict=True):
            assert_same_bits(one, other, "gradients")
            assert one.dtype == np.float32


@pytest.mark.parametrize("bias", [None, np.full(4, 0.1, "f")])
def test_a_wider_parameter_leaves_the_dtype_of_the_layer(bias, variant):
    x, weights = np.full((3, 2), 0.3, "f"), np.full((2, 4), -0.7, "f")
    given = {"activation": "leaky_relu", "negative_slope": np.float64(1 / 3)}
    with fa.use_backend(variant):
        y, *_ = fa.dense.forward_backward(x, weights, bias, 1, **given)
        assert_same_bits(y, fa.dense(x, weights, bias, **given), "y")
    assert y.dtype == np.float32


@pytest.mark.parametrize("shape", [(6, 8), (2, 3, 8), (8,)])
def test_float16_is_multiplied_as_float32(shape, monkeypatch):
    """For which NumPy has a library; its own loop for float16 takes many times as long."""
    random = np.random.default_rng(5)
    x, weights = (random.standard_normal(s).astype("e") for s in (shape, (8, 5)))
    dtypes, matmul = [], np.matmul

    def noted(*inputs, dtype=None, **keywords):
        dtypes.append(dtype)
        return matmul(*inputs, dtype=dtype, **keywords)

    monkeypatch.setattr(np, "matmul", noted)
    y, dx, dweights, _ = fa.dense.forward_backward(x, weights, None, np.float16(1))
    assert dtypes == [np.float32] * 3
    assert {a.dtype for a in (y, dx, dweights)} == {np.dtype("e")}
    wide_x, wide_weights = x.astype("d"), weights.astype("d")
    np.testing.assert_allclose(y, wide_x @ wide_weights, rtol=2e-3, atol=2e-3)
    np.testing.assert_allclose(dx, np.broadcast_to(wide_weights.sum(1), shape), rtol=2e-3)
    dense_x = wide_x.reshape(-1, 8).sum(0)[:, np.newaxis]
    np.testing.assert_allclose(dweights, np.broadcast_to(dense_x, (8, 5)), rtol=2e-3, atol=2e-3)
