"""Curves of activation functions, drawn with matplotlib."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import fastact as fa

from .activations import CATALOGUE
from .own.registry import DEFINITIONS

try:
    from matplotlib import pyplot
except ModuleNotFoundError as error:
    if error.name != "matplotlib":
        raise
    message = 'plotting needs matplotlib: pip install "fastact[plot]"'
    raise ModuleNotFoundError(message, name="matplotlib") from None

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 1201

LIMITS = (-6.0, 6.0)

# What would be lost between these.
VIEWS: dict[str, tuple[float, float]] = {
    "logit": (0.02, 0.98),
    "softcap": (-90, 90),
    "exponential": (-4, 2),
}

# Drawn where a parameter has no default and none is given; the label tells.
EXAMPLES = {"weight": 0.25, "threshold": 1.0, "value": 0.0}

# Distinguishable for most colour-blind readers (Okabe and Ito, 2008), the lightest left out.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
WIDTHS = (2.2, 4.4, 1.1)  # of curves that have a colour again


def plot(
    *names: Any,
    derivative: bool = False,
    ax: "Axes | None" = None,
    limits: tuple[float, float] | None = None,
    **parameters: float,
) -> "Axes":
    """Draw activation functions, and on request their derivatives.

    Parameters
    ----------
    *names
        Activations by name or alias, or as functions, also by `fa.define`. A row-wise function is
        drawn for the two scores (x, 0), a gated unit for the gate x and the value 1.
    derivative
        Draw the derivative too: dashed, in the colour of the value.
    ax
        Where to draw; a new figure if None.
    limits
        The range of x: -6 to 6 unless given, or what shows a function that is drawn alone.
    **parameters
        Parameters such as `negative_slope`, passed to the activations that take them.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If a name is not in the catalogue, or none is given; if limits do not ascend.
    TypeError
        If no drawn activation takes one of the parameters.
    ModuleNotFoundError
        If matplotlib is not installed.

    Examples
    --------
    >>> import fastact as fa
    >>> axes = fa.plot("sigmoid", "tanh", derivative=True)
    >>> [line.get_label() for line in axes.get_lines()[-2:]]
    ['tanh', 'derivative of tanh']
    """
    if limits is not None and not (
        np.shape(limits) == (2,) and limits[0] < limits[1] and np.isfinite(limits).all()
    ):
        raise ValueError(f"plot: limits are (low, high), not {limits}")
    chosen = _chosen(names, parameters)
    if ax is None:
        ax = pyplot.subplots(figsize=(7, 4.5), layout="constrained")[1]
    _prepare(ax)
    if limits is None:
        limits = VIEWS.get(chosen[0][0].name, LIMITS) if len(chosen) == 1 else LIMITS
    x = np.linspace(limits[0], limits[1], POINTS)
    for number, (entry, activation, given) in enumerate(chosen):
        colour = COLOURS[number % len(COLOURS)]
        label = _label(entry, given)
        y = value(entry.kind, activation, x, **given)
        width = WIDTHS[number // len(COLOURS) % len(WIDTHS)]
        ax.plot(x, _broken_at_jumps(y), color=colour, linewidth=width, label=label)
        if derivative:
            ax.plot(
                x,
                _broken_at_jumps(slope(entry.kind, activation, x, **given)),
                color=colour,
                linewidth=1.6,
                linestyle=(0, (4, 2)),
                label=f"derivative of {entry.name}",
            )
    ax.set_xlim(*limits)
    ax.set_xlabel("x")
    if len(chosen) == 1:
        ax.set_title(f"{entry.name}:  {entry.formula}".rstrip(": "), fontsize="medium")
    ax.legend(frameon=False, fontsize="small")
    return ax


def value(kind: str, activation: Any, x: np.ndarray, **parameters: float) -> np.ndarray:
    """At every `x`; of a row-wise function its first component (or only one) for (x, 0)."""
    if kind == "gated":
        return activation(x, 1.0)
    if kind == "elementwise":
        return activation(x, **parameters)
    found = activation(_scores(x), **parameters)
    return found if found.ndim == x.ndim else found[..., 0]


def slope(kind: str, activation: Any, x: np.ndarray, **parameters: float) -> np.ndarray:
    """The derivative of `value` with respect to x."""
    if kind == "gated":
        return activation.gate_gradient(x, 1.0)
    if kind == "elementwise":
        return activation.derivative(x, **parameters)
    scores = _scores(x)
    reduces = activation(scores[:1], **parameters).ndim < scores.ndim
    first = np.ones_like(x) if reduces else np.broadcast_to([1.0, 0.0], scores.shape)
    return activation.backward(scores, first, **parameters)[..., 0]


def _scores(x: np.ndarray) -> np.ndarray:
    return np.stack([x, np.zeros_like(x)], axis=-1)


def save_or_show(
    names: Sequence[Any],
    derivative: bool,
    limits: tuple[float, float] | None,
    output: Path | None,
) -> None:
    """Draw into a file, or into a window if there is no file."""
    if output is not None and (not output.name or output.is_dir()):
        raise ValueError(f"{str(output)!r} is a folder; name a file to draw into")
    plot(*names, derivative=derivative, limits=limits)
    if output is None:
        if pyplot.get_backend().lower() == "agg":
            raise ValueError("there is no display to show a window on: name a file, as by -o FILE")
        pyplot.show()
    else:
        pyplot.savefig(output, dpi=150)


def _chosen(
    names: Sequence[Any], parameters: dict[str, float]
) -> list[tuple[Any, Any, dict[str, float]]]:
    """Entries and functions, each with those of the parameters that it takes."""
    if not names:
        raise ValueError("plot: name at least one activation")
    found = [_entry_and_function(name) for name in names]
    chosen = []
    taken = set()
    for entry, activation in found:
        own = {p.name for p in entry.parameters}
        taken |= own
        given = {p.name: EXAMPLES.get(p.name, 1.0) for p in entry.parameters if p.default is None}
        given |= {k: v for k, v in parameters.items() if k in own}
        chosen.append((entry, activation, given))
    surplus = [name for name in parameters if name not in taken]
    if surplus:
        known = ", ".join(sorted(taken)) or "none"
        drawn = ", ".join(entry.name for entry, _ in found)
        raise TypeError(f"plot: {drawn}: no parameter {surplus[0]!r}; there is: {known}")
    for name, given_value in parameters.items():
        if np.ndim(given_value):
            raise TypeError(
                f"plot: {name} must be one number, not {given_value!r}: a curve has one"
            )
    return chosen


def _entry_and_function(given: Any) -> tuple[Any, Any]:
    drawn = [e for e in CATALOGUE.values() if e.kind != "loss"]  # that is no curve of one number
    by_name = {alias: e for e in drawn for alias in (e.name, *e.aliases)}
    name = getattr(given, "activation", given)
    operation = getattr(given, "operation", "forward")
    if operation != "forward" and (name in by_name or name in DEFINITIONS):
        raise ValueError(
            f"plot: {given.__qualname__} is no activation; to draw slopes, too, give the "
            "activation and derivative=True"
        )
    if isinstance(name, str) and name in by_name:
        return by_name[name], getattr(fa, name)
    if isinstance(name, str) and name in DEFINITIONS and given is not name:
        own = DEFINITIONS[name]
        return own.entry._replace(name=own.name), own.face
    raise ValueError(
        f"plot: no activation {given!r}; choose from {', '.join(e.name for e in drawn)}"
    )


def _label(entry: Any, parameters: dict[str, float]) -> str:
    if parameters:
        return f"{entry.name}, " + ", ".join(f"{k}={v:g}" for k, v in parameters.items())
    return entry.name + {"rowwise": " of (x, 0)", "gated": " of (x, 1)"}.get(entry.kind, "")


def _prepare(ax: "Axes") -> None:
    """Thin zero lines instead of a box."""
    ax.axhline(0, color="0.75", linewidth=0.8, zorder=0)
    ax.axvline(0, color="0.75", linewidth=0.8, zorder=0)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color("0.6")
    ax.tick_params(color="0.6", labelcolor="0.3")


def _broken_at_jumps(y: np.ndarray) -> np.ndarray:
    """A jump is not a steep slope: leave a gap where one step is out of proportion."""
    broken = np.where(np.isfinite(y), y, np.nan)
    if np.all(np.isnan(broken)):
        return broken
    with np.errstate(over="ignore"):
        steps = np.abs(np.diff(broken, prepend=np.nan, append=np.nan))
        beside = np.fmax(steps[:-2], steps[2:])
        height = np.nanmax(broken) - np.nanmin(broken)
        broken[:-1][(steps[1:-1] > 5 * beside) & (steps[1:-1] > 0.01 * height)] = np.nan
    return broken
