"""Inputs on which other libraries fail, with 20-digit references: data/regression_cases.csv."""

import csv
from pathlib import Path

import numpy as np
import pytest
from operations import ELEMENTWISE, Operations, bounds
from oracle import mp
from ulp import assert_within, reference_from_mpmath

import fastact as fa

FILE = Path(__file__).parent / "data" / "regression_cases.csv"
ROWS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))

# A name of the file that carries its parameter.
WITH_PARAMETERS = {"celu2": ("celu", (2.0,))}


def find(name):
    """``(activation, parameters)`` of a name of the file, or None while the catalogue lacks it."""
    name, parameters = WITH_PARAMETERS.get(name, (name, ()))
    face = getattr(fa, name, None)
    ours = [known for known in ELEMENTWISE if getattr(fa, known) is face]
    return (ours[0], parameters) if ours else None


CASES = {}
for row in ROWS:
    if find(row["function"]):
        CASES.setdefault((row["function"], row["kind"], row["dtype"]), []).append(row)


def test_the_file_is_whole():
    assert len(ROWS) == 121
    assert {row["kind"] for row in ROWS} == {"fwd", "bwd"}
    applicable = sum(len(rows) for rows in CASES.values())
    assert applicable == sum(find(row["function"]) is not None for row in ROWS)
    assert applicable >= 28, "sigmoid and tanh alone have 28 rows"


def test_the_references_are_those_of_the_file():
    """The rounded column is the 20-digit column, rounded by our own hand."""
    for row in ROWS:
        exact = [mp.mpf(row["reference_20_digits"])]
        nearest = reference_from_mpmath(exact, row["dtype"]).nearest[0]
        assert nearest == float.fromhex(row["expected_hex"]), row


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_rows(case, variant):
    function, kind, dtype = case
    activation, parameters = find(function)
    operations = Operations(activation, variant)
    x = np.array([float.fromhex(row["x_hex"]) for row in CASES[case]], dtype)
    assert np.array_equal(x, np.array([row["x"] for row in CASES[case]], "d").astype(dtype))
    exact = [mp.mpf(row["reference_20_digits"]) for row in CASES[case]]
    reference = reference_from_mpmath(exact, dtype)
    value_bound, slope_bound = bounds(variant, dtype)
    if kind == "fwd":
        assert_within(operations.forward(x, *parameters), reference, value_bound, function, x=x)
        fused, _ = operations.forward_backward(x, 1, *parameters)
        assert_within(fused, reference, value_bound, f"{function} fused", x=x)
    else:
        ones = np.ones_like(x)
        slopes = (
            operations.derivative(x, *parameters),
            operations.backward(x, ones, *parameters),
            operations.forward_backward(x, ones, *parameters)[1],
        )
        for slope in slopes:
            assert_within(slope, reference, slope_bound, f"{function} slope", x=x)
