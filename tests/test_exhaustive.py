"""Longer versions of the accuracy tests: ``pytest -m exhaustive``, about ten minutes."""

import pytest
import row_checks
from accuracy import check_accuracy
from operations import ELEMENTWISE, Operations
from oracle import DEFINITIONS
from test_rows import bound, logits

pytestmark = pytest.mark.exhaustive

POINTS = 100_000
WITH_PARAMETERS = [name for name in ELEMENTWISE if len(DEFINITIONS[name].parameter_cases) > 1]


def test_float64_points(activation, variant):
    operations = Operations(activation, variant)
    check_accuracy(operations, "float64", operations.parameters, POINTS)


@pytest.mark.parametrize("activation", WITH_PARAMETERS)
def test_float32_sweep_with_other_parameters(activation, variant):
    operations = Operations(activation, variant)
    for parameters in DEFINITIONS[activation].parameter_cases[1:]:
        check_accuracy(operations, "float32", parameters)


@pytest.mark.parametrize("spread", [1, 20, 50, 100])
def test_float32_rows_of_every_length(rowwise, variant, spread):
    operations = Operations(rowwise, variant)
    for n in range(2, 1001):
        x = logits("float32", (20, n), spread, seed=n)
        if rowwise == "logsumexp":
            x = abs(x)
        row_checks.check_rows(operations, x, bound(variant, "float32"), wide=True)
