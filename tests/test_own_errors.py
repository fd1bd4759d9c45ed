"""What is wrong with a formula reaches the caller, in words; nothing crashes, nothing is zero."""

import functools
import math

import numpy as np
import pytest
from own_activations import bent

import fastact as fa

X = np.linspace(-3, 3, 50_000)


def fails_from(limit, error):
    """An activation whose formula raises where x is that large, but not when it is tried."""

    def formula(x):
        if x.max() > limit:
            raise error
        return x * 2, np.full(x.shape, 2.0)

    return fa.define(formula, name="failing")


def test_what_a_formula_raises():
    failing = fails_from(2.9, ZeroDivisionError("of my own"))
    for call in (failing, failing.derivative):
        with pytest.raises(ZeroDivisionError, match="of my own"):
            call(X)
    out = np.full(X.shape, 7.0)
    with pytest.raises(ZeroDivisionError, match="of my own"):
        failing.forward_backward(X, 1.0, out=(out, None))
    da = pytest.importorskip("dask.array")
    lazy = failing(da.from_array(X, chunks=20_000))
    with pytest.raises(ZeroDivisionError, match="of my own"):
        lazy.compute(scheduler="sync")
    assert np.array_equal(failing(X[:100]), X[:100] * 2)


@pytest.mark.parametrize(
    ("result", "error"),
    [
        (lambda x: x[:1].repeat(3), r"shape \(3,\) for x of shape"),
        (lambda x: None, "NoneType"),
        (lambda x: x + 1j, "dtype complex128"),
        (lambda x: "text", "str"),
        (lambda x: (x, x), r"(2 results|returned shape \(2,)"),
    ],
)
def test_results_that_are_none(result, error):
    with pytest.raises(TypeError, match=error):
        fa.define(result, slope=lambda x: x, name="wrong")

    def later(x):
        return x if x.max() < 2.9 else result(x)

    def slope(x):
        return np.ones(x.shape)

    with pytest.raises(TypeError, match=r"wrong.*returned"):
        fa.define(later, slope, name="wrong")(X)


def test_blocks_cannot_be_written_to_and_may_be_kept():
    kept = []

    def keeping(x):
        kept.append(x)
        return x + 1 if x.sum() > -np.inf else x

    def writing(x):
        x *= 2
        return x

    with pytest.raises(ValueError, match="read-only") as caught:
        fa.define(writing)
    assert "no assignment to x" in "".join(caught.value.__notes__)
    activation, x = fa.define(keeping), X.copy()
    kept.clear()
    assert np.array_equal(activation(x), X + 1)
    del x
    blocks = np.concatenate([a for a in kept if isinstance(a, np.ndarray)])
    assert np.array_equal(blocks, X)
    assert not any(a.flags.writeable for a in kept if isinstance(a, np.ndarray))
    if fa.available_backends()["numba"] is None:
        with fa.use_backend("numba"):
            twice = fa.define(lambda x: kept.append(x) or 2 * x, name="twice")
            assert np.array_equal(twice(X), 2 * X)


@pytest.mark.parametrize(
    "formula",
    [
        lambda x: x if x > 0 else 0.0,
        lambda x: math.exp(x),
        lambda x: max(x, 0),
    ],
)
def test_formulas_of_one_number_are_told_so(formula):
    with pytest.raises((TypeError, ValueError)) as caught:
        fa.define(formula, name="scalar")
    assert "np.where instead of if" in "".join(caught.value.__notes__)


