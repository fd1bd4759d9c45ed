"""Loops that Numba compiles for this very CPU when they are first asked for.

Importing this module imports Numba; nothing else in fastact does.
"""

import numba

if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
    raise ImportError("the numba backend cannot run with NUMBA_DISABLE_JIT set")

from .compiler import compiled
from .formulas import FORMULAS
from .intrinsics import DTYPES
from .loops import pointwise_loop
from .rows import STAGES
from .scaled_rows import STAGES as FURTHER_STAGES

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
ROWWISE = ("softmax", "log_softmax", "softmin", "hardmax", "logsumexp", "logmeanexp")


def covers(activation):
    """Whether this backend has the activation."""
    return activation in FORMULAS or activation in ROWWISE


def _pointwise(activation, operation, dtype):
    real = DTYPES[dtype]
    return compiled(
        f"{activation}_{operation}_{dtype}", lambda: pointwise_loop(activation, operation, real)
    )


def _row_stage(stage, dtype):
    make, real = (STAGES | FURTHER_STAGES)[stage], DTYPES[dtype]
    return compiled(f"rows_{stage}_{dtype}", lambda: make(real))


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


def row_loops(dtype):
    """Address of each stage of the softmax family, by name, for dtype "f" or "d"."""
    return {stage: _row_stage(stage, dtype).address for stage in STAGES}


def further_row_loops(dtype):
    """The same of the stages that only some calls need."""
    return {stage: _row_stage(stage, dtype).address for stage in FURTHER_STAGES}


def inspect_asm(activation, operation, dtype):
    """Assembly of a pointwise loop."""
    return _pointwise(activation, operation, dtype).assembly()


def inspect_row_asm(stage, dtype):
    """Assembly of a row loop."""
    return _row_stage(stage, dtype).assembly()
