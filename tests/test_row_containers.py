"""Row-wise functions of Dask's, xarray's and masked arrays: what they are of plain arrays."""

from itertools import product

import numpy as np
import pytest
import row_checks
from operations import ROW_OPERATIONS, Operations
from row_oracle import REDUCING

import fastact as fa

INF, NAN = np.inf, np.nan


def dask_array():
    return pytest.importorskip("dask.array")


def logits(shape=(6, 50), dtype="float64", seed=0):
    return np.random.default_rng(seed).uniform(-20, 20, shape).astype(dtype)


def assert_close(got, expected, label, units=32):
    """To some units in the last place: the blocks' sums are combined in another order."""
    got, expected = np.asarray(got), np.asarray(expected)
    assert got.dtype == expected.dtype, label
    assert got.shape == expected.shape, label
    # A gradient is known relative to what cancels in it, which is of the size of the largest.
    tolerance = units * np.finfo(expected.dtype).eps
    atol = tolerance / 4 * np.abs(expected[np.isfinite(expected)]).max(initial=0)
    np.testing.assert_allclose(got, expected, rtol=tolerance, atol=atol, err_msg=label)


AXES = (-1, 0, None)
# Of rows, of columns and of both; each dtype, which changes no graph, meets a row cut in pieces.
CHUNKS = [
    ("float32", ((3, 3), (50,))),
    ("float64", ((6,), (1, 30, 19))),
    ("float64", ((2, 4), (25, 25))),
    ("float32", ((6,), (10,) * 5)),
]


def every_keyword(name, x):
    """Keyword arguments to go with x, one set after another."""
    generator = np.random.default_rng(3)
    mask = generator.random(x.shape) < 0.7
    mask[0] = False
    mask[1, :30] = False
    yield {}
    yield {"where": mask}
    yield {"lengths": np.array([0, 50, 7, 30, 1, 49])}
    yield {"causal": True}
    if name in ("softmax", "softmin", "log_softmax", *REDUCING):
        yield {"temperature": 0.3}
    if name == "logsumexp":
        yield {"b": generator.standard_normal(x.shape)}
        yield {"b": 2.0, "where": mask}
        yield {"b": generator.random(x.shape), "temperature": 2.5}


@pytest.mark.parametrize(("dtype", "chunks"), CHUNKS)
def test_dask(rowwise, dtype, chunks):
    """All operations, axes and keywords, computed together, since they have much in common."""
    da, dask = dask_array(), pytest.importorskip("dask")
    operations = Operations(rowwise, "cython-baseline")
    x = logits(dtype=dtype)
    lazy = da.from_array(x, chunks=chunks)
    asked = []
    for keywords, axis, operation in product(every_keyword(rowwise, x), AXES, ROW_OPERATIONS):
        if axis != -1 and {"lengths", "causal"} & keywords.keys():
            continue
        dy = row_checks.gradient_for(operations, x, axis)
        expected = operations.run(operation, x, dy, axis=axis, **keywords)
        lazy_dy = da.from_array(dy) if dy.ndim else dy
        got = operations.run(operation, lazy, lazy_dy, axis=axis, **keywords)
        label = f"{operations} {operation} {chunks} axis={axis} {sorted(keywords)}"
        for one, right in zip(got, expected, strict=True):
            assert isinstance(one, da.Array), label
            assert one.dtype == right.dtype, label
            assert one.shape == right.shape, label
            asked.append((one, right, label))
    computed = dask.compute(*(one for one, _, _ in asked), scheduler="sync")
    for one, (_, right, label) in zip(computed, asked, strict=True):
        assert_close(one, right, label)


def test_dask_keeps_what_is_small():
    """TensorFlow's case, and the logarithm of nearly 1, in chunks of one."""
    da = dask_array()
    x = da.from_array(np.array([37.42994775023705, 0.0]), chunks=1)
    dx = fa.softmax.backward(x, np.array([1.0, 0.0]))
    expected = [5.551115123125775e-17, -5.551115123125775e-17]
    np.testing.assert_allclose(dx.compute(), expected, rtol=1e-14)
    y = fa.log_softmax(da.from_array(np.array([16.94, 0], "f"), chunks=1)).compute()
    assert y[0] == pytest.approx(-4.39e-8, rel=1e-2)
    assert y.dtype == np.float32


SPECIAL_ROWS = [
    [1, NAN, 3, 4],
    [-INF, -INF, -INF, -INF],
    [-INF, -INF, 2, 3],
    [1, 2, INF, 4],
    [INF, 2, INF, 4],
    [INF, INF, 1, -INF],
    [5, 1, 5, 2],
]


