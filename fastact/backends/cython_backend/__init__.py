"""Ahead-of-time compiled loops, a module per instruction set; the widest the CPU has serves."""

import importlib.util
from functools import cache

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
    return tuple(n for n in names if importlib.util.find_spec(f"{__name__}._{n}") is not None)


class Variant:
    """The loops of one instruction set."""

    strict = False  # a loop may write over its own inputs and takes scalars
    takes_rows = True  # and goes through several rows at once

    def __init__(self, instruction_set):
        # Loading the module runs code compiled for its instruction set: only after the check.
        if instruction_set not in supported():
            raise ImportError(
                f"instruction set {instruction_set!r} is not available here; "
                f"there are {', '.join(supported())}"
            )
        module = importlib.import_module(f"{__name__}._{instruction_set}")
        check(module)
        self.instruction_set = instruction_set
        self._loops = module.loops()
        self._row_loops = module.row_loops()
        self._whole_row_loops = module.whole_row_loops()

    def covers(self, activation):
        return (
            activation in ROWWISE
            or (activation, "f") in self._whole_row_loops
            or (activation, "forward", "f") in self._loops
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
