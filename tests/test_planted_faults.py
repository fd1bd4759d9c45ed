"""Every check is fed a faulty implementation and must notice; fed the true one, it must not."""

import checks
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


def off_by(units):
    """Every result some units in the last place too large."""

    def fault(true):
        def faulty(*arguments, **keywords):
            y = true(*arguments, **keywords)
            return (y + units * np.spacing(y)).astype(y.dtype)

        return faulty

    return fault


def off_at_one(x_value, by):
    """Wrong for one input only."""
    return lambda true: (
        lambda x, *rest, **keywords: (
            true(x, *rest, **keywords) + np.where(x == x_value, x.dtype.type(by), x.dtype.type(0))
        )
    )


def wrong_at_odd_lengths(true):
    def faulty(x, *rest, **keywords):
        y = np.array(true(x, *rest, **keywords))
        if x.size % 2:
            y.flat[-1] += 1
        return y

    return faulty


def wrong_if_not_contiguous(true):
    def faulty(x, *rest, **keywords):
        y = true(x, *rest, **keywords)
        return y if x.flags.c_contiguous else y[::-1]

    return faulty


def ignores(keyword):
    """Accepts the keyword and does as if it had not come."""

    def fault(true):
        def faulty(*arguments, **keywords):
            keywords.pop(keyword, None)
            return true(*arguments, **keywords)

        return faulty

    return fault


def reads_after_writing(true):
    """Writes its output before it has read its input, as a loop does that overlaps itself."""

    def faulty(x, *rest, out=None, **keywords):
        if out is not None:
            x[1:] = x[0]
        return true(x, *rest, out=out, **keywords)

    return faulty


def swaps_low_bits(true):
    """A fused result whose last bit differs, as from another rounding."""

    def faulty(*arguments, **keywords):
        value, product = true(*arguments, **keywords)
        product = product.copy()
        product.view(np.uint32)[...] ^= 1
        return value, product

    return faulty


def in_single_precision(true):
    """Integers take the way through float32."""

    def faulty(x, *rest, **keywords):
        narrow = x if x.dtype.kind == "f" else x.astype("f").astype("d")
        return true(narrow, *rest, **keywords)

    return faulty


def as_float64(true):
    return lambda *arguments, **keywords: np.asarray(true(*arguments, **keywords), np.float64)


def adds_to_dy(true):
    return lambda x, dy, *rest, **keywords: true(x, dy + x.dtype.type(1), *rest, **keywords)


def scaled(factor):
    return lambda true: (
        lambda *arguments, **keywords: true(*arguments, **keywords) * np.float32(factor)
    )


def without_maximum(true):
    """The textbook softmax that subtracts nothing: other roundings at every shift."""

    def faulty(x, **keywords):
        e = np.exp(x)
        return e / e.sum(axis=-1, keepdims=True)

    return faulty


def position_matters(true):
    return lambda x, **keywords: (
        true(x, **keywords) * np.linspace(1, 1.001, x.shape[-1], dtype=x.dtype)
    )


def neighbours_matter(true):
    return lambda x, *rest, **keywords: true(x, *rest, **keywords) * x.dtype.type(len(x))


TANH = Operations("tanh", VARIANT)
LEAKY = Operations("leaky_relu", VARIANT)
SOFTMAX = Operations("softmax", VARIANT)
LOGSUMEXP = Operations("logsumexp", VARIANT)

