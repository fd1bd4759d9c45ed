"""`fastact bench`: time every case, candidates in turn, and keep what the rounds gave."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from .cases import PEERS, candidates, require_agreement
from .inputs import Case
from .timing import Times, median_ratio, summary, take_turns


@dataclass(frozen=True)
class Result:
    """What the rounds of one case gave: seconds per call, by candidate."""

    case: Case
    times: Times

    def seconds(self, candidate: str) -> float | None:
        """The median time of a candidate, None if it has no such function."""
        return median(self.times[candidate]) if candidate in self.times else None

    @property
    def best_peer(self) -> str | None:
        """The fastest candidate that is not fastact."""
        present = [peer for peer in PEERS if peer in self.times]
        return min(present, key=lambda peer: median(self.times[peer]), default=None)

    def speedup(self, backend: str) -> float | None:
        """How many times faster than the best peer a backend is, median of the rounds."""
        if self.best_peer is None or backend not in self.times:
            return None
        return median_ratio(self.times, self.best_peer, backend)

    def as_dict(self) -> dict[str, Any]:
        """Everything in plain types, for JSON."""
        backends = [name for name in self.times if name not in PEERS]
        return {
            **self.case._asdict(),
            "shape": self.case.shape,
            "rounds": len(next(iter(self.times.values()))),
            "seconds_per_call": {name: summary(values) for name, values in self.times.items()},
            "best_peer": self.best_peer,
            "speedup_over_best_peer": {name: self.speedup(name) for name in backends},
        }


def run(
    cases: Sequence[Case],
    backends: Iterable[str],
    *,
    seconds: float,
    threads: int | None = None,
    on_case: Callable[[Case], None] = lambda case: None,
) -> list[Result]:
    """Check that all candidates agree, then time them; `seconds` is for all cases together.

    `on_case` is called before each case.
    """
    results = []
    backends = tuple(backends)
    for case in cases:
        on_case(case)
        calls = candidates(case, backends, threads)
        require_agreement(case, calls)
        results.append(Result(case, take_turns(calls, seconds / len(cases))))
    return results
