"""Every check is fed a faulty implementation and must notice; fed the true one, it must not."""

import accuracy
import checks
import faults
import numpy as np
import planted_pointwise
import planted_rows
import pytest
import row_checks
from operations import Faulty
from planted_pointwise import ORDINARY, TANH, X
from planted_rows import ROWS, SOFTMAX
from ulp import assert_same_bits

FAULTS = planted_pointwise.FAULTS | planted_rows.FAULTS
assert len(FAULTS) == len(planted_pointwise.FAULTS) + len(planted_rows.FAULTS)


@pytest.mark.parametrize("name", FAULTS)
def test_the_check_passes_what_is_right(name):
    check, operations, _, arguments = FAULTS[name]
    check(operations, *arguments)


@pytest.mark.parametrize("name", FAULTS)
def test_the_check_finds_the_fault(name):
    check, operations, planted, arguments = FAULTS[name]
    with pytest.raises(AssertionError):
        check(Faulty(operations, **planted), *arguments)


def with_outputs(operations, check, x, dy, **keywords):
    check(operations, "forward", x, dy, (np.zeros_like(x),), **keywords)


@pytest.mark.parametrize(
    ("operations", "check", "x"),
    [(TANH, checks.check_out, ORDINARY), (SOFTMAX, row_checks.check_row_out, ROWS)],
)
def test_an_output_that_is_ignored_or_not_filled_is_found(operations, check, x):
    with_outputs(operations, check, x, x)
    with pytest.raises(AssertionError, match="did not return out"):
        with_outputs(Faulty(operations, forward=faults.ignores("out")), check, x, x)

    def returns_it_empty(true):
        def faulty(x, out=None, **keywords):
            if out is None:
                return true(x, **keywords)
            return out[0] if isinstance(out, tuple) else out

        return faulty

    with pytest.raises(AssertionError, match="out="):
        with_outputs(Faulty(operations, forward=returns_it_empty), check, x, x)


def test_every_check_has_a_fault():
    covered = {entry[0].__name__ for entry in FAULTS.values()} | {"check_out", "check_row_out"}
    for module in (accuracy, checks, row_checks):
        for name in vars(module):
            assert not name.startswith("check_") or name in covered, f"{name} has no planted fault"


def test_the_faulty_operations_are_otherwise_the_true_ones():
    faulty = Faulty(TANH, forward=faults.off_by(8))
    assert_same_bits(faulty.derivative(X), TANH.derivative(X), "untouched")
