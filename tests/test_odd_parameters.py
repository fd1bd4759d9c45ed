"""Parameters that are infinite, negative or 0: the backends give the same limits."""

from math import inf

import numpy as np
import pytest
from operations import VARIANTS, WITH_PARAMETERS, Operations

from fastact.activations import CATALOGUE

OTHERS = [variant for variant in VARIANTS if variant != "numpy"]
ODD = (inf, -inf, -1.0, 0.0)
X = (0.0, 1.0, -1.0, 0.3, -2.5, inf, -inf, np.nan, 1e38, -1e38)

# Where a backend differs from the numpy one: all of it outside of what the parameter should be.
OPEN = {
    "numba": {("squareplus", "b"): {inf, -inf, -1.0}, ("swish", "beta"): {0.0}},
    "cython": {
        ("hard_sigmoid_affine", "slope"): {inf, -inf},
        ("hard_sigmoid_affine", "offset"): {inf, -inf},
        ("softcap", "cap"): {0.0},
        ("softplus", "beta"): {inf, -inf, 0.0},
        ("squareplus", "b"): {inf, -inf, -1.0},
        ("celu", "alpha"): {inf},
        ("snake", "alpha"): {inf, -inf},
    },
}


def results(operations, dtype, parameters):
    x = np.array(X, dtype)
    found = [operations.forward(x, *parameters), operations.derivative(x, *parameters)]
    if any(parameter.trainable for parameter in CATALOGUE[operations.activation].parameters):
        found.append(operations.parameter_backward(x, np.ones_like(x), *parameters))
    return found


def agree(name, variant, position, value):
    parameters = list(Operations(name, variant).parameters)
    parameters[position] = value
    for dtype in ("float32", "float64"):
        ours, reference = (
            results(Operations(name, one), dtype, parameters) for one in (variant, "numpy")
        )
        if not all(
            np.allclose(a, b, rtol=1e-5, atol=0, equal_nan=True)
            for a, b in zip(ours, reference, strict=True)
        ):
            return False
    return True


@pytest.mark.parametrize("variant", OTHERS)
@pytest.mark.parametrize("name", WITH_PARAMETERS)
def test_odd_parameters_have_the_same_limits(name, variant):
    backend, _, _ = variant.partition("-")
    for position, parameter in enumerate(CATALOGUE[name].parameters):
        disagreements = {v for v in ODD if not agree(name, variant, position, v)}
        assert disagreements == OPEN[backend].get((name, parameter.name), set())
