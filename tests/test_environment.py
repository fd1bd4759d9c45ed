"""FASTACT_BACKEND, FASTACT_ISA and FASTACT_NUM_THREADS, each in a process of its own."""

import json
from functools import cache

import pytest
from operations import CATALOGUE, VARIANTS
from processes import STRICT, error_of, output_of

SHOW = """
import json, fastact as fa
names = {name: fa.get_backend(name) for name in fa.activations.CATALOGUE}
fa.tanh([0.5]), fa.softmax([0.5, 1.0])
config = fa.show_config(mode="dict")
print(json.dumps([fa.get_backend(), names, fa.get_num_threads(), config], default=str))
"""

INSTRUCTION_SETS = [v.removeprefix("cython-") for v in VARIANTS if v.startswith("cython-")]


@cache
def show(**environment):
    return json.loads(output_of(SHOW, **environment))


def test_without_variables():
    backend, names, threads, config = show()
    assert backend == "auto"
    assert set(names) == set(config["selected"]) == set(CATALOGUE)
    assert all("cython" in name for name in names.values())
    assert threads >= 1
    assert config["threads"] == threads
    assert config["instruction_set"] == INSTRUCTION_SETS[-1]


@pytest.mark.parametrize("nothing", ["", " ", "\n"])
def test_empty_variables_count_as_unset(nothing):
    names = ("FASTACT_BACKEND", "FASTACT_ISA", "FASTACT_NUM_THREADS")
    assert show(**dict.fromkeys(names, nothing)) == show()


def test_blanks_around_a_value_do_not_count():
    values = {"FASTACT_BACKEND": "numpy", "FASTACT_NUM_THREADS": "1", "FASTACT_ISA": "baseline"}
    assert show(**{name: f" {value}\n" for name, value in values.items()}) == show(**values)


@pytest.mark.parametrize("name", [*VARIANTS, "cython", "auto"])
def test_backend(name):
    backend, names, _, config = show(FASTACT_BACKEND=name)
    assert backend == name
    for activation, selected in names.items():
        assert name == "auto" or selected.startswith(name)
        assert config["selected"][activation]["backend"] == selected
        assert config["selected"][activation]["why"]


def test_backend_with_overrides():
    _, names, _, _ = show(FASTACT_BACKEND="numpy,softmax=cython,tanh=numba")
    assert names.pop("softmax").startswith("cython")
    assert names.pop("tanh") == "numba"
    assert set(names.values()) == {"numpy"}


@pytest.mark.parametrize("instruction_set", INSTRUCTION_SETS)
def test_instruction_set(instruction_set):
    _, names, _, config = show(FASTACT_ISA=instruction_set)
    assert config["instruction_set"] == instruction_set
    assert all(instruction_set in name or name == "cython" for name in names.values())


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads(threads):
    code = "import fastact as fa; print(fa.get_num_threads())"
    assert output_of(code, FASTACT_NUM_THREADS=str(threads)) == str(threads)


@pytest.mark.parametrize("number", ["\u00b2", "two", "-1", "0"])
def test_a_number_for_other_libraries_that_is_none_is_ignored(number):
    code = "import fastact as fa; print(fa.get_num_threads())"
    assert output_of(code, OMP_NUM_THREADS=number) == output_of(code, OMP_NUM_THREADS="")
    assert output_of(code, OMP_NUM_THREADS="1") == "1"


@pytest.mark.parametrize(
    ("variable", "value", "error", "choices"),
    [
        ("FASTACT_BACKEND", "fortran", "ValueError", ["cython", "numba", "numpy", "auto"]),
        ("FASTACT_BACKEND", ",", "ValueError", ["cython", "numba", "numpy", "auto"]),
        ("FASTACT_BACKEND", "numpy,softmax=fortran", "ValueError", ["cython", "numba", "numpy"]),
        ("FASTACT_BACKEND", "numpy,hardmax2=cython", "ValueError", ["softmax", "sigmoid"]),
        ("FASTACT_BACKEND", "numpy,softmax", "ValueError", ["softmax"]),
        ("FASTACT_BACKEND", "softmax=numpy,softmax=cython", "ValueError", ["softmax"]),
        ("FASTACT_ISA", "sse9", "ValueError", ["baseline", "avx2", "avx512"]),
        ("FASTACT_NUM_THREADS", "many", "ValueError", []),
        ("FASTACT_NUM_THREADS", "0", "ValueError", []),
        ("FASTACT_NUM_THREADS", "-2", "ValueError", []),
        ("FASTACT_NUM_THREADS", "2.5", "ValueError", []),
    ],
)
def test_wrong_values_stop_the_import(variable, value, error, choices):
    message = error_of("import fastact", **{variable: value})
    said = message.splitlines()[-1]
    assert said.startswith(error)
    for word in [variable, value, *choices]:
        assert word in said


BLOCKED = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("numba", "llvmlite"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Blocker())
"""


def test_absent_numba_is_reported_and_not_fatal():
    code = (
        BLOCKED
        + """
import fastact as fa
print(fa.available_backends()["numba"])
assert fa.sigmoid(0.0) == 0.5
for ask in (lambda: fa.set_backend("numba"), lambda: fa.use_backend("auto,tanh=numba").__enter__(),
            lambda: fa.use_backend("numba").__enter__()):
    try:
        ask()
    except ImportError as error:
        print(error)
    else:
        raise SystemExit("no error")
"""
    )
    lines = output_of(code, arguments=STRICT).splitlines()
    assert len(lines) >= 3
    assert all("numba" in line for line in lines)
    assert "pip install" in "\n".join(lines)


def test_absent_numba_asked_for_by_name_stops_the_import():
    message = error_of(BLOCKED + "import fastact", FASTACT_BACKEND="numba")
    assert "ImportError" in message
    assert "pip install" in message


def test_a_broken_numba_is_reported_and_not_fatal():
    code = """
import sys
class Breaker:
    def find_spec(self, name, path=None, target=None):
        if name == "numba":
            raise RuntimeError("wrong version of something")
sys.meta_path.insert(0, Breaker())
import fastact as fa
assert fa.sigmoid(0.0) == 0.5
with fa.use_backend("cython"):
    assert fa.tanh(0.0) == 0
try:
    with fa.use_backend("numba"):
        fa.tanh(0.0)
except ImportError as error:
    print(error)
"""
    assert "numba" in output_of(code, arguments=STRICT)


def test_import_is_light():
    code = """
import sys, fastact as fa
fa.sigmoid([0.5]), fa.softmax([0.5, 1.0]), fa.get_backend("tanh"), fa.get_num_threads()
heavy = {"numba", "llvmlite", "matplotlib", "scipy", "rich", "mpmath", "hypothesis", "torch"}
print(sorted(heavy & {name.split(".")[0] for name in sys.modules}))
"""
    assert output_of(code, arguments=STRICT) == "[]"
