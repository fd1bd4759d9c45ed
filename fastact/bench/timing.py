"""Timing on a machine that others use too: candidates take turns, and ratios are per turn."""

import timeit
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from statistics import median, quantiles
from time import perf_counter
from typing import Any

Times = dict[str, list[float]]

# Long enough that the clock's own resolution and cost do not show.
SHORTEST_TIMING = 200e-6


class Timed:
    """One call, ready to be repeated and timed.

    The loop is `timeit`'s, with the function and its arguments as local variables: reaching them
    costs a few nanoseconds, so that a call of 300 ns can be told from one of 330.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        context: Callable[[], AbstractContextManager[Any]] = nullcontext,
        **keywords: Any,
    ) -> None:
        self.context = context
        self.call = partial(function, *arguments, **keywords)
        names = {"function": function}
        names |= {f"argument{i}": value for i, value in enumerate(arguments)}
        names |= keywords
        setup = "\n".join(f"{name} = given[{name!r}]" for name in names)
        written = [f"argument{i}" for i in range(len(arguments))]
        written += [f"{name}={name}" for name in keywords]
        statement = f"function({', '.join(written)})"
        self._timer = timeit.Timer(statement, setup, globals={"given": names})

    def result(self) -> Any:
        """Call once and return what comes back."""
        with self.context():
            return self.call()

    def seconds(self, repeats: int = 1) -> float:
        """Seconds per call, over `repeats` calls after one that is not timed."""
        with self.context():
            self.call()
            return self._timer.timeit(repeats) / repeats

    def repeats_for(self, seconds: float) -> int:
        """How many calls one timing needs to last `seconds`."""
        repeats = 1
        while True:
            measured = self.seconds(repeats) * repeats
            if measured >= seconds:
                return repeats
            growth = min(10.0, 1.2 * seconds / max(measured, 1e-9))
            repeats = max(repeats + 1, int(repeats * growth))


def take_turns(
    candidates: Mapping[str, Timed],
    seconds: float,
    *,
    shortest: float = SHORTEST_TIMING,
    rounds: tuple[int, int] = (5, 201),
) -> Times:
    """Time every candidate once per round until `seconds` have passed; seconds per call, by round.

    Every other round runs in reverse, so that nobody always follows the same neighbour.
    """
    fewest, most = rounds
    repeats = {name: timed.repeats_for(shortest) for name, timed in candidates.items()}
    times: Times = {name: [] for name in candidates}
    order = list(candidates)
    end = perf_counter() + seconds
    for done in range(most):
        if done >= fewest and perf_counter() > end:
            break
        for name in order:
            times[name].append(candidates[name].seconds(repeats[name]))
        order.reverse()
    return times


def ratios(times: Times, numerator: str, denominator: str) -> list[float]:
    """The ratio of two candidates in every round."""
    return [a / b for a, b in zip(times[numerator], times[denominator], strict=True)]


def summary(values: list[float]) -> dict[str, float]:
    """Median and quartiles of what the rounds gave."""
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return {"median": middle, "quartile_low": low, "quartile_high": high}


def median_ratio(times: Times, numerator: str, denominator: str) -> float:
    """The median over the rounds of the ratio of two candidates."""
    return median(ratios(times, numerator, denominator))