@pytest.mark.parametrize("chunks", [1, 2, 3])
def test_dask_special_rows(rowwise, chunks):
    """All rows and operations computed together, as above."""
    da, dask = dask_array(), pytest.importorskip("dask")
    operations = Operations(rowwise, "cython-baseline")
    dy = np.ones(()) if rowwise in REDUCING else np.array([1.0, -2.0, 0.5, 3.0])
    asked = []
    for row, operation in product(SPECIAL_ROWS, ROW_OPERATIONS):
        x = np.array(row, float)
        expected = operations.run(operation, x, dy)
        got = operations.run(operation, da.from_array(x, chunks=chunks), dy)
        if operation != "forward" and np.isinf((-x if rowwise == "softmin" else x).max()):
            got, expected = got[:-1], expected[:-1]  # a gradient at infinity is not defined
        for one, right in zip(got, expected, strict=True):
            asked.append((one, right, f"{operations} {operation} of {row}"))
    computed = dask.compute(*(one for one, _, _ in asked), scheduler="sync")
    for one, (_, right, label) in zip(computed, asked, strict=True):
        np.testing.assert_allclose(one, right, rtol=1e-14, err_msg=label)


def test_dask_from_output():
    da = dask_array()
    x, dy = logits(), logits(seed=1)
    for name in ("softmax", "softmin", "log_softmax"):
        face = getattr(fa, name)
        y = face(x, temperature=2)
        expected = face.backward_from_output(y, dy, temperature=2)
        got = face.backward_from_output(da.from_array(y, chunks=(3, 20)), dy, temperature=2)
        assert_close(got.compute(), expected, name, 1024)


def test_dask_is_lazy_and_says_what_is_wrong():
    da = dask_array()
    asked = []
    x = da.from_array(logits(), chunks=(3, 20)).map_blocks(
        lambda block: asked.append(1) or block, meta=np.empty((0, 0))
    )
    _, sign = fa.logsumexp(x, b=-1.0, return_sign=True)
    assert not asked
    assert np.all(sign.compute(scheduler="sync") == -1)
    assert asked
    with pytest.raises(TypeError, match="out="):
        fa.softmax(x, out=np.empty((6, 50)))
    with pytest.raises(ValueError, match="causal"):
        fa.softmax(x, causal=True, axis=0)
    with pytest.raises(IndexError, match=r"length of 51.*50"):
        fa.softmax(x, lengths=[0, 1, 2, 3, 4, 51]).compute(scheduler="sync")
    with pytest.raises(np.exceptions.AxisError):
        fa.softmax(x, axis=2)


def test_xarray(rowwise, row_operation):
    xr = pytest.importorskip("xarray")
    operations = Operations(rowwise, "cython-baseline")
    plain = logits((4, 5, 6))
    x = xr.DataArray(
        plain, dims=("batch", "time", "word"), coords={"word": list("abcdef")}, attrs={"unit": "1"}
    )
    for axis in (-1, 1, (0, 2), None):
        dy = row_checks.gradient_for(operations, plain, axis)
        expected = operations.run(row_operation, plain, dy, axis=axis)
        names = x.dims if axis is None else tuple(x.dims[k] for k in np.atleast_1d(axis))
        for given in (axis, names):
            got = operations.run(row_operation, x, dy, axis=given)
            for one, right in zip(got, expected, strict=True):
                assert isinstance(one, xr.DataArray)
                np.testing.assert_array_equal(one.values, right)
                assert one.dims == tuple(d for d in x.dims if d in one.dims)
                assert one.attrs == x.attrs
                assert "word" not in one.dims or list(one.word.values) == list("abcdef")
    with pytest.raises(np.exceptions.AxisError):
        operations.forward(x, axis=3)


def test_xarray_keywords():
    xr = pytest.importorskip("xarray")
    plain = logits((4, 5, 6))
    x = xr.DataArray(plain, dims=("batch", "time", "word"))
    lengths = xr.DataArray([1, 2, 3, 6, 5], dims="time")
    expected = fa.softmax(plain, lengths=lengths.values)
    np.testing.assert_array_equal(fa.softmax(x, lengths=lengths).values, expected)
    mask = xr.DataArray([True, False, True, True, False, True], dims="word")
    expected = fa.softmax(plain, where=mask.values, causal=True, temperature=3)
    got = fa.softmax(x, axis="word", where=mask, causal=True, temperature=3)
    np.testing.assert_array_equal(got.values, expected)
    y, sign = fa.logsumexp(x, axis="time", b=-2.0, return_sign=True, keepdims=True)
    assert y.dims == x.dims
    assert y.shape == sign.shape == (4, 1, 6)
    np.testing.assert_array_equal(y.values, fa.logsumexp(plain, axis=1, b=2.0, keepdims=True))
    dx = fa.logsumexp.backward(x, y, axis="time")
    np.testing.assert_array_equal(dx.values, fa.logsumexp.backward(plain, y.values, axis=1))
    both = fa.softmax(xr.Dataset({"a": x, "b": 2 * x}), axis="word")
    np.testing.assert_array_equal(both.b.values, fa.softmax(2 * plain))
    np.testing.assert_array_equal(fa.softmax(x.variable).values, fa.softmax(plain))
    with pytest.raises(ValueError, match="causal"):
        fa.softmax(x, axis="time", causal=True)
    dask_array()
    lazy = fa.softmax(x.chunk({"word": 2}), axis="word")
    assert lazy.chunks is not None
    assert_close(lazy.values, fa.softmax(plain), "xarray of Dask")


