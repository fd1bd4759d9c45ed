"""No allocation that grows with the input besides the output, by the peak of resident memory."""

import sys

import pytest
from processes import output_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/status")

# The peak is reset, one call is made, and what it held at most beyond its start is printed, in MiB.
# A call that is the first may take what stays: the pool, the compiler, the first touch of a page.
# Where one takes much, a second one is judged.
PRELUDE = """
import ctypes
import numpy as np
import fastact as fa
from operations import CATALOGUE, REPRESENTATIVES, ROWWISE, Operations
from row_oracle import REDUCING

def status(key):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1024

# Memory that the C library keeps for the next call would hide what that call takes.
give_back = getattr(ctypes.CDLL(None), "malloc_trim", lambda kept: None)

def growth(call):
    # What grows with the input comes with every call; what the C library's heaps do, does not.
    first = growth_once(call)
    return first if first <= LIMIT else min(growth_once(call) for _ in range(4))

def growth_once(call):
    give_back(0)
    with open("/proc/self/clear_refs", "w") as control:
        control.write("5")
    before = status("VmRSS")
    result = call()
    return status("VmHWM") - before

fa.set_num_threads(2)
x = np.linspace(-5, 5, 2_000_000, dtype="f").reshape(500, 4000)
half = np.linspace(-5, 5, 4_000_000, dtype="e").reshape(1000, 4000)
assert x.nbytes == half.nbytes == 8_000_000  # 7.6 MiB
MIB = x.nbytes / 2**20
"""

LIMIT = 4  # MiB: blocks, stacks and noise, half of the smallest input below


def measured(code, variant):
    known = f"LIMIT, VARIANT = {LIMIT}, {variant!r}\n"
    lines = output_of(PRELUDE + known + code, timeout=300).splitlines()
    results = {}
    for line in lines:
        label, value = line.rsplit(" ", 1)
        results[label] = float(value)
    assert results
    return results


def assert_small(results):
    large = {label: value for label, value in results.items() if value > LIMIT}
    assert not large, f"MiB beyond the output: {large}"


def test_the_measurement_sees_a_copy():
    """The check that could not fail would be worthless: NumPy's own temporary is found."""
    code = """
out = np.zeros_like(x)
print("nothing", growth(lambda: np.negative(x, out=out)))
print("temporary", growth(lambda: np.negative(x + x, out=out)))
"""
    results = measured(code, "numpy")
    assert results["nothing"] < LIMIT < 7 < results["temporary"]


def test_elementwise(variant):
    code = """
y, dx = np.zeros_like(x), np.zeros_like(x)
wide = np.zeros((500, 8001), "f")
half_out = np.zeros_like(half)
channels = np.ones((500, 1), "f")
integers = x.astype("i4")
float64_out = np.zeros(x.shape)
layouts = {
    "contiguous": (x, y, dx),
    "in place": (x, x, dx),
    "strided": (wide[:, ::2][:, :4000], y, dx),
    "sliced": (wide[:, :4000], wide[:, 4001:], dx),
    "fortran": (x.T, y.T, dx.T),
    "fortran into C": (x.reshape(4000, -1, order="F"), y.reshape(4000, -1), dx.reshape(4000, -1)),
    "float16": (half, half_out, half_out.copy()),
    "integers": (integers, float64_out, float64_out.copy()),
}
heavy = next(name for name in REPRESENTATIVES if CATALOGUE[name].cost == "heavy")
for activation in REPRESENTATIVES:
    operations = Operations(activation, VARIANT)
    for label, (source, target, second) in layouts.items():
        if activation != heavy and label not in ("contiguous", "strided"):
            continue
        print(activation, label, "forward", growth(lambda: operations.forward(source, out=target)))
        print(activation, label, "backward",
              growth(lambda: operations.backward(source, 2.0, out=second)))
        print(activation, label, "fused",
              growth(lambda: operations.forward_backward(source, 2.0, out=(target, second))))
    print(activation, "channels", growth(lambda: operations.backward(x, channels, out=y)))
    print(activation, "where", growth(lambda: operations.forward(x, out=y, where=x[:, :1] > 0)))
    print(activation, "output", growth(lambda: operations.forward(x)) - MIB)
"""
    assert_small(measured(code, variant))


def test_rows(variant):
    code = """
y, dx = np.zeros_like(x), np.zeros_like(x)
# To sort so much takes NumPy seconds each time.
slow = ("entmax15",) if VARIANT == "numpy" else ()
for rowwise in sorted(set(ROWWISE) - set(slow)):
    operations = Operations(rowwise, VARIANT)
    for axis in (-1, 0):
        target = y if rowwise not in REDUCING else np.zeros(x.shape[1 if axis == 0 else 0], "f")
        dy = y if rowwise not in REDUCING else target
        for label, source in {"contiguous": x, "fortran": np.asfortranarray(x)}.items():
            print(rowwise, axis, label, "forward",
                  growth(lambda: operations.forward(source, axis=axis, out=target)))
            print(rowwise, axis, label, "backward",
                  growth(lambda: operations.backward(source, dy, axis=axis, out=dx)))
    flat = x.reshape(-1)
    target = y.reshape(-1) if rowwise not in REDUCING else np.zeros((), "f")
    if VARIANT != "numpy":  # its formulas see a row at once: it is their block
        print(rowwise, "one long row", growth(lambda: operations.forward(flat, out=target)))
    if rowwise == "softmax":
        print(rowwise, "in place", growth(lambda: operations.forward(x, out=x)))
    result = MIB if rowwise not in REDUCING else 0
    print(rowwise, "output", growth(lambda: operations.forward(x)) - result)
"""
    assert_small(measured(code, variant))
