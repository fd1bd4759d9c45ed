"""The numba backend by itself: vector instructions, accuracy of its parts, and its cache."""

import ctypes
import json
import math
import os
import platform
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import mpmath
import numpy as np
import pytest

numba = pytest.importorskip("numba")
backend = pytest.importorskip("fastact.backends.numba_backend")

from fastact.backends.numba_backend import (  # noqa: E402
    cache,
    compiler,
    formulas,
    intrinsics,
    loops,
    rows,
    vecmath,
)

POINTWISE = [(name, operation) for name in formulas.FORMULAS for operation in loops.OPERATIONS]
SOURCES = Path(backend.__file__).parent

C_LOOP = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)


def call(address, inputs, output_shapes, dims):
    """Run a loop on arrays; each output has a guard behind it that must stay as it is."""
    inputs = [np.ascontiguousarray(array) for array in inputs]
    outputs = [np.full(math.prod(shape) + 64, 77, inputs[0].dtype) for shape in output_shapes]
    pointers = [array.ctypes.data for array in inputs + outputs]
    C_LOOP(address)(
        (ctypes.c_void_p * len(pointers))(*pointers), (ctypes.c_ssize_t * len(dims))(*dims), 0, 0
    )
    assert all((output[-64:] == 77).all() for output in outputs)
    return [
        output[:-64].reshape(shape) for output, shape in zip(outputs, output_shapes, strict=True)
    ]


def pointwise(name, operation, x, *others):
    outputs = [x.shape] * (2 if operation == "forward_backward" else 1)
    address = backend.loop(name, operation, x.dtype.char)
    return call(address, [x, *others], outputs, [x.size])


def inputs_of(name, operation, x):
    """x, then dy and the parameters that the loop wants."""
    dy = [np.linspace(-2, 3, x.size, dtype=x.dtype)] if "backward" in operation else []
    parameters = [np.full_like(x, 0.01)] if name == "leaky_relu" else []
    return [x, *dy, *parameters]


# Vector instructions


def widest_registers():
    """The registers that packed arithmetic should use here, as a pattern."""
    if platform.machine() not in ("x86_64", "AMD64"):
        pytest.skip("knows the assembly of x86 only")
    features = intrinsics.target()[2].split(",")
    return "zmm" if "+avx512f" in features else "ymm" if "+avx" in features else "xmm"


def packed_arithmetic(assembly):
    """How many instructions work on all elements of the widest registers."""
    operations = r"v?(?:fn?m(?:add|sub)\d+|add|sub|mul|div|max|min|cmp\w*|and|or|blendv?m?)p[sd]"
    return len(re.findall(rf"^\s+{operations}\s.*%{widest_registers()}", assembly, re.MULTILINE))


def calls(assembly):
    return re.findall(r"^\s+call.*", assembly, re.MULTILINE)


@pytest.mark.parametrize("dtype", "fd")
@pytest.mark.parametrize(("name", "operation"), POINTWISE)
def test_pointwise_loops_are_vectorised(name, operation, dtype):
    assembly = backend.inspect_asm(name, operation, dtype)
    if (name, operation) == ("identity", "forward"):
        assert re.search(rf"mov.*%{widest_registers()}", assembly)
    else:
        assert packed_arithmetic(assembly) >= 2
    # One call, from Numba's C entry to the loop: no mathematical library, no helper left over.
    assert len(calls(assembly)) == 1


@pytest.mark.parametrize("dtype", "fd")
@pytest.mark.parametrize("stage", rows.STAGES)
def test_row_loops_are_vectorised(stage, dtype):
    assembly = backend.inspect_row_asm(stage, dtype)
    assert packed_arithmetic(assembly) >= 2
    assert len(calls(assembly)) == 1


def test_a_scalar_loop_is_noticed():
    """The planted fault: a formula that calls the mathematical library."""

    @vecmath.inline
    def scalar(x):
        return math.exp(x), x

    function = loops.pointwise_loop(scalar, "forward", numba.float64)
    result = numba.cfunc(intrinsics.SIGNATURE, error_model="numpy")(function)
    assembly = result._library.get_asm_str()
    assert packed_arithmetic(assembly) == 0
    assert len(calls(assembly)) > 1


