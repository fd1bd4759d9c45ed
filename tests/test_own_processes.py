"""Activations by `fa.define` where Numba is missing, across forks, and in Numba's cache."""

import json
import os

import pytest
from processes import STRICT, output_of

import fastact as fa

COMPILED = pytest.mark.skipif(fa.available_backends()["numba"] is not None, reason="needs Numba")


def test_without_numba():
    found = output_of(
        """
        import sys
        sys.modules["numba"] = None
        import fastact as fa
        import numpy as np
        from own_activations import bent

        print(bent([0.0, 3.0]), bent.backward([0.0], 4.0), bent.ufunc.__name__)
        print(fa.show_config(mode="dict")["own"]["own_activations.bent"])
        print(fa.get_backend(bent))
        """,
        arguments=STRICT,
    )
    values, why, backend = found.splitlines()
    assert values.startswith("[0.5        3.08113883] [2.] fastact_bent__numpy")
    assert "pip install" in why
    assert backend == "numpy"


def test_defining_imports_nothing():
    found = output_of(
        """
        import sys
        import own_activations
        print([name for name in ("numba", "llvmlite", "scipy", "sympy") if name in sys.modules])
        """
    )
    assert found == "[]"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child():
    found = output_of(
        """
        import os, signal
        import fastact as fa
        import numpy as np
        from own_activations import bent, gate

        x = np.linspace(-3, 3, 1_000_000)
        fa.set_num_threads(2)
        right = bent(x)
        pid = os.fork()
        if pid == 0:
            signal.alarm(60)
            same = np.array_equal(bent(x), right) and gate(x, -1.0).shape == x.shape
            os._exit(0 if same else 2)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), np.array_equal(bent(x), right))
        """,
        arguments=STRICT,
    )
    assert found == "0 True"


PROGRAM = """
import importlib, json, pathlib, sys
sys.path.insert(0, {folder!r})
import fastact as fa
from fastact.backends.numba_backend import compiler

def run(text):
    sys.modules.pop("mine", None)
    pathlib.Path({folder!r}, "mine.py").write_text(text)
    importlib.invalidate_caches()
    compiler._loops.clear()  # as a process has none that starts
    with fa.use_backend("numba"):
        result = importlib.import_module("mine").scaled([1.0, 2.0], 2.0)
    return result.tolist(), [loop.cached for loop in compiler._loops.values()]

print(json.dumps([run(text) for text in {texts!r}]))
"""
MODULE = """
import numpy as np
import fastact as fa

FACTOR = 3.0

def helper(x):
    return FACTOR * x

@fa.define
def scaled(x, unused, alpha=1.0):
    return helper(x) * alpha
"""


@COMPILED
def test_what_is_compiled_is_kept_until_the_formula_changes(tmp_path):
    """Also a number or a function that it takes from elsewhere."""

    def run(*texts):
        found = output_of(
            PROGRAM.format(folder=str(tmp_path), texts=texts),
            FASTACT_CACHE_DIR=str(tmp_path / "cache"),
            PYTHONDONTWRITEBYTECODE="1",
            arguments=STRICT,
        )
        return json.loads(found)

    assert run(MODULE) == [[[3, 6], [False]]]
    # The last two: the same operations, with another number of arguments.
    before = MODULE.replace("* alpha", "* 1.0")
    other = MODULE.replace("unused, alpha=1.0", "alpha=1.0").replace("* alpha", "* 1.0")
    five, plus = MODULE.replace("3.0", "5.0"), MODULE.replace("FACTOR * x", "FACTOR + x")
    assert run(MODULE, five, plus, before, other) == [
        [[3, 6], [True]],
        [[5, 10], [False]],
        [[4, 5], [False]],
        [[3, 6], [False]],
        [[3, 6], [False]],
    ]
