"""The row-wise oracle: known values, special values, and mpmath against longdouble and ``diff``."""

import numpy as np
import pytest
from oracle import mp
from row_oracle import (
    EXPONENTIALS,
    REDUCING,
    row_gradient,
    row_reference,
    row_value,
    scaled_errors,
    wide_value,
)
from ulp import reference_from_mpmath, ulp_errors

INF, NAN = np.inf, np.nan


def test_known_values():
    third = row_value("softmax", [2.0, 2.0, 2.0])
    assert all(mp.almosteq(value, mp.mpf(1) / 3) for value in third)
    assert mp.almosteq(row_value("logsumexp", [0.0, 0.0])[0], mp.log(2))
    assert mp.almosteq(row_value("log_softmax", [5.0, 5.0])[1], -mp.log(2))
    assert mp.almosteq(row_value("softmax", [0.0, 1.0], [True, False])[0], 1)
    assert mp.almosteq(row_value("log_softmax", [300.0, -300.0])[0], -mp.exp(-600))


@pytest.mark.parametrize(
    ("row", "present", "softmax", "log_softmax", "logsumexp"),
    [
        ([-INF, -INF], None, [NAN, NAN], [NAN, NAN], -INF),
        ([1, INF], None, [0, 1], [-INF, 0], INF),
        ([1, INF, INF], None, [0, NAN, NAN], [-INF, NAN, NAN], INF),
        ([1, NAN], None, [NAN, NAN], [NAN, NAN], NAN),
        ([1, -INF], None, [1, 0], [0, -INF], 1),
        ([1, NAN], [True, False], [1, 0], [0, -INF], 1),
        ([1, 2], [False, False], [0, 0], [-INF, -INF], -INF),
    ],
)
def test_special_values(row, present, softmax, log_softmax, logsumexp):
    for name, expected in zip(EXPONENTIALS[:3], (softmax, log_softmax, [logsumexp]), strict=True):
        got = row_reference(name, row, "d", present).nearest
        assert np.array_equal(got, np.array(expected, float), equal_nan=True), (name, got)


@pytest.mark.parametrize("name", EXPONENTIALS)
def test_gradients_are_the_derivatives_of_the_values(name):
    row, dy = [0.5, -3.0, 2.25, 0.0], [1.0, -0.5, 0.25, 3.0]
    dy = dy[:1] if name in REDUCING else dy
    gradient, scale = row_gradient(name, row, dy)

    def loss(k, point):
        moved = [mp.mpf(x) for x in row]
        moved[k] = point
        weights = [mp.exp(-x if name == "softmin" else x) for x in moved]
        total = mp.fsum(weights)
        values = {
            "softmax": [w / total for w in weights],
            "log_softmax": [x - mp.log(total) for x in moved],
            "logsumexp": [mp.log(total)],
            "logmeanexp": [mp.log(total / len(row))],
            "softmin": [w / total for w in weights],
            "hardmax": [0] * len(row),
        }[name]
        return mp.fsum(v * d for v, d in zip(values, dy, strict=True))

    for k, x in enumerate(row):
        with mp.workprec(600):
            numerical = mp.diff(lambda point, k=k: loss(k, point), mp.mpf(x))
        assert mp.almosteq(gradient[k], numerical, rel_eps=mp.mpf(10) ** -25)
        assert scale[k] >= abs(gradient[k])


@pytest.mark.parametrize("name", EXPONENTIALS)
@pytest.mark.parametrize("spread", [1, 50, 100])
def test_the_wide_oracle_agrees_with_mpmath(name, spread):
    generator = np.random.default_rng(2)
    x = generator.uniform(-spread, spread, (20, 30)).astype(np.float32)
    wide = wide_value(name, x)
    for k, row in enumerate(x):
        exact = row_reference(name, row, "f")
        nearest = np.atleast_1d(wide.nearest[k])
        assert ulp_errors(nearest, exact).max() <= 0.51


def test_scaled_errors_see_a_fault():
    exact, scale = row_gradient("softmax", [1.0, 2.0, 3.0], [1.0, 0.0, -1.0])
    right = reference_from_mpmath(exact, "f").nearest
    assert scaled_errors(right, exact, scale).max() < 1
    assert scaled_errors(right * np.float32(1 + 1e-5), exact, scale).max() > 16
    assert scaled_errors(np.array([0, NAN, 0], "f"), exact, scale)[1] == INF
