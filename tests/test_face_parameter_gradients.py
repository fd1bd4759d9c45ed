"""``parameter_backward``: the sum of dy times the slope in the parameter, over all that it was
broadcast to."""

import copy
import math
import pickle
import tracemalloc

import numpy as np
import pytest
from layouts import LAYOUTS_2D
from operations import ELEMENTWISE, TRAINABLE, Operations
from oracle import Double, evaluate, remembered
from ulp import assert_same_bits

import fastact as fa


def numbers(shape, dtype, seed=0):
    return (np.random.default_rng(seed).standard_normal(shape) * 3).astype(dtype)


@remembered(longest=300_000)
def exact_sum(name, x, dy, parameter):
    x, dy = np.broadcast_arrays(x, dy)
    slopes = evaluate(name, "parameter_slope", x.astype("d"), (parameter,), Double)
    return math.fsum((slopes * dy).ravel())


@pytest.mark.parametrize("shape", [(), (1,), (9,), (300, 301), (3, 70_000)], ids=str)
@pytest.mark.parametrize("name", TRAINABLE)
def test_a_scalar_parameter(name, shape, variant, dtype):
    x, dy = numbers(shape, dtype), numbers(shape, dtype, 1)
    unit = np.finfo(np.float32 if dtype == "float16" else dtype).eps
    with fa.use_backend(variant):
        method = getattr(fa, name).parameter_backward
        for gradient in (dy, 0.0625):
            result = method(x, gradient, 0.75)
            assert result.dtype == dtype
            assert np.ndim(result) == 0
            exact = exact_sum(name, x, gradient, 0.75)
            terms = np.abs(x.astype("d") * gradient).sum() + 1
            allowed = 8 * unit * terms + abs(exact) * np.finfo(dtype).eps
            assert abs(float(result) - exact) <= allowed
        one = method(x, dy, [0.75])
        assert one.shape == (1,)
        assert np.shape(method(x, 1, 1)) == ()


@pytest.mark.parametrize("name", ["prelu", "swish"])
def test_shapes_are_those_of_the_parameter(name, variant):
    method = Operations(name, variant).face.parameter_backward
    x, dy = numbers((40, 50, 60), "f"), numbers((40, 50, 60), "f", 1)
    for shape in [(60,), (50, 1), (40, 1, 1), (1, 60), (40, 1, 60), (1, 50, 60), (1, 1, 1)]:
        parameter = np.linspace(0.25, 1, math.prod(shape), dtype="f").reshape(shape)
        with fa.use_backend(variant):
            result = method(x, dy, parameter)
            products = method(x, dy, np.broadcast_to(parameter, x.shape)).astype("d")
        axes = tuple(d for d, n in enumerate((1,) * (3 - len(shape)) + shape) if n == 1)
        assert result.shape == shape
        assert result.dtype == np.float32
        expected = products.sum(axis=axes, keepdims=True)
        np.testing.assert_allclose(result, expected.reshape(shape), rtol=1e-6, atol=1e-5)


def test_the_axis_of_prelu():
    x, dy = numbers((40, 5, 60, 70), "f"), numbers((40, 5, 60, 70), "f", 1)
    weight = np.linspace(0.1, 0.5, 5, dtype="f")
    expected = np.where(x > 0, 0, x.astype("d") * dy).sum(axis=(0, 2, 3))
    for axis in (1, -3):
        result = fa.prelu.parameter_backward(x, dy, weight, axis=axis)
        np.testing.assert_allclose(result, expected, rtol=1e-6)
    column = fa.prelu.parameter_backward(x, dy, weight[:, None, None])
    assert_same_bits(column.ravel(), result, "reshaped by hand")
    assert fa.prelu.parameter_backward(x, dy, [0.25], axis=1).shape == (1,)


