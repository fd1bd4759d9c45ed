"""The definitions against ``mpmath.diff``, kinks, special values, and the catalogue's formulas."""

import math

import numpy as np
import oracle
import pytest
from operations import TRAINABLE
from oracle import DEFINITIONS, Exact, evaluate, mp

from fastact.activations import CATALOGUE

CASES = [
    pytest.param(name, parameters, id=f"{name}{list(parameters) if parameters else ''}")
    for name, definition in DEFINITIONS.items()
    for parameters in definition.parameter_cases
]


def points_away_from_kinks(definition, parameters):
    """Both signs, many decades, no closer to a kink than the steps of ``mpmath.diff``."""
    magnitudes = np.logspace(-6, np.log10(definition.tail), 40)
    points = np.concatenate([-magnitudes, magnitudes, 1 - magnitudes[:20]])
    kinks = {*definition.kinks(*parameters), 0.0, 1.0, -1.0, 3.0, -3.0}  # and where pieces meet
    return [x for x in points.tolist() if all(abs(x - kink) > 1e-8 for kink in kinks)]


@pytest.mark.parametrize(("name", "parameters"), CASES)
def test_slopes_are_the_derivatives_of_the_values(name, parameters):
    definition = DEFINITIONS[name]
    first, *others = [mp.mpf(value) for value in parameters] or [None]
    given = [first, *others] if parameters else []
    compared = 0
    with mp.workprec(oracle.PRECISION * 4):  # diff loses half of it
        for x in map(mp.mpf, points_away_from_kinks(definition, parameters)):
            pairs = [(definition.slope(Exact, x, *given), mp.diff(value_at(definition, given), x))]
            if definition.parameter_slope:
                by_first = mp.diff(lambda p, x=x: definition.value(Exact, x, p, *others), first)
                pairs.append((definition.parameter_slope(Exact, x, *given), by_first))
            for slope, numerical in pairs:
                if mp.isnan(slope):
                    assert mp.isnan(definition.value(Exact, x, *given))
                    continue
                close = mp.almosteq(slope, numerical, rel_eps=mp.mpf(10) ** -30)
                assert close, (name, x, slope, numerical)
                compared += 1
    assert compared >= 35


def value_at(definition, given):
    return lambda x: definition.value(Exact, x, *given)


def test_the_trainable_parameters_have_a_slope():
    trained = [name for name in DEFINITIONS if DEFINITIONS[name].parameter_slope]
    assert sorted(trained) == sorted(TRAINABLE)
    for name in trained:
        assert CATALOGUE[name].parameters[0].trainable
        assert len(DEFINITIONS[name].parameter_limits) == 2


@pytest.mark.parametrize(("name", "parameters"), CASES)
def test_kinks_are_where_the_table_says(name, parameters):
    """Inside a step of 2^-60 the slope changes, and the documented one is that of a side or 0."""
    definition = DEFINITIONS[name]
    given = [mp.mpf(value) for value in parameters]
    for kink, expected in definition.kinks(*parameters).items():
        expected = mp.convert(expected)
        assert mp.almosteq(definition.slope(Exact, mp.mpf(kink), *given), expected)
        step = mp.mpf(2) ** -60
        slopes = [definition.slope(Exact, kink + k * step, *given) for k in (-1, 1)]
        values = [definition.value(Exact, kink + k * step, *given) for k in (-1, 0, 1)]
        jumps = max(abs(values[1] - values[0]), abs(values[2] - values[1])) > 2**-50
        assert jumps or abs(slopes[0] - slopes[1]) > 0.1 or parameters == (1.0,), "not a kink"
        sides = [*slopes, (slopes[0] + slopes[1]) / 2]
        assert jumps or any(abs(expected - side) < 2**-50 for side in sides)


@pytest.mark.parametrize(("name", "parameters"), CASES)
def test_what_is_listed_as_special_is_what_the_formulas_say(name, parameters):
    """At finite points the formulas themselves, at infinities what they tend to."""
    rows = DEFINITIONS[name].special(*parameters)
    assert {str(row[0]) for row in rows} >= {"0.0", "-0.0", "inf", "-inf"}
    for x, *expected in rows:
        for part, listed in zip(("value", "slope"), expected, strict=True):
            near = x if math.isfinite(x) else math.copysign(1e300, x)
            (found,) = evaluate(name, part, np.array([near]), parameters)
            unbounded = math.isinf(listed) and math.isinf(x)
            settles_nowhere = name == "snake" and part == "slope" and math.isinf(x)
            if settles_nowhere:
                assert 0 <= found <= 2
                assert math.isnan(listed)
            elif unbounded:
                assert abs(found) > 1e290
                assert (found > 0) == (listed > 0)
            elif math.isnan(listed):
                assert mp.isnan(found)
            else:
                wanted = mp.convert(listed)
                assert found == wanted or abs(found - wanted) < 1e-14 * max(1, abs(wanted))


@pytest.mark.parametrize("name", TRAINABLE)
def test_the_limits_of_parameter_slopes(name):
    for parameters in DEFINITIONS[name].parameter_cases:
        if parameters[0] < 0:
            continue
        far = np.array([-1e300, 1e300])
        for found, limit in zip(
            evaluate(name, "parameter_slope", far, parameters),
            DEFINITIONS[name].parameter_limits,
            strict=True,
        ):
            assert abs(found - limit) < 1e-100 or (found < -1e290 and limit == -math.inf)


def sigma(x):
    return 1 / (1 + math.exp(-x))


# What the catalogue's formulas are written in.
WORDS = {
    name: getattr(math, name)
    for name in ("exp", "expm1", "log", "log1p", "sqrt", "sin", "tanh", "erf", "pi", "copysign")
} | {"abs": abs, "max": max, "min": min, "sigmoid": sigma}
CONSTANTS = {"selu": {"alpha": 1.6732632423543772, "scale": 1.0507009873554805}}


@pytest.mark.parametrize(("name", "parameters"), CASES)
def test_the_catalogue_says_the_same(name, parameters):
    """Its formula of the value, read by Python, at ordinary points: to the 1e-12 of its rounding.

    So is the slope, where it is a formula without helpers.
    """
    entry = CATALOGUE[name]
    names = WORDS | CONSTANTS.get(name, {})
    names |= {p.name: value for p, value in zip(entry.parameters, parameters, strict=True)}
    x = np.concatenate([np.linspace(-3.97, 3.97, 40), np.linspace(0.01, 0.99, 10)])
    if name == "logit":
        x = x[(x > 0) & (x < 1)]
    for part, formula in (("value", entry.formula), ("slope", entry.slope)):
        if "s = " in formula or "t = " in formula:
            continue
        for point, exact in zip(x.tolist(), evaluate(name, part, x, parameters), strict=True):
            found = eval(formula, {"__builtins__": {}}, names | {"x": point})
            assert abs(found - exact) < 1e-12 * max(1, abs(exact)), (part, point)
