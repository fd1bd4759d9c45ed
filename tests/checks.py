"""The properties of an elementwise activation, as functions of its operations.

Each raises AssertionError where the property does not hold. ``test_properties.py`` feeds them the
backends, ``test_planted_faults.py`` feeds them faulty ones.
"""

import numpy as np
from oracle import (
    Exact,
    product_reference,
    rounded_parameters,
    slope_reference,
    value_reference,
)
from ulp import assert_same_bits, assert_within


def native(x):
    """A contiguous copy in native byte order."""
    return np.array(x, x.dtype.newbyteorder("="), order="C")


def check_values(operations, x, parameters, bound, arithmetic=Exact):
    reference = value_reference(operations.activation, x, parameters, arithmetic)
    assert_within(
        operations.forward(x, *parameters), reference, bound, f"{operations} forward", x=x
    )


def check_slopes(operations, x, parameters, bound, arithmetic=Exact):
    reference = slope_reference(operations.activation, x, parameters, arithmetic)
    got = operations.derivative(x, *parameters)
    assert_within(got, reference, bound, f"{operations} derivative", x=x)


def check_products(operations, x, dy, parameters, bound, arithmetic=Exact):
    """backward is the slope, no further off than ``bound``, times dy, rounded once more."""
    _, product, allowed = product_reference(operations.activation, x, dy, parameters, arithmetic)
    got = operations.backward(x, dy, *parameters)
    assert_within(got, product, allowed(bound), f"{operations} backward", x=x, dy=dy)


def check_parameter_products(operations, x, dy, parameters, bound, arithmetic=Exact):
    """So is parameter_backward, with the slope by the first parameter."""
    _, product, allowed = product_reference(
        operations.activation, x, dy, parameters, arithmetic, part="parameter_slope"
    )
    got = operations.parameter_backward(x, dy, *parameters)
    assert_within(got, product, allowed(bound), f"{operations} parameter_backward", x=x, dy=dy)


def assert_documented(got, reference, expected, bound, label, x):
    """The documented results, each with its sign where it is a number of the dtype (an integer 0
    is a zero of either sign), within ``bound`` where it is not."""
    assert_within(got, reference, bound, label, x=x)
    documented = np.array([float(value) for value in expected], np.float64).astype(got.dtype)
    exact = reference.residual == 0
    assert_same_values(got[exact], documented[exact], label)
    signed = exact & np.array([not (type(value) is int and value == 0) for value in expected])
    assert_same_bits(got[signed], documented[signed], label)


def assert_same_values(got, expected, label):
    """The same but for the sign of zeros."""
    assert_same_bits(got + got.dtype.type(0), expected + got.dtype.type(0), label)


def is_number_of(dtype, x):
    return x != x or float(np.dtype(dtype).type(x)) == x


def check_special(operations, dtype, parameters, bound=(2, 4)):
    """Values and slopes at zeros, infinities, NaN and what else the definition lists."""
    rounded = rounded_parameters(dtype, parameters)
    rows = [*operations.definition.special(*rounded), (np.nan, np.nan, np.nan)]
    rows = [row for row in rows if is_number_of(dtype, row[0])]
    x = np.array([row[0] for row in rows], dtype)
    assert {"0.0", "-0.0", "inf", "-inf", "nan"} <= {str(point) for point in x.tolist()}
    label = f"{operations}{parameters}"
    value = value_reference(operations.activation, x, parameters)
    slope = slope_reference(operations.activation, x, parameters)
    values, slopes = [row[1] for row in rows], [row[2] for row in rows]
    for kind, (got_value, got_slope) in {
        "": (operations.forward(x, *parameters), operations.derivative(x, *parameters)),
        "fused ": operations.forward_backward(x, 1, *parameters),
    }.items():
        assert_documented(got_value, value, values, bound[0], f"{label} {kind}value", x)
        assert_documented(got_slope, slope, slopes, bound[1], f"{label} {kind}slope", x)


def check_kinks(operations, dtype, parameters, bound=4):
    """The documented slope at every kink that is a number of the dtype; how many there are."""
    kinks = operations.definition.kinks(*rounded_parameters(dtype, parameters))
    kinks = {x: slope for x, slope in kinks.items() if is_number_of(dtype, x)}
    for kink, slope in kinks.items():
        x = np.full(3, kink, dtype)
        label = f"{operations}{parameters} kink"
        reference = slope_reference(operations.activation, x, parameters)
        assert_documented(
            operations.derivative(x, *parameters), reference, [slope] * 3, bound, label, x
        )
        dx = operations.backward(x, np.full(3, 2, dtype), *parameters)
        _, product, _ = product_reference(
            operations.activation, x, np.full(3, 2, dtype), parameters
        )
        assert_documented(dx, product, [2 * slope] * 3, bound, f"{label} times 2", x)
    return len(kinks)


def check_fused_equals_separate(operations, x, dy, parameters=()):
    value, product = operations.forward_backward(x, dy, *parameters)
    assert_same_bits(value, operations.forward(x, *parameters), f"{operations} fused value")
    assert_same_bits(product, operations.backward(x, dy, *parameters), f"{operations} fused dx")


def check_derivative_is_backward_of_one(operations, x, parameters=()):
    slope = operations.derivative(x, *parameters)
    ones = np.ones_like(x)
    assert_same_bits(slope, operations.backward(x, ones, *parameters), f"{operations} dy=ones")
    assert_same_bits(slope, operations.backward(x, 1, *parameters), f"{operations} dy=1")