def test_everything_broadcasts():
    x, dy, weight = numbers((7, 1), "f"), numbers((3, 1, 5), "f", 1), np.ones((1, 5), "f")
    products = np.where(x > 0, 0, x.astype("d") * dy)
    result = fa.prelu.parameter_backward(x, dy, weight)
    np.testing.assert_allclose(result, products.sum(axis=(0, 1))[None], rtol=1e-6)
    assert fa.prelu.parameter_backward(-2.0, 3.0, np.zeros((2, 2), "f")).tolist() == [[-6] * 2] * 2
    assert fa.prelu.parameter_backward(-2, weight=0.5) == -2  # dy is 1
    assert fa.prelu.parameter_backward([-2, -3], [1, 2], 0.5) == -8
    with pytest.raises(ValueError, match="broadcast"):
        fa.prelu.parameter_backward(np.ones(3), np.ones(4), 0.5)


def test_dtypes():
    kinds = ["?", "i1", "i8", "e", "f", "d"]
    for first in kinds:
        for second in kinds:
            x, parameter = np.ones(3, first), np.ones(1, second)
            expected = fa.swish(x, parameter).dtype
            assert fa.swish.parameter_backward(x, 1, parameter).dtype == expected
    assert fa.swish.parameter_backward(np.ones(3, "f"), 1, np.float64(1)).dtype == np.float64
    assert fa.swish.parameter_backward(np.ones(3, ">f4"), 1, 1).dtype == np.dtype("=f4")
    for wrong in (np.ones(3, complex), np.array([None]), "abc", np.ones(3, np.longdouble)):
        for place in range(3):
            arguments = [np.ones(3)] * 3
            arguments[place] = wrong
            with pytest.raises(TypeError, match="swish"):
                fa.swish.parameter_backward(*arguments)


def test_the_sum_is_taken_in_float64():
    n = 2**24 + 2**22  # a float32 sum of ones ends at 2**24
    x = np.broadcast_to(np.float32(-1), (n,))
    assert fa.prelu.parameter_backward(x, 1.0, 0.5) == -n
    half = np.full(4000, -1, np.float16)  # float16: at 2048
    assert fa.prelu.parameter_backward(half, 1.0, 0.5) == -4000
    # Products beyond float16 that cancel.
    x = np.array([-300, -300, -1], np.float16)
    dy = np.array([300, -300, 2], np.float16)
    assert fa.prelu.parameter_backward(x, dy, 0.5) == -2


@pytest.mark.parametrize("name", TRAINABLE)
def test_the_same_bits_for_every_layout_and_thread_count(name, variant, dtype):
    method = Operations(name, variant).face.parameter_backward
    x, dy = numbers((300, 200), dtype), numbers((300, 200), dtype, 1)
    with fa.use_backend(variant):
        for parameter in (0.75, np.linspace(0.5, 1, 200, dtype=dtype)):
            with fa.threads(1):
                expected = np.asarray(method(x, dy, parameter))
            for count in (2, 5):
                with fa.threads(count):
                    result = method(x, dy, parameter)
                assert_same_bits(np.asarray(result), expected, f"{name} on {count} threads")
            for layout, lay_out in LAYOUTS_2D.items():
                result = method(lay_out(x), dy.T.copy().T, parameter)
                assert_same_bits(np.asarray(result), expected, f"{name} {layout}")


def test_empty_arrays():
    for shape, weight, expected in (
        ((0,), 0.5, 0.0),
        ((0, 3), np.ones(3), [0] * 3),
        ((10**9, 0), 0.5, 0.0),
        ((3, 0), np.ones(0), []),
    ):
        result = fa.prelu.parameter_backward(np.ones(shape), 1.0, weight)
        assert result.tolist() == expected


def test_nan_and_infinities():
    for name in TRAINABLE:
        method = getattr(fa, name).parameter_backward
        assert np.isnan(method([1.0, np.nan, -1.0], 1.0, 0.5))
        assert method(np.array([-1e30, -1e30], "f"), np.float32(1e30), 0.5).dtype == np.float32
    assert fa.prelu.parameter_backward([-np.inf, 1.0], 1.0, 0.5) == -np.inf
    assert np.isnan(fa.prelu.parameter_backward([-np.inf, -np.inf], [1.0, -1.0], 0.5))


