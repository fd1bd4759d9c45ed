"""Parameters that are infinite, negative, 0 or NaN: the backends give the same."""

from math import inf, nan

import numpy as np
import pytest
from operations import TRAINABLE, VARIANTS, WITH_PARAMETERS, Operations
from oracle import evaluate

import fastact as fa
from fastact.activations import CATALOGUE

OTHERS = [variant for variant in VARIANTS if variant != "numpy"]
ODD = (inf, -inf, -1.0, 0.0, nan)
X = (0.0, 1.0, -1.0, 0.3, -2.5, inf, -inf, np.nan, 1e38, -1e38)


def results(operations, x, parameters):
    found = [operations.forward(x, *parameters), operations.derivative(x, *parameters)]
    found += operations.forward_backward(x, np.ones_like(x), *parameters)
    found.append(operations.backward(x, np.ones_like(x), *parameters))
    if operations.activation in TRAINABLE:
        found.append(operations.parameter_backward(x, np.ones_like(x), *parameters))
    return found


def agree(name, variant, position, value):
    parameters = list(Operations(name, variant).parameters)
    parameters[position] = value
    for dtype in ("float32", "float64"):
        ours, reference = (
            results(Operations(name, one), np.array(X, dtype), parameters)
            for one in (variant, "numpy")
        )
        if not all(
            np.allclose(a, b, rtol=1e-5, atol=0, equal_nan=True)
            for a, b in zip(ours, reference, strict=True)
        ):
            return False
    return True


@pytest.mark.parametrize("variant", OTHERS)
@pytest.mark.parametrize("name", WITH_PARAMETERS)
def test_odd_parameters_have_the_same_limits(name, variant):
    for position, parameter in enumerate(CATALOGUE[name].parameters):
        disagreements = {v for v in ODD if not agree(name, variant, position, v)}
        assert not disagreements, f"{name}: {parameter.name}"


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("name", WITH_PARAMETERS)
def test_a_parameter_that_is_nan_gives_nan(name, variant, dtype):
    operations = Operations(name, variant)
    # Whole vectors and a rest; of numbers that an activation leaves alone, too.
    x = np.resize(np.array(X[:-2], dtype), 77)
    ordinary = results(operations, x, operations.parameters)
    undefined = np.arange(len(x)) % 3 == 1
    for position in range(len(operations.parameters)):
        parameters = list(operations.parameters)
        parameters[position] = nan
        for result in results(operations, x, parameters):
            assert np.isnan(result).all()
        of_each = [np.full_like(x, parameter) for parameter in operations.parameters]
        of_each[position][undefined] = nan
        for result, expected in zip(results(operations, x, of_each), ordinary, strict=True):
            np.testing.assert_array_equal(result, np.where(undefined, np.nan, expected))


# An odd parameter, and one that is next to it.
NEAR = (
    ("softplus", inf, 1e25),
    ("softplus", -inf, -1e25),
    ("swish", 0.0, 1e-25),
    ("swish", inf, 1e25),
    ("swish", -inf, -1e25),
    ("celu", inf, 1e25),
    ("softcap", 0.0, 1e-25),
    ("softcap", inf, 1e25),
)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("name", "odd", "near"), NEAR)
def test_the_limit_is_that_of_the_definition(name, odd, near, variant, dtype):
    operations = Operations(name, variant)
    x = np.array([0.0, 1.0, -1.0, 0.3, -2.5], dtype)
    value, slope = operations.forward_backward(x, np.ones_like(x), odd)
    for got, part in ((value, "value"), (slope, "slope")):
        expected = [float(exact) for exact in evaluate(name, part, x, (near,))]
        np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-20)


def test_the_inverse_of_alpha_may_be_infinite(variant):
    operations = Operations("snake", variant)
    for x, alpha in ((1.0, 1e-310), (-2.5, -3e-309), (1e307, 1e-309), (3e307, 5e-309)):
        exact = float(*evaluate("snake", "value", np.array([x]), (alpha,)))
        np.testing.assert_allclose(operations.forward(np.array([x]), alpha), exact, rtol=1e-14)


def test_squareplus_is_not_defined_for_a_negative_b(variant):
    x = np.array(X)
    for result in results(Operations("squareplus", variant), x, (-1.0,)):
        assert np.isnan(result).all()


def test_without_a_beta_swish_is_half_of_x_everywhere(variant):
    operations = Operations("swish", variant)
    value, slope = operations.forward_backward(np.array([inf, -inf, 3.0]), np.ones(3), 0.0)
    assert value.tolist() == [inf, -inf, 1.5]
    assert slope.tolist() == [0.5, 0.5, 0.5]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_subnormal_x_is_not_lost(variant, dtype):
    """Beside a small offset, times a large slope, or next to 1."""
    info = np.finfo(dtype)
    tiny, largest = float(info.smallest_normal), float(info.max)
    operations = Operations("hard_sigmoid_affine", variant)
    x = np.array([0.7 * tiny, -0.7 * tiny, tiny / 8, -tiny / 8], dtype)
    for parameters in ((0.2, tiny), (0.2, tiny / 8), (largest, 0.5), (-largest / 4, 0.5)):
        value, slope = operations.forward_backward(x, np.ones_like(x), *parameters)
        for got, part in ((value, "value"), (slope, "slope")):
            exact = [float(e) for e in evaluate("hard_sigmoid_affine", part, x, parameters)]
            np.testing.assert_allclose(got, exact, rtol=1e-6, atol=float(info.smallest_subnormal))
    assert (operations.derivative(x, 0.25, 1.0) == np.array([0, 0.25, 0, 0.25], dtype)).all()


