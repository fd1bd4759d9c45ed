"""Activations by `fa.define` do all that those of the catalogue do, on both backends."""

import concurrent.futures
import copy
import inspect
import pickle

import numpy as np
import own_activations
import pytest
from own_activations import bent, gate, value_only
from processes import STRICT, output_of

import fastact as fa

BACKENDS = [name for name in ("numba", "numpy") if fa.available_backends()[name] is None]
COMPILED = pytest.mark.skipif("numba" not in BACKENDS, reason="needs Numba")


@pytest.fixture(params=BACKENDS)
def backend(request):
    with fa.use_backend(request.param):
        yield request.param


def xs(dtype, n=3001):
    return np.concatenate(
        [np.linspace(-6, 6, n), [0.0, -0.0, 1e-5, -1e-5, 50.0, -50.0, np.nan]]
    ).astype(dtype)


def expected(x, alpha):
    """bent's value and slope in higher precision."""
    x, alpha = np.asarray(x, np.longdouble), np.asarray(alpha, np.longdouble)
    root = np.sqrt(x * x + alpha)
    value = np.where(x < 0, alpha / (2 * (root - x)), (root + x) / 2)
    return value, (1 + x / root) / 2


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_values_and_slopes(backend, dtype):
    x = xs(dtype)
    value, slope = expected(x, np.asarray(0.3, dtype))
    eps = np.finfo(dtype).eps
    y, dx = bent.forward_backward(x, 1.0, 0.3)
    assert y.dtype == dx.dtype == dtype
    np.testing.assert_allclose(y, value, rtol=4 * eps)
    np.testing.assert_allclose(dx, slope, rtol=4 * eps, atol=eps)


@pytest.mark.parametrize("name", own_activations.DEFINED)
def test_one_formula_serves_every_operation(name, dtype):
    activation, x = own_activations.DEFINED[name], xs(dtype)
    parameters = {"low": -0.5} if name == "gate" else {}
    dy = np.linspace(-2, 2, x.size).astype(dtype)
    with fa.use_backend("auto" if name == "by_hand" else BACKENDS[0]):
        y, dx = activation.forward_backward(x, dy, **parameters)
        assert y.tobytes() == activation(x, **parameters).tobytes()
        assert dx.tobytes() == activation.backward(x, dy, **parameters).tobytes()
        slope = activation.derivative(x, **parameters)
        assert np.array_equal(slope * dy, dx, equal_nan=True) or dtype == "float16"
    with fa.use_backend("numpy"):
        eps = np.finfo(dtype).eps
        for got, other in (
            (y, activation(x, **parameters)),
            (slope, activation.derivative(x, **parameters)),
        ):
            np.testing.assert_allclose(got, other, rtol=8 * eps, atol=8 * eps)


def test_the_keywords_of_a_ufunc(backend):
    x = np.linspace(-3, 3, 24)
    alpha = np.array([0.1, 1.0, 4.0]).reshape(3, 1)
    table = x.reshape(2, 3, 4)
    right = np.array([expected(table[:, k], a[0])[0] for k, a in enumerate(alpha)], float)
    assert np.allclose(bent(table, alpha), right.swapaxes(0, 1), rtol=1e-15)
    out = np.zeros_like(x)
    assert bent(x, out=out, where=x > 0) is out
    assert not out[x <= 0].any()
    assert out[x > 0].all()
    y = bent(x)
    for arranged in (x[::-1], np.asfortranarray(table), x.astype(">f8"), x.astype("i4"), list(x)):
        flat = np.asarray(arranged)
        assert np.allclose(bent(arranged), expected(flat, 1.0)[0].astype(float), rtol=1e-15)
    assert bent(x, dtype="f").dtype == np.float32
    assert bent(3).dtype == np.float64
    inplace = x.copy()
    assert bent(inplace, out=inplace) is inplace
    assert np.array_equal(inplace, y)
    with pytest.raises(TypeError, match=r"(?i)bent.*complex128"):
        bent(x + 1j)
    with pytest.raises(TypeError, match="beta"):
        bent(x, beta=2.0)
    with pytest.raises(TypeError, match="low"):
        gate(x)


def test_threads_share_it(backend):
    x = np.random.default_rng(0).standard_normal(1_000_000).astype("f")
    with fa.threads(1):
        right = bent.forward_backward(x, 2.0)

    def compute(count):
        with fa.use_backend(backend), fa.threads(count):
            return bent.forward_backward(x, 2.0)

    with concurrent.futures.ThreadPoolExecutor(4) as executor:
        for found in executor.map(compute, [1, 2, 3, 2], timeout=120):
            assert all(a.tobytes() == b.tobytes() for a, b in zip(found, right, strict=True))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_in_a_layer(backend, dtype):
    random = np.random.default_rng(0)
    x, weights, bias = (random.standard_normal(s).astype(dtype) for s in ((5, 4), (4, 3), 3))
    dy = random.standard_normal((5, 3)).astype(dtype)
    given = {"alpha": 0.5}
    sums = x @ weights + bias
    y, dsums = bent.forward_backward(sums, dy, **given)
    found = fa.dense.forward_backward(x, weights, bias, dy, bent, **given)
    right = (y, dsums @ weights.T, x.T @ dsums, dsums.sum(axis=0))
    for one, other in zip(found, right, strict=True):
        assert np.allclose(one, other, rtol=20 * np.finfo(dtype).eps, atol=np.finfo(dtype).eps)
    assert fa.dense(x, weights, None, bent).tobytes() == bent(x @ weights).tobytes()
    total = x[:, :3] + bias
    assert fa.bias_act(x[:, :3], bias, bent, **given).tobytes() == bent(total, **given).tobytes()
    dx, _ = fa.bias_act.backward(x[:, :3], bias, 1.0, bent)
    assert dx.tobytes() == bent.derivative(total).tobytes()
    assert np.array_equal(fa.bias_act(total, bias, value_only), value_only(total + bias))
    with pytest.raises(TypeError, match="slope="):
        fa.bias_act.backward(total, bias, 1.0, value_only)
    with pytest.raises(TypeError, match=r"bent has no parameter 'beta'"):
        fa.dense(x, weights, bias, bent, beta=1.0)
    with pytest.raises(TypeError, match=r"gate needs low"):
        fa.dense(x, weights, bias, gate)


