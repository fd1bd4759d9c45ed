"""float64 sums of the same number again and again, whose roundings do not cancel."""

import numpy as np
import pytest
from loss_checks import Losses
from operations import VARIANTS, Operations, on

import fastact as fa

EPS = np.finfo("d").eps
BOUND = 4


@pytest.mark.parametrize("variant", VARIANTS)
def test_shares_of_many_classes(variant):
    losses = Losses("softmax_cross_entropy", variant)
    for n in (1000, 4097, 9001):
        x = np.full((3, n), 0.3)
        uniform = np.full((3, n), 1 / n)
        for given in (([1, 2, 3], 1.0), (uniform, 0.0)):
            loss = losses.forward(x, given[0], label_smoothing=given[1], reduction="none")
            assert np.abs(loss / np.log(n) - 1).max() <= BOUND * EPS, n


@pytest.mark.parametrize(
    ("shape", "axis"), [((2, 100_000), 0), ((100_000, 2), 1), ((30_000, 1), 1), ((2, 4, 30_000), 1)]
)
def test_the_gradient_of_a_bias(shape, axis):
    x, dy = np.ones(shape), np.full(shape, 0.3)
    _, dbias = fa.bias_act.backward(x, np.zeros(shape[axis]), dy, "relu", axis=axis)
    count = x.size // shape[axis]
    assert np.abs(dbias / (np.longdouble(0.3) * count) - 1).max() <= BOUND * EPS


@pytest.mark.parametrize("shape", [(50_000, 2), (25_000, 4), (4, 50_000), (100_000, 1), (2000, 2)])
@pytest.mark.parametrize("name", ["prelu", "elu"])
def test_the_gradient_of_a_parameter(name, shape, variant):
    """Along the last axis, the first one, and of all elements."""
    gradient = getattr(fa, name).parameter_backward
    for weight in (np.full(shape[-1:], 0.25), np.full((shape[0], 1), 0.25), 0.25):
        x, dy = np.full(shape, -0.3), np.full(shape, 0.7)
        with on(variant):
            one = gradient(x[:1, :1], dy[:1, :1], 0.25)
            found = gradient(x, dy, weight)
        count = x.size // np.size(weight)
        assert np.abs(found / (np.longdouble(one) * count) - 1).max() <= BOUND * EPS


@pytest.mark.parametrize("variant", [v for v in VARIANTS if v.startswith("cython")])
def test_the_gradient_of_sparsemax(variant):
    """All of it cancels: what is left is of the mean's error."""
    for n in (4096, 100_000):
        dx = Operations("sparsemax", variant).run("backward", np.zeros(n), np.full(n, 0.3))[0]
        assert np.abs(dx).max() <= BOUND * EPS * 0.3 / n * 2