# Numbers


def units_off(values, exact):
    """Largest distance from the exact numbers in units in the last place."""
    info = np.finfo(values.dtype)
    worst = 0.0
    for value, truth in zip(values.tolist(), exact, strict=True):
        exponent = max(math.frexp(float(truth))[1] - 1, info.minexp) if truth else info.minexp
        unit = mpmath.ldexp(1, exponent - info.nmant)
        worst = max(worst, float(abs(mpmath.mpf(value) - truth) / unit))
    return worst


@pytest.fixture(scope="module")
def exp():
    @numba.njit(error_model="numpy")
    def on_array(x):
        result = np.empty_like(x)
        for i in range(x.size):
            result[i] = vecmath.exp(x[i])
        return result

    return on_array


EXP_LIMITS = {"f": (-104.0, 88.7), "d": (-746.0, 709.7)}


def exp_points(dtype):
    low, high = EXP_LIMITS[dtype]
    rng = np.random.default_rng(5)
    parts = [
        rng.uniform(low, high, 3000),
        rng.uniform(low, 0.83 * low, 1000),
        rng.normal(size=1000),
    ]
    points = np.concatenate(parts).astype(dtype)
    assert points.min() < 0.99 * low
    assert points.max() > 0.9 * high
    return points


@pytest.mark.parametrize("dtype", "fd")
def test_exp_is_within_one_unit(exp, dtype):
    points = exp_points(dtype)
    with mpmath.workprec(100):
        exact = [mpmath.exp(point) for point in points.tolist()]
        values = exp(points)
        assert (values < np.finfo(dtype).tiny).sum() > 100
        assert units_off(values, exact) < 1
        # The planted fault: one unit more in a single value is seen.
        values[7] = np.nextafter(values[7], np.inf)
        assert units_off(values, exact) > 0.5


@pytest.mark.parametrize("dtype", "fd")
def test_exp_at_the_edges(exp, dtype):
    x = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1000.0, -1000.0, 1e-40], dtype)
    expected = np.array([np.nan, np.inf, 0.0, 1.0, 1.0, np.inf, 0.0, 1.0], dtype)
    np.testing.assert_array_equal(exp(x), expected)


@pytest.mark.parametrize("dtype", "fd")
@pytest.mark.parametrize("name", formulas.FORMULAS)
def test_bits_do_not_depend_on_operation_or_length(name, dtype):
    x = np.concatenate(
        [np.linspace(-20, 20, 103), [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-40, -720.0]]
    ).astype(dtype)
    whole = {}
    for operation in loops.OPERATIONS:
        arguments = inputs_of(name, operation, x)
        whole[operation] = pointwise(name, operation, *arguments)
        for length in range(1, x.size):
            start = (x.size - length) // 2
            part = pointwise(name, operation, *[a[start : start + length] for a in arguments])
            for piece, full in zip(part, whole[operation], strict=True):
                np.testing.assert_array_equal(piece, full[start : start + length])
    value, dx = whole["forward_backward"]
    np.testing.assert_array_equal(value, whole["forward"][0])
    np.testing.assert_array_equal(dx, whole["backward"][0])


@pytest.mark.parametrize("dtype", "fd")
@pytest.mark.parametrize("n", [1, 2, 31, 32, 33, 63, 100, 1000])
def test_exp_sum_of_rows(dtype, n):
    x = np.random.default_rng(n).uniform(-50, 50, (5, n)).astype(dtype)
    stage = backend.row_loops(dtype)["exp_sum"]
    e, top, rest = call(stage, [x], [x.shape, (5,), (5,)], [5, n])
    np.testing.assert_array_equal(top, x.max(axis=1))
    with mpmath.workprec(200):
        for row in range(5):
            exact = [mpmath.exp(mpmath.mpf(v) - float(top[row])) for v in x[row].tolist()]
            assert units_off(e[row], exact) < 1
            others = mpmath.fsum(exact) - 1
            assert abs(float(rest[row]) - others) <= 8 * float(np.finfo(dtype).eps) * others
    alone = call(stage, [x[3:4]], [(1, n), (1,), (1,)], [1, n])
    for array, value in zip((e, top, rest), alone, strict=True):
        np.testing.assert_array_equal(value[0], array[3])