def test_other_libraries(backend):
    x = np.linspace(-2, 2, 100)
    da = pytest.importorskip("dask.array")
    with fa.use_backend(backend):
        lazy = da.from_array(x, chunks=17)
        assert np.array_equal(bent(lazy, 0.5).compute(scheduler="sync"), bent(x, 0.5))
        y, dx = bent.forward_backward(lazy, 2.0)
        assert np.array_equal(dx.compute(scheduler="sync"), bent.backward(x, 2.0))
        assert np.array_equal(y.compute(scheduler="threads"), bent(x))
    xarray = pytest.importorskip("xarray")
    for made in (bent, fa.gelu):
        named = made.forward_backward(xarray.DataArray(lazy, dims="k"), 2.0)
        for one, other in zip(named, made.forward_backward(x, 2.0), strict=True):
            assert one.dims == ("k",)
            assert one.chunks == lazy.chunks
            assert np.array_equal(one, other)
    pandas = pytest.importorskip("pandas")
    series = pandas.Series(x, index=x)
    assert bent(series).index.equals(series.index)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickled_by_name(protocol):
    for made in (bent, bent.backward, gate.forward_backward):
        again = pickle.loads(pickle.dumps(made, protocol))
        assert repr(again) == repr(made)
        assert np.array_equal(copy.deepcopy(bent)([1.0]), bent([1.0]))
    assert pickle.loads(pickle.dumps(bent, protocol)) is bent
    assert copy.copy(bent) is bent


# A ufunc without __module__ makes pickle look through every module, also deprecated ones.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("backend", BACKENDS)
def test_pickled_for_another_process(backend):
    with fa.use_backend(backend):
        made = [bent, gate.backward, bent.ufunc, gate.derivative.ufunc]
    text = pickle.dumps(made).hex()
    program = f"""
    import pickle, warnings
    bent, backward, ufunc, derivative = pickle.loads(bytes.fromhex("{text}"))
    print(bent, backward, ufunc.__name__, derivative.__name__, ufunc([0.0], [4.0]))
    """
    found = output_of(program, arguments=STRICT)
    assert f"fastact_bent__{backend}@own_activations:bent" in found
    assert f"fastact_gate_derivative__{backend}@own_activations:gate [1.]" in found


def test_it_introduces_itself():
    assert bent.__name__ == "bent"
    assert bent.__module__ == "own_activations"
    assert bent.__doc__ == "(x + sqrt(x**2 + alpha)) / 2, as fa.squareplus."
    assert "dy times the slope" in bent.backward.__doc__
    assert repr(bent) == "<fastact bent(x, alpha)>"
    assert list(inspect.signature(gate).parameters)[:3] == ["x", "low", "high"]
    assert inspect.signature(bent).parameters["alpha"].default == 1.0


@COMPILED
def test_who_serves_it():
    by_hand = own_activations.DEFINED["by_hand"]
    with fa.use_backend("auto"):
        assert fa.get_backend(bent) == "numba"
        assert fa.get_backend(by_hand) == "numpy"
    with fa.use_backend("cython"):  # which compiles the catalogue ahead of time, and no more
        assert fa.get_backend(bent) == "numba"
    with fa.use_backend("numpy,tanh=cython"):
        assert fa.get_backend(bent) == "numpy"
    with fa.use_backend("numba"), pytest.raises(NotImplementedError, match=r"by_hand.*dtype"):
        by_hand([1.0])
    assert fa.get_backend(fa.softmax) == fa.get_backend("softmax")
    with pytest.raises(ValueError, match="unknown activation 'bent'"):
        fa.get_backend("bent")
    found = fa.show_config(mode="dict")["own"]
    assert found["own_activations.bent"]["backend"] == "numba"
    assert "dtype" in found["own_activations.by_hand"]["why"] or "dtype" in str(found)


def test_a_value_alone(backend):
    assert np.allclose(value_only([0.0, 1.0]), np.log1p(np.exp([0.0, -1.0])))
    for operation in ("backward", "forward_backward"):
        with pytest.raises(TypeError, match=f"value_only has no {operation}.*slope="):
            getattr(value_only, operation)([1.0], 1.0)
    with pytest.raises(TypeError, match="no derivative"):
        value_only.derivative([1.0])
