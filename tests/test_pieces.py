"""Every formula gives an element the same bits whatever its neighbours, place and stride.

What else layouts can do is tested for some activations in ``test_layouts.py``.
"""

import checks
import numpy as np
from inputs import edge_values, random_gradients, random_inputs, subnormal_inputs
from layouts import byte_swapped, strided
from operations import OPERATIONS, Operations


def vectors(activation, dtype):
    """All edges, where a formula may go a way of its own, among ordinary numbers; shuffled."""
    x = np.concatenate([edge_values(dtype, activation), random_inputs(dtype, 150)])
    x = np.random.default_rng(8).permutation(x)
    return x, random_gradients(dtype, len(x))


def test_each_element_alone(activation, dtype, variant):
    operations = Operations(activation, variant)
    x, dy = vectors(activation, dtype)
    checks.check_pieces(operations, "forward_backward", x, dy, [1], range(len(x)))
    checks.check_pieces(operations, "derivative", x, dy, [1], range(0, len(x), 7))


def test_short_vectors(activation, dtype, variant):
    operations = Operations(activation, variant)
    x, dy = vectors(activation, dtype)
    for operation in OPERATIONS:
        checks.check_pieces(operations, operation, x, dy, (2, 3, 5, 8, 15, 16, 17, 33, 70), (0, 7))


def test_the_order_makes_no_difference(activation, dtype, variant):
    """Sorted, subnormals are among themselves; shuffled, every vector has one of every kind."""
    operations = Operations(activation, variant)
    x = np.concatenate(
        [
            edge_values(dtype, activation),
            subnormal_inputs(dtype, 300),
            random_inputs(dtype, 10_000),
            np.random.default_rng(4).uniform(-760, 760, 3_000).astype(dtype),
        ]
    )
    x = np.sort(x)
    dy = random_gradients(dtype, len(x))
    order = np.random.default_rng(9).permutation(len(x))
    for parameters in operations.definition.parameter_cases:
        for operation in ("forward_backward", "derivative"):
            checks.check_order(operations, operation, x, dy, order, parameters)


def test_strides_and_bytes(activation, dtype, variant):
    operations = Operations(activation, variant)
    x, dy = vectors(activation, dtype)
    for operation in OPERATIONS:
        for lay_out in (strided(2), strided(-1), byte_swapped):
            checks.check_layout(operations, operation, lay_out(x), lay_out(dy))
