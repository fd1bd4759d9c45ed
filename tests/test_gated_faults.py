"""The checks of gated units can fail: each finds the fault planted for it."""

import numpy as np
import pytest
from gated_checks import GatedOperations, check_accuracy, check_order, check_separate, operands
from operations import DTYPES, VARIANTS

import fastact as fa


class Faulty(GatedOperations):
    """A unit with a fault in it."""

    def __init__(self, fault):
        super().__init__("swiglu", VARIANTS[0])
        self.fault = fault

    def run(self, operation, *given, **keywords):
        return self.fault(operation, *given, *super().run(operation, *given, **keywords))


def naive(operation, gate, value, dy, *results):
    """Multiplied in the order of the formula, in the type itself."""
    with np.errstate(all="ignore"):
        a, s = fa.silu(gate), fa.silu.derivative(gate)
        return a * value, dy * value * s, dy * a


def swapped(operation, gate, value, dy, *results):
    return (results[0], results[2], results[1]) if len(results) == 3 else results


def one_unit_off(operation, gate, value, dy, *results):
    if operation == "backward":
        return results
    return (results[0] * np.float32(1.0000002), *results[1:])


def neighbours_matter(operation, gate, value, dy, *results):
    return tuple(np.full_like(r, len(r)) for r in results)


@pytest.mark.parametrize("fault", [naive, swapped])
@pytest.mark.parametrize("dtype", DTYPES[1:])
def test_the_accuracy_check_finds(fault, dtype):
    with pytest.raises(AssertionError, match="swiglu"):
        check_accuracy(Faulty(fault), dtype, 300)


def test_the_other_checks_find():
    given = operands("float32", 100, seed=11)
    fault = Faulty(
        lambda operation, *rest: (
            one_unit_off(operation, *rest[:3], *rest[3:])
            if operation == "forward_backward"
            else rest[3:]
        )
    )
    with pytest.raises(AssertionError, match="forward"):
        check_separate(fault, *given)
    with pytest.raises(AssertionError, match="another order"):
        check_order(Faulty(neighbours_matter), "forward", given, slice(3, 70))
