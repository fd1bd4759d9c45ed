"""binary_cross_entropy_with_logits against the oracle, and its inputs, layouts and reductions."""

import loss_checks
import numpy as np
import pytest
from layouts import LAYOUTS_2D
from loss_checks import Losses
from operations import VARIANTS
from ulp import assert_same_bits

import fastact as fa

NAME = "binary_cross_entropy_with_logits"
INF, NAN = np.inf, np.nan
# Where exp(-|x|) leaves the normal or subnormal numbers, or an implementation may change its form.
LANDMARKS = (0.3466, 0.6932, 16.64, 17.33, 36.74, 54, 87.34, 88.73, 103.28, 103.98, 634, 708.4, 745)


@pytest.fixture(params=VARIANTS)
def losses(request):
    return Losses(NAME, request.param)


def points(dtype):
    random = np.random.default_rng(0)
    top = {"float16": 20, "float32": 110, "float64": 800}[dtype]
    sizes = np.concatenate(
        [
            random.uniform(0, top, 40),
            random.uniform(0, 3, 40),
            np.geomspace(1e-6, top, 30),
            [limit for limit in LANDMARKS if limit <= top],
            [0, np.finfo(dtype).smallest_subnormal, np.finfo(dtype).tiny, 6e4],
        ]
    ).astype(dtype)
    return np.concatenate([sizes, -sizes, np.nextafter(sizes, np.zeros(1, dtype))])


@pytest.mark.parametrize("kind", ["zeros", "ones", "soft"])
def test_values_and_gradients(losses, dtype, kind):
    x = points(dtype)
    soft = np.random.default_rng(1).random(x.size).astype(dtype)
    soft[::7] = np.nextafter(np.ones(1, dtype), np.zeros(1, dtype))
    targets = {"zeros": np.zeros_like(x), "ones": np.ones_like(x), "soft": soft}[kind]
    loss_checks.check_binary(losses, x, targets)
    loss_checks.check_binary(losses, x, targets, 2.7, 0.3)


def test_every_length_and_offset_gives_the_same_bits(losses):
    """Ordinary numbers beside extreme ones: both forms of the kernel agree on them."""
    x = np.tile(np.array([0.5, -90, 3, 1e-40, -2, 120, -INF, 40], "f"), 12)
    t = np.tile(np.array([1, 0.25, 0], "f"), 32)
    whole = losses.forward_backward(x, t, reduction="none", pos_weight=1.5)
    for begin in range(9):
        for end in range(begin + 1, begin + 40):
            part = losses.forward_backward(
                x[begin:end], t[begin:end], reduction="none", pos_weight=1.5
            )
            for got, expected in zip(part, whole, strict=True):
                assert_same_bits(got, expected[begin:end], f"{losses} {begin}:{end}")


def test_special_values(losses, dtype):
    x = np.array([INF, INF, -INF, -INF, NAN, 0, 1, INF, -INF], dtype)
    t = np.array([1, 0, 0, 1, 1, NAN, 1, 0.5, 0.5], dtype)
    with np.errstate(all="raise"):
        loss, gradient = losses.forward_backward(x, t, reduction="none")
        assert np.isnan(losses.forward(x, t))
    assert_same_bits(loss, np.array([0, INF, 0, INF, NAN, NAN, loss[6], INF, INF], dtype), "loss")
    expected = np.array([-0.0, 1, 0, -1, NAN, NAN, gradient[6], 0.5, -0.5], dtype)
    assert_same_bits(gradient, expected, "gradient")
    with fa.use_backend("numpy"):  # outside 0 to 1 the formula is as good as any
        outside = fa.binary_cross_entropy_with_logits([2.0, -1.0], [1.5, -1.0], reduction="none")
    np.testing.assert_allclose(losses.forward([2.0, -1.0], [1.5, -1.0], reduction="none"), outside)


