"""Gated units: accuracy, bits, layouts, dtypes, threads."""

import copy
import pickle

import numpy as np
import pytest
from gated_checks import (
    OPERATIONS,
    GatedOperations,
    check_accuracy,
    check_order,
    check_separate,
    operands,
    small_operands,
    special_operands,
)
from gated_oracle import UNITS
from layouts import LAYOUTS_1D
from operations import GATED, VARIANTS
from processes import output_of
from test_threads import FloatingPoint, only_here
from ulp import assert_same_bits

import fastact as fa

pytestmark = pytest.mark.filterwarnings("error")
each_unit = pytest.mark.parametrize("unit", GATED)
each_operation = pytest.mark.parametrize("operation", OPERATIONS)


def test_the_oracle_defines_the_catalogue():
    assert sorted(GATED) == sorted(UNITS)


@each_unit
def test_accuracy(unit, dtype, variant):
    check_accuracy(GatedOperations(unit, variant), dtype, 300)


@each_unit
def test_every_operation_gives_the_same_bits(unit, dtype, variant):
    operations = GatedOperations(unit, variant)
    check_separate(operations, *operands(dtype, 3000, seed=1))
    check_separate(operations, *special_operands(dtype))


@each_unit
@each_operation
def test_neighbours_do_not_matter(unit, operation, dtype, variant):
    given = operands(dtype, 500, seed=2)
    order = np.random.default_rng(2).permutation(500)
    check_order(GatedOperations(unit, variant), operation, given, order)
    check_order(GatedOperations(unit, variant), operation, given, slice(3, 70))


@each_unit
@each_operation
def test_small_operands_beside_far_gates(unit, operation, dtype, variant):
    """Vectors of small values alone, or gradients, give what they do among all kinds."""
    for small in (1, 2):
        given = small_operands(dtype, 400, small)
        given[0][200:] = -np.finfo(dtype).max
        order = np.arange(400).reshape(2, 200).T.ravel()
        check_order(GatedOperations(unit, variant), operation, given, order)


# One smooth unit and the one of lines stand for all: layouts know no formula.
@pytest.mark.parametrize("unit", ["swiglu", "bilinear"])
@each_operation
def test_layouts(unit, operation, dtype, variant):
    operations = GatedOperations(unit, variant)
    for size in (0, 1, 37, 1029):
        given = operands(dtype, size, seed=3)
        expected = operations.run(operation, *given)
        for name, lay_out in LAYOUTS_1D.items():
            results = operations.run(operation, *map(lay_out, given))
            outputs = tuple(lay_out(np.zeros(size, dtype)) for _ in expected)
            written = operations.run(operation, *map(lay_out, given), out=outputs)
            for got, output, returned, right in zip(
                results, outputs, written, expected, strict=True
            ):
                assert returned is output
                assert_same_bits(got, right, f"{operations} {operation} {name}")
                assert_same_bits(output.astype(dtype), right, f"{operations} {operation} {name}")


@each_operation
def test_in_place_and_where(operation, dtype, variant):
    operations = GatedOperations("swiglu", variant)
    given = operands(dtype, 500, seed=4)
    expected = operations.run(operation, *given)
    copies = [a.copy() for a in given]
    outputs = tuple(copies[: len(expected)])
    operations.run(operation, *copies, out=outputs)
    for output, right in zip(outputs, expected, strict=True):
        assert_same_bits(output, right, f"{operations} {operation} in place")
    mask = np.arange(500) % 3 == 0
    outputs = tuple(np.full(500, 7, dtype) for _ in expected)
    operations.run(operation, *given, out=outputs, where=mask)
    for output, right in zip(outputs, expected, strict=True):
        assert_same_bits(output, np.where(mask, right, dtype_of(7, dtype)), "where")


def dtype_of(number, dtype):
    return np.dtype(dtype).type(number)


