"""Results that begin anywhere in a vector: the kernels compute the first few of long rows apart."""

import numpy as np
import pytest
from inputs import mixed_inputs, random_gradients
from operations import GATED, OPERATIONS, VARIANTS, Operations, on
from places import GUARD, in_pieces, room_for
from ulp import assert_same_bits

import fastact as fa

SIZE = 2100  # more than 128 of the widest vectors
PIECE = 250  # fewer than 128 of any: nothing of these is computed apart
PLACES = [(0, 0, 0), (1, 4, 13), (3, 8, 8), (15, 11, 2)]  # elements behind the begin of a line

CYTHON = [variant for variant in VARIANTS if variant.startswith("cython-")]


def in_short_calls(function, *arrays):
    results = in_pieces(function, PIECE, *arrays)
    return results if isinstance(results, tuple) else (results,)


def check_places(function, *arrays, label):
    """`function(*arrays, out=)` gives the bits of short calls wherever its results begin."""
    due = in_short_calls(function, *arrays)
    for places in PLACES:
        rooms = [room_for(SIZE, array.dtype, places[k]) for k, array in enumerate(due)]
        out = tuple(room for room, _ in rooms)
        function(*arrays, out=out if len(out) > 1 else out[0])
        for (result, beside), right in zip(rooms, due, strict=True):
            assert_same_bits(result, right, f"{label}, results at {places}")
            assert all(np.all(guard == GUARD) for guard in beside), f"{label} wrote beside them"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("variant", CYTHON)
def test_elementwise(activation, variant, dtype):
    operations = Operations(activation, variant)
    x, dy = mixed_inputs(dtype, SIZE, activation), random_gradients(dtype, SIZE)
    for operation in OPERATIONS:
        inputs = (x, dy) if "backward" in operation else (x,)
        function = getattr(operations, operation)
        check_places(function, *inputs, label=f"{operations} {operation}")
        (in_place, _), due = room_for(SIZE, dtype, 5), in_short_calls(function, *inputs)
        in_place[:] = x
        out = (in_place, *(np.empty_like(x) for _ in due[1:]))
        function(in_place, *inputs[1:], out=out if len(out) > 1 else in_place)
        for result, right in zip(out, due, strict=True):
            assert_same_bits(result, right, f"{operations} {operation} in place")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("variant", CYTHON)
@pytest.mark.parametrize("name", GATED)
def test_gated(name, variant, dtype):
    unit = getattr(fa, name)
    arrays = [mixed_inputs(dtype, SIZE, seed=seed) for seed in range(3)]
    with on(variant):
        check_places(unit, *arrays[:2], label=f"{name} on {variant}")
        check_places(unit.forward_backward, *arrays, label=f"{name} backward on {variant}")


@pytest.mark.parametrize("variant", CYTHON)
def test_a_parameter_for_each_element(variant):
    x, slopes = mixed_inputs("float32", SIZE), random_gradients("float32", SIZE)
    with on(variant):
        check_places(fa.leaky_relu, x, slopes, label=f"leaky_relu of an array on {variant}")
