"""Longer accuracy tests, an hour: ``python -m pytest -m exhaustive tests/test_exhaustive.py``."""

import pytest
import row_checks
from accuracy import check_accuracy
from operations import Operations
from test_accuracy import OTHER_CASES
from test_rows import bound, logits

pytestmark = pytest.mark.exhaustive

POINTS = 100_000


def test_float64_points(activation, variant):
    operations = Operations(activation, variant)
    check_accuracy(operations, "float64", operations.parameters, POINTS)


def test_float32_sweep(activation, variant):
    operations = Operations(activation, variant)
    check_accuracy(operations, "float32", operations.parameters, 1021)


@pytest.mark.parametrize(("activation", "parameters"), OTHER_CASES)
def test_float64_points_with_other_parameters(activation, parameters, variant):
    check_accuracy(Operations(activation, variant), "float64", parameters, POINTS)


@pytest.mark.parametrize(("activation", "parameters"), OTHER_CASES)
def test_float32_sweep_with_other_parameters(activation, parameters, variant):
    check_accuracy(Operations(activation, variant), "float32", parameters, 1021)


@pytest.mark.parametrize("spread", [1, 20, 50, 100])
def test_float32_rows_of_every_length(rowwise, variant, spread):
    operations = Operations(rowwise, variant)
    for n in range(2, 1001):
        x = logits("float32", (20, n), spread, seed=n)
        x = row_checks.without_cancellation(operations, x)
        row_checks.check_rows(operations, x, bound(variant, "float32"), wide=True)
