"""What a formula is made of, compiled by Numba: against NumPy in higher precision."""

import numpy as np
import pytest

pytest.importorskip("numba")

from numba_loops import calls, packed_arithmetic

import fastact as fa
from fastact.backends.numba_backend import emission, expressions
from fastact.engine import _engine
from fastact.own import expression, vocabulary
from fastact.own.registry import DEFINITIONS

# Where several operations, or C's library, round more than once.
ULP = 4
CASES = [(word, "float64") for word in sorted(set(vocabulary.NUMPY) - set(emission.LOGICAL))]
# C's library is called with either type in one way.
CASES += [(word, "float32") for word, _ in CASES if word not in emission.LIBRARY or word == "sinh"]


def points(dtype, seed=0):
    """Of all sizes and signs, and around 0 and 1."""
    random, info = np.random.default_rng(seed), np.finfo(dtype)
    exponents = random.integers(info.minexp - info.nmant, info.maxexp, 20_000)
    sizes = np.ldexp(random.uniform(1, 2, 20_000), exponents)
    near = 1 + np.ldexp(random.uniform(-1, 1, 5000), random.integers(-30, 1, 5000))
    edges = [0.0, 1.0, np.inf, np.nan, float(info.max), float(info.tiny), 5e-324]
    several = np.concatenate([sizes, random.uniform(0, 100, 20_000), near, edges])
    return np.concatenate([several, -several]).astype(dtype)


def compiled(function, *inputs):
    parameters = ("", ", a", ", a, b")[len(inputs) - 1]
    formula = eval(f"lambda x{parameters}: function(x{parameters})", {"function": function})
    with fa.use_backend("numba"):
        return fa.define(formula, name="word")(*inputs)


def errors(found, right):
    """In units of the last place; 0 where both are the same or NaN, as almost everywhere."""
    info = np.finfo(found.dtype)
    with np.errstate(all="ignore"):
        same = (found == right.astype(found.dtype)) | (np.isnan(found) & np.isnan(right))
        got, exact = found[~same], right[~same]
        exponent = np.floor(np.log2(np.maximum(np.abs(exact), info.tiny))).astype(int)
        error = np.abs(got - exact) / np.ldexp(np.longdouble(1), exponent - info.nmant)
    found_errors = np.zeros(found.shape, np.longdouble)
    found_errors[~same] = np.where(np.isnan(error), np.inf, error)
    return found_errors


@pytest.mark.parametrize(("word", "dtype"), CASES)
def test_words_of_numpy(word, dtype):
    function, x = getattr(np, word), points(dtype)
    inputs = (x, points(dtype, 1)[::-1]) if function.nin == 2 else (x,)
    if word in ("sin", "cos", "tan"):  # longdouble has no more digits of pi than these need
        inputs = (x[np.abs(x) < 1e4],)
    with np.errstate(all="ignore"):
        right = function(*(a.astype(np.longdouble) for a in inputs)).astype(np.longdouble)
    found = compiled(lambda *a: function(*a), *inputs)
    if word == "logaddexp":  # near 0 it is the sum of two that nearly cancel, as in NumPy
        near_0 = np.abs(right) < np.maximum(*map(np.abs, inputs)) / 2
        found, right = np.where(near_0, 0, found), np.where(near_0, 0, right)
    worst = errors(found, right)
    assert worst.max() <= ULP, (inputs[0][worst.argmax()], found[worst.argmax()])
    assert np.isfinite(right).sum() > 1000


def test_every_word_is_tested():
    known = set(emission.NUMERIC) - {name for name, _ in emission.catalogue()}
    assert known | set(emission.LOGICAL) == set(vocabulary.NUMPY) | {"erf", "erfc"}


def test_scipy_and_the_catalogue():
    special = pytest.importorskip("scipy.special")
    x = np.linspace(-8, 8, 1001)
    for function in (special.erf, special.erfc, special.expit, special.log_expit):
        assert np.allclose(compiled(function, x), function(x), rtol=1e-14), function
    for activation in (fa.gelu, fa.mish, fa.softplus, fa.elu):
        for operation in (activation, activation.derivative):
            assert np.allclose(compiled(operation, x), operation(x), rtol=2e-15, atol=1e-16)
    weighted = compiled(lambda x: fa.swish.backward(x, 3.0, beta=2.0), x)
    assert np.allclose(weighted, fa.swish.backward(x, 3.0, beta=2.0), rtol=1e-14)
    both = compiled(lambda x: sum(fa.silu.forward_backward(x, 2.0)), x)
    assert np.allclose(both, sum(fa.silu.forward_backward(x, 2.0)), rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_operators_and_selections(dtype):
    x = points(dtype)
    formulas = (
        lambda x: np.where((x > 0) & ~(x > 1) | (x == -2) | np.isnan(x), x, -x),
        lambda x: (x > 0) * x + (x != x) - (x >= 1),
        lambda x: np.clip(x, -1, None) + np.clip(x, 0.25, 0.75),
        lambda x: np.ones_like(x) * 3 - np.full_like(x, 2.0) + np.zeros_like(x) * 0.0,
        lambda x: np.where(np.logical_and(x, x < 4), abs(x), +x),
        lambda x: np.where(True, x, 2.0) / 4,
    )
    for number, formula in enumerate(formulas):
        with np.errstate(all="ignore"):
            right = formula(x)
        assert np.array_equal(compiled(formula, x), right, equal_nan=True), number


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 5, 8, 16, 0.5, -1, -2, 2.5])
def test_powers(exponent):
    x = np.concatenate([np.geomspace(1e-6, 1e6, 1000), [0.0, np.inf, np.nan]])
    with np.errstate(all="ignore"):
        right = x.astype(np.longdouble) ** exponent
    assert errors(compiled(lambda x: x**exponent, x), right).max() <= ULP


