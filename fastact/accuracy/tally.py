"""What is kept of many errors: the largest and where, their sum, how many results were right."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

# How many inputs are remembered: the worst of each block, the worst blocks first.
REMEMBERED = 16


@dataclass
class Tally:
    """Errors of one operation, in ULP, over inputs that follow each other."""

    inputs: int = 0
    total: float = 0.0
    correct: int = 0  # results that are the nearest number of their dtype
    worst: tuple[tuple[float, float], ...] = ()  # (error, x), largest error first

    @property
    def largest(self) -> float:
        return self.worst[0][0] if self.worst else 0.0

    @property
    def worst_input(self) -> float | None:
        """None where every result is exact."""
        return self.worst[0][1] if self.largest > 0 else None

    @property
    def mean(self) -> float:
        return self.total / self.inputs

    @property
    def share_correct(self) -> float:
        return self.correct / self.inputs

    def add(self, x: np.ndarray, errors: np.ndarray, correct: int) -> None:
        """Count a few thousand inputs; of these, one is remembered."""
        if not len(x):
            return
        at = int(errors.argmax())
        found = (float(errors[at]), float(x[at]))
        self.worst = tuple(sorted((*self.worst, found), key=_by_error)[:1])
        self.inputs += len(x)
        self.total += float(errors.sum())
        self.correct += correct

    def __add__(self, later: "Tally") -> "Tally":
        """Of both; the order of adding decides the last bit of the sum."""
        worst = tuple(sorted((*self.worst, *later.worst), key=_by_error)[:REMEMBERED])
        inputs, total = self.inputs + later.inputs, self.total + later.total
        return Tally(inputs, total, self.correct + later.correct, worst)

    def as_dict(self) -> dict[str, Any]:
        """In plain types, to be given to `from_dict`."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "Tally":
        worst = tuple((float(error), float(x)) for error, x in stored["worst"])
        return cls(int(stored["inputs"]), float(stored["total"]), int(stored["correct"]), worst)


def _by_error(found: tuple[float, float]) -> float:
    return -found[0]
