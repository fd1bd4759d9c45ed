"""The properties of a row-wise function, as functions of its operations (see ``checks.py``)."""

import numpy as np
from inputs import made_once
from row_oracle import REDUCING, concatenate, row_gradient, row_reference, scaled_errors, wide_value
from ulp import assert_same_bits, assert_within

GRADIENT_BOUND = 16  # epsilons of the size of the terms that cancel


def whole_row_bound(variant):
    return 4 if variant.startswith("cython") else 8


def reduced(operations):
    return operations.activation in REDUCING


def without_cancellation(operations, x):
    """x of one sign, where the largest element and the logarithm of a sum or mean have it, too."""
    if not reduced(operations):
        return x
    return np.abs(x) + x.dtype.type(10 if operations.activation == "logmeanexp" else 0)


def gradient_for(operations, x, axis=-1, seed=0):
    """A ``dy`` of the shape that the function returns."""
    shape = x.shape
    if reduced(operations):
        axes = tuple(range(x.ndim)) if axis is None else np.atleast_1d(axis) % x.ndim
        shape = tuple(n for k, n in enumerate(x.shape) if k not in axes)
    dtype = x.dtype if x.dtype.kind == "f" else np.float64
    return normal(shape, dtype, seed)


@made_once
def normal(shape, dtype, seed):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def check_rows(operations, x, bound, wide=False):
    """Every row of ``x`` against the oracle."""
    name = operations.activation
    if wide:
        reference = wide_value(name, x)
    else:
        reference = concatenate([row_reference(name, row, x.dtype) for row in x])
    got = np.asarray(operations.forward(x)).reshape(reference.nearest.shape)
    assert_within(got, reference, bound, f"{operations} forward")


def check_row_gradients(operations, x, dy):
    got = operations.backward(x, dy)
    assert got.dtype == x.dtype
    assert got.shape == x.shape
    for k, row in enumerate(x):
        exact, scale = row_gradient(operations.activation, row, np.atleast_1d(dy[k]))
        errors = scaled_errors(got[k], exact, scale, np.abs(dy[k]).max())
        assert errors.max() <= GRADIENT_BOUND, f"{operations} backward, row {k}: {errors.max():.3g}"


def check_row_fused(operations, x, dy, **keywords):
    value, gradient = operations.forward_backward(x, dy, **keywords)
    assert_same_bits(value, operations.forward(x, **keywords), f"{operations} fused value")
    expected = operations.backward(x, dy, **keywords)
    assert_same_bits(gradient, expected, f"{operations} fused dx")


def check_sums_to_one(operations, x):
    """And lies in [0, 1]."""
    y = operations.forward(x)
    info = np.finfo(x.dtype)
    assert np.all((y >= 0) & (y <= 1)), operations
    error = np.abs(y.astype(np.longdouble).sum(axis=-1) - 1).max()
    assert error <= 4 * info.eps + x.shape[-1] * info.smallest_subnormal, f"{operations}: {error}"


def check_standardized(operations, x):
    """The mean is 0, and the variance 1 but for what eps takes from it."""
    y, wide = operations.forward(x).astype(np.longdouble), x.astype(np.longdouble)
    eps, variance = np.finfo(x.dtype).eps, wide.var(axis=-1)
    assert np.abs(y.mean(axis=-1)).max() <= 4 * eps, operations
    expected = variance / (variance + 1e-5)
    assert np.abs(y.var(axis=-1) - expected).max() <= 8 * eps, operations


def check_absent_is_not_there(operations, x, dy, mask):
    """As the row of those that are present, to the bit; where nothing is, 0."""
    y, dx = operations.forward_backward(x, dy, where=mask)
    for k in range(len(x)):
        assert np.all(y[k][~mask[k]] == 0), operations
        assert np.all(dx[k][~mask[k]] == 0), operations
        if mask[k].any():
            packed = operations.forward_backward(x[k][mask[k]], dy[k][mask[k]])
            assert_same_bits(y[k][mask[k]], packed[0], f"{operations} where=")
            assert_same_bits(dx[k][mask[k]], packed[1], f"{operations} where=, dx")


