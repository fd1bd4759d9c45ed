"""Every check is fed a faulty implementation and must notice; fed the true one, it must not."""

import checks
import faults
import numpy as np
import pytest
import row_checks
from inputs import mixed_inputs, random_gradients
from layouts import strided
from operations import Faulty, Operations
from ulp import assert_same_bits

VARIANT = "cython-baseline"
SIZE = 60
X = mixed_inputs("float32", SIZE, "tanh")
ORDINARY = np.linspace(-3, 3, SIZE, dtype=np.float32)
DY = random_gradients("float32", SIZE)
ROWS = np.random.default_rng(0).standard_normal((3, 20)).astype(np.float32)
QUARTERS = np.round(ROWS * 4) / np.float32(4)
MASK = np.arange(SIZE) % 3 > 0


TANH = Operations("tanh", VARIANT)
LEAKY = Operations("leaky_relu", VARIANT)
SOFTMAX = Operations("softmax", VARIANT)
LOGSUMEXP = Operations("logsumexp", VARIANT)

# check, operations, faults, arguments
ELEMENTWISE_FAULTS = {
    "value 8 units off": (checks.check_values, TANH, {"forward": faults.off_by(8)}, (X, (), 2)),
    "value off at one input": (
        checks.check_values,
        TANH,
        {"forward": faults.off_at_one(ORDINARY[7], 1e-6)},
        (ORDINARY, (), 2),
    ),
    "value off, wide oracle": (
        checks.check_values,
        TANH,
        {"forward": faults.off_by(8)},
        (X, (), 2, True),
    ),
    "slope 8 units off": (checks.check_slopes, TANH, {"derivative": faults.off_by(8)}, (X, (), 4)),
    "slope at the kink": (
        checks.check_slopes,
        LEAKY,
        {"derivative": faults.off_at_one(0, 0.1)},
        (X, (0.01,), 4),
    ),
    "product 16 units off": (
        checks.check_products,
        TANH,
        {"backward": faults.off_by(16)},
        (ORDINARY, DY, (), 4),
    ),
    "product forgets dy": (
        checks.check_products,
        TANH,
        {"backward": lambda true: lambda x, dy: true(x, np.ones_like(dy))},
        (ORDINARY, DY, (), 4),
    ),
    "fused differs in a bit": (
        checks.check_fused_equals_separate,
        TANH,
        {"forward_backward": faults.swaps_low_bits},
        (ORDINARY, DY),
    ),
    "fused swapped": (
        checks.check_fused_equals_separate,
        TANH,
        {"forward_backward": lambda true: lambda x, dy: true(x, dy)[::-1]},
        (ORDINARY, DY),
    ),
    "derivative differs": (
        checks.check_derivative_is_backward_of_one,
        TANH,
        {"derivative": faults.off_by(1)},
        (ORDINARY,),
    ),
    "not odd": (
        checks.check_odd,
        TANH,
        {"forward": lambda true: lambda x: true(x) + x.dtype.type(1e-3)},
        (X,),
    ),
    "slope not even": (
        checks.check_odd,
        TANH,
        {
            "derivative": lambda true: (
                lambda x: true(x) * np.where(x > 0, x.dtype.type(1), x.dtype.type(0.5))
            )
        },
        (X,),
    ),
    "falls": (
        checks.check_rising,
        TANH,
        {"forward": lambda true: lambda x: np.where(x > 1, true(x) * x.dtype.type(0.5), true(x))},
        (X, (), 2),
    ),
    "not linear": (
        checks.check_linear_in_dy,
        TANH,
        {"backward": faults.adds_to_dy},
        (ORDINARY, DY),
    ),
    "odd lengths": (
        checks.check_pieces,
        TANH,
        {"forward": faults.wrong_at_odd_lengths},
        ("forward", ORDINARY, DY, range(10), range(3)),
    ),
    "layout": (
        checks.check_layout,
        TANH,
        {"forward": faults.wrong_if_not_contiguous},
        ("forward", strided(2)(ORDINARY), DY),
    ),
    "where ignored": (
        checks.check_where,
        TANH,
        {"forward": faults.ignores("where")},
        ("forward", ORDINARY, DY, MASK),
    ),
    "in place": (
        checks.check_in_place,
        TANH,
        {"forward": faults.reads_after_writing},
        ("forward", ORDINARY, DY),
    ),
    "large integers lose bits": (
        checks.check_integers,
        Operations("identity", VARIANT),
        {"forward": faults.in_single_precision},
        ("forward", np.array([2**40 + 1]), np.array([1])),
    ),
    "wrong dtype": (
        checks.check_dtype,
        TANH,
        {"forward": faults.as_float64},
        ("forward", ORDINARY, 1, (), np.dtype("f")),
    ),
}

