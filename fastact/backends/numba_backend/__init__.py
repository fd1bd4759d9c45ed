"""Loops that Numba compiles for this very CPU when they are first asked for.

Importing this module imports Numba, as nothing does that `import fastact` alone imports.
"""

from collections import ChainMap

import numba

if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
    raise ImportError("the numba backend cannot run with NUMBA_DISABLE_JIT set")

from .compiler import compiled
from .formulas import FORMULAS
from .formulas.gated import UNITS
from .gated_loops import gated_loop
from .intrinsics import DTYPES
from .loops import pointwise_loop
from .rows import STAGES, VALUES
from .scaled_rows import STAGES as FURTHER_STAGES
from .wholerows import WHOLE_ROWS

__all__ = [
    "covers",
    "further_row_loops",
    "inspect_asm",
    "inspect_row_asm",
    "loop",
    "name",
    "row_loops",
    "strict",
]

name = "numba"
strict = True  # loops want disjoint, contiguous arguments
# All made of the same stages.
ROWWISE = (
    "softmax",
    "log_softmax",
    "softmin",
    "hardmax",
    "logsumexp",
    "logmeanexp",
    "softmax_cross_entropy",
)


def covers(activation):
    """Whether this backend has the activation."""
    return any(activation in table for table in (FORMULAS, UNITS, ROWWISE, WHOLE_ROWS))


def _pointwise(activation, operation, dtype):
    real = DTYPES[dtype]
    make = gated_loop if activation in UNITS else pointwise_loop
    return compiled(f"{activation}_{operation}_{dtype}", lambda: make(activation, operation, real))


def _row_stage(stage, dtype):
    stages = STAGES | FURTHER_STAGES | ChainMap(*VALUES.values())
    make, real = stages[stage], DTYPES[dtype]
    return compiled(f"rows_{stage}_{dtype}", lambda: make(real))


def _whole_row(activation, dtype):
    make, real = WHOLE_ROWS[activation], DTYPES[dtype]
    return compiled(f"whole_rows_{activation}_{dtype}", lambda: make(real))


def loop(activation, operation, dtype):
    """Address of a pointwise loop; compiles it, or loads it from the cache, at the first call.

    Parameters
    ----------
    activation : str
        A name from the catalogue that the backend covers.
    operation : {"forward", "backward", "forward_backward", "derivative"}
    dtype : {"f", "d"}

    Returns
    -------
    int
        Address of ``void loop(char** args, npy_intp* dims, npy_intp* steps, void* data)``.
    """
    return _pointwise(activation, operation, dtype).address


def row_loops(dtype, activation=None):
    """Address of each stage of the softmax family, by name, for dtype "f" or "d".

    Those that only one activation needs are compiled for this alone.
    """
    stages = (*STAGES, *VALUES.get(activation, ()))
    return {stage: _row_stage(stage, dtype).address for stage in stages}


def further_row_loops(dtype):
    """The same of the stages that only some calls need."""
    return {stage: _row_stage(stage, dtype).address for stage in FURTHER_STAGES}


def whole_row_loop(activation, dtype):
    """Address of the loop of a function that sees a row as a whole."""
    return _whole_row(activation, dtype).address


def inspect_whole_row_asm(activation, dtype):
    """Assembly of such a loop."""
    return _whole_row(activation, dtype).assembly()


def inspect_asm(activation, operation, dtype):
    """Assembly of a pointwise loop."""
    return _pointwise(activation, operation, dtype).assembly()


def inspect_row_asm(stage, dtype):
    """Assembly of a row loop."""
    return _row_stage(stage, dtype).assembly()