def test_formulas_that_do_not_go_element_by_element():
    with pytest.raises(ValueError, match="element by element"):
        fa.define(lambda x: x - x.mean(), name="centred")
    with pytest.raises(ValueError, match="element by element"):
        fa.define(lambda x: (x, np.cumsum(x)), name="running")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"name": "gelu"}, ValueError, "fastact has gelu already"),
        ({"name": "swish"}, ValueError, "fastact has swish already"),
        ({"name": "expit"}, ValueError, "fastact has expit already"),
        ({"name": "two words"}, ValueError, "no name"),
        ({"name": "class"}, ValueError, "no name"),
        ({}, ValueError, "<lambda>"),
        ({"formula": functools.partial(np.add, 1)}, ValueError, "'' is no name"),
        ({"name": "a", "slope": 3.0}, TypeError, "slope must be a function, not float"),
        ({"name": "a", "slope": lambda x, b: x}, TypeError, "arguments of its formula"),
    ],
)
def test_names_and_slopes(arguments, error, message):
    with pytest.raises(error, match=message):
        fa.define(**{"formula": lambda x: x} | arguments)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (3, "must be a function, not int"),
        (lambda: 0, "must take x"),
        (lambda x, *rest: x, "must take x"),
        (lambda x, *, a=1: x, "must take x"),
        (lambda x, dy=1.0: x, "called dy"),
        (lambda x, axis=1.0: x, "called axis"),  # of bias_act, which would take it for its own
        (lambda x, a="1": x, "default of a must be a number"),
        (lambda x, a=0, b=0, c=0, d=0, e=0: x, "4 parameters at the most"),
        (lambda x: (x, x, x), "3 results"),
    ],
)
def test_arguments(formula, message):
    with pytest.raises(TypeError, match=message):
        fa.define(formula, name="a")


def test_a_second_definition_of_the_name_counts():
    def twice(factor):
        def scaled(x):
            return factor * x, np.full_like(x, factor)

        return fa.define(scaled)

    first, second = twice(2.0), twice(3.0)
    for backend in ("auto", "numpy"):
        with fa.use_backend(backend):
            assert np.array_equal(first(X), 2 * X)
            assert np.array_equal(second.derivative(X), np.full(X.shape, 3.0))


def test_each_definition_is_served_for_itself():
    def named(read):
        def formula(x):
            return 2 * x if read else x * x.dtype.type(2)

        return fa.define(formula)

    readable, other = named(True), named(False)
    assert fa.get_backend(other) == "numpy"
    assert fa.get_backend(readable) in ("numba", "numpy")
    if fa.available_backends()["numba"] is None:
        assert fa.get_backend(readable) == "numba"


def test_overflow_is_no_warning():
    with fa.use_backend("numpy"):
        steep = fa.define(lambda x: (np.exp(x), np.log(x) / 0), name="steep")
        y, dx = steep.forward_backward([1000.0, 0.0], [1e308, 1.0])
    assert y.tolist() == [np.inf, 1.0]
    assert dx.tolist() == [np.inf, -np.inf]


def test_check_slope():
    for activation, parameters in ((bent, {"alpha": 0.5}), (fa.relu, {}), (fa.tanh, {})):
        assert fa.check_slope(activation, **parameters).error < 1e-8
    assert fa.check_slope(fa.logit).error < 1e-9  # beside its poles, too
    assert fa.check_slope(fa.logit, [1e-5, 1 - 1e-5]).error < 1e-7
    assert fa.check_slope(fa.leaky_relu, [0.0, 1.0], negative_slope=0.5).error < 1e-8
    wrong = fa.define(lambda x: (x**2, np.where(x > 3, 2.1 * x, 2 * x)), name="wrong")
    found = fa.check_slope(wrong, np.arange(-5.0, 6.0))
    assert found.x > 3
    assert found.error == pytest.approx(0.05)
    assert found.slope == pytest.approx(2.1 * found.x)
    assert found.derivative == pytest.approx(2 * found.x)
    assert "wrong" in str(found)
    assert fa.check_slope(fa.define(lambda x: (x, np.nan * x), name="lost")).error == np.inf
    with pytest.raises(TypeError, match="pointwise"):
        fa.check_slope(np.tanh)
    with pytest.raises(ValueError, match="x is empty"):
        fa.check_slope(fa.silu, [])
    assert fa.check_slope(fa.silu, [np.inf]).error == np.inf  # and no warning
    with pytest.raises(TypeError, match="slope="):
        fa.check_slope(fa.define(lambda x: x, name="bare"))