@each_operation
@pytest.mark.parametrize("shape", [(), (1,), (31,), (12, 1), (12, 31)])
def test_broadcasting(operation, shape, variant):
    operations = GatedOperations("geglu", variant)
    gate = operands("float32", 12 * 31, seed=5)[0].reshape(12, 31)
    value, dy = (a.reshape(shape) for a in operands("float32", int(np.prod(shape)), seed=6)[1:])
    spread = [np.ascontiguousarray(a) for a in np.broadcast_arrays(gate, value, dy)]
    expected = operations.run(operation, *spread)
    for order in ((gate, value, dy), (np.asfortranarray(gate), value, dy)):
        for got, right in zip(operations.run(operation, *order), expected, strict=True):
            assert_same_bits(got, right, f"{operations} {operation} {shape}")


def test_a_small_gate_beside_a_large_value(variant):
    value = np.ones((50, 400), "f")
    with fa.use_backend(variant):
        y, dgate, dvalue = fa.glu.forward_backward(np.zeros((50, 1), "f"), value)
    assert y.shape == dgate.shape == dvalue.shape == (50, 400)
    assert np.all(y == 0.5)
    assert np.all(dgate == 0.25)
    assert np.all(dvalue == 0.5)


@pytest.mark.parametrize("kind", ["?", "i1", "u2", "i8", "e", "f", "d"])
def test_dtypes(kind, variant):
    operations = GatedOperations("swiglu", variant)
    gate = np.array([0, 1, 1]).astype(kind)
    for other in ("?", "i4", "e", "f", "d"):
        value = np.array([1, 0, 1]).astype(other)
        kinds = [np.dtype(k) if np.dtype(k).kind == "f" else np.dtype("d") for k in (kind, other)]
        wide = np.result_type(*kinds)
        for dy in (1, 2.0, np.array([1, 2, 3], kind)):
            for operation in OPERATIONS:
                results = operations.run(operation, gate, value, dy)
                cast = (gate.astype(wide), value.astype(wide), np.asarray(dy, wide))
                for got, right in zip(results, operations.run(operation, *cast), strict=True):
                    assert got.dtype == wide
                    assert_same_bits(got, right, f"{kind} {other} {operation}")


@each_operation
@pytest.mark.parametrize("bad", ["complex64", "longdouble", "object", "U3"])
def test_unsupported(operation, bad, variant):
    operations = GatedOperations("glu", variant)
    good = np.ones(3)
    for given in ((np.ones(3, bad), good, good), (good, np.ones(3, bad), good)):
        with pytest.raises(TypeError, match="glu"):
            operations.run(operation, *given)


def test_missing_and_unknown_arguments():
    with pytest.raises(TypeError, match="swiglu needs value"):
        fa.swiglu([1.0])
    with pytest.raises(TypeError, match=r"swiglu\.backward needs dy"):
        fa.swiglu.backward([1.0], [1.0])
    with pytest.raises(TypeError, match="takes 2 positional arguments"):
        fa.swiglu([1.0], [1.0], np.empty(1))
    with pytest.raises(TypeError, match="no keyword 'beta'"):
        fa.swiglu([1.0], [1.0], beta=1)
    with pytest.raises(ValueError, match="'tanh'"):
        fa.geglu([1.0], [1.0], approximate="erf")


def test_approximate():
    gate, value, dy = operands("float32", 100, seed=8)
    for operation in OPERATIONS:
        for choice in ("tanh", True):
            results = GatedOperations("geglu", VARIANTS[0]).run(
                operation, gate, value, dy, approximate=choice
            )
            expected = GatedOperations("geglu_tanh", VARIANTS[0]).run(operation, gate, value, dy)
            for got, right in zip(results, expected, strict=True):
                assert_same_bits(got, right, operation)


@only_here
@each_unit
def test_flags_are_left_as_they_were_found(unit, dtype, variant):
    point = FloatingPoint()
    operations = GatedOperations(unit, variant)
    for size in (70, 40_000):
        given = operands(dtype, size, seed=12)
        for operation in OPERATIONS:
            operations.run(operation, *given)
            point.clear()
            operations.run(operation, *given)
            assert point.flags() == 0


