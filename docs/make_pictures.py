"""Draw the pictures of the documentation: python docs/make_pictures.py"""

from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("agg")

from matplotlib import pyplot

import fastact as fa
from fastact.activations import CATALOGUE
from fastact.plotting import COLOURS, plot

PICTURES = Path(__file__).parent / "pictures"
LAYERS = 30

LIMITS = (-4, 4)
SLOPE = COLOURS[1]

# The default slope of 0.01 could not be told from 0.
VISIBLE = {"leaky_relu": {"negative_slope": 0.1}}


def textbook_figure():
    """The textbook functions and their derivatives, one small panel each, and softmax."""
    drawn = [e.name for e in CATALOGUE.values() if e.textbook and e.kind == "elementwise"]
    names = list(dict.fromkeys(["identity", *drawn]))  # the straight line to compare with
    columns = 3
    rows = -(-(len(names) + 1) // columns)
    figure, grid = pyplot.subplots(
        rows, columns, figsize=(3.4 * columns, 2.8 * rows), layout="constrained", squeeze=False
    )
    panels = list(grid.flat)
    for ax, name in zip(panels, names, strict=False):
        _small_panel(ax, name)
    panels[0].legend(panels[0].get_lines()[-2:], ["value", "derivative"], frameon=False)
    _softmax_panel(panels[len(names)])
    for ax in panels[len(names) + 1 :]:
        ax.set_axis_off()
    return figure


def _small_panel(ax, name):
    parameters = VISIBLE.get(name, {})
    plot(name, derivative=True, ax=ax, limits=LIMITS, **parameters)
    value, slope = ax.get_lines()[-2:]
    slope.set(color=SLOPE, linewidth=2)
    shown = "".join(f", {key}={number:g}" for key, number in parameters.items())
    _title(ax, name + shown, CATALOGUE[name].formula)
    # One of two ranges, so that the panels can be compared.
    ax.set_ylim((-1.25, 1.5) if np.max(value.get_ydata()) <= 1 else (-1.25, 4))
    ax.set_xlabel("")
    ax.get_legend().remove()


def _title(ax, name, formula):
    """The name above the panel, the formula below the name."""
    ax.set_title("\n", fontsize=10)
    at = {"transform": ax.transAxes, "ha": "left", "va": "bottom"}
    ax.text(0, 1.1, name, fontsize=11, fontweight="bold", **at)
    ax.text(0, 1.025, formula, fontsize=8.5, color="0.35", **at)


def _softmax_panel(ax):
    """Three scores, one of them moving: the probabilities always add up to one."""
    x = np.linspace(*LIMITS, 401)
    scores = np.stack([x, np.zeros_like(x), np.ones_like(x)], axis=-1)
    ax.stackplot(x, fa.softmax(scores).T, colors=COLOURS[:3], alpha=0.8)
    _title(ax, "softmax of the scores (x, 0, 1)", "three probabilities that add up to 1")
    for at, height, text in (
        (2.4, 0.3, "of score x"),
        (-2.7, 0.13, "of score 0"),
        (-2.2, 0.6, "of score 1"),
    ):
        ax.text(at, height, text, color="white", ha="center", va="center", fontweight="bold")
    ax.set(xlim=LIMITS, ylim=(0, 1))
    ax.tick_params(color="0.6", labelcolor="0.3")
    for spine in ax.spines.values():
        spine.set_visible(False)


def vanishing_figure():
    """How much of a gradient is left after passing back through many layers of a deep network."""
    figure, ax = pyplot.subplots(figsize=(7, 4), layout="constrained")
    for name, colour in zip(("relu", "tanh", "sigmoid"), COLOURS, strict=False):
        left = gradient_left(name)
        ax.semilogy(range(LAYERS + 1), left, color=colour, linewidth=2.2)
        ax.annotate(
            name,
            (LAYERS, left[-1]),
            xytext=(5, 5 if name == "relu" else -3),
            textcoords="offset points",
            color=colour,
            va="center",
            fontweight="bold",
        )
    ax.set_title("What is left of the gradient, layer by layer", loc="left", fontsize=11)
    ax.set_xlabel("layers passed on the way back")
    ax.set_ylabel("norm of the gradient, 1 at the output")
    ax.set_xlim(0, 1.12 * LAYERS)
    ax.grid(axis="y", color="0.92")
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.tick_params(color="0.6", labelcolor="0.3")
    return figure


def gradient_left(name, width=256, batch=64, seed=0):
    """The norm of the gradient after each layer of a random network, relative to the output's.

    The weights have the variance that is usual for the function: 2 / width for ReLU (He 2015),
    1 / width for the others (LeCun 1998).
    """
    random = np.random.default_rng(seed)
    activation = getattr(fa, name)
    scale = np.sqrt((2 if name == "relu" else 1) / width)
    x = random.standard_normal((batch, width))
    passed = []
    for _ in range(LAYERS):
        weights = random.standard_normal((width, width)) * scale
        before = x @ weights
        passed.append((before, weights))
        x = activation(before)
    gradient = random.standard_normal(x.shape)
    norms = [np.linalg.norm(gradient)]
    for before, weights in reversed(passed):
        gradient = activation.backward(before, gradient) @ weights.T
        norms.append(np.linalg.norm(gradient))
    return np.array(norms) / norms[0]


def main():
    PICTURES.mkdir(exist_ok=True)
    for name, figure in (("textbook", textbook_figure()), ("vanishing", vanishing_figure())):
        path = PICTURES / f"{name}.png"
        figure.savefig(path, dpi=150)
        print(path)


if __name__ == "__main__":
    main()
