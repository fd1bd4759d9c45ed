"""Ahead-of-time compiled loops, for each instruction set; the widest the CPU has serves."""

import importlib.util
from functools import cache, cached_property

from fastact.built import check
from fastact.engine import _engine

name = "cython"

#: Instruction sets in ascending order; `_engine.cpu_level()` counts from 1.
INSTRUCTION_SETS = ("baseline", "avx2", "avx512")
#: What the stages of rows.hpp make up.
ROWWISE = frozenset(
    {
        "softmax",
        "log_softmax",
        "softmin",
        "hardmax",
        "logsumexp",
        "logmeanexp",
        "softmax_cross_entropy",
    }
)


@cache
def supported():
    """The instruction sets that were built and that this CPU and its operating system run."""
    names = INSTRUCTION_SETS[: _engine.cpu_level()]
    return tuple(n for n in names if all(map(_found, modules(n))))


def modules(instruction_set):
    """Two for each instruction set, compiled side by side: from element to element, and rows."""
    return f"_{instruction_set}", f"_{instruction_set}_rows"


def _found(module):
    return importlib.util.find_spec(f"{__name__}.{module}") is not None


def _load(module):
    loaded = importlib.import_module(f"{__name__}.{module}")
    check(loaded)
    return loaded


class Variant:
    """The loops of one instruction set."""

    strict = False  # a loop may write over its own inputs and takes scalars
    takes_rows = True  # and goes through several rows at once

    def __init__(self, instruction_set):
        # Loading a module runs code compiled for its instruction set: only after the check.
        if instruction_set not in supported():
            raise ImportError(
                f"instruction set {instruction_set!r} is not available here; "
                f"there are {', '.join(supported())}"
            )
        self.instruction_set = instruction_set
        elementwise, self._rows_module = modules(instruction_set)
        self._loops = _load(elementwise).loops()

    @cached_property
    def _rows(self):
        return _load(self._rows_module)

    @cached_property
    def _row_loops(self):
        return self._rows.row_loops()

    @cached_property
    def _whole_row_loops(self):
        return self._rows.whole_row_loops()

    def covers(self, activation):
        return (
            activation in ROWWISE
            or (activation, "forward", "f") in self._loops
            or (activation, "f") in self._whole_row_loops
        )

    def loop(self, activation, operation, dtype):
        return self._loops[activation, operation, dtype]

    def row_loops(self, dtype, activation=None):
        return {stage: address for (stage, d), address in self._row_loops.items() if d == dtype}

    further_row_loops = row_loops  # all are there

    def whole_row_loop(self, activation, dtype):
        return self._whole_row_loops[activation, dtype]


@cache
def variant(instruction_set):
    return Variant(instruction_set)