@each_unit
def test_threads_make_no_difference(unit, variant):
    given = operands("float32", 150_001, seed=9)
    operations = GatedOperations(unit, variant)
    with fa.threads(1):
        expected = operations.run("forward_backward", *given)
    for count in (2, 5):
        with fa.threads(count):
            results = operations.run("forward_backward", *given)
        for got, right in zip(results, expected, strict=True):
            assert_same_bits(got, right, f"{operations} on {count} threads")


def test_special_cases(variant):
    """Written out: what the documentation says of shut gates, overflow and what vanishes."""
    operations = GatedOperations("swiglu", variant)
    gate = np.array([-np.inf, -np.inf, -200, -1e30, 1e-44, 60, np.inf], "f")
    value = np.array([1, np.inf, 1e38, np.inf, 1e38, 1e-44, 0], "f")
    y, _, _ = operations.run("forward_backward", gate, value, np.float32(1))
    assert np.signbit(y[0])
    assert np.isnan(y[[1, 6]]).all()
    assert y[[0, 2, 3]].tolist() == [0, 0, -np.inf]
    assert y[4] == pytest.approx(9.80909e-45 * 1e38 / 2, rel=1e-5)
    assert y[5] == np.float32(60 * 9.80909e-45)
    # exp(-1500) alone is no float64.
    _, dgate, dvalue = operations.run("forward_backward", *np.array([[-1500.0], [1e300], [1e300]]))
    assert dgate[0] == pytest.approx(-2.6868e-49, rel=1e-3)
    assert dvalue[0] == 0


def test_dask():
    dask = pytest.importorskip("dask.array")
    given = operands("float32", 100, seed=10)
    lazy = [dask.from_array(a, chunks=17) for a in given]
    for name in ("backward", "forward_backward"):
        expected = getattr(fa.swiglu, name)(*given)
        for got, right in zip(getattr(fa.swiglu, name)(*lazy), expected, strict=True):
            assert_same_bits(got.compute(), right, name)
    assert_same_bits(fa.swiglu(*lazy[:2]).compute(), fa.swiglu(*given[:2]), "forward")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_pandas_index(operation):
    """Its own dispatch knows ufuncs of at most two outputs."""
    pandas = pytest.importorskip("pandas")
    gate, value, dy = operands("float64", 100, seed=11)
    inputs = (gate, value) if operation == "forward" else (gate, value, dy)
    run = fa.swiglu if operation == "forward" else getattr(fa.swiglu, operation)
    expected = run(*inputs)
    for given in (
        (pandas.Index(gate, name="gate"), *inputs[1:]),
        (gate, pandas.Index(value), *inputs[2:]),
        tuple(map(pandas.Index, inputs)),
    ):
        results = run(*given)
        for got, right in zip(np.atleast_2d(results), np.atleast_2d(expected), strict=True):
            assert_same_bits(got, right, operation)
        for one in results if isinstance(results, tuple) else (results,):
            assert isinstance(one, pandas.Index)


@each_unit
def test_pickling(unit):
    face = getattr(fa, unit)
    for one in (face, face.backward, face.packed, face.packed.backward):
        assert pickle.loads(pickle.dumps(one)) is one
        assert copy.deepcopy(one) is one
    for operation in OPERATIONS:
        ufunc = (face if operation == "forward" else getattr(face, operation)).ufunc
        assert copy.deepcopy(ufunc) is ufunc
        assert getattr(fa.ufuncs, ufunc.__name__) is ufunc


def test_after_a_fork_and_by_environment():
    code = """
    import os, numpy as np, fastact as fa
    g = np.linspace(-4, 4, 400_000, dtype="f")
    before = fa.swiglu.forward_backward(g, g)
    child = os.fork()
    if child == 0:
        after = fa.swiglu.forward_backward(g, g)
        os._exit(0 if all(np.array_equal(a, b) for a, b in zip(before, after)) else 1)
    _, status = os.waitpid(child, 0)
    print(fa.get_backend("swiglu"), fa.get_backend("glu"), status)
    """
    code = "import warnings; warnings.simplefilter('ignore')\n" + code.replace("\n    ", "\n")
    found = output_of(code, FASTACT_BACKEND="cython,glu=numpy", FASTACT_NUM_THREADS="2")
    assert found == "cython numpy 0"
