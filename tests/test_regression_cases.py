"""Inputs on which other libraries fail, with 20-digit references: data/regression_cases.csv."""

import csv
from pathlib import Path

import numpy as np
import pytest
from operations import ELEMENTWISE, Operations, bounds
from oracle import DEFINITIONS, evaluate, mp
from ulp import assert_within, reference_from_mpmath

import fastact as fa
from fastact.accuracy.reference import coarser_near_zeros

FILE = Path(__file__).parent / "data" / "regression_cases.csv"
ROWS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))

# A name of the file that carries its parameter.
WITH_PARAMETERS = {"celu2": ("celu", (2.0,))}


def find(name):
    """``(activation, parameters)`` of a name of the file, which may be an alias."""
    name, parameters = WITH_PARAMETERS.get(name, (name, ()))
    face = getattr(fa, name)
    (ours,) = (known for known in ELEMENTWISE if getattr(fa, known) is face)
    return ours, parameters or DEFINITIONS[ours].parameter_cases[0]


CASES = {}
for row in ROWS:
    CASES.setdefault((row["function"], row["kind"], row["dtype"]), []).append(row)


def test_the_file_is_whole():
    assert len(ROWS) == 121
    assert {row["kind"] for row in ROWS} == {"fwd", "bwd"}
    assert sum(len(rows) for rows in CASES.values()) == len(ROWS)
    assert len({row["function"] for row in ROWS}) == 11


def test_the_references_are_those_of_the_file():
    """The rounded column is the 20-digit column, rounded by our own hand."""
    for row in ROWS:
        exact = [mp.mpf(row["reference_20_digits"])]
        nearest = reference_from_mpmath(exact, row["dtype"]).nearest[0]
        assert nearest == float.fromhex(row["expected_hex"]), row


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_the_definitions_give_the_references_of_the_file(case):
    function, kind, dtype = case
    activation, parameters = find(function)
    x = np.array([float.fromhex(row["x_hex"]) for row in CASES[case]], dtype)
    part = {"fwd": "value", "bwd": "slope"}[kind]
    for row, exact in zip(CASES[case], evaluate(activation, part, x, parameters), strict=True):
        assert mp.almosteq(exact, mp.mpf(row["reference_20_digits"]), rel_eps=mp.mpf(10) ** -19)


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
        reference = coarser_near_zeros(activation, x, parameters, reference)
        ones = np.ones_like(x)
        slopes = (
            operations.derivative(x, *parameters),
            operations.backward(x, ones, *parameters),
            operations.forward_backward(x, ones, *parameters)[1],
        )
        for slope in slopes:
            assert_within(slope, reference, slope_bound, f"{function} slope", x=x)
