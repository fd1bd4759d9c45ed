"""Where the numba backend's short formulas end: right on both sides, and found wherever it lies."""

import numpy as np
import pytest
from numba_loops import inputs_of, numba, operations_of, pointwise
from test_numba_formulas import SLOPE_BOUND, VALUE_BOUND, worst_errors
from ulp import assert_same_bits

from fastact.backends.numba_backend import compiler, formulas, intrinsics
from fastact.backends.numba_backend.number import Mask, select

# Name -> parameters, and the sizes of x at which the formula ends: of float32, of float64.
ENDS = {
    "sigmoid": ((), [(80.0, 700.0)]),
    "tanh": ((), [(40.0, 350.0)]),
    "silu": ((), [(80.0, 700.0)]),
    "swish": ((0.5,), [(160.0, 1400.0)]),
    "quick_gelu": ((), [(47.0, 411.0)]),
    "mish": ((), [(21.0, 170.0)]),
    "elu": ((1.5,), [(80.0, 700.0)]),
    "celu": ((0.5,), [(40.0, 350.0), (2.0**-60, 2.0**-500)]),
    "gelu": ((), [(12.9, 37.0)]),
    "gelu_tanh": ((), [(9.5, 20.5)]),
    "tanh_shrink": ((), [(40.0, 350.0)]),
    "softcap": ((30.0,), [(1200.0, 10500.0), (30 * 2.0**-60, 30 * 2.0**-500)]),
    "squareplus": ((4.0,), [(2.0**57, 2.0**450)]),
    "snake": ((0.5,), [(2.0**21, 2.0**21)]),
}


def around(end, dtype):
    """Both signs of what lies within 20 steps, and within a tenth, of an end."""
    steps = 1 + np.arange(-20, 21) * np.finfo(dtype).eps
    x = (end["fd".index(dtype)] * np.concatenate([steps, np.linspace(0.9, 1.1, 200)])).astype(dtype)
    return np.concatenate([x, -x])


def are_far(name, x, parameters):
    """Which x are not for the short formula."""
    is_far = formulas.SHORT[name][1]

    def flag_of(*args):
        far = is_far(*args)
        mask = far if isinstance(far, Mask) else far.is_not_0()
        return select(mask, args[0].like(1), 0)

    flag = intrinsics.of_numbers(flag_of)
    call = numba.njit(lambda args: flag(args))
    return np.array([call((v, *map(x.dtype.type, parameters))) for v in x])


def test_every_short_formula_has_its_ends():
    assert set(ENDS) == set(formulas.SHORT)


@pytest.mark.parametrize("dtype", "fd")
@pytest.mark.parametrize("name", ENDS)
def test_both_sides_of_an_end(name, dtype):
    parameters, ends = ENDS[name]
    for end in ends:
        x = around(end, dtype)
        positive, negative = np.split(are_far(name, x, parameters), 2)
        assert 0.3 < negative.mean() < 0.7
        assert np.array_equal(positive, negative) or not positive.any()
        value, slope = worst_errors(name, x, parameters)
        assert value <= VALUE_BOUND[dtype]
        assert slope <= SLOPE_BOUND


@pytest.mark.parametrize("name", ["silu", "gelu", "tanh"])
def test_what_is_far_and_not_found_is_noticed(name, monkeypatch):
    """The planted fault: the short formula for every x."""
    short, _ = formulas.SHORT[name]
    monkeypatch.setitem(formulas.SHORT, name, (short, lambda x: x != x))
    monkeypatch.setattr(compiler, "_loops", {})
    monkeypatch.setattr(compiler, "_cache", None)
    monkeypatch.setenv("FASTACT_CACHE_DIR", "")
    x = np.linspace(-60, 60, 100, dtype="f") * np.float32(1.7)
    assert max(worst_errors(name, x, ())) > SLOPE_BOUND


@pytest.mark.parametrize("name", ["silu", "swish", "gelu"])
def test_one_far_element_among_ordinary_ones(name):
    x = np.linspace(-3, 3, 1500, dtype="f")
    for operation in operations_of(name):
        ordinary = inputs_of(name, operation, x)
        without = pointwise(name, operation, *ordinary)
        for position in (0, 1, 510, 511, 512, 1023, 1024, 1498, 1499):
            mixed = [array.copy() for array in ordinary]
            mixed[0][position] = -85.5
            alone = pointwise(name, operation, *[a[position : position + 1] for a in mixed])
            results = pointwise(name, operation, *mixed)
            for result, single, other in zip(results, alone, without, strict=True):
                assert_same_bits(result[position : position + 1], single, f"{operation} far")
                result[position] = other[position]
                assert_same_bits(result, other, f"{operation} the others")
