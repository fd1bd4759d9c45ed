"""The definitions against ``mpmath.diff``, in both arithmetics, and at documented kinks."""

import numpy as np
import oracle
import pytest
from oracle import DEFINITIONS, mp
from ulp import ulp_errors

CASES = [
    pytest.param(name, parameters, id=f"{name}{list(parameters) if parameters else ''}")
    for name, definition in DEFINITIONS.items()
    for parameters in definition.parameter_cases
]


def points_away_from_kinks(definition, parameters):
    """Both signs, ten decades, no closer to a kink than the steps of ``mpmath.diff``."""
    magnitudes = np.logspace(-6, 2.8, 60)
    points = np.concatenate([-magnitudes, magnitudes])
    kinks = definition.kinks(*parameters)
    return [x for x in points.tolist() if all(abs(x - kink) > 1e-8 for kink in kinks)]


@pytest.mark.parametrize(("name", "parameters"), CASES)
def test_slopes_are_the_derivatives_of_the_values(name, parameters):
    definition = DEFINITIONS[name]
    exact_parameters = [mp.mpf(value) for value in parameters]
    with mp.workprec(oracle.PRECISION * 4):  # diff loses half of it
        for x in points_away_from_kinks(definition, parameters):
            slope = definition.slope(oracle.Exact, mp.mpf(x), *exact_parameters)
            numerical = mp.diff(
                lambda point: definition.value(oracle.Exact, point, *exact_parameters), mp.mpf(x)
            )
            assert mp.almosteq(slope, numerical, rel_eps=mp.mpf(10) ** -30), (name, x)


@pytest.mark.parametrize(("name", "parameters"), CASES)
def test_kinks_are_where_the_table_says(name, parameters):
    definition = DEFINITIONS[name]
    for kink, expected in definition.kinks(*parameters).items():
        exact_parameters = [mp.mpf(value) for value in parameters]
        assert definition.slope(oracle.Exact, mp.mpf(kink), *exact_parameters) == expected
        step = mp.mpf(2) ** -60
        value = [
            definition.value(oracle.Exact, kink + k * step, *exact_parameters) for k in (-1, 0, 1)
        ]
        left, right = (value[1] - value[0]) / step, (value[2] - value[1]) / step
        assert left != right or parameters == (1.0,), "not a kink"
        assert min(left, right) <= expected <= max(left, right)


@pytest.mark.parametrize("operation", ["value", "slope"])
@pytest.mark.parametrize(("name", "parameters"), CASES)
def test_the_wide_oracle_agrees_with_mpmath(name, parameters, operation):
    """Good to a thousandth of a unit of float32 where longdouble is wide, to a tenth elsewhere."""
    definition = DEFINITIONS[name]
    generator = np.random.default_rng(1)
    patterns = generator.integers(0, 2**32, 300, dtype=np.uint64).astype(np.uint32)
    middle = generator.standard_normal(300) * 10.0 ** generator.uniform(-3, 2, 300)
    landmarks = np.array([0.0, *definition.landmarks])
    x = np.concatenate([middle, landmarks, -landmarks]).astype(np.float32)
    x = np.concatenate([x, patterns.view(np.float32)])
    refer = {"value": oracle.value_reference, "slope": oracle.slope_reference}[operation]
    exact, wide = refer(name, x, parameters), refer(name, x, parameters, wide=True)
    finite = np.isfinite(exact.nearest)
    assert finite.sum() > 500
    assert ulp_errors(wide.nearest, exact)[~finite].max(initial=0) == 0
    exact, wide = exact[finite], wide[finite]
    gap = in_float64(wide) - in_float64(exact)
    assert np.abs(gap / exact.unit).max() < (1e-3 if oracle.WIDE_IS_WIDER else 0.1)
    elsewhere = exact.unit != wide.unit  # 1 - 2^-70, say, is 1 to a longdouble
    assert set(np.abs(np.frexp(exact.nearest[elsewhere])[0])) <= {0.5}


def in_float64(reference):
    """Exact values as seen from float32, to a relative 2^-53."""
    return reference.nearest.astype(np.float64) + reference.residual * reference.unit


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


def test_a_product_carries_the_unit_of_the_slope():
    x, dy = np.zeros(1, np.float32), np.array([3.0], np.float32)
    for wide in (False, True):
        _, product, slope_unit = oracle.product_reference("sigmoid", x, dy, wide=wide)
        assert product.nearest[0] == 0.75
        assert product.residual[0] == 0
        assert slope_unit[0] == 3 * 2.0**-25 / 2.0**-24  # ulp(1/4) times 3, in ulps of 3/4


def test_errors_near_a_zero_of_the_slope_count_in_units_of_a_sixteenth(monkeypatch):
    parabola = oracle.Definition(
        value=lambda m, x: x * x / 2, slope=lambda m, x: x, slope_zeros=((-0.01, 0.01),)
    )
    monkeypatch.setitem(DEFINITIONS, "parabola", parabola)
    x = np.array([1e-5, 0.5], np.float32)
    reference = oracle.slope_reference("parabola", x)
    assert reference.unit.tolist() == [2.0**-27, 2.0**-24]
