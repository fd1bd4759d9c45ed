"""Curves: of activations by name and as functions, and what cannot be drawn."""

import numpy as np
import pytest

import fastact as fa
from fastact.cli import main

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")


@pytest.fixture
def close():
    yield
    from matplotlib import pyplot

    pyplot.close("all")


@fa.define
def plotted_root(x, alpha=1.0):
    root = np.sqrt(x * x + alpha)
    return root, x / root


@pytest.mark.usefixtures("close")
def test_functions_are_drawn_like_their_names():
    for name in ("relu", "softmax", "logsumexp", "swiglu"):
        by_name, given = (fa.plot(one, derivative=True) for one in (name, getattr(fa, name)))
        lines = zip(by_name.get_lines(), given.get_lines(), strict=True)
        for one, other in lines:
            assert one.get_label() == other.get_label() or one.get_label().startswith("_")
            assert np.array_equal(one.get_ydata(), other.get_ydata(), equal_nan=True)


@pytest.mark.usefixtures("close")
def test_derivatives_are_those_of_the_functions():
    x = np.linspace(-1, 1, 1201)
    for name, of_two in (("tanh", fa.tanh), ("softmax", fa.sigmoid), ("logsumexp", fa.softplus)):
        value, slope = fa.plot(name, derivative=True, limits=(-1, 1)).get_lines()[-2:]
        assert np.allclose(value.get_ydata(), of_two(x), atol=1e-12)
        assert np.allclose(slope.get_ydata(), of_two.derivative(x), atol=1e-12)


@pytest.mark.usefixtures("close")
def test_an_activation_of_ones_own_is_drawn():
    axes = fa.plot(plotted_root, "elu", alpha=4.0, derivative=True)
    labels = [line.get_label() for line in axes.get_lines()[-4:]]
    assert labels[:2] == ["plotted_root, alpha=4", "derivative of plotted_root"]
    x, y = axes.get_lines()[-4].get_data()
    assert np.allclose(y, np.sqrt(x * x + 4))


@pytest.mark.usefixtures("close")
@pytest.mark.parametrize(
    ("names", "options", "error", "words"),
    [
        ((), {}, ValueError, "at least one"),
        (("nosuch",), {}, ValueError, "nosuch.*sigmoid"),
        ((fa.softmax_cross_entropy,), {}, ValueError, "sigmoid"),
        ((np.tanh,), {}, ValueError, "tanh.*sigmoid"),
        (([],), {}, ValueError, "sigmoid"),
        ((fa.relu.backward,), {}, ValueError, "relu.backward is no .*derivative=True"),
        ((plotted_root.derivative,), {}, ValueError, "root.derivative .*derivative=True"),
        (("relu",), {"limits": (3, 1)}, ValueError, r"low, high.*3, 1"),
        (("relu",), {"limits": (1, 1)}, ValueError, "low, high"),
        (("relu",), {"limits": (0,)}, ValueError, "low, high"),
        (("relu",), {"limits": (-np.inf, 0)}, ValueError, "low, high"),
        ((fa.relu,), {"slope": 3}, TypeError, "relu.*slope.*none"),
        (("prelu",), {"weight": [0.1, 0.2]}, TypeError, "weight must be one number"),
    ],
)
def test_what_cannot_be_drawn(names, options, error, words):
    with pytest.raises(error, match=words):
        fa.plot(*names, **options)


@pytest.mark.usefixtures("close")
@pytest.mark.parametrize(
    ("name", "limits", "finite"),
    [
        ("exponential", (0, 1000), True),
        ("exponential", (800, 900), False),
        ("logit", (-5, -3), False),
    ],
)
def test_curves_that_leave_the_numbers(name, limits, finite):
    """Without a warning; where there is nothing to draw, nothing is drawn."""
    (line,) = (
        line for line in fa.plot(name, limits=limits).get_lines() if len(line.get_xdata()) > 2
    )
    assert np.isfinite(line.get_ydata()).any() == finite


@pytest.mark.usefixtures("close")
def test_what_is_shown_of_a_function():
    """One alone from where it is defined to where it bends; more than there are colours, apart."""
    assert fa.plot("logit").get_xlim() == (0.02, 0.98)
    assert fa.plot("softcap").get_xlim() == (-90, 90)
    assert fa.plot("logit", "relu").get_xlim() == (-6, 6)
    curves = fa.plot(*list(fa.activations.CATALOGUE)[:16]).get_lines()
    looks = {
        (line.get_color(), line.get_linewidth()) for line in curves if line.get_label()[0] != "_"
    }
    assert len(looks) == 16


def test_without_a_display_a_file_must_be_named(capsys):
    assert main(["plot", "relu"]) == 2
    assert "-o FILE" in capsys.readouterr().err


def test_the_command_names_a_file(tmp_path, capsys):
    for given in ("", str(tmp_path)):
        assert main(["plot", "relu", "-o", given]) == 2
        assert "is a folder" in capsys.readouterr().err
    assert main(["plot", "relu", "--limits", "3", "1", "-o", str(tmp_path / "a.png")]) == 2
    assert not list(tmp_path.iterdir())
