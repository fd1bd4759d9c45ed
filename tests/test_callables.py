"""Activations are callables to Python, not only to those who call them."""

import inspect
from collections.abc import Callable
from unittest.mock import create_autospec

import numpy as np
import pytest
from operations import ELEMENTWISE, GATED, LOSSES, ROWWISE

import fastact as fa

NAMES = [*ELEMENTWISE, *ROWWISE, *GATED, *LOSSES]


@pytest.mark.parametrize("name", NAMES)
def test_they_are_what_python_calls_callable(name):
    function = getattr(fa, name)
    for one in (function, function.backward, function.forward_backward):
        assert isinstance(one, Callable)
        assert isinstance(create_autospec(one), Callable)
        assert list(inspect.signature(one).parameters)


def test_the_method_is_the_call():
    x = np.linspace(-2, 2, 9)
    out = np.empty_like(x)
    assert fa.elu.__call__(x, alpha=0.5, out=out) is out
    assert np.array_equal(out, fa.elu(x, alpha=0.5))
    rows = fa.softmax.__call__(x.reshape(3, 3), axis=0)
    assert np.array_equal(rows, fa.softmax(x.reshape(3, 3), axis=0))
    with pytest.raises(TypeError, match="elu"):
        fa.elu.__call__(x, nosuch=1)


def test_they_serve_where_numpy_asks():
    x = np.linspace(-2, 2, 9)
    by_parts = np.piecewise(x, [x < 0], [fa.gelu, fa.relu])
    assert np.array_equal(by_parts, np.where(x < 0, fa.gelu(x), fa.relu(x)))
    assert np.array_equal(np.apply_along_axis(fa.softmax, 0, x), fa.softmax(x))