def check_odd(operations, x):
    """f(-x) = -f(x), and so f'(-x) = f'(x), in bits."""
    assert_same_bits(operations.forward(-x), -operations.forward(x), f"{operations} odd")
    assert_same_bits(
        operations.derivative(-x), operations.derivative(x), f"{operations} even slope"
    )


def check_rising(operations, x, parameters, bound):
    """Never falls by more than two errors of ``bound`` units; NaN left out."""
    x = np.sort(x[~np.isnan(x)])
    y = operations.forward(x, *parameters)
    with np.errstate(all="ignore"):
        drop = y[:-1].astype("d") - y[1:]
        allowed = 2 * bound * np.spacing(np.minimum(np.abs(y[:-1]), np.finfo(y.dtype).max / 2))
        fallen = (drop > allowed) & (y[:-1] != y[1:])
    assert not fallen.any(), f"{operations} falls after {x[:-1][fallen][:3]}"


def check_linear_in_dy(operations, x, dy, parameters=()):
    """Exactly, for powers of two and for the sign, wherever no result is subnormal or overflows."""
    info = np.finfo(x.dtype)
    dx = operations.backward(x, dy, *parameters)
    assert_same_bits(operations.backward(x, -dy, *parameters), -dx, f"{operations} -dy")
    for factor in (0.125, 32):
        scaled = operations.backward(x, dy * x.dtype.type(factor), *parameters)
        with np.errstate(all="ignore"):
            expected = dx * x.dtype.type(factor)
        normal = (np.abs(dx) < info.max / 64) & (np.abs(dx) > info.tiny * 64) | np.isnan(dx)
        label = f"{operations} dy times {factor}"
        assert_same_bits(scaled[normal], expected[normal], label)


def check_pieces(operations, operation, x, dy, sizes, starts, parameters=()):
    """Any stretch of a vector gives the bits of the whole."""
    whole = operations.run(operation, x, dy, *parameters)
    for start in starts:
        for size in sizes:
            part = slice(start, start + size)
            results = operations.run(operation, x[part], dy[part], *parameters)
            for result, expected in zip(results, whole, strict=True):
                if result.tobytes() != expected[part].tobytes():
                    label = f"{operations} {operation} [{start}:{start + size}]"
                    assert_same_bits(result, expected[part], label)


def check_order(operations, operation, x, dy, order, parameters=()):
    """Results follow their elements: neighbours do not matter."""
    expected = operations.run(operation, x, dy, *parameters)
    results = operations.run(operation, x[order], dy[order], *parameters)
    for result, right in zip(results, expected, strict=True):
        label = f"{operations}{parameters} {operation} in another order"
        assert_same_bits(result, right[order], label)


def check_layout(operations, operation, x, dy, parameters=()):
    """Arguments in any layout give the bits of contiguous ones."""
    results = operations.run(operation, x, dy, *parameters)
    plain = [native(p) if isinstance(p, np.ndarray) else p for p in parameters]
    expected = operations.run(operation, native(x), native(dy), *plain)
    for result, right in zip(results, expected, strict=True):
        assert result.dtype.isnative
        assert_same_bits(result, right, f"{operations} {operation}")


def check_out(operations, operation, x, dy, outputs, parameters=()):
    """``out=`` arrays of any layout are filled with the right bits and are what is returned."""
    expected = operations.run(operation, native(x), native(dy), *parameters)
    results = operations.run(operation, x, dy, *parameters, out=outputs)
    for result, output, right in zip(results, outputs, expected, strict=True):
        assert result is output, f"{operations} {operation} did not return out"
        assert_same_bits(native(output), right, f"{operations} {operation} out=")


def check_where(operations, operation, x, dy, mask, parameters=()):
    """Elements that ``where`` leaves out keep what ``out`` held."""
    expected = operations.run(operation, x, dy, *parameters)
    sentinel = x.dtype.type(-77.25)
    outputs = tuple(np.full(x.shape, sentinel) for _ in expected)
    operations.run(operation, x, dy, *parameters, out=outputs, where=mask)
    for output, right in zip(outputs, expected, strict=True):
        merged = np.where(mask, right, sentinel)
        assert_same_bits(output, merged, f"{operations} {operation} where=")


def check_in_place(operations, operation, x, dy, parameters=()):
    """``out=x`` (and ``dx`` over ``dy``) gives the bits of a fresh output."""
    expected = operations.run(operation, x, dy, *parameters)
    for order in (1, -1) if operation == "forward_backward" else (1,):
        x_copy, dy_copy = x.copy(), dy.copy()
        outputs = (x_copy, dy_copy)[::order] if operation == "forward_backward" else (x_copy,)
        operations.run(operation, x_copy, dy_copy, *parameters, out=outputs)
        for output, right in zip(outputs, expected, strict=True):
            assert_same_bits(output, right, f"{operations} {operation} in place")


def check_integers(operations, operation, x, dy, parameters=()):
    """Integers and booleans count as the float64 numbers that they are."""
    as_float = operations.run(operation, x.astype("d"), dy.astype("d"), *parameters)
    results = operations.run(operation, x, dy, *parameters)
    for result, expected in zip(results, as_float, strict=True):
        assert_same_bits(result, expected, f"{operations} {operation} of {x.dtype}")


def check_dtype(operations, operation, x, dy, parameters, expected):
    """Results have the dtype, and the bits of the same inputs cast to it beforehand."""
    results = operations.run(operation, x, dy, *parameters)
    cast = [np.asarray(value).astype(expected) for value in (x, dy, *parameters)]
    for result, reference in zip(results, operations.run(operation, *cast), strict=True):
        assert result.dtype == expected, f"{operations} {operation}: {result.dtype}, not {expected}"
        assert_same_bits(result, reference, f"{operations} {operation}")