@pytest.mark.parametrize(
    ("row", "e", "top", "rest"),
    [
        ([-np.inf, -np.inf], [0, 0], -np.inf, -1),
        ([np.inf, 1, -np.inf], [1, 0, 0], np.inf, 0),
        ([np.inf, 5, np.inf], [1, 0, 1], np.inf, 1),
        ([np.nan, 3, 3], [np.nan, 1, 1], 3, np.nan),
        ([np.nan, np.nan], [np.nan, np.nan], -np.inf, np.nan),
        ([-3e38, 3e38], [0, 1], 3e38, 0),
        ([-np.inf] * 35 + [2], [0] * 35 + [1], 2, 0),
    ],
)
def test_exp_sum_of_special_rows(row, e, top, rest):
    x = np.array([row], np.float32)
    stage = backend.row_loops("f")["exp_sum"]
    results = call(stage, [x], [x.shape, (1,), (1,)], x.shape)
    for value, expected in zip(results, ([e], [top], [rest]), strict=True):
        np.testing.assert_array_equal(value, np.array(expected, np.float32))


# The cache, in processes of their own that use a copy of the backend

PROGRAM = """
import ctypes, json, sys
import copied_backend as backend
from copied_backend import compiler
loop = compiler.compiled(
    "relu_forward_f",
    lambda: backend.pointwise_loop(backend.FORMULAS["relu"], "forward", backend.DTYPES["f"]),
)
x, y = (ctypes.c_float * 40)(*range(-20, 20)), (ctypes.c_float * 40)()
pointers = (ctypes.c_void_p * 2)(ctypes.addressof(x), ctypes.addressof(y))
ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)(loop.address)(
    pointers, (ctypes.c_ssize_t * 1)(40), None, None
)
print(json.dumps([loop.cached, list(y)]))
"""
RELU = [float(max(x, 0)) for x in range(-20, 20)]
COMPILED, LOADED = [False, RELU], [True, RELU]


class Copy:
    """A copy of the backend's sources, and its cache directory."""

    def __init__(self, path):
        self.cache = path / "cache"
        self.sources = path / "copied_backend"
        shutil.copytree(SOURCES, self.sources, ignore=shutil.ignore_patterns("__pycache__"))

    def start(self, **variables):
        environment = os.environ | {
            "PYTHONPATH": str(self.sources.parent),
            "FASTACT_CACHE_DIR": str(self.cache),
            **variables,
        }
        command = [sys.executable, "-W", "error", "-c", PROGRAM]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True)

    @staticmethod
    def finish(process):
        """[whether the loop came from the cache, its result]."""
        try:
            output, errors = process.communicate(timeout=100)
        finally:
            process.kill()
        assert (process.returncode, errors) == (0, "")
        return json.loads(output)

    def run(self, **variables):
        return self.finish(self.start(**variables))

    def file(self):
        (file,) = self.cache.glob("numba/*/relu_forward_f")
        return file


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path)


@pytest.fixture(scope="module")
def filled_cache(tmp_path_factory):
    copy = Copy(tmp_path_factory.mktemp("filled"))
    assert copy.run() == COMPILED
    return copy.cache


@pytest.fixture
def warm_copy(tmp_path, filled_cache):
    shutil.copytree(filled_cache, tmp_path / "cache")
    return Copy(tmp_path)


def test_a_second_process_loads_what_the_first_compiled(warm_copy):
    copy = warm_copy
    assert copy.run() == LOADED
    if os.name == "posix":
        assert copy.file().parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in copy.file().parent.iterdir()] == ["relu_forward_f"]