@pytest.mark.parametrize("name", ["softplus", "softcap", "celu"])
def test_dividing_by_a_subnormal_parameter(name, variant):
    operations = Operations(name, variant)
    x = np.array([0.0, 1.0, -1.0, 30.0])
    value, slope = operations.forward_backward(x, np.ones_like(x), 2e-309)
    for got, part in ((value, "value"), (slope, "slope")):
        expected = [float(exact) for exact in evaluate(name, part, x, (2e-309,))]
        np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-20)


def test_nan_beside_what_is_refused_or_signals(variant):
    """The error is the activation's, and a signalling NaN no warning."""
    operations = Operations("leaky_relu", variant)
    with pytest.raises(TypeError, match="leaky_relu"):
        operations.forward("text", nan)
    signalling = np.array([0x7FA00000], np.uint32).view("f")
    with np.errstate(all="raise"):
        assert np.isnan(operations.forward(signalling, nan)).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_however_small_beta_is_infinity_counts(variant, dtype):
    beta = float(np.finfo(dtype).smallest_normal) / 2
    x = np.array([inf, -inf], dtype)
    value, slope = Operations("swish", variant).forward_backward(x, np.ones_like(x), beta)
    assert value.tolist() == [inf, 0]
    assert slope.tolist() == [1, 0]
    with fa.use_backend(variant):
        assert fa.swish.parameter_backward(x, 1, np.full_like(x, beta)).tolist() == [0, 0]


@pytest.mark.parametrize("alpha", [inf, -inf])
def test_however_small_the_exponential_is_an_endless_alpha_counts(variant, dtype, alpha):
    x = np.array([-1, -20, -90, -300, -2000, -60000], dtype)
    elu = Operations("elu", variant)
    for slope in (elu.derivative(x, alpha), elu.forward_backward(x, np.ones_like(x), alpha)[1]):
        assert (slope == alpha).all()


def test_a_negative_threshold_and_a_zero_of_either_sign(variant):
    x = np.array([0.0, -0.0, 0.5, -0.5])
    assert Operations("soft_shrink", variant).forward(x, -1.0).tolist() == [1, -1, 1.5, -1.5]


def test_snake_of_a_product_beyond_the_largest_number(variant):
    """Also where it is exact, so that its rounding error is 0."""
    x = np.array([1.7e308, -1.0518983e308, 2.0**1023, 1e-310])
    for alpha in (4.0, 2.0, 2.0**40, 1.5):
        for part, got in (
            ("value", Operations("snake", variant).forward(x, alpha)),
            ("slope", Operations("snake", variant).derivative(x, alpha)),
        ):
            exact = [float(e) for e in evaluate("snake", part, x, (alpha,))]
            np.testing.assert_allclose(got, exact, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_small_alpha_of_elu_has_the_same_bits_in_any_company(variant, dtype):
    """Its slope may be subnormal, and is rounded once, whatever stands beside it."""
    info, random = np.finfo(dtype), np.random.default_rng(4)
    x = -random.uniform(0, -np.log(info.tiny) / 2, 96).astype(dtype)
    dy = random.choice(np.array([1, 3, 1e30], dtype), 96)
    company = np.where(np.arange(96) % 2, x, -inf).astype(dtype)
    elu = Operations("elu", variant)
    for alpha in (-3 * info.smallest_subnormal, info.tiny * dtype(0.7), info.tiny * dtype(2**20)):
        alone, beside = elu.backward(x, dy, alpha), elu.backward(company, dy, alpha)
        np.testing.assert_array_equal(beside[1::2], alone[1::2], f"alpha {alpha}")


def test_snake_whose_value_is_beyond_the_largest_number(variant):
    x, alpha = -np.finfo("d").max, -np.finfo("d").tiny
    assert Operations("snake", variant).forward(np.array([x, 1.0]), alpha).tolist()[0] == -inf


def test_the_angle_of_a_large_product_is_exact(variant):
    """Without a fused multiply-add the error of a product needs all of its digits."""
    random = np.random.default_rng(8)
    x = np.ldexp(1 + random.random(200), random.integers(700, 900, 200))
    alpha = 1.37 * 2.0**-780
    exact = evaluate("snake", "slope", x, (alpha,))
    got = Operations("snake", variant).derivative(x, alpha)
    np.testing.assert_allclose(got, [float(e) for e in exact], rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize(
    ("name", "x", "beta"),
    [
        ("softplus", 4.3e-28, 2.7e-12),
        ("softplus", -1e12, 2.0**-40),
        ("softplus", 1.0, 2.0**-62),
        ("swish", -5.7453227e32, 1.7826679e-31),
        ("swish", 8.13e34, 8.949e-34),
    ],
)
def test_the_gradient_of_a_small_beta_does_not_overflow(name, x, beta, variant):
    x, beta = np.array([x], "f4"), float(np.float32(beta))
    (exact,) = evaluate(name, "parameter_slope", x, (beta,))
    operations = Operations(name, variant)
    got = operations.parameter_backward(x, np.ones_like(x), np.array([beta], "f4"))
    np.testing.assert_allclose(got, [float(exact)], rtol=1e-6)
