"""What tuning found, and the profile it can be saved as."""

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import geometric_mean, median
from textwrap import wrap
from typing import Any

from fastact import dispatch, profiles
from fastact.console import WIDTH

# A backend must be so many times faster than the one that "auto" would take anyway: a coin's toss
# is no reason.
CLEARLY = 1.05

CLASSES = {100: "small", 10_000: "medium", 1_000_000: "large"}


@dataclass
class Cell:
    """The seconds per call of every backend, in turn, for one activation, dtype and size."""

    activation: str
    dtype: str
    size: int
    seconds: dict[str, list[float]]

    @property
    def first(self) -> str:
        """The backend that "auto" would take without a profile."""
        return next(iter(self.seconds))

    @property
    def winner(self) -> str:
        return max(self.seconds, key=self.gain)

    def gain(self, backend: str) -> float:
        """How many times faster than the first choice a backend is: the median of the rounds, so
        that other work on the machine slows both sides of a ratio."""
        theirs, first = self.seconds[backend], self.seconds[self.first]
        if len(theirs) != len(first):  # one of them was left behind after a trial
            return median(first) / median(theirs)
        return median(a / b for a, b in zip(first, theirs, strict=True))


def profile_target(path: str | Path | None = None) -> Path:
    """Where a profile is saved; an error if it cannot be: better before measuring than after."""
    try:
        target = Path(path).expanduser() if path is not None else profiles.profile_path()
    except RuntimeError as error:  # there is no home directory
        raise ValueError(f"there is no place for a profile ({error}): give path=") from None
    if target is None:
        raise ValueError(
            "there is no place for a profile, since FASTACT_PROFILE or FASTACT_CACHE_DIR is "
            "empty: give path="
        )
    profiles.require_writable(target)
    return target


@dataclass
class Tuning:
    """What `fa.tune` found.

    Attributes
    ----------
    cells : list of Cell
        Every figure.
    unmeasured : list of str
        Activations that there was no time for.
    """

    cells: list[Cell] = field(default_factory=list)
    unmeasured: list[str] = field(default_factory=list)

    @property
    def by_activation(self) -> dict[str, list[Cell]]:
        found = defaultdict(list)
        for cell in self.cells:
            found[cell.activation].append(cell)
        return dict(found)

    @property
    def backends(self) -> dict[str, str]:
        """For each activation the backend with the best geometric mean over dtypes and sizes."""
        return {name: best(cells) for name, cells in self.by_activation.items()}

    def save(self, path: str | Path | None = None) -> Path:
        """Write the profile that "auto" then follows, in this process, too.

        What the file says of other activations stays, if it is of this machine.

        Parameters
        ----------
        path : str or Path, optional
            Another file than the one that is followed; a process follows it if FASTACT_PROFILE
            names it.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        OSError
            If it cannot be written.
        ValueError
            If there is no folder to keep it in, since FASTACT_PROFILE or FASTACT_CACHE_DIR is
            empty, and none is named.
        """
        target = profile_target(path)
        profiles.write(target, self.backends, [measured(cell) for cell in self.cells])
        profiles.forget()
        dispatch.choose_again()
        return target

    def __str__(self) -> str:
        return table(self)


def best(cells: list[Cell]) -> str:
    """The first choice, unless another one is clearly faster on the whole."""
    gains = {name: geometric_mean(cell.gain(name) for cell in cells) for name in cells[0].seconds}
    fastest = max(gains, key=lambda name: gains[name])
    return fastest if gains[fastest] > CLEARLY else cells[0].first


def measured(cell: Cell) -> dict[str, Any]:
    found = asdict(cell)
    found["seconds"] = {name: median(times) for name, times in cell.seconds.items()}
    return found


def table(tuning: Tuning) -> str:
    """The winner of every cell, how far it is ahead of the first choice, and what is chosen."""
    sizes = list(dict.fromkeys(cell.size for cell in tuning.cells))
    names = [f"{CLASSES[size]} ({size:,})" for size in sizes]
    lines = [f"{'':<28}" + "".join(f"{name:>17}" for name in names)]
    chosen = tuning.backends
    for activation, cells in tuning.by_activation.items():
        for dtype in dict.fromkeys(cell.dtype for cell in cells):
            marks = [f"{mark(cell):>17}" for cell in cells if cell.dtype == dtype]
            lines.append(f"{activation:<20}{dtype:<8}" + "".join(marks))
    firsts = {cell.activation: cell.first for cell in tuning.cells}
    others = [f"{name}={backend}" for name, backend in chosen.items() if backend != firsts[name]]
    found = ", ".join(others) or "-"
    lines += wrap(f"clearly faster on the whole than the first choice: {found}", WIDTH)
    if tuning.unmeasured:
        lines += wrap(f"no time was left for {', '.join(tuning.unmeasured)}", WIDTH)
    return "\n".join(lines)


def mark(cell: Cell) -> str:
    """The winner, and its gain if it is not the first choice."""
    if cell.winner == cell.first:
        return cell.first
    return f"{cell.winner} {cell.gain(cell.winner):.2f}x"
