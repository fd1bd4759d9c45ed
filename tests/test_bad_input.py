"""What cannot be done raises an error that names the function, the argument and the choices, and no
argument is modified on the way."""

import numpy as np
import pytest
from operations import ELEMENTWISE, OPERATIONS, ROWWISE, Operations
from row_oracle import REDUCING

import fastact as fa

pytestmark = pytest.mark.representatives

X = np.array([-1.0, 0.5, 2.0])

UNSUPPORTED = {
    "complex": np.array([1j, 2j]),
    "longdouble": np.array([1, 2], np.longdouble),
    "object": np.array([1, None], object),
    "string": np.array(["a", "b"]),
    "datetime": np.array(["2020-01-01"], "M8[D]"),
    "text": "abc",
    "nothing": None,
}
if np.dtype(np.longdouble) == np.dtype(np.float64):
    del UNSUPPORTED["longdouble"]


@pytest.mark.parametrize("kind", UNSUPPORTED)
def test_unsupported_dtypes(activation, variant, kind):
    operations = Operations(activation, variant)
    for operation in OPERATIONS:
        with pytest.raises(TypeError, match=activation):
            operations.run(operation, UNSUPPORTED[kind], 1.0)


@pytest.mark.parametrize("kind", UNSUPPORTED)
def test_unsupported_gradients(activation, variant, kind):
    operations = Operations(activation, variant)
    for operation in ("backward", "forward_backward"):
        with pytest.raises(TypeError, match=activation):
            operations.run(operation, X, UNSUPPORTED[kind])


@pytest.mark.parametrize("kind", UNSUPPORTED)
def test_unsupported_rows(rowwise, row_operation, variant, kind):
    operations = Operations(rowwise, variant)
    with pytest.raises(TypeError, match=rowwise):
        operations.run(row_operation, UNSUPPORTED[kind], 1.0)


@pytest.mark.parametrize("name", [*ELEMENTWISE, *ROWWISE])
def test_the_dtype_is_named(name, variant):
    with pytest.raises(TypeError, match=f"(?is){name}.*complex128"):
        Operations(name, variant).forward(np.array([1j]))


def test_shapes_that_do_not_broadcast(activation, operation, variant):
    operations = Operations(activation, variant)
    if "backward" in operation:
        with pytest.raises(ValueError, match="broadcast"):
            operations.run(operation, X, np.ones(4))
    if operations.parameters:
        with pytest.raises(ValueError, match="broadcast"):
            operations.run(operation, X, 1.0, *[np.ones(4)] * len(operations.parameters))
    before = X.tobytes()
    output = np.full(2, 7.0)
    outputs = (output, output.copy()) if operation == "forward_backward" else (output,)
    with pytest.raises(ValueError, match="broadcast"):
        operations.run(operation, X, 1.0, out=outputs)
    assert X.tobytes() == before
    assert np.all(output == 7)


def test_outputs_that_cannot_be_written(activation, operation, variant):
    operations = Operations(activation, variant)
    for size in (3, 200_000):
        x = np.linspace(-1, 1, size)
        before = x.tobytes()
        frozen, whole, narrow = np.full(size, 7.0), np.zeros(size, int), np.zeros(size, "f")
        frozen.flags.writeable = False
        for output, error in (
            (frozen, ValueError),
            (whole, TypeError),
            (narrow, None),
            ([0.0] * size, TypeError),
        ):
            outputs = (output, np.zeros(size)) if operation == "forward_backward" else (output,)
            if error is None:  # float64 into float32 is "same kind", as for np.sin
                operations.run(operation, x, 1.0, out=outputs)
                continue
            with pytest.raises(error):
                operations.run(operation, x, 1.0, out=outputs)
        assert np.all(frozen == 7)
        assert np.all(whole == 0)
        assert x.tobytes() == before


def test_a_wrong_number_of_arguments(activation, operation, variant):
    operations = Operations(activation, variant)
    method = operations.face if operation == "forward" else getattr(operations.face, operation)
    arguments = [X] * (1 + ("backward" in operation) + len(operations.parameters))
    with fa.use_backend(variant):
        with pytest.raises(TypeError):
            method()
        with pytest.raises(TypeError, match=rf"(?s){activation}.*(positional|argument)"):
            method(*arguments, np.zeros(3))  # an output must be given as out=
        if operation == "backward":
            with pytest.raises(TypeError):
                method(X)
        if operations.required:
            with pytest.raises(TypeError, match=f"(?s){activation}"):
                method(*arguments[: -len(operations.parameters)])


