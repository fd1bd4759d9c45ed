"""A child forked after the pool was used: right results, no warning, no hang, in every backend."""

import os

import pytest
from processes import STRICT, output_of

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

PRELUDE = """
import os, signal, sys, threading
import numpy as np
import fastact as fa
from operations import REPRESENTATIVES, ROWWISE, VARIANTS, Operations

x = (np.random.default_rng(0).standard_normal((200, 500)) * 3).astype("f")
fa.set_num_threads(2)

def compute(variants=VARIANTS):
    results = []
    for variant in variants:
        for name in [*REPRESENTATIVES, *ROWWISE]:
            results.extend(Operations(name, variant).run("forward_backward", x, 1.5))
    return results

def same(first, second):
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))

def in_child(work):
    pid = os.fork()
    if pid == 0:
        signal.alarm(60)
        code = 1
        try:
            code = 0 if work() else 2
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

expected = compute()
"""


def test_children_and_grandchildren():
    code = (
        PRELUDE
        + """
def child():
    return same(compute(), expected) and in_child(lambda: same(compute(), expected)) == 0

codes = [in_child(child) for _ in range(2)]
print(codes, same(compute(), expected))
"""
    )
    assert output_of(code, arguments=STRICT, timeout=200) == "[0, 0] True"


def test_fork_while_other_threads_compute():
    code = (
        PRELUDE
        + """
stop = threading.Event()
wrong = []

def keep_busy():
    while not stop.is_set():
        if not same(compute(["cython-baseline"]), busy_expected):
            wrong.append(1)

busy_expected = compute(["cython-baseline"])
threads = [threading.Thread(target=keep_busy) for _ in range(2)]
for thread in threads:
    thread.start()
codes = [in_child(lambda: same(compute(["cython-baseline"]), busy_expected)) for _ in range(10)]
stop.set()
for thread in threads:
    thread.join()
print(set(codes), wrong)
"""
    )
    # Python's own advice against forking while threads run is not what is tested here.
    quiet = (*STRICT, "-W", "ignore:This process:DeprecationWarning")
    assert output_of(code, arguments=quiet, timeout=200) == "{0} []"


def test_multiprocessing():
    code = (
        PRELUDE
        + """
import multiprocessing

def work(k):
    return bool(same(compute(), expected))

with multiprocessing.get_context("fork").Pool(2) as pool:
    print(pool.map_async(work, range(4)).get(150))
"""
    )
    assert output_of(code, arguments=STRICT, timeout=200) == "[True, True, True, True]"


def test_numba_first_used_in_the_child():
    code = """
import fastact as fa
if fa.available_backends()["numba"] is None:
    import os, numpy as np
    x = np.linspace(-3, 3, 300_000)
    right = fa.tanh(x)
    pid = os.fork()
    if pid == 0:
        with fa.use_backend("numba"):
            os._exit(int(abs(fa.tanh(x) - right).max() > 1e-15))
    print(os.waitpid(pid, 0)[1])
else:
    print(0)
"""
    assert output_of(code, arguments=STRICT, timeout=200) == "0"
