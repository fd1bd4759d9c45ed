"""Losses: no allocation the size of the logits besides the gradient; forks; many threads."""

import os
import sys

import pytest
from processes import STRICT, output_of
from test_memory import assert_small, measured

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/status")


@LINUX
def test_cross_entropy_memory(variant):
    code = """
from loss_checks import Losses
losses = Losses("softmax_cross_entropy", VARIANT)
labels = np.arange(1000)
soft = np.full(x.shape, 1 / 4000, "f")
out, half_out = np.zeros_like(x), np.zeros_like(half)
wide, wide_out = np.zeros((500, 8000), "f"), np.zeros((500, 8000), "f")
for reduction in ("mean", "none"):
    for name, keywords in {"plain": {}, "smoothed": {"label_smoothing": 0.1}}.items():
        print(reduction, name, "loss",
              growth(lambda: losses.forward(x, labels[:500], reduction=reduction, **keywords)))
        for label, (source, target) in {
            "contiguous": (x, out),
            "strided": (wide[:, ::2], wide_out[:, 1::2]),
            "float16": (half, half_out),
        }.items():
            chosen = labels[:len(source)]
            print(reduction, name, label, growth(lambda: losses.forward_backward(
                source, chosen, reduction=reduction, out=(None, target), **keywords)))
columns = np.arange(4000) % 500
print("columns", growth(lambda: losses.backward(x, columns, axis=0, out=out)))
print("probabilities", growth(lambda: losses.backward(x, soft, out=out)))
if VARIANT != "numpy":  # its formulas see a row at once: it is their block
    flat, flat_out = x.reshape(100, -1), out.reshape(100, -1)
    print("long rows", growth(lambda: losses.backward(flat, labels[:100], out=flat_out)))
print("output", growth(lambda: losses.backward(x, labels[:500])) - MIB)
place = x.copy()
print("in place", growth(lambda: losses.backward(place, labels[:500], out=place)))
"""
    assert_small(measured(code, variant))


@LINUX
def test_binary_cross_entropy_memory(variant):
    code = """
from loss_checks import Losses
losses = Losses("binary_cross_entropy_with_logits", VARIANT)
out, half_out = np.zeros_like(x), np.zeros_like(half)
for name, targets_of in {
    "floats": lambda x: (x > 0).astype("f"),
    "bools": lambda x: x > 0,
    "a row": lambda x: x[0] > 0,
}.items():
    targets = targets_of(x)
    print(name, "mean", growth(lambda: losses.forward(x, targets)))
    for label, (source, target) in {
        "contiguous": (x, out),
        "fortran": (x.T.copy().T, out),
        "float16": (half, half_out),
    }.items():
        wanted = targets_of(source)
        print(name, label, growth(lambda: losses.forward_backward(
            source, wanted, pos_weight=2.0, reduction="sum", out=(None, target))))
    print(name, "each", growth(lambda: losses.forward(x, targets, reduction="none", out=out)))
    print(name, "output", growth(lambda: losses.backward(x, targets)) - MIB)
place = x.copy()
print("in place", growth(lambda: losses.forward_backward(place, x[0] > 0, out=(None, place))))
"""
    assert_small(measured(code, variant))


PRELUDE = """
import os, signal, threading
import numpy as np
import fastact as fa
from loss_checks import Losses
from operations import VARIANTS

x = (np.random.default_rng(0).standard_normal((500, 1000)) * 3).astype("f")
labels = np.random.default_rng(1).integers(0, 1000, 500)
targets = (x > 0.5) * 0.75
fa.set_num_threads(2)

def compute():
    results = []
    for variant in VARIANTS:
        with fa.use_backend(variant):
            results += fa.softmax_cross_entropy.forward_backward(x, labels, label_smoothing=0.1)
            results += fa.softmax_cross_entropy.forward_backward(x[:2].reshape(1, -1), labels[:1])
            results += fa.binary_cross_entropy_with_logits.forward_backward(x, targets)
    return results

def same(first, second):
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))

expected = compute()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_fork():
    code = (
        PRELUDE
        + """
pid = os.fork()
if pid == 0:
    signal.alarm(60)
    os._exit(0 if same(compute(), expected) else 1)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), same(compute(), expected))
"""
    )
    assert output_of(code, arguments=STRICT, timeout=120) == "0 True"


def test_many_threads():
    code = (
        PRELUDE
        + """
right = []
threads = [
    threading.Thread(target=lambda: right.extend(same(compute(), expected) for _ in range(3)))
    for _ in range(4)
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(right == [True] * 12)
"""
    )
    assert output_of(code, arguments=STRICT, timeout=120) == "True"
