"""fastact.compat.transformers_activations against the formulas of its names."""

import doctest
import math

import numpy as np
import pytest
import scipy.special
from test_compat import X, close

from fastact.compat import transformers_activations


def tanh_gelu(x):
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def erf_gelu(x):
    return x * scipy.special.ndtr(x)


@pytest.mark.parametrize(
    ("names", "formula"),
    [
        ("gelu_accurate gelu_fast gelu_new gelu_python_tanh gelu_pytorch_tanh", tanh_gelu),
        ("gelu gelu_python", erf_gelu),
        ("gelu_10", lambda x: np.clip(erf_gelu(x), -10, 10)),
        ("quick_gelu", lambda x: x * scipy.special.expit(1.702 * x)),
        ("silu swish", lambda x: x * scipy.special.expit(x)),
        ("mish", lambda x: x * np.tanh(np.logaddexp(0, x))),
        ("relu2", lambda x: np.maximum(x, 0) ** 2),
        ("relu6", lambda x: np.clip(x, 0, 6)),
        ("leaky_relu", lambda x: np.where(x > 0, x, 0.01 * x)),
        ("linear", lambda x: x),
        ("sigmoid", scipy.special.expit),
        ("tanh", np.tanh),
        ("relu", lambda x: np.maximum(x, 0)),
    ],
)
def test_transformers(names, formula):
    for name in names.split():
        close(transformers_activations.get_activation(name)(X), formula(X))
        single = transformers_activations.ACT2FN[name](X.astype(np.float32))
        assert single.dtype == np.float32


def test_every_name_of_transformers_is_compared():
    (compared,) = [m for m in test_transformers.pytestmark if m.name == "parametrize"]
    names = {name for names, _ in compared.args[1] for name in names.split()}
    assert names == set(transformers_activations.ACT2FN)


def test_the_example_of_transformers():
    failed, tried = doctest.testmod(transformers_activations)
    assert tried > 0
    assert not failed


def test_an_unknown_name_of_transformers():
    with pytest.raises(KeyError, match="'laplace' is not one of gelu, gelu_10, "):
        transformers_activations.get_activation("laplace")
