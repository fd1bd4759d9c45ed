"""Hypothesis strategies: short arrays of numbers of a dtype, edges well represented."""

import numpy as np
from hypothesis import strategies as st
from inputs import edge_values, random_gradients

WIDTHS = {"float16": 16, "float32": 32, "float64": 64}


def numbers(dtype, activation=None, **options):
    """Any number of the dtype (NaN and infinities too, unless told otherwise)."""
    anything = st.floats(width=WIDTHS[dtype], **options)
    middle = st.floats(-128, 128, width=WIDTHS[dtype], allow_subnormal=True)
    if options:
        return anything | middle
    edges = [float(value) for value in edge_values(dtype, activation)]
    return anything | middle | st.sampled_from(edges)


def arrays(dtype, activation=None, max_size=40, **options):
    values = st.lists(numbers(dtype, activation, **options), min_size=1, max_size=max_size)
    return values.map(lambda numbers: np.array(numbers, dtype))


def gradients(dtype, size=64):
    """``size`` values of ``dy`` of both signs and ordinary size."""
    return st.integers(0, 2**20).map(lambda seed: random_gradients(dtype, size, seed))