def test_an_edited_source_is_compiled_again(warm_copy):
    file = warm_copy.sources / "vecmath.py"
    text = file.read_text()
    assert "ZERO = np.float32(0)" in text
    file.write_text(text.replace("ZERO = np.float32(0)", "ZERO = np.float32(5)"))
    cached, values = warm_copy.run()
    assert not cached
    assert values == [x if x > 5 else 5 for x in range(-20, 20)]


@pytest.mark.parametrize("fault", ["bit", "digest", "cut", "empty", "another"])
def test_a_damaged_file_is_compiled_again(warm_copy, fault):
    copy = warm_copy
    content = bytearray(copy.file().read_bytes())
    if fault == "bit":
        content[len(content) // 2] ^= 1
    elif fault == "digest":
        content[3] ^= 1
    elif fault == "cut":
        del content[-100:]
    elif fault == "empty":
        content.clear()
    else:
        other = cache.Cache.__new__(cache.Cache)
        other.key = copy.file().parent.name
        body = bytes(content).partition(b"\n")[2]
        content[:] = other._digest("tanh_forward_f", body) + b"\n" + body
    copy.file().write_bytes(content)
    assert copy.run() == COMPILED
    assert copy.file().read_bytes() != bytes(content)


def test_every_flipped_bit_is_seen(tmp_path, monkeypatch):
    monkeypatch.setenv("FASTACT_CACHE_DIR", str(tmp_path))
    store = cache.Cache()
    state = ("library", "object", (bytes(range(256)), b"bitcode"))
    store.save("loop", "symbol", state)
    assert store.load("loop") == ("symbol", state)
    content = (store.directory / "loop").read_bytes()
    for position in range(len(content)):
        damaged = bytearray(content)
        damaged[position] ^= 1 << position % 8
        (store.directory / "loop").write_bytes(damaged)
        assert store.load("loop") is None


def test_no_usable_directory_is_no_error(copy):
    copy.cache.write_text("a file where the directory should be")
    assert copy.run() == COMPILED
    assert copy.run(FASTACT_CACHE_DIR="/dev/null/cache") == COMPILED


def test_an_empty_variable_switches_the_cache_off(copy, tmp_path):
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}
    assert copy.run(FASTACT_CACHE_DIR="", **home) == COMPILED
    assert [path.name for path in tmp_path.iterdir()] == ["copied_backend"]


@pytest.mark.skipif(os.name != "posix", reason="needs permissions of POSIX")
def test_a_directory_others_can_write_to_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setenv("FASTACT_CACHE_DIR", str(tmp_path))
    directory = cache.Cache().directory
    assert directory is not None
    directory.chmod(0o770)
    assert cache.Cache().directory is None
    directory.chmod(0o700)
    monkeypatch.setattr(cache.os, "getuid", lambda: os.stat(tmp_path).st_uid + 1)
    assert cache.Cache().directory is None


def test_processes_that_race_for_an_empty_cache(copy):
    processes = [copy.start() for _ in range(2)]
    results = [copy.finish(process) for process in processes]
    assert all(result in (COMPILED, LOADED) for result in results)
    assert COMPILED in results
    assert copy.run() == LOADED
    assert [path.name for path in copy.file().parent.iterdir()] == ["relu_forward_f"]


def test_threads_that_ask_at_once_get_one_loop():
    made, found = [], []

    def make():
        made.append(threading.get_ident())
        return loops.pointwise_loop(formulas.FORMULAS["relu"], "forward", numba.float32)

    def ask():
        barrier.wait()
        found.append(compiler.compiled("relu_for_a_test", make).address)

    barrier = threading.Barrier(4)
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(found) == 4
    assert len(set(found)) == 1
    assert len(made) <= 1


def test_switched_off_numba_says_so(copy):
    process = copy.start(NUMBA_DISABLE_JIT="1")
    _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "NUMBA_DISABLE_JIT" in errors.splitlines()[-1]
