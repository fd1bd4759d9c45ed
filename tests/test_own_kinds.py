"""Truth values and integers in a formula of one's own: compiled, they are those of NumPy."""

import contextlib
import operator
from itertools import product

import numpy as np
import pytest

pytest.importorskip("numba")

from test_own_words import compiled, points

import fastact as fa
from fastact.own import expression

OPERANDS = {
    "truth": lambda x: x > 0,
    "another": lambda x: x <= 1,
    "integer": lambda x: np.where(x > 0, 2, -3),
    "2": lambda x: 2,
    "0": lambda x: 0,
    "true": lambda x: True,
    "half": lambda x: 0.5,
    "int8": lambda x: np.int8(100),
    "float": lambda x: x,
}
TOGETHER = {
    **{name: getattr(operator, name) for name in ("add", "sub", "mul", "truediv", "pow")},
    **{name: getattr(operator, f"{name}_") for name in ("and", "or")},
    **{name: getattr(operator, name) for name in ("lt", "le", "eq", "ne")},
    **{name: getattr(np, name) for name in ("maximum", "copysign", "hypot", "logical_or")},
    "where": lambda a, b: np.where(a, b, a),
    "clip": lambda a, b: np.clip(a, 0, b),
    "full_like": np.full_like,
}
ALONE = {
    **{name: getattr(operator, name) for name in ("neg", "pos", "abs", "invert")},
    **{name: getattr(np, name) for name in ("exp", "sqrt", "reciprocal", "square", "isnan")},
    **{name: getattr(np, name) for name in ("sign", "floor", "rint", "zeros_like", "fabs")},
}
AFTER = {
    "as it is": lambda found: found,
    "plus truth": lambda found: found + (found == found),
    "inverse": lambda found: np.divide(1, found),
    "often": lambda found: found + found + found * 50,
}


def combined(word):
    """Label -> formula: the word of each of the operands, and something done with the result."""
    function = TOGETHER.get(word) or (lambda a, b: ALONE[word](a))
    for first, second, after in product(OPERANDS, OPERANDS if word in TOGETHER else "2", AFTER):
        a, b, then = OPERANDS[first], OPERANDS[second], AFTER[after]
        yield (
            f"{word} of {first} and {second}, {after}",
            lambda x, a=a, b=b, then=then: then(function(a(x), b(x))) * 1.0,
        )


@pytest.mark.parametrize("word", [*TOGETHER, *ALONE])
def test_truths_and_integers_are_those_of_numpy(word):
    """What can be read of all combinations, compiled as one formula that a number chooses from."""
    x, right, read = np.array([-2.0, 0.0, 0.5, 1.0, 3.0]), {}, []
    # Without the deprecated ones: from Python 3.12 on, ~True is.
    none = (TypeError, ValueError, ArithmeticError, DeprecationWarning)
    for label, one in combined(word):
        with np.errstate(all="ignore"), contextlib.suppress(*none):
            result = np.broadcast_to(one(x), x.shape)
            expression.reads(lambda x, one=one: one(x), 1)
            right[label] = result
            read.append(one)

    def formula(x, which):
        found = np.nan * x
        for number, one in enumerate(read):
            found = np.where(which == number, one(x), found)
        return found

    with fa.use_backend("numba"):
        found = fa.define(formula, name="one_of_all")(x, np.arange(len(read))[:, None])
    for label, got, expected in zip(right, found, right.values(), strict=True):
        assert np.allclose(got, expected, rtol=1e-14, atol=0, equal_nan=True), label
        signs = np.signbit(got) != np.signbit(expected)
        assert not signs[~np.isnan(expected)].any(), label
    assert f"{word} of float and 2, as it is" in right or word in ("and", "or", "invert")


@pytest.mark.parametrize(
    "formula",
    [
        lambda x: (x > 0) * x + 0.5 * (x < 1),
        lambda x: x * (2 * (x > 0) - 1),
        lambda x: np.exp(np.where(x > 0, 2, 1)),
        lambda x: np.full_like(x, x > 0) + np.ones_like(x),
        lambda x: x ** np.where(x > 0, 2, 1),
    ],
)
def test_truths_among_real_numbers_are_compiled(formula):
    x = points("float64")
    with np.errstate(all="ignore"):
        right = formula(x)
    assert np.allclose(compiled(formula, x), right, rtol=1e-15, atol=0, equal_nan=True)


def test_an_activation_takes_truths_as_real_numbers():
    twice = fa.define(lambda x, a: x + x + 1 / a + np.reciprocal(a) - (a > 1), name="twice")
    x = np.array([-1.0, 2.0])
    assert np.array_equal(compiled(lambda x: twice(x > 0, 2), x), twice(x > 0, 2))