def test_masked_elements_do_not_count():
    x = np.ma.array(numbers((300, 400), "f"), mask=numbers((300, 400), "f", 1) > 0)
    x.data[x.mask] = np.nan
    expected = np.where(x.data < 0, x.data.astype("d"), 0).sum(axis=0)
    assert x.mask.any()
    result = fa.prelu.parameter_backward(x, 1.0, np.ones(400, "f"))
    np.testing.assert_allclose(result, expected, rtol=1e-6)
    np.testing.assert_allclose(
        fa.prelu.parameter_backward(x[:9], 1.0, 0.5),
        np.nansum(x.data[:9] * (x.data[:9] < 0), dtype="d"),
        rtol=1e-6,
    )


def test_memory_is_bounded():
    x = numbers((4, 1_000_000), "f")
    for parameter, limit in ((0.5, 1.5e6), (np.ones((4, 1), "f"), 1.5e6)):
        fa.swish.parameter_backward(x[:, :99], x[:, :99], parameter)
        tracemalloc.start()
        fa.swish.parameter_backward(x, x.T[::-1].T, parameter)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < limit, f"{peak} bytes for {x.nbytes}"


def test_no_argument_is_changed():
    arrays = [numbers((300, 300), "f", seed) for seed in range(3)]
    before = [a.tobytes() for a in arrays]
    fa.swish.parameter_backward(arrays[0], arrays[1], arrays[2][:1])
    assert [a.tobytes() for a in arrays] == before


def test_its_errors():
    method = fa.prelu.parameter_backward
    with pytest.raises(TypeError, match=r"^prelu.parameter_backward needs weight$"):
        method(np.ones(3))
    with pytest.raises(TypeError, match="needs x and weight"):
        method()
    with pytest.raises(TypeError, match="has no keyword 'out'; there are x, dy, weight, axis"):
        method(np.ones(3), 1, 1, out=np.ones(3))
    with pytest.raises(TypeError, match="got weight twice"):
        method(np.ones(3), 1, 1, weight=1)
    with pytest.raises(TypeError, match=r"takes 3 positional arguments \(x, dy, weight\), 4"):
        method(np.ones(3), 1, 1, 1)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_only_trainable_parameters_have_it(name):
    face = getattr(fa, name)
    assert hasattr(face, "parameter_backward") == (name in TRAINABLE)
    if name in TRAINABLE:
        method = face.parameter_backward
        assert pickle.loads(pickle.dumps(method)) is method
        assert copy.deepcopy(method) is method
        assert repr(method).startswith(f"<fastact {name}.parameter_backward(x, dy, ")
        return
    with pytest.raises(AttributeError, match=f"{name} has no trainable.*prelu") as caught:
        _ = face.parameter_backward
    assert all(other in str(caught.value) for other in TRAINABLE)


class Foreign(np.lib.mixins.NDArrayOperatorsMixin):
    """An array of another library: it takes part in ufuncs, and NumPy knows nothing else of it."""

    def __init__(self, array):
        self.array = array = np.asarray(array)
        self.shape, self.ndim, self.dtype = array.shape, array.ndim, array.dtype

    def __array__(self, dtype=None, copy=None):
        return self.array

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        bare = (a.array if isinstance(a, Foreign) else a for a in inputs)
        return type(self)(getattr(ufunc, method)(*bare, **keywords))


class Lazy(Foreign):
    """One that stays what it is, as Dask's arrays do."""

    __module__ = "dask.array"

    def sum(self, **keywords):
        return Lazy(self.array.sum(**keywords))

    def astype(self, dtype):
        return Lazy(self.array.astype(dtype))

    def reshape(self, shape):
        return Lazy(self.array.reshape(shape))


def test_arrays_of_other_libraries():
    x, dy = numbers((7, 5, 3), "f"), numbers((7, 5, 3), "f", 1)
    for parameter, axis in ((0.75, None), (np.linspace(0.1, 0.5, 5, dtype="f"), 1)):
        expected = np.asarray(fa.prelu.parameter_backward(x, dy, parameter, axis=axis))
        for kind, kept in ((Foreign, np.ndarray | np.generic), (Lazy, Lazy)):
            for arguments in ((kind(x), dy), (x, kind(dy)), (kind(x), kind(dy))):
                result = fa.prelu.parameter_backward(*arguments, parameter, axis=axis)
                assert isinstance(result, kept)
                assert np.shape(result) == np.shape(parameter)
                assert result.dtype == np.float32
                np.testing.assert_allclose(np.asarray(result), expected, rtol=1e-6)