def test_kinds_of_targets(losses, dtype):
    x = np.linspace(-3, 3, 60, dtype=dtype).reshape(5, 12)
    t = (np.arange(60) % 3 == 0).reshape(5, 12)
    expected = losses.forward_backward(x, t.astype(dtype), reduction="none")
    for code in "?bBhHiIlLqQefd":
        got = losses.forward_backward(x, t.astype(code), reduction="none")
        for a, b in zip(got, expected, strict=True):
            assert a.dtype == x.dtype
            assert_same_bits(a, b, f"{losses} targets of {code}")
    assert losses.forward(x.astype("i4"), t).dtype == np.float64
    row = losses.forward(x, t[0], reduction="none", pos_weight=np.arange(12), weight=x[:, :1] ** 2)
    spread = losses.forward(
        x,
        np.broadcast_to(t[0], x.shape).astype(dtype),
        reduction="none",
        pos_weight=np.broadcast_to(np.arange(12), x.shape).astype(dtype),
        weight=np.ascontiguousarray(np.broadcast_to(x[:, :1] ** 2, x.shape)),
    )
    assert_same_bits(row, spread, f"{losses} broadcast")
    assert losses.forward(0.5, True) == losses.forward([0.5], [1], reduction="sum")
    value, slope = losses.forward_backward(np.float32(0.5), 1, reduction="none")
    assert value.dtype == np.float32
    assert np.ndim(value) == np.ndim(slope) == 0


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
def test_layouts_and_in_place(losses, dtype, reduction):
    x = np.random.default_rng(0).uniform(-9, 9, (9, 37)).astype(dtype)
    t = np.random.default_rng(1).random(x.shape).astype(dtype)
    plain = (x, t), {"reduction": reduction, "pos_weight": 1.5}
    expected = losses.backward(*plain[0], **plain[1])
    for lay_out in LAYOUTS_2D.values():
        out = lay_out(np.zeros_like(x))
        given = lay_out(x.copy()), lay_out(t.copy())
        loss_checks.check_same_bits(losses, plain, (given, plain[1] | {"out": (None, out)}))
        for k in (0, 1):  # over the logits, and over the targets
            given = lay_out(x.copy()), lay_out(t.copy())
            losses.backward(*given, **plain[1], out=given[k])
            assert np.array_equal(given[k], expected)
        given = lay_out(x.copy()), lay_out(t.copy())
        loss_checks.check_same_bits(losses, plain, (given, plain[1] | {"out": (None, given[0])}))
    base = np.zeros((10, 37), dtype)
    base[:9] = x
    losses.backward(base[:9], t, **plain[1], out=base[1:])
    assert np.array_equal(base[1:], expected)


def test_reductions(losses, dtype):
    x = np.random.default_rng(0).uniform(-9, 9, (70, 91)).astype(dtype)
    t = np.random.default_rng(1).random(x.shape) > 0.5
    loss_checks.check_reductions(losses, x, t, count=x.size, pos_weight=1.5)
    # The same few losses again and again: their roundings do not cancel.
    hits = np.resize(np.array([0, 1, 1], dtype), 30_001)
    loss_checks.check_reductions(losses, hits, np.ones(hits.size), count=hits.size)
    loss_checks.check_fused(losses, x, t, dy=-0.5)
    loss_checks.check_fused(losses, x, t, dy=x[:, :1], reduction="none")
    assert np.isnan(losses.forward(x[:0], t[:0]))
    assert losses.forward(x[:0], t[:0], reduction="sum") == 0
    assert losses.backward(x[:0], t[:0]).shape == (0, 91)


def test_threads_give_the_same_bits(losses):
    x = np.random.default_rng(0).uniform(-9, 9, (300, 400)).astype("f")
    t = np.random.default_rng(1).random(x.shape) > 0.5
    for source in (x, np.asfortranarray(x), x[:, ::2]):
        results = []
        for count in (1, 2, 3):
            with fa.threads(count):
                results.append(losses.forward_backward(source, t[:, : source.shape[1]]))
        for value, gradient in results[1:]:
            assert_same_bits(value, results[0][0], f"{losses} threads")
            assert_same_bits(gradient, results[0][1], f"{losses} threads")


