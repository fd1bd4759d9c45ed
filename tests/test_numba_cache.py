"""The numba backend's cache, in processes of their own that use a copy of the backend."""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

pytest.importorskip("numba")

from fastact.backends import numba_backend
from fastact.backends.numba_backend import cache, compiler, intrinsics, loops

SOURCES = Path(numba_backend.__file__).parent

PROGRAM = """
import ctypes, json, os, sys
import copied_backend as backend
from copied_backend import compiler

def run():
    compiler._loops.clear()  # as a process has none that starts
    compiler._cache = None
    loop = compiler.compiled(
        "relu_forward_f",
        lambda: backend.pointwise_loop("relu", "forward", backend.DTYPES["f"]),
    )
    x, y = (ctypes.c_float * 40)(*range(-20, 20)), (ctypes.c_float * 40)()
    pointers = (ctypes.c_void_p * 2)(ctypes.addressof(x), ctypes.addressof(y))
    ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)(loop.address)(
        pointers, (ctypes.c_ssize_t * 1)(40), None, None
    )
    return loop.cached, list(y)
"""
RELU = [float(max(x, 0)) for x in range(-20, 20)]
COMPILED, LOADED = [False, RELU], [True, RELU]


class Copy:
    """A copy of the backend's sources, and its cache directory."""

    def __init__(self, path):
        self.cache = path / "cache"
        self.sources = path / "copied_backend"
        shutil.copytree(SOURCES, self.sources, ignore=shutil.ignore_patterns("__pycache__"))

    def start(self, code="print(json.dumps(run()))", **variables):
        environment = os.environ | {
            "PYTHONPATH": str(self.sources.parent),
            "FASTACT_CACHE_DIR": str(self.cache),
            **variables,
        }
        command = [sys.executable, "-W", "error", "-c", PROGRAM + code]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True)

    @staticmethod
    def finish(process):
        """What it printed: [whether the loop came from the cache, its result]."""
        try:
            output, errors = process.communicate(timeout=100)
        finally:
            process.kill()
        assert (process.returncode, errors) == (0, "")
        return json.loads(output)

    def run(self, *code, **variables):
        return self.finish(self.start(*code, **variables))

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
    file = warm_copy.sources / "formulas" / "rectifiers.py"
    text = file.read_text()
    assert "passes_above(0, x, 0)" in text
    file.write_text(text.replace("passes_above(0, x, 0)", "passes_above(5, x, 5)"))
    cached, values = warm_copy.run()
    assert not cached
    assert values == [x if x > 5 else 5 for x in range(-20, 20)]


def damaged(content):
    """What a file of the cache may be found to hold, by what is wrong with it."""
    middle, body = len(content) // 2, content.partition(b"\n")[2]
    another = cache.Cache.__new__(cache.Cache)
    another.key = cache.key()
    return {
        "bit": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "digest": content[:3] + bytes([content[3] ^ 1]) + content[4:],
        "cut": content[:-100],
        "empty": b"",
        "another": another._digest("tanh_forward_f", body) + b"\n" + body,
    }


def test_a_damaged_file_is_compiled_again(warm_copy, tmp_path):
    file = warm_copy.file()
    assert cache.key().startswith(file.parent.name)
    contents = damaged(file.read_bytes())
    for fault, content in contents.items():
        (tmp_path / fault).write_bytes(content)
    code = f"""
from pathlib import Path
file, found = Path({str(file)!r}), dict()
for fault in {list(contents)}:
    file.write_bytes(Path({str(tmp_path)!r}, fault).read_bytes())
    found[fault] = [*run(), file.read_bytes().hex()]
print(json.dumps(found))
"""
    found = warm_copy.run(code)
    assert found.keys() == contents.keys()
    for fault, (*result, content) in found.items():
        assert result == COMPILED, fault
        assert bytes.fromhex(content) != contents[fault], fault


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
    code = """
results = [run()]
os.environ["FASTACT_CACHE_DIR"] = "/dev/null/cache"
print(json.dumps([*results, run()]))
"""
    assert copy.run(code) == [COMPILED, COMPILED]


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


def test_threads_that_ask_at_once_get_one_loop(monkeypatch):
    monkeypatch.setenv("FASTACT_CACHE_DIR", "")
    monkeypatch.setattr(compiler, "_cache", None)
    monkeypatch.setattr(compiler, "_loops", {})
    made, found = [], []

    def make():
        made.append(threading.get_ident())
        return loops.pointwise_loop("relu", "forward", intrinsics.DTYPES["f"])

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
    assert len(made) == 1


def test_switched_off_numba_says_so(copy):
    process = copy.start(NUMBA_DISABLE_JIT="1")
    _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "NUMBA_DISABLE_JIT" in errors.splitlines()[-1]