def test_unknown_keywords(activation, operation, variant):
    operations = Operations(activation, variant)
    inputs = (X, X) if "backward" in operation else (X,)
    with pytest.raises(TypeError, match=rf"(?s){activation}.*inplace") as caught:
        getattr(operations, operation)(*inputs, inplace=True)
    assert "out" in str(caught.value), "the known keywords are listed"


def test_a_parameter_given_twice_or_wrong(activation, variant):
    face = getattr(fa, activation)
    names = [p.name for p in fa.activations.CATALOGUE[activation].parameters]
    with fa.use_backend(variant):
        for position, name in enumerate(names):
            with pytest.raises(TypeError, match=name):
                face(X, *[0.5] * (position + 1), **{name: 0.5})
            with pytest.raises(TypeError, match=activation):
                face(X, **(dict.fromkeys(names, 0.5) | {name: "steep"}))


def test_axes_that_are_not_there(rowwise, row_operation, variant):
    operations = Operations(rowwise, variant)
    x = np.zeros((2, 3))
    before = x.tobytes()
    for axis in (2, -3, (0, 5)):
        with pytest.raises(np.exceptions.AxisError, match="out of bounds"):
            operations.run(row_operation, x, 1.0, axis=axis)
    for axis in ((0, 0), (1, -1)):
        with pytest.raises(ValueError, match=r"(duplicate|repeated)"):
            operations.run(row_operation, x, 1.0, axis=axis)
    for axis in (1.5, "x", np.array([0.5]), 10**400):
        with pytest.raises(TypeError, match=f"{rowwise}.*axis must be an integer"):
            operations.run(row_operation, x, 1.0, axis=axis)
    assert x.tobytes() == before


def test_rows_with_wrong_shapes(rowwise, row_operation, variant):
    operations = Operations(rowwise, variant)
    x = np.ones((2, 3))
    if row_operation != "forward":
        with pytest.raises(ValueError, match=r"(dy|broadcast|shape|dimensions)"):
            operations.run(row_operation, x, np.ones((4, 5)))
    with pytest.raises(ValueError, match=r"(where|broadcast|shape)"):
        operations.run(row_operation, x, 1.0, where=np.ones(4, bool))
    with pytest.raises((TypeError, ValueError), match=r"(where|bool)"):
        operations.run(row_operation, x, 1.0, where=np.ones(3))
    wrong = np.full((5, 5), 7.0)
    out = (wrong, wrong.copy()) if row_operation == "forward_backward" else wrong
    with pytest.raises(ValueError, match=r"(out|broadcast|shape)"):
        operations.run(row_operation, x, 1.0, out=out)
    assert np.all(wrong == 7)
    assert np.all(x == 1)


def test_row_outputs_that_cannot_be_written(rowwise, row_operation, variant):
    operations = Operations(rowwise, variant)
    x = np.ones((2, 3))
    shape = (2,) if rowwise in REDUCING and row_operation == "forward" else (2, 3)
    first = np.zeros((2,)) if rowwise in REDUCING else np.zeros((2, 3))
    for output, error in ((np.full(shape, 7.0), ValueError), (np.full(shape, 7), TypeError)):
        if error is ValueError:
            output.flags.writeable = False
        out = (first, output) if row_operation == "forward_backward" else output
        with pytest.raises(error):
            operations.run(row_operation, x, 1.0, out=out)
        assert np.all(output == 7)
    out = (None, "here") if row_operation == "forward_backward" else "here"
    with pytest.raises(TypeError, match=f"{rowwise}.*out= must be an array, not str"):
        operations.run(row_operation, x, 1.0, out=out)
    if row_operation != "forward":
        for dy in ("steep", "3", b"1", None, 1j, 10**400):
            kind = type(dy).__name__
            with pytest.raises(TypeError, match=f"{rowwise}.*dy of {kind}"):
                operations.run(row_operation, x, dy)


def test_row_arguments_that_are_not_known(rowwise, row_operation, variant):
    operations = Operations(rowwise, variant)
    method = getattr(operations, row_operation)
    inputs = (X,) if row_operation == "forward" else (X, 1.0)
    with pytest.raises(TypeError, match="dim"):
        method(*inputs, dim=0)
    with pytest.raises(TypeError):
        method(*inputs, -1, np.zeros(3))
    with pytest.raises(TypeError):
        method()
    if rowwise not in REDUCING:
        with pytest.raises(TypeError, match="keepdims"):
            method(*inputs, keepdims=True)