X, T = np.zeros((2, 3), "f"), np.ones((2, 3), "f")
REFUSED = {
    "complex logits": (TypeError, "logits of complex", (X * 1j, T), {}),
    "longdouble targets": (TypeError, "targets of", (X, T.astype("g")), {}),
    "masked targets": (TypeError, "masked", (X, np.ma.masked_array(T, T > 0)), {}),
    "targets that do not broadcast": (ValueError, "targets has shape", (X, T[:, :2]), {}),
    "targets larger than the logits": (ValueError, "targets has shape", (X[0], T), {}),
    "weights": (ValueError, "weight has shape", (X, T), {"weight": np.ones(2)}),
    "reduction": (ValueError, "'mean', 'sum', 'none'", (X, T), {"reduction": None}),
    "unknown": (TypeError, "has no keyword 'weights'", (X, T), {"weights": 1}),
    "out of another shape": (ValueError, "shape", (X, T), {"out": np.zeros(2)}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    error, message, arguments, keywords = REFUSED[name]
    with pytest.raises(error, match=message):
        fa.binary_cross_entropy_with_logits(*arguments, **keywords)
    with pytest.raises((error, TypeError)):
        fa.binary_cross_entropy_with_logits.forward_backward(*arguments, **keywords)
    with pytest.raises(ValueError, match="reduction='mean'"):
        fa.binary_cross_entropy_with_logits.backward(X, T, X)


def test_boosting():
    """As the objective of a booster: gradient and hessian of the sum of the losses."""
    margin, labels = np.linspace(-4, 4, 9), np.arange(9) % 2
    gradient = fa.binary_cross_entropy_with_logits.backward(margin, labels, reduction="sum")
    hessian = fa.sigmoid.derivative(margin)
    step = 1e-6
    up, down = (
        fa.binary_cross_entropy_with_logits.backward(margin + d, labels, reduction="sum")
        for d in (step, -step)
    )
    np.testing.assert_allclose(gradient, fa.sigmoid(margin) - labels, atol=1e-15)
    np.testing.assert_allclose(hessian, (up - down) / (2 * step), rtol=1e-8)


@pytest.mark.parametrize(("number", "size"), [(1e300, np.inf), (1e-300, 0)])
def test_numbers_that_float32_does_not_have_are_silent(number, size, variant):
    loss, x = fa.binary_cross_entropy_with_logits, np.ones(3, "f")
    with np.errstate(all="raise"), fa.use_backend(variant):
        for given in ({"pos_weight": number}, {"dy": number}):
            assert (loss.backward(x, 1, **given) == -size).all()
        # A target between has both terms: infinity has no weight of 0 to meet.
        assert loss(x, 0.5, weight=number) == size


def test_bare_ufuncs_pickle(variant):
    import pickle

    for operation in (fa.binary_cross_entropy_with_logits.backward,):
        ufunc = operation.ufunc_of(variant)
        assert pickle.loads(pickle.dumps(ufunc)) is ufunc


def test_dask():
    array = pytest.importorskip("dask.array")
    x, t = np.linspace(-3, 3, 24, dtype="f").reshape(4, 6), np.arange(24).reshape(4, 6) % 2
    lazy = array.from_array(x, chunks=(2, 3)), array.from_array(t, chunks=(2, 3))
    for reduction in ("none", "mean", "sum"):
        right = fa.binary_cross_entropy_with_logits.forward_backward(x, t, reduction=reduction)
        got = fa.binary_cross_entropy_with_logits.forward_backward(*lazy, reduction=reduction)
        for a, b in zip(got, right, strict=True):
            assert isinstance(a, array.Array)
            assert a.dtype == b.dtype
            np.testing.assert_allclose(a.compute(), b, rtol=1e-6)


@pytest.mark.parametrize(
    ("targets", "dy", "words"),
    [
        (np.ones((3, 4, 6)), 1, ["targets", "(3, 4, 6)", "(4, 6)"]),
        (np.ones(5), 1, ["targets", "(5,)", "(4, 6)"]),
        (np.ones(6), np.ones((4, 6)), ["dy", "(4, 6)", "'mean'"]),
    ],
)
def test_shapes_beside_dask(targets, dy, words):
    array = pytest.importorskip("dask.array")
    x = array.from_array(np.ones((4, 6)), chunks=(2, 3))
    for logits in (x, np.ones((4, 6))):
        with pytest.raises(ValueError, match="binary_cross_entropy") as found:
            fa.binary_cross_entropy_with_logits.backward(logits, targets, dy)
        assert all(word in str(found.value) for word in words)


def test_many_dimensions():
    """More than the 32 that NumPy broadcasts the shapes of."""
    x, t = np.linspace(-2, 2, 6), np.array([0.0, 1, 1, 0, 1, 0])
    shape, right = (6,) + (1,) * 39, fa.binary_cross_entropy_with_logits(x, t)
    assert fa.binary_cross_entropy_with_logits(x.reshape(shape), t.reshape(shape)) == right
    ones = np.ones((1,) * 40)
    found = fa.binary_cross_entropy_with_logits(x.reshape(shape), ones)
    assert found == fa.binary_cross_entropy_with_logits(x, 1)


def test_pandas():
    """A Series stays one, with its index; tables and what has no mean count as arrays."""
    pandas = pytest.importorskip("pandas")
    loss = fa.binary_cross_entropy_with_logits
    x, t = np.array([[0.5, -1.0], [2.0, 3.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    expected, gradient = loss.forward_backward(x, t)
    table, targets = pandas.DataFrame(x), pandas.DataFrame(t)
    value, dx = loss.forward_backward(table, targets)
    assert value == expected
    assert dx.tolist() == gradient.tolist()
    column = pandas.Series(x[0], index=["a", "b"])
    dx = loss.backward(column, t[0], reduction="sum")
    assert list(dx.index) == ["a", "b"]
    assert dx.tolist() == loss.backward(x[0], t[0], reduction="sum").tolist()
    for labels in (pandas.Series(t[0]), pandas.Series(t[0]).astype("Float64"), pandas.Index(t[0])):
        assert float(loss(x[0].tolist(), labels)) == loss(x[0], t[0])
        assert list(loss.backward(x[0].tolist(), labels)) == list(loss.backward(x[0], t[0]))


@pytest.mark.parametrize("dtype", [complex, np.longdouble, "m8[s]"])
def test_lazy_arrays_of_other_dtypes(dtype):
    array = pytest.importorskip("dask.array")
    x = array.zeros(3, dtype=dtype)
    for inputs in ((x, np.zeros(3)), (np.zeros(3), x)):
        with pytest.raises(TypeError, match="binary_cross_entropy"):
            fa.binary_cross_entropy_with_logits(*inputs)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_a_nan_of_another_library_is_not_left_out(reduction):
    x, t = np.array([0.5, np.nan, 2.0]), np.array([1.0, 0.0, 1.0])
    xarray, pandas = pytest.importorskip("xarray"), pytest.importorskip("pandas")
    for given in (xarray.DataArray(x), pandas.Series(x)):
        assert np.isnan(fa.binary_cross_entropy_with_logits(given, t, reduction=reduction))
