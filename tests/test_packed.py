"""Gated units of one array: layouts, axes, outputs, errors."""

import numpy as np
import pytest
from gated_checks import operands
from operations import GATED
from processes import output_of
from ulp import assert_same_bits

import fastact as fa

LAYOUTS = ("gate_first", "value_first", "interleaved")


def pack(gate, value, layout, axis):
    """Written without slices: what the layouts mean."""
    if layout == "interleaved":
        stacked = np.stack([gate, value], axis=axis + 1)
        shape = list(gate.shape)
        shape[axis] *= 2
        return stacked.reshape(shape)
    return np.concatenate([gate, value] if layout == "gate_first" else [value, gate], axis=axis)


def given(dtype, shape=(3, 4, 5)):
    return [a.reshape(shape) for a in operands(dtype, int(np.prod(shape)), seed=1)]


@pytest.mark.parametrize("unit", GATED)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_equals_the_form_of_two_arrays(unit, layout, dtype, variant):
    face = getattr(fa, unit)
    gate, value, dy = given(dtype)
    for axis in (0, 1, 2):
        x = pack(gate, value, layout, axis)
        before = x.copy()
        with fa.use_backend(variant):
            y, dgate, dvalue = face.forward_backward(gate, value, dy)
            dx = pack(dgate, dvalue, layout, axis)
            for place in (axis, axis - 3):
                assert_same_bits(face.packed(x, place, layout=layout), y, "y")
                got = face.packed.backward(x, dy, place, layout=layout)
                assert_same_bits(got, dx, "dx")
                both = face.packed.forward_backward(x, dy, axis=place, layout=layout)
                assert_same_bits(both[0], y, "fused y")
                assert_same_bits(both[1], dx, "fused dx")
        assert_same_bits(x, before, "x was modified")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_outputs_are_filled_and_returned(layout):
    gate, value, dy = given("float32", (40, 1000))
    x = pack(gate, value, layout, 1)
    y, dx = fa.swiglu.packed.forward_backward(x, dy, layout=layout)
    out, dx_out = np.empty_like(y), np.empty_like(dx)
    assert fa.swiglu.packed(x, layout=layout, out=out) is out
    assert_same_bits(out, y, "out")
    assert fa.swiglu.packed.backward(x, dy, layout=layout, out=dx_out) is dx_out
    assert_same_bits(dx_out, dx, "out for dx")
    found = fa.swiglu.packed.forward_backward(x, dy, layout=layout, out=(None, dx_out))
    assert found[1] is dx_out
    in_place = x.copy()
    fa.swiglu.packed.backward(in_place, dy, layout=layout, out=in_place)
    assert_same_bits(in_place, dx, "dx over x")


def test_no_half_is_copied():
    code = """
import numpy as np, fastact as fa
def status(key):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1024
def growth(call):
    call()
    open("/proc/self/clear_refs", "w").write("5")
    before = status("VmRSS")
    call()
    return status("VmHWM") - before
x = np.ones((1000, 16000), "f")
y, dx = np.ones((1000, 8000), "f"), np.ones_like(x)
for layout in ("gate_first", "interleaved"):
    print(growth(lambda: fa.swiglu.packed(x, layout=layout, out=y)))
    print(growth(lambda: fa.swiglu.packed.forward_backward(x, y, layout=layout, out=(y, dx))))
print(growth(lambda: fa.swiglu.packed.backward(x, 1.0, layout=layout)))
"""
    *ours, gradient = map(float, output_of(code).split())
    assert max(ours) < 4
    assert gradient < 61.1 + 4  # MiB of dx


def test_value_first_is_what_torch_does():
    """torch.nn.functional.glu(x) is a * sigmoid(b) for a, b the halves of x."""
    x = np.array([3.0, 0.5, 1.0, -2.0])
    y = fa.glu.packed(x, layout="value_first")
    assert np.allclose(y, [3 / (1 + np.exp(-1.0)), 0.5 / (1 + np.exp(2.0))])


def test_scalars_integers_and_options():
    x = np.array([[1, 2, 3, 4]])
    y, dx = fa.geglu.packed.forward_backward(x, layout="gate_first", approximate="tanh")
    assert y.dtype == dx.dtype == np.float64
    expected = fa.geglu_tanh.forward_backward([1, 2], [3, 4])
    assert_same_bits(y[0], expected[0], "y")
    assert_same_bits(dx[0], np.concatenate(expected[1:]), "dx")
    half = x.astype("f")
    assert fa.geglu.packed.backward(half, 2.0, layout="gate_first").dtype == np.float32
    assert fa.geglu.packed.backward(half, np.ones(2), layout="gate_first").dtype == np.float64
    assert fa.glu.packed([], layout="gate_first").shape == (0,)


def test_layout_must_be_given():
    for operation in (fa.glu.packed, fa.glu.packed.forward_backward):
        with pytest.raises(TypeError, match="'gate_first', 'value_first', 'interleaved'"):
            operation(np.ones(3))
    with pytest.raises(ValueError, match="not 'first'") as error:
        fa.glu.packed(np.ones(4), layout="first")
    assert "'gate_first', 'value_first', 'interleaved'" in str(error.value)


ERRORS = [
    (ValueError, "3 elements along axis -1", lambda f: f(np.ones(3), layout="gate_first")),
    (ValueError, "no axis 2|axis", lambda f: f(np.ones(4), 2, layout="gate_first")),
    (
        TypeError,
        "axis must be an integer, not",
        lambda f: f(np.ones(4), 1.0, layout="gate_first"),
    ),
    (TypeError, "2 positional arguments", lambda f: f(np.ones(4), 0, "gate_first")),
    (TypeError, "no keyword 'keep'", lambda f: f(np.ones(4), keep=1, layout="gate_first")),
    (TypeError, "needs dy", lambda f: f.backward(np.ones(4), layout="gate_first")),
    (ValueError, "dy has shape", lambda f: f.backward(np.ones(4), np.ones(3), layout="gate_first")),
    (
        ValueError,
        "dy has shape",
        lambda f: f.backward(np.ones(4), np.ones((3, 2)), layout="gate_first"),
    ),
    (
        ValueError,
        "out for dx has shape",
        lambda f: f.backward(np.ones(4), 1, layout="gate_first", out=np.ones(2)),
    ),
    (
        TypeError,
        "tuple of two",
        lambda f: f.forward_backward(np.ones(4), layout="gate_first", out=np.ones(2)),
    ),
    (TypeError, "MaskedArray", lambda f: f(np.ma.ones(4), layout="gate_first")),
    (TypeError, "Complex128", lambda f: f(np.ones(4, complex), layout="gate_first")),
    (TypeError, "Complex128", lambda f: f.backward(np.ones(4, complex), 1, layout="gate_first")),
]


@pytest.mark.parametrize(("error", "words", "call"), ERRORS)
def test_errors_name_the_argument(error, words, call):
    with pytest.raises(error, match=words) as found:
        call(fa.glu.packed)
    assert "glu" in str(found.value)