def test_xarray_datasets_with_several_results():
    xr = pytest.importorskip("xarray")
    plain = logits((4, 6))
    x = xr.DataArray(plain, dims=("batch", "word"))
    both = xr.Dataset({"a": x, "b": 2 * x})
    y, dx = fa.softmax.forward_backward(both, both, axis="word")
    for name, factor in (("a", 1), ("b", 2)):
        right = fa.softmax.forward_backward(factor * plain, factor * plain)
        np.testing.assert_array_equal(y[name].values, right[0])
        np.testing.assert_array_equal(dx[name].values, right[1])
    value, sign = fa.logsumexp(both, return_sign=True)
    assert value.b.dims == ("batch",)
    assert (sign.a == 1).all()


def test_xarray_dimensions_that_are_none():
    xr = pytest.importorskip("xarray")
    x = xr.DataArray(logits((4, 6)), dims=("batch", "word"))
    for axis in (("word", "word"), ("word", -1), (1, 1)):
        with pytest.raises(ValueError, match=r"softmax: axis=.* more than once"):
            fa.softmax(x, axis=axis)
    with pytest.raises(ValueError, match=r"softmax: x has no dimension 'time'; .*batch, word"):
        fa.softmax(x, axis="time")


def test_masked_arrays(rowwise, row_operation, variant):
    """The mask is `where`, for value and gradient, and the result's; other keywords go along."""
    operations = Operations(rowwise, variant)
    data = logits((4, 30))
    mask = np.random.default_rng(1).random(data.shape) < 0.3
    mask[0] = True
    x = np.ma.array(np.where(mask, NAN, data), mask=mask)
    dy = row_checks.gradient_for(operations, data)
    lengths = np.array([30, 0, 12, 29])
    for keywords in ({}, {"lengths": lengths}, {"where": data > -10}):
        where = ~mask & keywords.get("where", True)
        rest = {k: v for k, v in keywords.items() if k != "where"}
        expected = operations.run(row_operation, data, dy, where=where, **rest)
        got = operations.run(row_operation, x, dy, **keywords)
        for one, right in zip(got, expected, strict=True):
            assert isinstance(one, np.ma.MaskedArray)
            np.testing.assert_array_equal(one.data, right)
            if one.shape == x.shape:
                np.testing.assert_array_equal(np.ma.getmaskarray(one), mask)
    assert np.isnan(x.data[mask]).all(), "x was changed"


def test_a_masked_gradient_is_not_read(rowwise, variant):
    """Where x counts, a gradient under a mask is an error; where x does not, it does not matter."""
    x, hidden = logits((3, 4)), np.zeros((3, 4), bool)
    hidden[1, 2] = True
    shape = (3,) if rowwise in REDUCING else (3, 4)
    dy = np.linspace(1, 2, int(np.prod(shape))).reshape(shape)
    mask = hidden.any(axis=1) if rowwise in REDUCING else hidden
    masked = np.ma.array(np.where(mask, NAN, dy), mask=mask)
    operations = Operations(rowwise, variant)
    for operation in ("backward", "forward_backward"):
        with pytest.raises(ValueError, match=f"{rowwise}.*dy is masked where x is not"):
            operations.run(operation, x, masked)
    plain = operations.backward(x, dy)
    np.testing.assert_array_equal(operations.backward(x, np.ma.array(dy)), plain)
    if rowwise not in REDUCING:
        got = operations.backward(np.ma.array(x, mask=hidden), masked)
        expected = operations.backward(x, dy, where=~hidden)
        np.testing.assert_array_equal(got[~hidden], expected[~hidden])


def test_a_masked_weight_is_absent(variant):
    x, b = logits((3, 4)), np.linspace(1, 2, 12).reshape(3, 4)
    hidden = b > 1.5
    with fa.use_backend(variant):
        got = fa.logsumexp(x, b=np.ma.array(np.where(hidden, NAN, b), mask=hidden))
        np.testing.assert_array_equal(got, fa.logsumexp(x, b=np.where(hidden, 0, b)))
