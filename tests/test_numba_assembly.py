"""The loops of the numba backend use vector instructions, and call nothing."""

import math
import re
from collections import ChainMap

import pytest
from numba_loops import (
    calls,
    numba,
    operations_of,
    packed_arithmetic,
    packed_stores,
    widest_registers,
)

from fastact.backends import numba_backend as backend
from fastact.backends.numba_backend import (
    formulas,
    gated_loops,
    intrinsics,
    loops,
    memory,
    rows,
    target,
    wholerows,
)
from fastact.backends.numba_backend.formulas import gated

POINTWISE = [(name, operation) for name in formulas.FORMULAS for operation in operations_of(name)]


@pytest.mark.parametrize("dtype", "fd")
@pytest.mark.parametrize(("name", "operation"), POINTWISE)
def test_pointwise_loops_are_vectorised(name, operation, dtype):
    assembly = backend.inspect_asm(name, operation, dtype)
    if (name, operation) == ("identity", "forward"):
        assert re.search(rf"mov.*%{widest_registers()}", assembly)
    else:
        assert packed_arithmetic(assembly) >= 2
    # What is far is stored under a mask, or one by one: these are of the loop that always runs.
    assert packed_stores(assembly) >= (2 if operation == "forward_backward" else 1)
    assert len(calls(assembly)) == 1


GATED = [(unit, operation) for unit in gated.UNITS for operation in gated_loops.OPERATIONS]


@pytest.mark.parametrize("dtype", "fd")
@pytest.mark.parametrize(("unit", "operation"), GATED)
def test_gated_loops_are_vectorised(unit, operation, dtype):
    assembly = backend.inspect_asm(unit, operation, dtype)
    assert packed_arithmetic(assembly) >= 1
    assert packed_stores(assembly) >= len(gated_loops.OPERATIONS[operation][1])
    assert len(calls(assembly)) == 1


@pytest.mark.parametrize("dtype", "fd")
@pytest.mark.parametrize("stage", [*rows.STAGES, *ChainMap(*rows.VALUES.values())])
def test_row_loops_are_vectorised(stage, dtype):
    assembly = backend.inspect_row_asm(stage, dtype)
    assert packed_arithmetic(assembly) >= 2
    assert len(calls(assembly)) == 1


@pytest.mark.parametrize("dtype", "fd")
@pytest.mark.parametrize("name", wholerows.WHOLE_ROWS)
def test_whole_row_loops_are_vectorised(name, dtype):
    assembly = backend.inspect_whole_row_asm(name, dtype)
    assert packed_arithmetic(assembly) >= 20
    assert len(calls(assembly)) == 1


@pytest.mark.parametrize("operation", ["forward", "forward_backward"])
def test_what_is_computed_in_double_fills_registers_of_floats(operation):
    """As many elements at a time as LLVM is told: it would take no more than doubles fit."""
    if not target.AVX2_ALONE:
        pytest.skip("LLVM's choice is as good")
    assembly = backend.inspect_asm("snake", operation, "f")
    widened = re.findall(r"^\s+vcvtps2pd\s.*%ymm", assembly, re.MULTILINE)
    assert len(widened) >= 2 * loops.SINGLES // 4  # x and alpha


@pytest.mark.skipif(not target.WIDEST, reason="there are no 32 registers")
@pytest.mark.parametrize(("hinted", "divisions"), [(loops.ALONE, 1), ((), 2)])
def test_gelu_takes_one_vector_at_a_time(hinted, divisions, monkeypatch):
    """As LLVM is told; of itself it takes two."""
    monkeypatch.setattr(loops, "ALONE", hinted)
    loop = loops.pointwise_loop("gelu", "forward", intrinsics.DTYPES["f"])
    assembly = numba.cfunc(intrinsics.SIGNATURE, error_model="numpy")(loop)._library.get_asm_str()
    blocks = (block.count("vdivps\t%zmm") for block in re.split(r"^\.LBB", assembly, flags=re.M))
    assert next(filter(None, blocks)) == divisions


def test_a_scalar_loop_is_noticed():
    """The planted fault: a formula that calls the mathematical library."""
    read, write = memory.reader(intrinsics.DTYPES["d"], 0), memory.writer(intrinsics.DTYPES["d"], 1)

    def loop(args, dims, steps, data):
        for i in range(dims[0]):
            write(args, i, math.exp(read(args, i)))

    result = numba.cfunc(intrinsics.SIGNATURE, error_model="numpy")(loop)
    assembly = result._library.get_asm_str()
    assert packed_arithmetic(assembly) == 0
    assert len(calls(assembly)) > 1


def test_a_scalar_loop_before_a_packed_one_is_noticed(monkeypatch):
    """The planted fault: what is far is no longer found by a sum of truth values."""

    def finder(is_far, real):
        @numba.extending.intrinsic
        def find(typingctx, args, i, found):
            def codegen(context, builder, signature, arguments):
                table, position, before = arguments
                mask = is_far(
                    lambda k: memory.load_number(context, builder, table, k, position, real)
                )
                return builder.select(mask.value, before.type(1), before)

            return numba.types.int32(args, numba.types.intp, numba.types.int32), codegen

        return find

    monkeypatch.setattr(loops, "finder", finder)
    loop = loops.pointwise_loop("softcap", "forward", intrinsics.DTYPES["f"])
    assembly = numba.cfunc(intrinsics.SIGNATURE, error_model="numpy")(loop)._library.get_asm_str()
    assert packed_arithmetic(assembly) >= 2
    assert packed_stores(assembly) == 0