# check, operations, faults, arguments
ELEMENTWISE_FAULTS = {
    "value 8 units off": (checks.check_values, TANH, {"forward": off_by(8)}, (X, (), 2)),
    "value off at one input": (
        checks.check_values,
        TANH,
        {"forward": off_at_one(ORDINARY[7], 1e-6)},
        (ORDINARY, (), 2),
    ),
    "value off, wide oracle": (
        checks.check_values,
        TANH,
        {"forward": off_by(8)},
        (X, (), 2, True),
    ),
    "slope 8 units off": (checks.check_slopes, TANH, {"derivative": off_by(8)}, (X, (), 4)),
    "slope at the kink": (
        checks.check_slopes,
        LEAKY,
        {"derivative": off_at_one(0, 0.1)},
        (X, (0.01,), 4),
    ),
    "product 16 units off": (
        checks.check_products,
        TANH,
        {"backward": off_by(16)},
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
        {"forward_backward": swaps_low_bits},
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
        {"derivative": off_by(1)},
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
    "not linear": (checks.check_linear_in_dy, TANH, {"backward": adds_to_dy}, (ORDINARY, DY)),
    "odd lengths": (
        checks.check_pieces,
        TANH,
        {"forward": wrong_at_odd_lengths},
        ("forward", ORDINARY, DY, range(10), range(3)),
    ),
    "layout": (
        checks.check_layout,
        TANH,
        {"forward": wrong_if_not_contiguous},
        ("forward", strided(2)(ORDINARY), DY),
    ),
    "where ignored": (
        checks.check_where,
        TANH,
        {"forward": ignores("where")},
        ("forward", ORDINARY, DY, MASK),
    ),
    "in place": (
        checks.check_in_place,
        TANH,
        {"forward": reads_after_writing},
        ("forward", ORDINARY, DY),
    ),
    "large integers lose bits": (
        checks.check_integers,
        Operations("identity", VARIANT),
        {"forward": in_single_precision},
        ("forward", np.array([2**40 + 1]), np.array([1])),
    ),
    "wrong dtype": (
        checks.check_dtype,
        TANH,
        {"forward": as_float64},
        ("forward", ORDINARY, 1, (), np.dtype("f")),
    ),
}

ROW_FAULTS = {
    "row off": (row_checks.check_rows, SOFTMAX, {"forward": scaled(1 + 1e-6)}, (ROWS, 4)),
    "row off, wide oracle": (
        row_checks.check_rows,
        SOFTMAX,
        {"forward": scaled(1 + 1e-6)},
        (ROWS, 4, True),
    ),
    "row gradient off": (
        row_checks.check_row_gradients,
        SOFTMAX,
        {"backward": scaled(1 + 1e-5)},
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
        {"forward_backward": swaps_low_bits},
        (ROWS, ROWS[::-1]),
    ),
    "sum is not one": (
        row_checks.check_softmax_sums_to_one,
        SOFTMAX,
        {"forward": scaled(1 - 1e-5)},
        (ROWS,),
    ),
    "shift matters": (
        row_checks.check_shift,
        SOFTMAX,
        {"forward": without_maximum},
        (QUARTERS, 2.25),
    ),
    "logsumexp does not shift": (
        row_checks.check_shift,
        LOGSUMEXP,
        {"forward": scaled(1.001)},
        (QUARTERS, 8.25),
    ),
    "position matters": (
        row_checks.check_permutation,
        SOFTMAX,
        {"forward": position_matters},
        (ROWS, np.arange(20)[::-1], 4),
    ),
    "where ignored in rows": (
        row_checks.check_row_where,
        SOFTMAX,
        {"forward": ignores("where")},
        (ROWS, ROWS > 0, 4),
    ),
    "neighbours matter": (
        row_checks.check_rows_are_independent,
        SOFTMAX,
        {"forward": neighbours_matter},
        ("forward", ROWS, ROWS),
    ),
    "axis ignored": (
        row_checks.check_axis,
        SOFTMAX,
        {"forward": ignores("axis")},
        ("forward", ROWS, ROWS, 0, np.transpose, np.transpose),
    ),
    "row layout": (
        row_checks.check_row_layout,
        SOFTMAX,
        {"forward": wrong_if_not_contiguous},
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
    check, operations, faults, arguments = FAULTS[name]
    with pytest.raises(AssertionError):
        check(Faulty(operations, **faults), *arguments)


def with_outputs(operations, check, x, dy, **keywords):
    check(operations, "forward", x, dy, (np.zeros_like(x),), **keywords)


@pytest.mark.parametrize(
    ("operations", "check", "x"),
    [(TANH, checks.check_out, ORDINARY), (SOFTMAX, row_checks.check_row_out, ROWS)],
)
def test_an_output_that_is_ignored_or_not_filled_is_found(operations, check, x):
    with_outputs(operations, check, x, x)
    with pytest.raises(AssertionError, match="did not return out"):
        with_outputs(Faulty(operations, forward=ignores("out")), check, x, x)

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
    faulty = Faulty(TANH, forward=off_by(8))
    assert_same_bits(faulty.derivative(X), TANH.derivative(X), "untouched")