def test_the_sign_of_0_is_0():
    assert not np.signbit(compiled(np.sign, np.array([-0.0]))).any()


def test_constants_are_rounded_to_the_type():
    x = np.array([1.0, 2.0], np.float32)
    assert np.array_equal(compiled(lambda x: x * 0.1, x), x * np.float32(0.1))
    assert np.array_equal(compiled(lambda x: np.minimum(x, 1e300), x), x)


@pytest.mark.parametrize(
    "formula",
    [
        lambda x: x if x > 0 else -x,
        lambda x: np.exp(x, out=None, where=x > 0),
        lambda x: np.add.reduce([x]),
        lambda x: np.mean(x),
        lambda x: np.sort(x),
        lambda x: x * np.ones(3),
        lambda x: x * 1j,
        lambda x: x[0],
        lambda x: x + None,
        lambda x: np.asarray(x),
        lambda x: fa.softmax(x),
        lambda x: np.where(x > 0),
        lambda x: sum(np.modf(x)),
        lambda x: float(x),
        lambda x: "x" + x,
    ],
)
def test_what_is_no_expression(formula):
    with pytest.raises(TypeError):
        expression.reads(formula, 1)


# Called as one of SciPy's, but another.
NAMESAKE = _engine.new_ufunc("erf", "", 1, 1, 1000, lambda dtype: lambda x, y: np.copyto(y, x + 1))


@pytest.mark.parametrize(
    ("formula", "word"),
    [
        (lambda x: np.remainder(x, 2), "the ufunc remainder"),
        (lambda x: fa.swiglu(x, x), "the ufunc swiglu"),
        (NAMESAKE, "the ufunc erf"),
    ],
)
def test_words_that_no_loop_has(formula, word):
    activation, x = fa.define(lambda x: formula(x), name="unknown"), np.linspace(-3, 3, 100)
    assert fa.get_backend(activation) == "numpy"
    assert np.array_equal(activation(x), formula(x))
    with fa.use_backend("numba"), pytest.raises(NotImplementedError, match=f"no loop has {word}"):
        activation(x)


def test_the_digest_tells_formulas_apart():
    formulas = (
        lambda x, a: x + a,
        lambda x, a: a + x,
        lambda x, a: x - a,
        lambda x, a: x + 1,
        lambda x, a: x + 2,
        lambda x, a: (x + a) + (x + a),
        lambda x, a: x + 0.0,
        lambda x, a: x + -0.0,
    )
    digests = [expression.digest([expression.reads(formula, 2)]) for formula in formulas]
    assert len(set(digests)) == len(formulas)
    assert digests[0] == expression.digest([expression.reads(lambda x, other: x + other, 2)])


@pytest.mark.parametrize("operation", ["forward", "forward_backward"])
def test_loops_leave_out_what_is_not_asked_for(operation):
    def formula(x):
        return np.exp(x) * np.log1p(x * x), np.sinh(x)

    key = fa.define(formula).activation
    value, slope = DEFINITIONS[key].expressions
    results = (value, None if operation == "forward" else slope)
    order = expression.ordered((value, slope))
    name = expression.digest((value, slope))
    assembly = expressions.inspect_expression_asm(name, order, results, 0, operation, "f")
    assert ("sinhf" in assembly) == (operation == "forward_backward")


def assembly_of(formula):
    value, _ = DEFINITIONS[fa.define(formula, name="v").activation].expressions
    order, name = expression.ordered([value]), expression.digest([value])
    return expressions.inspect_expression_asm(name, order, (value, None), 0, "forward", "f")


def test_loops_are_vectorised():
    assembly = assembly_of(lambda x: np.tanh(np.exp(x) * np.log1p(x * x)))
    assert packed_arithmetic(assembly) > 20
    assert len(calls(assembly)) == 1
    assert len(calls(assembly_of(lambda x: np.sinh(np.exp(x) * x)))) > 1


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_snake_has_no_slope_at_infinity(dtype):
    """Its loop takes a shorter formula there, which a formula that names it does not."""
    x = np.array([np.nan, np.inf, -np.inf, 1.5], dtype)
    assert np.isnan(compiled(fa.snake.derivative, x)).tolist() == [True, True, True, False]
