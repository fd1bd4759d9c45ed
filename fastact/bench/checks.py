"""`fastact bench --checks`: the speed that fastact promises, measured and judged.

A figure compares two calls made in turn, so that a busy machine slows both; it is the median over
the rounds. Every check is measured in several passes that are spread over the whole run, and the
table shows how far the passes lie apart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from .timing import Timed, ratios, take_turns

Pair = tuple[Timed, Timed]

# Seconds of a pass -> the figure of that pass.
Measurement = Callable[[float], float]

_ROUNDS = (9, 2001)
_SHORTEST_TIMING = 400e-6


@dataclass(frozen=True)
class Check:
    """One promise.

    Parameters
    ----------
    group, label
        The section of the table, and the words of the row.
    measurement
        Makes its inputs, measures for about that many seconds, and returns the figure.
    goal
        The limit; None only tells the figure.
    at_least
        The figure must not be below the goal; otherwise it must not be above.
    unit
        "x" for a ratio, else "ns", "ms" or "".
    """

    group: str
    label: str
    measurement: Measurement
    goal: float | None
    at_least: bool = False
    unit: str = "x"


def ratio(pair: Callable[[], Pair]) -> Measurement:
    """The time of the first call over that of the second."""

    def measure(seconds: float) -> float:
        a, b = pair()
        times = _turns(a, b, seconds)
        return median(ratios(times, "a", "b"))

    return measure


def difference(pair: Callable[[], Pair]) -> Measurement:
    """How many nanoseconds the first call takes more than the second."""

    def measure(seconds: float) -> float:
        a, b = pair()
        times = _turns(a, b, seconds)
        return median(1e9 * (ta - tb) for ta, tb in zip(times["a"], times["b"], strict=True))

    return measure


def _turns(a: Timed, b: Timed, seconds: float) -> dict[str, list[float]]:
    return take_turns({"a": a, "b": b}, seconds, shortest=_SHORTEST_TIMING, rounds=_ROUNDS)


@dataclass(frozen=True)
class Verdict:
    """What the passes of a check gave."""

    check: Check
    passes: tuple[float, ...]

    @property
    def figure(self) -> float:
        return median(self.passes)

    @property
    def passed(self) -> bool | None:
        """Whether the goal was met; None where there is none."""
        goal = self.check.goal
        if goal is None:
            return None
        return self.figure >= goal if self.check.at_least else self.figure <= goal

    def as_dict(self) -> dict[str, Any]:
        """Everything in plain types, for JSON."""
        return {
            "group": self.check.group,
            "check": self.check.label,
            "figure": self.figure,
            "unit": self.check.unit,
            "goal": self.check.goal,
            "at_least": self.check.at_least,
            "passed": self.passed,
            "passes": self.passes,
        }


def measure_all(
    checks: Sequence[Check],
    *,
    passes: int,
    seconds: float,
    on_check: Callable[[Check], None] = lambda check: None,
) -> list[Verdict]:
    """Measure every check `passes` times, `seconds` each; a pass goes through all of them."""
    figures: list[list[float]] = [[] for _ in checks]
    for _ in range(passes):
        for check, found in zip(checks, figures, strict=True):
            on_check(check)
            found.append(check.measurement(seconds))
    return [Verdict(c, tuple(found)) for c, found in zip(checks, figures, strict=True)]
