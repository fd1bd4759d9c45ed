"""examples/boosting.py: its objectives are derivatives, down to the tails, and it runs."""

import importlib.util
from pathlib import Path

import mpmath
import numpy as np
import pytest

import fastact as fa

PATH = Path(__file__).parents[1] / "examples" / "boosting.py"
SCORES = [[0.5, -1.0, 2.0], [60.0, 0.0, 1.0], [-70.0, 3.0, 2.5], [0.0, 0.0, 0.0]]


@pytest.fixture(scope="module")
def boosting():
    pytest.importorskip("sklearn")
    specification = importlib.util.spec_from_file_location("boosting", PATH)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-6), ("float64", 1e-14)])
def test_several_classes(boosting, dtype, tolerance):
    scores, labels = np.array(SCORES, dtype, order="F"), np.array([1, 0, 2, 1])
    gradient, curvature = boosting.one_of_several(scores, labels)
    assert gradient.dtype == curvature.dtype == dtype
    assert gradient.flags.f_contiguous
    assert curvature.flags.f_contiguous
    with mpmath.workdps(60):
        for row, label, *found in zip(SCORES, labels, gradient, curvature, strict=True):
            e = [mpmath.exp(x) for x in row]
            p = [one / mpmath.fsum(e) for one in e]
            slopes = [float(one - (k == label)) for k, one in enumerate(p)]
            np.testing.assert_allclose(found[0], slopes, rtol=tolerance)
            np.testing.assert_allclose(found[1], [float(q * (1 - q)) for q in p], rtol=tolerance)


def test_yes_or_no(boosting):
    x, labels = np.array([-40.0, 0.25, 90.0]), np.array([0, 1, 1])
    with mpmath.workdps(60):
        p = [1 / (1 + mpmath.exp(-mpmath.mpf(float(one)))) for one in x]
        slopes = [float(q - int(t)) for q, t in zip(p, labels, strict=True)]
        curvatures = [float(q * (1 - q)) for q in p]
    found = boosting.yes_or_no(x, labels)
    np.testing.assert_allclose(found, [slopes, curvatures], rtol=1e-14)


@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_focal_loss(boosting, gamma):
    """The slopes are those of the values; of a label of 0, mirrored."""
    for own in (boosting.focal, boosting.focal_slope):
        assert fa.check_slope(own, gamma=gamma).error < 1e-9
    x = np.array([-2.0, 0.5])
    np.testing.assert_array_equal(boosting.focal.derivative(x), boosting.focal_slope(x))
    gradient, curvature = boosting.hard_ones_first(x, np.array([1, 0]))
    np.testing.assert_allclose(gradient, [boosting.focal_slope(-2.0), -boosting.focal_slope(-0.5)])
    np.testing.assert_allclose(curvature, boosting.focal_slope.derivative([-2.0, -0.5]))


def test_it_learns(boosting, capsys):
    boosting.main()
    shares = [float(line.split()[1].rstrip("%")) for line in capsys.readouterr().out.splitlines()]
    assert len(shares) == 3
    assert min(shares) > 85
