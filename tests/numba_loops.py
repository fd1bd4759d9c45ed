"""Calls the loops of the numba backend directly, and reads their assembly.

To import this module skips the importing one where Numba is not installed.
"""

import ctypes
import math
import platform
import re

import numpy as np
import pytest

numba = pytest.importorskip("numba")

from fastact.accuracy.definitions import DEFINITIONS  # noqa: E402
from fastact.backends import numba_backend as backend  # noqa: E402
from fastact.backends.numba_backend import formulas, target  # noqa: E402

C_LOOP = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)
GUARD = 64
SLOPES = ("forward", "backward", "forward_backward", "derivative")
EXAMPLES = {name: definition.parameter_cases[0] for name, definition in DEFINITIONS.items()} | {
    "binary_cross_entropy_with_logits": (0.3, 2.0, 0.7)  # target, pos_weight, weight
}
"""Parameters to call a formula with."""


def operations_of(name):
    """The operations that an activation has."""
    trainable = name in formulas.PARAMETER_SLOPES
    return (*SLOPES, "parameter_backward") if trainable else SLOPES


def call(address, inputs, output_shapes, dims):
    """Run a loop on arrays; each output has a guard behind it that must stay as it is."""
    inputs = [np.ascontiguousarray(array) for array in inputs]
    dtype = inputs[0].dtype
    assert all(array.dtype == dtype for array in inputs)
    outputs = [np.full(math.prod(shape) + GUARD, 77, dtype) for shape in output_shapes]
    pointers = [array.ctypes.data for array in inputs + outputs]
    C_LOOP(address)(
        (ctypes.c_void_p * len(pointers))(*pointers), (ctypes.c_ssize_t * len(dims))(*dims), 0, 0
    )
    assert all((output[-GUARD:] == 77).all() for output in outputs)
    return [
        output[:-GUARD].reshape(shape) for output, shape in zip(outputs, output_shapes, strict=True)
    ]


def pointwise(name, operation, x, *others):
    """The outputs of an elementwise loop; `others` are dy and the parameters, as it wants them."""
    outputs = [x.shape] * (2 if operation == "forward_backward" else 1)
    address = backend.loop(name, operation, x.dtype.char)
    return call(address, [x, *others], outputs, [x.size])


def inputs_of(name, operation, x):
    """x, then dy and the parameters that the loop wants."""
    dy = [np.linspace(-2, 3, x.size, dtype=x.dtype)] if "backward" in operation else []
    return [x, *dy, *(np.full_like(x, p) for p in EXAMPLES[name])]


def row_stage(stage, inputs, output_shapes, activation=None):
    """The outputs of a stage on the rows of the first input; of one that only an activation has."""
    address = backend.row_loops(inputs[0].dtype.char, activation)[stage]
    return call(address, inputs, output_shapes, inputs[0].shape)


def widest_registers():
    """The registers that packed arithmetic should use here, as a pattern."""
    if platform.machine() not in ("x86_64", "AMD64"):
        pytest.skip("knows the assembly of x86 only")
    features = target.target()[2].split(",")
    return "zmm" if "+avx512f" in features else "ymm" if "+avx" in features else "xmm"


def packed_arithmetic(assembly):
    """How many instructions work on all elements of the widest registers."""
    operations = r"v?(?:fn?m(?:add|sub)\d+|add|sub|mul|div|max|min|cmp\w*|and|or|blendv?m?)p[sd]"
    return len(re.findall(rf"^\s+{operations}\s.*%{widest_registers()}", assembly, re.MULTILINE))


def calls(assembly):
    """The calls it makes: one is right, from Numba's C entry to the loop itself."""
    return re.findall(r"^\s+call.*", assembly, re.MULTILINE)


def packed_stores(assembly):
    """How many instructions store a whole register of several numbers, other than on the stack."""
    store = r"v?mov(?:[au]p[sd]|dq[au]\d*)\s+%[xyz]mm\d+, (?!\S*%[re]sp).*\)$"
    return len(re.findall(rf"^\s+{store}", assembly, re.MULTILINE))
