"""The numba backend's formulas: unusual parameters, and CPUs without a fused multiply-add."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba_loops import numba, pointwise
from operations import ELEMENTWISE
from oracle import Double, Exact, slope_reference, value_reference
from ulp import ulp_errors

from fastact.backends.numba_backend import compiler, formulas, intrinsics, number, target

VALUE_BOUND, SLOPE_BOUND = {"f": 4, "d": 6}, 8


def points(dtype, around=1.0):
    """Of both signs, spread over what happens at `around` and over all binades."""
    rng = np.random.default_rng(11)
    info = np.finfo(dtype)
    exponents = rng.integers(info.minexp - info.nmant, info.maxexp, 500)
    wide = np.ldexp(rng.uniform(0.5, 1, 500), exponents)
    near = around * np.concatenate([rng.uniform(0, 120, 500), np.exp2(rng.uniform(-30, 4, 500))])
    size = np.concatenate([wide, near, [0.0, info.max, info.tiny, info.smallest_subnormal]])
    x = np.concatenate([size, -size]).astype(dtype)
    return x[np.isfinite(x)]


def worst_errors(name, x, parameters, fused=False):
    """The largest errors of value and slope, of two loops or, compiled in half of the time, one."""
    arithmetic = Double if x.dtype == np.float32 else Exact
    arrays = [np.full_like(x, value) for value in parameters]
    if fused:
        value, slope = pointwise(name, "forward_backward", x, np.ones_like(x), *arrays)
    else:
        (value,), (slope,) = (pointwise(name, op, x, *arrays) for op in ("forward", "derivative"))
    return tuple(
        float(np.max(ulp_errors(got, refer(name, x, parameters, arithmetic)[np.arange(x.size)])))
        for got, refer in ((value, value_reference), (slope, slope_reference))
    )


@pytest.mark.parametrize("dtype", "fd")
@pytest.mark.parametrize(
    ("name", "parameters", "around"),
    [
        ("swish", (1e-6,), 1e6),
        ("swish", (1e20,), 1e-20),
        ("swish", (-1.0,), 1.0),
        ("elu", (1e30,), 1.0),
        ("elu", (-2.0,), 1.0),
        ("celu", (1e-3,), 1e-3),
        ("softplus", (1e-20,), 1e20),
        ("softcap", (1e20,), 1e20),
        ("softcap", (1e-20,), 1e-20),
        ("squareplus", (1e-30,), 1e-15),
        ("squareplus", (1e30,), 1e15),
        ("snake", (1e-30,), 1e30),
        ("snake", (1e35,), 1e-35),
        ("hard_sigmoid_affine", (3.0, -0.125), 1.0),
    ],
)
def test_unusual_parameters(name, parameters, around, dtype):
    value, slope = worst_errors(name, points(dtype, around), parameters)
    assert value <= VALUE_BOUND[dtype]
    assert slope <= SLOPE_BOUND


# Where errors without a fused step were the largest of all at every 61st float32.
WORST = {"gelu": (-0.9230037, -3.4559538, -0.9102824, -0.1398482)}

ALL_FORMULAS = """
import json
import numpy as np
from oracle import DEFINITIONS
from test_numba_formulas import WORST, formulas, points, target, worst_errors

def worst(name, dtype):
    some = points(dtype)[:: 1 if dtype == "f" else 3]  # mpmath takes longer than the compiler
    some = np.append(some, np.array(WORST.get(name, ()), dtype))
    return worst_errors(name, some, DEFINITIONS[name].parameter_cases[0], fused=True)

names = [name for name in formulas.FORMULAS if name in DEFINITIONS]
print(json.dumps([target.FUSED, {f"{name} {t}": worst(name, t) for name in names for t in "fd"}]))
"""


@pytest.mark.skipif(not target.target()[0].startswith("x86_64"), reason="names a CPU of x86")
def test_without_a_fused_multiply_add(tmp_path):
    variables = {
        "NUMBA_CPU_NAME": "nehalem",
        "NUMBA_CPU_FEATURES": "",
        "FASTACT_CACHE_DIR": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).parent),
    }
    run = subprocess.run(
        [sys.executable, "-c", ALL_FORMULAS],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    fused, errors = json.loads(run.stdout)
    assert not fused
    assert len(errors) == 2 * len(ELEMENTWISE)
    beyond = {
        case: (value, slope)
        for case, (value, slope) in errors.items()
        if not (value <= VALUE_BOUND[case[-1]] and slope <= SLOPE_BOUND)
    }
    assert beyond == {}


def test_a_wrong_formula_is_noticed(monkeypatch):
    """The planted fault: one unit in 2^20 too much."""
    x = points("f")
    assert worst_errors("sigmoid", x, ())[0] <= 2
    right, is_far = formulas.SHORT["sigmoid"]

    def wrong(x):
        value, slope = right(x)
        return value * (1 + 2.0**-20), slope

    monkeypatch.setitem(formulas.SHORT, "sigmoid", (wrong, is_far))
    monkeypatch.setattr(compiler, "_loops", {})
    monkeypatch.setattr(compiler, "_cache", None)
    monkeypatch.setenv("FASTACT_CACHE_DIR", "")
    value, slope = worst_errors("sigmoid", x, ())
    assert value > VALUE_BOUND["f"]
    assert slope <= SLOPE_BOUND


def test_a_constant_that_float32_rounds_is_refused():
    function = intrinsics.of_numbers(lambda x: x * 0.1)
    with pytest.raises(ValueError, match=r"0\.1 is rounded in float32"):
        numba.njit(lambda x: function((x,)))(np.float32(1))
    constant = number.Constant(0.5, 0.1)
    function = intrinsics.of_numbers(lambda x: x * constant)
    times = numba.njit(lambda x: function((x,)))
    assert times(np.float32(1)) == 0.5
    assert times(1.0) == 0.1
