"""The judge: every arithmetic against mpmath, and how references are made of what it says."""

import ast
import math
from pathlib import Path

import numpy as np
import oracle
import pytest
from inputs import edge_values, random_inputs
from oracle import DEFINITIONS, Double, Exact, Wide, evaluate, mp, rounded_parameters

import fastact

CASES = [
    pytest.param(name, parameters, id=f"{name}{list(parameters) if parameters else ''}")
    for name, definition in DEFINITIONS.items()
    for parameters in definition.parameter_cases
]


def sample(name, parameters, dtype):
    """Every binade, the ordinary, the tails, the landmarks and their neighbours, of both signs."""
    generator = np.random.default_rng(1)
    tail = DEFINITIONS[name].tail
    parts = [
        random_inputs(dtype, 250, seed=6),
        generator.uniform(-tail, tail, 100),
        generator.uniform(-110, 110, 50),
        generator.choice([-1, 1], 100) * np.exp2(generator.uniform(-20, 5, 100)),
        generator.uniform(0, 1, 50),
        edge_values(dtype, name, parameters),
    ]
    return np.concatenate(parts).astype(dtype)


@pytest.mark.parametrize(("name", "parameters"), CASES)
def test_float64_and_longdouble_agree_with_mpmath(name, parameters):
    """At every kind of float32 number: 1e-13 is a millionth of a unit of float32."""
    x = sample(name, parameters, "float32")
    for part in ("value", "slope", "parameter_slope"):
        if getattr(DEFINITIONS[name], part) is None:
            continue
        given = rounded_parameters("float32", parameters)
        exact = evaluate(name, part, x, given)
        assert sum(mp.isfinite(value) for value in exact) >= 100
        near_zero = np.zeros(x.shape, bool)
        for low, high in DEFINITIONS[name].slope_zeros(*given) if part == "slope" else ():
            near_zero |= (x >= low) & (x <= high)
        for arithmetic in (Double, Wide):
            narrow = arithmetic is Double or not oracle.WIDE_IS_WIDER
            quick = evaluate(name, part, x, given, arithmetic)
            errors = relative_errors(quick, exact, np.where(near_zero, 1 / 16, 0))
            worst = np.argmax(errors)
            label = (arithmetic.name, part, x[worst], quick[worst], exact[worst])
            assert errors[worst] < (1e-13 if narrow else 1e-16), label


def relative_errors(found, exact, least_sizes):
    """With what is beyond all float32 numbers, or far below, taken as infinite, or as 0.

    An exact number is the sum of two float64, to 2^-106 of it, and of the first what is found
    differs by a few bits.
    """
    first = np.array([float(value) for value in exact])
    finite = np.isfinite(first)
    pairs = zip(exact, first.tolist(), finite, strict=True)
    second = np.array([float(value - high) if known else 0.0 for value, high, known in pairs])
    found, size = found.astype(np.longdouble), np.abs(first)
    same_sign = (found > 0) == [bool(value > 0) for value in exact]
    with np.errstate(all="ignore"):
        errors = np.abs((found - first) - second) / np.maximum(size, least_sizes)
    huge = (size > 1e60) | (np.abs(found) > 1e60)
    tiny = ~huge & (size < 1e-100)
    nan = np.isnan(found) | np.isnan(first)
    right = [
        (np.abs(found) > 1e59) & same_sign,
        (np.abs(found) < 1e-99) & ((found == 0) | same_sign),
        np.isnan(found) & np.isnan(first),
    ]
    for special, as_wanted in zip((huge, tiny, nan), right, strict=True):
        errors[special] = np.where(as_wanted[special], 0, np.inf)
    return errors


@pytest.mark.parametrize(("name", "parameters"), CASES)
def test_150_bits_are_enough(name, parameters):
    """Whatever cancels leaves 2^-90, as 400 bits show, at every kind of float64 number."""
    x = sample(name, parameters, "float64")[::3]
    for part in ("value", "slope", "parameter_slope"):
        if getattr(DEFINITIONS[name], part) is None:
            continue
        found = evaluate(name, part, x, parameters)
        with mp.workprec(400):
            exact = evaluate(name, part, x, parameters)
            for point, first, second in zip(x, found, exact, strict=True):
                near_zero = part == "slope" and any(
                    low <= point <= high for low, high in DEFINITIONS[name].slope_zeros(*parameters)
                )
                least = mp.mpf(2) ** (-4 if near_zero else -(10**9))
                same = first == second or (mp.isnan(first) and mp.isnan(second))
                assert same or abs(first - second) < 2.0**-90 * max(abs(second), least), point
                assert same or (first > 0) == (second > 0) or near_zero, point


