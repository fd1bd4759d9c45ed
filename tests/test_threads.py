"""Many Python threads at once, any number of workers, and the floating-point environment."""

import concurrent.futures
import ctypes
import platform
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from inputs import mixed_inputs, random_gradients
from operations import (
    ELEMENTWISE,
    OPERATIONS,
    REPRESENTATIVES,
    ROWWISE,
    TRAINABLE,
    Operations,
)
from ulp import assert_same_bits

import fastact as fa

SIZE = 300_000


def jobs(variant):
    """``(label, call)`` for mixed functions on large arrays."""
    x = mixed_inputs("float32", SIZE, seed=7)
    rows = np.random.default_rng(7).standard_normal((500, 600)).astype(np.float32)
    found = []
    for activation in REPRESENTATIVES:
        for operation in ("forward", "backward"):
            found.append((Operations(activation, variant), operation, x, 2.0))
    for rowwise in ROWWISE:
        found.append((Operations(rowwise, variant), "forward", rows, 2.0))
    return found


def test_sixteen_threads_with_mixed_functions(variant):
    work = jobs(variant)
    with fa.threads(1):
        expected = [job[0].run(*job[1:]) for job in work]
    barrier = threading.Barrier(16)

    def one_thread(number):
        barrier.wait(60)
        for k in range(4):
            chosen = (number + 5 * k) % len(work)
            operations, operation, x, dy = work[chosen]
            for result, right in zip(
                operations.run(operation, x, dy), expected[chosen], strict=True
            ):
                assert_same_bits(result, right, f"{operations} {operation} in thread {number}")
        return True

    with concurrent.futures.ThreadPoolExecutor(16) as executor:
        assert all(executor.map(one_thread, range(16), timeout=240))


@pytest.mark.representatives
def test_the_number_of_threads_makes_no_difference(activation, dtype, variant):
    operations = Operations(activation, variant)
    x = mixed_inputs(dtype, 150_001, activation)
    dy = random_gradients(dtype, 150_001)
    for operation in OPERATIONS:
        with fa.threads(1):
            expected = operations.run(operation, x, dy)
        for count in (2, 3, 7):
            with fa.threads(count):
                results = operations.run(operation, x, dy)
            for result, right in zip(results, expected, strict=True):
                assert_same_bits(result, right, f"{operations} {operation} on {count} threads")


GLIBC_X86 = sys.platform == "linux" and platform.machine() == "x86_64"
only_here = pytest.mark.skipif(
    not GLIBC_X86, reason="reads the floating-point registers of x86-64 Linux"
)

INVALID, DIVIDE, OVERFLOW, UNDERFLOW = 1, 4, 8, 16  # <fenv.h>; INEXACT is raised by Python itself
FLAGS = INVALID | DIVIDE | OVERFLOW | UNDERFLOW
FLUSH_TO_ZERO = 0x8040  # the bits FTZ and DAZ of MXCSR


class FloatingPoint:
    """The calling thread's floating-point environment, through the C library."""

    def __init__(self):
        self.library = ctypes.CDLL(None)
        if not hasattr(self.library, "fegetenv"):
            self.library = ctypes.CDLL("libm.so.6")

    def flags(self):
        return self.library.fetestexcept(FLAGS)

    def clear(self):
        self.library.feclearexcept(FLAGS)

    def raise_flag(self, flag):
        self.library.feraiseexcept(flag)

    def control(self, bits=None):
        """MXCSR without its flags; set the bits given, as torch.set_flush_denormal does."""
        state = ctypes.create_string_buffer(32)
        self.library.fegetenv(state)
        word = int.from_bytes(state.raw[28:32], "little")
        if bits is not None:
            word = (word & 0x3F) | bits
            state[28:32] = word.to_bytes(4, "little")
            self.library.fesetenv(state)
        return word & ~0x3F


def every_call(variant, x):
    for activation in ELEMENTWISE:
        for operation in OPERATIONS:
            yield lambda a=activation, o=operation: Operations(a, variant).run(o, x, 1.5)
    for activation in TRAINABLE:
        yield lambda a=activation: Operations(a, variant).parameter_backward(x, x)
    for rowwise in ROWWISE:
        for operation in ("forward", "backward"):
            yield lambda r=rowwise, o=operation: Operations(r, variant).run(o, x, 1.5)


@only_here
@pytest.mark.parametrize("size", [70, 40_000])
def test_flags_are_left_as_they_were_found(dtype, variant, size):
    point = FloatingPoint()
    x = mixed_inputs(dtype, size, "sigmoid")
    for call in every_call(variant, x):
        call()
        point.clear()
        call()
        assert point.flags() == 0, "a flag was raised"
        point.raise_flag(OVERFLOW)
        call()
        found = point.flags()
        point.clear()
        assert found & OVERFLOW, "a flag that was up was taken down"


@only_here
@pytest.mark.representatives
def test_the_callers_control_bits_reach_every_worker_and_stay(activation, variant):
    """With flush-to-zero set by the caller, one thread and three give the same bits; without it
    again, subnormals are right again."""
    operations = Operations(activation, variant)
    x = np.resize(np.array([1e-40, -1e-41, -100, 90, 0.5], np.float32), 300_000)
    right = operations.forward(x)
    point = FloatingPoint()
    default = point.control()
    try:
        point.control(default | FLUSH_TO_ZERO)
        results = []
        for count in (1, 3):
            with fa.threads(count):
                results.append(operations.forward(x).view(np.uint32))
            assert point.control() == default | FLUSH_TO_ZERO, "the caller's control bits changed"
    finally:
        point.control(default)
    assert np.array_equal(*results), operations
    with fa.threads(3):
        assert_same_bits(operations.forward(x), right, f"{operations} after flush-to-zero")


def times_slept():
    """How often each other thread of this process has gone to sleep."""
    found = {}
    for task in Path("/proc/self/task").iterdir():
        if int(task.name) != threading.main_thread().native_id:
            lines = (task / "status").read_text().splitlines()
            found[task.name] = next(
                int(line.split()[1]) for line in lines if line.startswith("voluntary")
            )
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_short_call_after_a_pause_wakes_nobody():
    def woken_by(size):
        x = np.linspace(-3, 3, size, dtype="f4")
        with fa.threads(2):
            fa.tanh(x)
            time.sleep(0.01)
            before = times_slept()
            for _ in range(20):
                fa.tanh(x)
                time.sleep(0.002)
        return max(count - before[task] for task, count in times_slept().items())

    assert woken_by(4_000_000) >= 10
    assert woken_by(40_000) <= 5


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_threads_may_run_where_they_might_before():
    """A worker that is told to wake on another processor may then run on all of them again."""
    x = np.linspace(-3, 3, 1_000_000)
    with fa.threads(4):
        for _ in range(40):
            fa.gelu(x)
            time.sleep(0.001)
    end = time.monotonic() + 60  # what is told to wake up may have to wait for its processor
    while len(found := allowed_processors()) > 1 and time.monotonic() < end:
        time.sleep(0.01)
    if not found:
        pytest.skip("this system does not tell")
    assert len(found) == 1


def allowed_processors():
    return {
        line
        for task in Path("/proc/self/task").iterdir()
        for line in (task / "status").read_text().splitlines()
        if line.startswith("Cpus_allowed_list")
    }
