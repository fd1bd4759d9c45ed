"""The coefficients in the numba backend are those that its tool derives, to the error it prints."""

import dataclasses
import re
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest

pytest.importorskip("numba")

from fastact.backends.numba_backend.formulas import exponentials, shrinkers
from fastact.backends.numba_backend.vecmath import exponential, logarithm, normal, sine

TOOLS = Path(__file__).parents[1] / "tools"
# Name in the tool -> polynomials in the backend, and the errors that stand above them.
USED = {
    "exp_remainder": ([exponential.exp_remainder], (28.0, 57.2)),
    "log1p_remainder": ([logarithm.log1p_remainder], (27.0, 56.0)),
    "log1p_ratio": ([logarithm.log1p_ratio], (24.7, 55.8)),
    "tail_remainder": ([normal._over, normal._under], (29.6, 56.7)),
    "tanh_part": ([shrinkers.tanh_part], (26.9, 54.8)),
    "sine_part": ([sine.sine_part], (None, 65.8)),
    "sine_square": ([sine.sine_square], (None, 30.1)),
    "exp_defect": ([exponentials.exp_defect], (25.7, 55.5)),
}


@pytest.fixture(scope="module")
def tool():
    sys.path.insert(0, str(TOOLS))
    try:
        import derive_numba_polynomials
        import numba_minimax
    finally:
        sys.path.remove(str(TOOLS))
    return SimpleNamespace(
        TARGETS=derive_numba_polynomials.TARGETS,
        derive=numba_minimax.derive,
        largest_error=numba_minimax.largest_error,
    )


def test_every_target_of_the_tool_is_used(tool):
    assert set(tool.TARGETS) == set(USED)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", USED)
def test_errors_are_what_is_claimed(tool, name, dtype):
    polynomials, claims = USED[name]
    claim = dict(zip(["float32", "float64"], claims, strict=True))[dtype]
    coefficients = [polynomial.coefficients[dtype] for polynomial in polynomials]
    if claim is None:
        assert coefficients == [None]
        return
    assert all(c == np.dtype(dtype).type(c) for row in coefficients for c in row)
    target = tool.TARGETS[name]  # whose function is asked twice at the same points
    known = {"function": cache(target.function), "weight": cache(target.weight)}
    target = dataclasses.replace(target, **known)
    assert -mpmath.log(tool.largest_error(target, dtype, *coefficients), 2) >= claim
    # The planted fault: one coefficient, changed where it counts.
    first, *rest = coefficients[0]
    changed = [(first * (1 + 2.0**-20), *rest), *coefficients[1:]]
    assert -mpmath.log(tool.largest_error(target, dtype, *changed), 2) < claim


def test_the_tool_derives_the_same_again(tool):
    coefficients, _ = tool.derive(tool.TARGETS["sine_square"], "float64")
    assert tuple(coefficients) == sine.sine_square.coefficients["float64"]


def test_claims_are_those_in_the_sources():
    sources = Path(exponential.__file__).parents[1]
    text = "".join(path.read_text() for path in sources.rglob("*.py"))
    for _, claims in USED.values():
        for claim in filter(None, claims):
            assert re.search(rf"2\^-{claim}\b", text)
