"""Python formulas as loops: what they are handed, what becomes of NaN, of errors, of overlaps."""

import gc
import weakref
from itertools import count

import numpy as np
import pytest
from operations import Operations
from ulp import assert_same_bits

import fastact as fa
from fastact.engine import _engine
from fastact.engine.rowformula import by_rows
from fastact.engine.silence import SILENT, STRICT

NAMES = count()
LARGE = 300_000  # several blocks, the last of them not full


def ufunc_of(formula, inputs=("x",), *traits):
    """The operation that a backend would make of `formula`, without a backend."""
    name = f"formula_{next(NAMES)}"
    answer = (formula, *traits) if traits else formula

    def make(_backend):
        return _engine.new_ufunc(name, name, len(inputs), 1, 1 << 40, lambda dtype: answer)

    return _engine.Operation("identity", "forward", inputs, (None,) * len(inputs), 1, make)


def numbers(n, dtype):
    return np.random.default_rng(n).standard_normal(n).astype(dtype)


@pytest.mark.parametrize("n", [5, LARGE])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_formula_that_keeps_its_arguments_has_memory_of_its_own(n, dtype):
    kept = []

    def keeper(x, y):
        np.negative(x, y)
        kept.append((x, y, x.copy()))

    function, x = ufunc_of(keeper), numbers(n, dtype)
    result = function(x)
    assert_same_bits(result, -x, "values")
    for argument, output, _ in kept:
        assert not np.may_share_memory(argument, x)
        assert not np.may_share_memory(output, result)
        assert not argument.flags.writeable
    x[...] = 0
    del result, x
    gc.collect()
    assert all(np.array_equal(argument, then) for argument, _, then in kept)


@pytest.mark.parametrize("n", [5, LARGE])
def test_a_formula_cannot_write_to_an_input(n):
    def vandal(x, y):
        x += 1

    x = numbers(n, "f")
    x.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        ufunc_of(vandal)(x)


@pytest.mark.parametrize("n", [5, LARGE])
def test_a_direct_formula_sees_the_arrays_and_keeps_them_alive(n):
    kept = []

    def keeper(x, slope, y):
        np.multiply(x, slope, y)
        kept.append((x, y))
        assert slope.ndim == 0

    function = ufunc_of(keeper, ("x", "slope"), "direct")
    x = numbers(n, "f")
    result = function(x, 2.0)
    assert_same_bits(result, 2 * x, "values")
    assert len(kept) == -(-n * 4 // 1048576)
    assert all(np.may_share_memory(a, x) for a, _ in kept)
    assert all(np.may_share_memory(b, result) for _, b in kept)
    expected, alive = np.array(x), weakref.ref(x)
    del x, result
    gc.collect()
    assert alive() is not None
    assert_same_bits(np.concatenate([a for a, _ in kept]), expected, "what was kept")
    kept.clear()
    assert alive() is None


def test_blocks_of_a_direct_formula_are_read_only():
    def vandal(x, y):
        x += 1

    with pytest.raises(ValueError, match="read-only"):
        ufunc_of(vandal, ("x",), "direct")(numbers(LARGE, "f"))


@pytest.mark.parametrize("traits", [(), ("direct",)])
@pytest.mark.parametrize("n", [5, LARGE])
def test_an_error_reaches_the_caller_and_nothing_leaks(n, traits):
    def failing(x, y):
        raise KeyError("no value")

    x, out = numbers(n, "f"), np.zeros(n, "f")
    function = ufunc_of(failing, ("x",), *traits)
    for keywords in ({}, {"out": out}):
        with pytest.raises(KeyError, match="no value"):
            function(x, **keywords)
    alive = weakref.ref(out)
    del out, keywords
    gc.collect()
    assert alive() is None


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("traits", [("keep_nan",), ("direct", "keep_nan")])
def test_nan_is_kept(dtype, traits):
    """At every place of rows of every length, and where several blocks are."""

    def one(x, y):
        y.fill(1)

    kept, forgotten = ufunc_of(one, ("x",), *traits), ufunc_of(one)
    for n in (*range(1, 40), 1023, 1025, 3 * 16384 + 5):
        x = numbers(n, dtype)
        for place in {*range(min(n, 40)), n // 2, n - 1}:
            changed = x.copy()
            changed[place] = np.nan
            expected = np.ones(n, dtype)
            expected[place] = np.nan
            assert np.array_equal(kept(changed), expected, equal_nan=True)
            assert not np.isnan(forgotten(changed)).any()
    assert np.array_equal(kept(np.array([np.inf, -np.inf, 0], dtype)), [1, 1, 1])


@pytest.mark.parametrize("answer", [(len, "directly"), (len, 3), (len, "direct", None)])
def test_a_trait_that_there_is_not(answer):
    name = f"formula_{next(NAMES)}"
    ufunc = _engine.new_ufunc(name, name, 1, 1, 1 << 40, lambda dtype: answer)
    with pytest.raises(TypeError, match="address, a ufunc or a formula"):
        ufunc(np.ones(3))


def test_outputs_over_inputs(activation, dtype):
    """A formula may read its inputs again after it has begun to write."""
    operations = Operations(activation, "numpy")
    x, dy = numbers(200, dtype), numbers(201, dtype)[1:]
    expected = operations.backward(x, dy)
    for over in (x, dy):
        inputs = [a.copy() if a is over else a for a in (x, dy)]
        out = inputs[0] if over is x else inputs[1]
        assert_same_bits(operations.backward(*inputs, out=out), expected, f"{operations}")


def test_contexts_say_nothing_and_leave_nothing_behind():
    before = np.geterr()
    large = np.full(3, 1e300)
    with np.errstate(all="raise"):
        assert np.isinf(SILENT.copy().run(np.multiply, large, large)).all()
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError):
        STRICT.copy().run(np.multiply, large, large)
    assert np.geterr() == before


@pytest.mark.parametrize(("length", "buffer"), [(255, 8192), (256, 256), (8191, 256), (8192, 8192)])
def test_rows_that_are_longer_than_the_buffer_are_not_copied_into_it(length, buffer):
    """Only where that leaves the others as they are, and only in there."""
    seen = []

    def look(x, dy, y, dx):
        seen.append(np.getbufsize())

    made = by_rows(look)
    x, y = np.zeros((2, length)), np.zeros((2, length))
    made.in_one_piece(x, None, y, None, length)
    made(x.T, None, None, y.T, None, (0,), "d")
    assert seen == [buffer, buffer]
    assert np.getbufsize() == 8192


def test_the_callers_error_state_does_not_matter():
    x = np.array([100.0, -100.0, 0.5, np.nan, np.inf, -np.inf], "f")
    with fa.use_backend("numpy"):
        for function in (fa.sigmoid, fa.sigmoid.derivative, fa.tanh.derivative, fa.softmax):
            expected = function(x)
            with np.errstate(all="raise"):
                assert_same_bits(function(x), expected, repr(function))