def check_shift(operations, x, shift, bound):
    """A shift that rounds nothing (x and shift: multiples of 1/4, small) changes nothing much."""
    moved = x + x.dtype.type(shift)
    assert np.array_equal(moved.astype("d"), x.astype("d") + shift), "the shift must be exact"
    got, expected = operations.forward(moved), operations.forward(x)
    label = f"{operations} shifted by {shift}"
    if reduced(operations):
        sizes = np.maximum(np.abs(expected), abs(shift)) + 1
        apart = np.abs(got - (expected + x.dtype.type(shift)))
        assert np.all(apart <= 2 * bound * np.spacing(sizes)), label
    else:
        assert_near(got, expected, bound, label)


def check_permutation(operations, x, order, bound):
    """A permuted row gives the permuted result; the sum may round differently."""
    got, expected = operations.forward(x[..., order]), operations.forward(x)
    expected = expected if reduced(operations) else expected[..., order]
    assert_near(got, expected, bound, f"{operations} permuted")


def assert_near(got, expected, bound, label):
    """Two results that are each within ``bound`` units of the exact one."""
    with np.errstate(all="ignore"):
        apart = np.abs(got.astype("d") - expected) / np.spacing(np.abs(expected)).astype("d")
    assert np.all((apart <= 2 * bound) | (got == expected)), label


def check_axis(operations, operation, x, dy, axis, moved, restore):
    """Over ``axis`` of ``x`` as over the last axis of ``moved(x)``."""
    results = operations.run(operation, x, dy, axis=axis)
    gradient = dy if reduced(operations) else moved(dy)
    if reduced(operations) and gradient.size:
        gradient = gradient.reshape(moved(x).shape[:-1])
    expected = operations.run(
        operation, np.ascontiguousarray(moved(x)), np.ascontiguousarray(gradient)
    )
    for k, (result, right) in enumerate(zip(results, expected, strict=True)):
        is_value = operation != "backward" and k == 0
        right = right.reshape(result.shape) if reduced(operations) and is_value else restore(right)
        assert_same_bits(result, right, f"{operations} {operation} axis={axis}")


def check_row_layout(operations, operation, x, dy, **keywords):
    results = operations.run(operation, x, dy, **keywords)
    native = [np.array(a, a.dtype.newbyteorder("="), order="C") for a in (x, dy)]
    for result, right in zip(results, operations.run(operation, *native, **keywords), strict=True):
        assert_same_bits(result, right, f"{operations} {operation}")


def check_row_out(operations, operation, x, dy, outputs, **keywords):
    expected = operations.run(operation, x, dy, **keywords)
    out = outputs if operation == "forward_backward" else outputs[0]
    results = operations.run(operation, x, dy, out=out, **keywords)
    for result, output, right in zip(results, outputs, expected, strict=True):
        assert result is output, f"{operations} {operation} did not return out"
        plain = np.array(output, right.dtype, order="C")
        assert_same_bits(plain, right, f"{operations} {operation} out=")


def check_row_where(operations, x, mask, bound):
    """Elements that ``where`` leaves out are absent: the oracle does not see them."""
    rows = zip(x, mask, strict=True)
    name = operations.activation
    reference = concatenate([row_reference(name, row, x.dtype, present) for row, present in rows])
    got = np.asarray(operations.forward(x, where=mask)).reshape(reference.nearest.shape)
    assert_within(got, reference, bound, f"{operations} where=")


def check_rows_are_independent(operations, operation, x, dy):
    """A row gives the same bits alone and among others."""
    whole = operations.run(operation, x, dy)
    for k in range(len(x)):
        alone = operations.run(operation, x[k : k + 1], dy[k : k + 1])
        for result, expected in zip(alone, whole, strict=True):
            assert_same_bits(result[0], expected[k], f"{operations} {operation} row {k} alone")