ROW_FAULTS = {
    "row off": (row_checks.check_rows, SOFTMAX, {"forward": faults.scaled(1 + 1e-6)}, (ROWS, 4)),
    "row off, wide oracle": (
        row_checks.check_rows,
        SOFTMAX,
        {"forward": faults.scaled(1 + 1e-6)},
        (ROWS, 4, True),
    ),
    "row gradient off": (
        row_checks.check_row_gradients,
        SOFTMAX,
        {"backward": faults.scaled(1 + 1e-5)},
        (ROWS, ROWS[::-1]),
    ),
    "row gradient forgets the mean": (
        row_checks.check_row_gradients,
        SOFTMAX,
        {"backward": lambda true: lambda x, dy: SOFTMAX.forward(x) * dy},
        (ROWS, ROWS[::-1]),
    ),
    "row fused differs in a bit": (
        row_checks.check_row_fused,
        SOFTMAX,
        {"forward_backward": faults.swaps_low_bits},
        (ROWS, ROWS[::-1]),
    ),
    "sum is not one": (
        row_checks.check_softmax_sums_to_one,
        SOFTMAX,
        {"forward": faults.scaled(1 - 1e-5)},
        (ROWS,),
    ),
    "shift matters": (
        row_checks.check_shift,
        SOFTMAX,
        {"forward": faults.without_maximum},
        (QUARTERS, 200.25, 4),
    ),
    "logsumexp does not shift": (
        row_checks.check_shift,
        LOGSUMEXP,
        {"forward": faults.scaled(1.001)},
        (QUARTERS, 8.25, 4),
    ),
    "position matters": (
        row_checks.check_permutation,
        SOFTMAX,
        {"forward": faults.position_matters},
        (ROWS, np.arange(20)[::-1], 4),
    ),
    "where ignored in rows": (
        row_checks.check_row_where,
        SOFTMAX,
        {"forward": faults.ignores("where")},
        (ROWS, ROWS > 0, 4),
    ),
    "neighbours matter": (
        row_checks.check_rows_are_independent,
        SOFTMAX,
        {"forward": faults.neighbours_matter},
        ("forward", ROWS, ROWS),
    ),
    "axis ignored": (
        row_checks.check_axis,
        SOFTMAX,
        {"forward": faults.ignores("axis")},
        ("forward", ROWS, ROWS, 0, np.transpose, np.transpose),
    ),
    "row layout": (
        row_checks.check_row_layout,
        SOFTMAX,
        {"forward": faults.wrong_if_not_contiguous},
        ("forward", strided(2)(ROWS), ROWS),
    ),
}

FAULTS = ELEMENTWISE_FAULTS | ROW_FAULTS


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
    for module in (checks, row_checks):
        for name in vars(module):
            assert not name.startswith("check_") or name in covered, f"{name} has no planted fault"


def test_the_faulty_operations_are_otherwise_the_true_ones():
    faulty = Faulty(TANH, forward=faults.off_by(8))
    assert_same_bits(faulty.derivative(X), TANH.derivative(X), "untouched")