ISLAND = Path(fastact.__file__).parent / "accuracy"
JUDGES = ["arithmetic.py", "reference.py", "ulp.py"]


def test_the_judge_imports_nothing_that_it_judges():
    files = [ISLAND / name for name in JUDGES] + sorted((ISLAND / "definitions").glob("*.py"))
    assert len(files) > 6
    modules = {file.stem for file in files} | {"definitions"}
    outside = {"numpy", "mpmath", "scipy.special", "math", "dataclasses", "fractions", "functools"}
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert {alias.name for alias in node.names} <= outside, file
            if isinstance(node, ast.ImportFrom):
                names = {node.module} if node.module else {alias.name for alias in node.names}
                allowed = modules if node.level == 1 else outside | {"collections.abc"}
                assert node.level < 2
                assert names <= allowed, file


def test_references_of_known_values():
    x = np.array([0.0, np.log(2.0), -np.inf, np.inf, np.nan])
    sigmoid = oracle.value_reference("sigmoid", x).nearest
    assert sigmoid[0] == 0.5
    assert abs(sigmoid[1] - 2 / 3) < 1e-16
    assert sigmoid[2:4].tolist() == [0, 1]
    assert np.isnan(sigmoid[4])
    slope = oracle.slope_reference("sigmoid", x).nearest
    assert slope[0] == 0.25
    assert abs(slope[1] - 2 / 9) < 1e-16
    assert slope[2:4].tolist() == [0, 0]
    assert np.isnan(slope[4])
    tanh = oracle.value_reference("tanh", np.array([0.5], np.float32))
    assert tanh.nearest[0] == np.float32(0.46211715726000975850)
    assert oracle.slope_reference("tanh", np.array([0.0])).nearest[0] == 1


def test_parameters_count_as_rounded_to_the_dtype():
    x = np.array([-1.0], np.float16)
    assert oracle.value_reference("leaky_relu", x, (0.01,)).residual[0] == 0
    assert oracle.value_reference("leaky_relu", x, (0.01,)).nearest[0] == -np.float16(0.01)


@pytest.mark.parametrize("arithmetic", [Exact, Double])
def test_a_product_carries_the_unit_of_the_slope(arithmetic):
    x, dy = np.zeros(1, np.float32), np.array([3.0], np.float32)
    _, product, allowed = oracle.product_reference("sigmoid", x, dy, (), arithmetic)
    all_of_it = np.ones(1, bool)
    assert product[all_of_it].nearest[0] == 0.75
    assert product[all_of_it].residual[0] == 0
    # ulp(1/4) times 3, in ulps of 3/4, twice, and one for the rounding of the product
    assert allowed(2)(all_of_it)[0] == 2 * 3 * 2.0**-25 / 2.0**-24 + 1


def test_errors_near_a_zero_of_the_slope_count_in_units_of_a_sixteenth(monkeypatch):
    parabola = oracle.Definition(
        value=lambda m, x: x * x / 2,
        slope=lambda m, x: x,
        special=lambda: ((math.inf, math.inf, math.inf), (-math.inf, math.inf, -math.inf)),
        slope_zeros=lambda: ((-0.01, 0.01),),
    )
    monkeypatch.setitem(DEFINITIONS, "parabola", parabola)
    x = np.array([1e-5, 0.5], np.float32)
    for arithmetic in (Exact, Double):
        reference = oracle.slope_reference("parabola", x, (), arithmetic)[np.ones(2, bool)]
        assert reference.unit.tolist() == [2.0**-27, 2.0**-24]


def test_remembered_references_are_those_of_their_arguments():
    x = np.array([-1.0, 2.0], np.float32)
    first = oracle.value_reference("elu", x, (1.0,)).nearest
    assert oracle.value_reference("elu", x, (1.0,)).nearest is first
    assert oracle.value_reference("elu", x, (2.0,)).nearest[0] == 2 * first[0]
    assert oracle.value_reference("celu", x, (2.0,)).nearest[0] != 2 * first[0]
    assert oracle.value_reference("elu", x[1:], (1.0,)).nearest.tolist() == [2.0]
    assert oracle.value_reference("elu", x.astype("d"), (1.0,)).nearest.dtype == np.float64
    assert oracle.slope_reference("elu", x, (1.0,)).nearest[1] == 1
