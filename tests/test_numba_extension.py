"""Activations called within functions that Numba compiles."""

import math
import re
import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("numba")

import numba
from accuracy import check_accuracy
from numba import njit
from numba.core.errors import TypingError
from operations import Operations
from own_activations import _needs_arrays as by_hand
from own_activations import bent, gate, value_only
from processes import output_of
from ulp import assert_same_bits

import fastact as fa
import fastact.numba_extension  # as Numba does once fastact is installed

STEP = 400_009
POINTS = 500


@njit(no_cfunc_wrapper=True)
def fill(value, slope, operation, x, dy, parameters):
    for i in range(x.size):
        value[i], slope[i] = operation(x[i], dy[i], *parameters)


def each(operation, x, dy, parameters):
    """In a loop that is compiled for each activation: with as little beside it as can be."""
    value, slope = np.empty_like(x), np.empty_like(x)
    fill(value, slope, operation, x, dy, parameters)
    return value, slope


@njit
def of_each(operation, x, parameters):
    found = np.empty_like(x)
    for i in range(x.size):
        found[i] = operation(x[i], *parameters)
    return found


class InLoops(Operations):
    """The operations, called for each element in a compiled loop."""

    def __init__(self, activation):
        super().__init__(activation, "numba")

    def forward(self, x, *parameters):
        return self.forward_backward(x, np.ones_like(x), *parameters)[0]

    def derivative(self, x, *parameters):
        return self.forward_backward(x, np.ones_like(x), *parameters)[1]

    def backward(self, x, dy, *parameters):
        return self.forward_backward(x, dy, *parameters)[1]

    def forward_backward(self, x, dy, *parameters):
        numbers = tuple(x.dtype.type(value) for value in self.given(parameters, {}))
        return each(self.face.forward_backward, x, dy, numbers)

    def parameter_backward(self, x, dy, *parameters):
        with fa.use_backend("numba"):
            return super().parameter_backward(x, dy, *parameters)


def test_accuracy(activation):
    operations = InLoops(activation)
    check_accuracy(operations, "float32", operations.parameters, STEP)
    check_accuracy(operations, "float64", operations.parameters, POINTS)


@njit
def every_operation(x, dy):
    return (
        fa.elu(x),
        fa.elu.derivative(x, alpha=0.5),
        fa.elu.backward(x, dy, 0.5),
        fa.elu.forward_backward(x),
        fa.elu.forward_backward(x, alpha=0.5, dy=dy),
        fa.prelu(x, 0.25),
    )


@pytest.mark.parametrize("x", [-1.5, -2, False, np.float64(0.5), np.int8(-3)])
def test_numbers(x):
    """Defaults and names of arguments are those of Python's side; what is no float is a float64."""
    found = np.hstack(every_operation(x, 2.0))
    np.testing.assert_allclose(found, np.hstack(every_operation.py_func(float(x), 2.0)), rtol=1e-15)


def test_x_decides_the_type():
    """A parameter is a number, as in Python; a gradient is of a type."""
    leaky = njit(lambda x, slope: fa.leaky_relu(x, slope))
    backward = njit(lambda x, dy: fa.leaky_relu.backward(x, dy))
    x = np.float32(-1)
    leaky(x, 0.1)
    backward(x, x)
    backward(x, 1.0)
    assert [str(s.return_type) for s in leaky.nopython_signatures] == ["float32"]
    assert [str(s.return_type) for s in backward.nopython_signatures] == ["float32", "float64"]


@njit
def of_arrays(x, slopes, dy):
    leaky = fa.leaky_relu(x, slopes)
    return fa.tanh.derivative(x), leaky, fa.elu.backward(x, dy), fa.elu(x, alpha=0.5)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_arrays(dtype):
    """They broadcast and keep their type."""
    x = np.linspace(-3, 3, 24, dtype=dtype).reshape(2, 3, 4)[:, :, ::2]
    slopes = np.array([[0.1], [0.2], [0.3]], dtype)
    dy = x.dtype.type(2)
    expected = of_arrays.py_func(x, slopes, dy)
    for found, right in zip(of_arrays(x, slopes, dy), expected, strict=True):
        assert found.dtype == x.dtype
        np.testing.assert_allclose(found, right, rtol=4 * np.finfo(dtype).eps)


def test_the_callers_fastmath_does_not_reach_the_formula():
    """It would drop NaN and infinity, and what corrects a rounding."""

    @njit(fastmath=True, parallel=True)
    def within(x):
        found = np.empty_like(x)
        for i in numba.prange(x.size):
            found[i] = fa.gelu(x[i])
        return found

    x = np.concatenate([np.linspace(-38, 9, 1001), [np.nan, np.inf, -np.inf, -0.0]])
    assert_same_bits(within(x), of_each(fa.gelu, x, ()), "with fastmath")


def test_loops_become_vectors():
    """That is what a formula without a branch, inlined, is for."""

    @njit
    def loop(x, found):
        for i in range(x.size):
            found[i] = fa.sigmoid(x[i])

    loop(np.ones(3, np.float32), np.ones(3, np.float32))
    (assembly,) = loop.inspect_asm().values()
    assert re.search(r"vdivps|divps|fdiv\s+v\d+\.4s", assembly)


