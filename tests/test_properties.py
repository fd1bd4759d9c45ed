"""Properties of every elementwise activation, on inputs that Hypothesis looks for.

Every variant is given the same examples, so that the oracle works each out once.
"""

from itertools import product

import checks
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from operations import OPERATIONS, TRAINABLE, VARIANTS, Operations, bounds
from oracle import DEFINITIONS
from strategies import arrays, gradients


def parameters_of(activation):
    return st.sampled_from(DEFINITIONS[activation].parameter_cases)


def everywhere(activation):
    return [Operations(activation, variant) for variant in VARIANTS]


def test_values_slopes_and_products(activation, dtype):
    """All properties of the same examples: to find them takes longer than to check them."""
    variants = everywhere(activation)

    @given(arrays(dtype, activation), gradients(dtype), parameters_of(activation))
    def check(x, dy, parameters):
        dy = dy[: len(x)]
        for operations in variants:
            value_bound, slope_bound = bounds(operations.variant, dtype)
            checks.check_values(operations, x, parameters, value_bound)
            checks.check_slopes(operations, x, parameters, slope_bound)
            checks.check_products(operations, x, dy, parameters, slope_bound)
            checks.check_fused_equals_separate(operations, x, dy, parameters)
            checks.check_derivative_is_backward_of_one(operations, x, parameters)
            checks.check_linear_in_dy(operations, x, dy, parameters)
            if DEFINITIONS[activation].odd:
                checks.check_odd(operations, x)
            if DEFINITIONS[activation].rising:
                checks.check_rising(operations, x, operations.parameters, value_bound)

    check()


@pytest.mark.parametrize("activation", TRAINABLE)
def test_parameter_gradients_agree_with_the_oracle(activation, dtype):
    variants = everywhere(activation)

    @given(arrays(dtype, activation), gradients(dtype), parameters_of(activation))
    def check(x, dy, parameters):
        for operations in variants:
            _, bound = bounds(operations.variant, dtype)
            checks.check_parameter_products(operations, x, dy[: len(x)], parameters, bound)

    check()


@pytest.mark.representatives
def test_where(activation, dtype):
    variants = everywhere(activation)

    @given(arrays(dtype, activation), gradients(dtype), st.integers(0, 2**40))
    def check(x, dy, pattern):
        mask = np.array([pattern >> k & 1 for k in range(len(x))], bool)
        for operations, operation in product(variants, OPERATIONS):
            checks.check_where(operations, operation, x, dy[: len(x)], mask, operations.parameters)

    check()


@pytest.mark.representatives
def test_in_place(activation, dtype):
    variants = everywhere(activation)

    @given(arrays(dtype, activation), gradients(dtype))
    def check(x, dy):
        for operations, operation in product(variants, OPERATIONS):
            checks.check_in_place(operations, operation, x, dy[: len(x)], operations.parameters)

    check()


@pytest.mark.representatives
def test_integers_count_as_float64(activation):
    variants = everywhere(activation)
    integers = ["?", "i1", "u1", "i2", "i4", "i8", "u8"]

    @given(
        st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=20), st.sampled_from(integers)
    )
    def check(values, dtype):
        x = np.array(values).astype(dtype)
        for operations, operation in product(variants, OPERATIONS):
            checks.check_integers(operations, operation, x, x[::-1], operations.parameters)

    check()
