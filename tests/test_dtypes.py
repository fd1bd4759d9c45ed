"""Which dtype comes out of which dtypes in, for 1, 2 and 3 inputs."""

import itertools

import checks
import numpy as np
import pytest
from operations import OPERATIONS, Operations

pytestmark = pytest.mark.representatives

ARRAYS = ["?", "i1", "i2", "i8", "e", "f", "d"]
SCALARS = {
    "int": 2,
    "float": 0.25,
    "e": np.array([0.25], "e"),
    "f": np.array([0.25], "f"),
    "d": np.array([0.25], "d"),
    "float64 scalar": np.float64(0.25),
}


def expected_dtype(first, others):
    """NumPy's rule (NEP 50), after integers and booleans have become float64."""
    kinds = [np.dtype(first)] + [
        value.dtype for value in others if isinstance(value, np.generic | np.ndarray)
    ]
    return np.result_type(*(kind if kind.kind == "f" else np.dtype("d") for kind in kinds))


def ones_and_zeros(dtype):
    return np.array([0, 1, 1, 0, 1], dtype)


def test_the_rule_itself():
    """The expectations are not taken from the package; here they are, written out."""
    assert expected_dtype("?", []) == expected_dtype("i1", []) == np.float64
    assert expected_dtype("e", [0.25]) == expected_dtype("e", [2]) == np.float16
    assert expected_dtype("f", [np.float64(0.25)]) == np.float64
    assert expected_dtype("f", [np.array([1], "e")]) == np.float32
    assert expected_dtype("i2", [np.array([1], "f")]) == np.float64


def test_every_dtype_with_every_scalar(activation, operation, variant):
    operations = Operations(activation, variant)
    needs_dy = operation in ("backward", "forward_backward")
    for first, dy in itertools.product(ARRAYS, SCALARS.values() if needs_dy else [1]):
        x = ones_and_zeros(first)
        checks.check_dtype(operations, operation, x, dy, (), expected_dtype(first, [dy]))
        for scalar in SCALARS.values() if operations.parameters else []:
            parameters = (scalar,) * len(operations.parameters)
            expected = expected_dtype(first, [dy, *parameters])
            checks.check_dtype(operations, operation, x, dy, parameters, expected)


def test_dy_and_parameters_as_arrays_of_every_dtype(activation, variant):
    """All pairs of x and dy; every dtype of a parameter array."""
    operations = Operations(activation, variant)
    for first in ARRAYS:
        for second in ARRAYS:
            dy = ones_and_zeros(second)
            floats = [
                np.dtype(kind) if kind in "efd" else np.dtype("d") for kind in (first, second)
            ]
            expected = np.result_type(*floats)
            for operation in ("backward", "forward_backward"):
                for result in operations.run(operation, ones_and_zeros(first), dy):
                    assert result.dtype == expected
            if operations.parameters:
                parameters = (dy,) * len(operations.parameters)
                for operation in OPERATIONS:
                    for result in operations.run(operation, ones_and_zeros(first), 1, *parameters):
                        assert result.dtype == expected


def test_scalars_in_scalars_out(activation, operation, variant):
    operations = Operations(activation, variant)
    for value, expected in [
        (0.5, "d"),
        (1, "d"),
        (True, "d"),
        (np.float32(0.5), "f"),
        (np.float16(1), "e"),
    ]:
        for result in operations.run(operation, value, value):
            assert isinstance(result, np.generic)
            assert result.dtype == expected


def test_dtype_keyword(activation, variant):
    operations = Operations(activation, variant)
    x = np.array([-1.5, 0.25], "f")
    result = operations.forward(x, dtype="d")
    checks.assert_same_bits(result, operations.forward(x.astype("d")), "dtype=")
    narrowed = operations.forward(x, dtype="e", casting="same_kind")
    checks.assert_same_bits(narrowed, operations.forward(x.astype("e")), "dtype=, casting=")