def test_own_activations():
    x = np.linspace(-3, 4, 50)
    with fa.use_backend("numba"):
        values = bent(x, 0.5), gate(x, -1.0), value_only(x)
        both = gate.forward_backward(x, np.full_like(x, 2.0), -1.0)
    assert_same_bits(of_each(bent, x, (0.5,)), values[0], "bent")
    assert_same_bits(of_each(gate, x, (-1.0,)), values[1], "gate")
    assert_same_bits(of_each(value_only, x, ()), values[2], "value_only")
    found = each(gate.forward_backward, x, np.full_like(x, 2.0), (-1.0,))
    assert_same_bits(found[0], both[0], "gate's value")
    np.testing.assert_allclose(found[1], both[1], rtol=1e-15)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: fa.gelu(x, 1), "gelu: too many positional arguments"),
        (lambda x: fa.leaky_relu(x, slope=1), "unexpected keyword argument 'slope'"),
        (lambda x: fa.prelu(x), "prelu: missing a required argument: 'weight'"),
        (lambda x: fa.gelu(1j), "complex128"),
        (lambda x: fa.gelu([x, x]), "No implementation of function .* gelu"),
        (lambda x: fa.gelu.forward_backward(np.ones(3)), "takes numbers here: call it in a loop"),
        (lambda x: fa.gelu.parameter(x), "Unknown attribute 'parameter'"),
        (lambda x: by_hand(x), "the formula cannot be read"),
        (lambda x: value_only.derivative(x), "defined without a slope"),
        (lambda x: fa.swiglu(x, x), "swiglu"),
    ],
)
def test_what_cannot_be_compiled_is_told(function, message):
    with pytest.raises(TypingError, match=message):
        njit(function)(1.0)


def test_float16_is_refused():
    """Numba does next to nothing with it on a CPU."""
    with pytest.raises(TypingError, match="gelu: no float16 here; convert it to float32"):
        njit(lambda x: fa.gelu(x))(np.ones(2, np.float16))


def test_the_example_of_the_readme():
    readme = (Path(__file__).parent.parent / "README.md").read_text()
    (example,) = re.findall(r"```python\n(from numba import.*?)```", readme, re.DOTALL)
    names = {"np": np, "fa": fa, "x": np.linspace(-2, 2, 5)}
    exec(example, names)
    found = names["decayed"](names["x"], np.ones(5), fa.gelu)
    np.testing.assert_allclose(found, 0.9 + fa.gelu(names["x"]), rtol=1e-15)


def test_a_function_pointer_for_scipy():
    integrate = pytest.importorskip("scipy.integrate")
    from scipy import LowLevelCallable

    gelu = numba.cfunc("float64(float64)")(lambda x: fa.gelu(x))
    area, _ = integrate.quad(LowLevelCallable(gelu.ctypes), 0, 1)
    density = math.exp(-0.5) / math.sqrt(2 * math.pi)
    assert area == pytest.approx(1 / 4 + density / 2, rel=1e-14)  # of x Phi(x), by parts


@cache
def entry_points():
    project = Path(__file__).parent.parent / "pyproject.toml"
    return tomllib.loads(project.read_text())["project"]["entry-points"]


def test_numba_finds_it_by_the_entry_point(tmp_path):
    """As installed: nothing but `import fastact`, and Numba's cache across processes."""
    metadata = tmp_path / "fastact_test-0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: fastact_test\nVersion: 0\n")
    lines = [
        f"[{group}]\n{name} = {value}\n"
        for group, points in entry_points().items()
        for name, value in points.items()
    ]
    (metadata / "entry_points.txt").write_text("".join(lines))
    (tmp_path / "user.py").write_text(
        "import numba\nimport fastact as fa\n\n"
        "@numba.njit(cache=True)\ndef double(x):\n    return fa.relu(x) + fa.relu(x)\n\n"
        "@numba.njit(cache=True)\ndef apply(function, x):\n    return function(x)\n"
    )
    code = f"""
        import sys
        sys.path.insert(0, {str(tmp_path)!r})
        import fastact
        assert "numba" not in sys.modules
        import user
        print(user.double(2.0), sum(user.double.stats.cache_hits.values()))
        print(*(user.apply(function, -2.0) for function in (fastact.relu, fastact.identity)))
        print(sum(user.apply.stats.cache_hits.values()))
        """
    assert output_of(code, NUMBA_CACHE_DIR=str(tmp_path)) == "4.0 0\n0.0 -2.0\n0"
    assert output_of(code, NUMBA_CACHE_DIR=str(tmp_path)) == "4.0 1\n0.0 -2.0\n2"


def test_an_activation_asked_for_before_numba_is_imported():
    """FASTACT_BACKEND=numba: Numba looks for extensions while fastact is being imported."""
    code = """
        import fastact as fa
        import numba, fastact.numba_extension
        print(numba.njit(lambda x: fa.relu(x))(2.0), fa.get_backend("relu"))
        """
    assert output_of(code, FASTACT_BACKEND="numba") == "2.0 numba"
