"""Pickled activations by `fa.define` that no other process can import: of a script, a function."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from processes import output_of

import fastact as fa
from fastact.own.registry import DEFINITIONS

cloudpickle = pytest.importorskip("cloudpickle")

SCRIPT = """
import multiprocessing, pickle, sys
import cloudpickle
import numpy as np
import fastact as fa

@fa.define
def bent(x, alpha=1.0):
    root = np.sqrt(x * x + alpha)
    return (x + root) / 2, (1 + x / root) / 2

gate = fa.define(
    lambda x: x * bent(x), slope=lambda x: bent(x) + x * bent.derivative(x), name="gate"
)

@fa.define(name="other_name")
def other(x):
    return np.array([float(one) for one in np.ravel(x)]).reshape(x.shape)  # no expression

def applied(activation):
    return float(activation(2.0)), float(activation.backward(2.0, 3.0))

if __name__ == "__main__":
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for one in (bent, bent.backward, gate):
            assert pickle.loads(pickle.dumps(one, protocol)) is one
    for method in multiprocessing.get_all_start_methods():
        with multiprocessing.get_context(method).Pool(1) as pool:
            for one in (bent, gate):
                assert pool.map(applied, [one, one]) == [applied(one)] * 2, method
    with open(sys.argv[1], "wb") as file:
        cloudpickle.dump([bent, bent.backward, gate, other], file)
    print(*applied(bent), *applied(gate))
"""


def test_of_a_script(tmp_path):
    """By name within its own processes; by value, with cloudpickle, in one that knows nothing."""
    script, pickled = tmp_path / "script.py", tmp_path / "pickled"
    script.write_text(SCRIPT)
    command = [sys.executable, str(script), str(pickled)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    found = output_of(
        f"""
        import pickle
        text = open({str(pickled)!r}, "rb").read()
        bent, backward, gate, other = pickle.loads(text)
        from fastact.own.registry import DEFINITIONS
        count = len(DEFINITIONS)
        again = pickle.loads(text)
        assert again[:3] == [bent, backward, gate] and backward is bent.backward
        assert len(DEFINITIONS) == count + 1  # the one whose formula cannot be compared
        assert float(other(3.0)) == 3.0
        print(float(bent(2.0)), float(bent.backward(2.0, 3.0)), end=" ")
        print(float(gate(2.0)), float(gate.backward(2.0, 3.0)))
        """
    )
    assert found == ran.stdout.strip()


def made_here(factor):
    return fa.define(lambda x: factor * x, slope=lambda x: 0 * x + factor, name="made_here")


def test_of_a_function():
    """What it has from around it goes along."""
    double, triple = made_here(2.0), made_here(3.0)
    with pytest.raises((AttributeError, pickle.PicklingError), match="local object"):
        pickle.dumps(double)
    before = len(DEFINITIONS)
    for made in (double, triple):
        text = cloudpickle.dumps(made)
        assert cloudpickle.loads(text) is made
    assert len(DEFINITIONS) == before
    found = output_of(f"import pickle; print(pickle.loads({text!r})([1.0, 2.0]))")
    assert found == "[3. 6.]"


def test_one_with_the_same_name_that_computes_something_else():
    made, text = made_here(2.0), cloudpickle.dumps(made_here(5.0))
    again = cloudpickle.loads(text)
    assert again is not made
    np.testing.assert_array_equal(again([1.0]), [5.0])
    assert repr(again) == repr(made)
