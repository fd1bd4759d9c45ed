"""softmax within 4 ULP of mpmath in every component that is a normal number, 8 in long rows."""

from functools import cache

import numpy as np
import pytest
from operations import Operations
from oracle import mp
from row_oracle import row_value, wide_gradient
from ulp import assert_within, reference_from_mpmath

SPREADS = (10, 50, 100, 700)
SAMPLE = 300  # components of a long row that are compared


@cache
def case(dtype, n, spread):
    """A row of uniform logits, where its normal results are, and those from mpmath."""
    generator = np.random.default_rng([n, spread])
    x = generator.uniform(-spread, spread, n).astype(dtype)
    assert n < 100 or (x.min() < -0.8 * spread and x.max() > 0.8 * spread)
    if n <= 1000:
        chosen = np.arange(n)
        exact = row_value("softmax", x)
    else:
        # The sum needs every element, but of those that are nothing beside it.
        top = mp.mpf(float(x.max()))
        counted = x[x > float(top) - 60]
        total = mp.fsum(mp.exp(mp.mpf(float(value)) - top) for value in counted)
        total += (n - len(counted)) * mp.exp(-60) / 2  # of 1e-26 of it
        near_top = np.flatnonzero(x > float(top) - 80)
        chosen = np.concatenate(
            [generator.choice(near_top, SAMPLE // 2), generator.choice(n, SAMPLE // 2)]
        )
        exact = [mp.exp(mp.mpf(float(x[k])) - top) / total for k in chosen]
    smallest = mp.mpf(float(np.finfo(dtype).tiny))
    normal = [k for k, value in enumerate(exact) if value >= smallest]
    assert normal
    return x, chosen[normal], reference_from_mpmath([exact[k] for k in normal], dtype)


def check(variant, dtype, n, spread):
    bound = 4 if n <= 1000 else 8
    x, chosen, reference = case(dtype, n, spread)
    got = Operations("softmax", variant).forward(x)[chosen]
    assert_within(got, reference, bound, f"softmax of {n} logits over +-{spread} on {variant}")


@pytest.mark.parametrize("spread", SPREADS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_normal_components(variant, dtype, spread):
    for n in (2, 10, 100, 1000):
        check(variant, dtype, n, spread)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_normal_components_of_a_long_row(variant, dtype):
    check(variant, dtype, 100_000, 700)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("values", [(1.3,), (0.1, 5.1), tuple(k / 8 for k in range(9))])
def test_few_values(variant, dtype, values):
    """Each lane of a row's sum adds the same numbers again and again: roundings do not cancel."""
    softmax = Operations("softmax", variant)
    bound = 3 if dtype == "float32" else 4 if variant.startswith("cython") else 8
    for n in (96, 300, 1000, 4096, 4097, 50_257, 1_000_003):
        x = np.resize(np.array(values, dtype), n)
        e = np.exp(x.astype(np.longdouble))
        exact = e / e.sum()
        error = np.abs(softmax.forward(x) - exact) / np.spacing(exact.astype(dtype))
        assert error.max() < bound, f"{n} logits"
        (dx,) = softmax.run("backward", x, x)
        slope = exact * (x - (exact * x).sum())
        unit = np.spacing((exact * np.abs(x)).max().astype(dtype))
        assert np.abs(dx - slope).max() <= 2 * bound * unit, n


@pytest.mark.parametrize(
    ("dtype", "logit"), [("f", 88.6), ("f", 299.99), ("d", 709.7), ("d", 999.99)]
)
def test_equal_logits_do_not_overflow(variant, dtype, logit):
    """Their sum is larger than the exponential of the largest by all that a row can be."""
    for n in (1, 6, 7, 19, 53, 4096, 5000):
        x = np.full(n, logit, dtype)
        share = Operations("softmax", variant).forward(x)
        assert np.abs(share * n - 1).max() <= 64 * np.finfo(dtype).eps, n
        log = Operations("logsumexp", variant).forward(x)
        assert abs(log - (x[0] + np.log(n))) <= 4 * np.spacing(x[0]), n


@pytest.mark.exhaustive
@pytest.mark.parametrize("spread", SPREADS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_normal_components_of_long_rows(variant, dtype, spread):
    check(variant, dtype, 100_000, spread)


@pytest.mark.parametrize("kind", ["i1", "u1", "?", "i8"])
def test_integers_are_float64(variant, kind):
    """SciPy's softmax of int8 subtracts in int8: [127, -128] comes out wrong."""
    softmax = Operations("softmax", variant)
    info = (0, 1) if kind == "?" else (np.iinfo(kind).min, np.iinfo(kind).max)
    for values in ((info[1], info[0]), (1, 0), (info[1], info[1])):
        x = np.array(values, kind)
        got = softmax.forward(x)
        assert got.dtype == np.float64
        reference = reference_from_mpmath(row_value("softmax", x), "float64")
        assert_within(got, reference, 2, f"{softmax} of {x!r}")


def test_the_check_sees_a_rounded_difference():
    """x - max in float32, as elsewhere: 5 ULP at +-50 and more."""
    x, chosen, reference = case("float32", 100, 50)
    e = np.exp((x - x.max()).astype("d"))
    with pytest.raises(AssertionError):
        assert_within((e / e.sum()).astype("f")[chosen], reference, 4, "softmax")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("share", [0.01, 1, 20], ids="top {:g} above the others".format)
def test_a_large_gradient_of_the_largest_logit(variant, dtype, share):
    """As of -log(p) of a network that has learned nothing: whatever the share of the largest is."""
    softmax = Operations("softmax", variant)
    for n in (20, 100, 1000, 5000):
        x = np.zeros((40, n), dtype)
        x[:, n // 2] = share
        dy = np.random.default_rng(n).standard_normal((40, n)).astype(dtype)
        dy[:, n // 2] = -1234.5
        exact, size = wide_gradient("softmax", x, dy)
        for (gradient,) in (
            softmax.run("backward", x, dy),
            softmax.run("forward_backward", x, dy)[1:],
            (softmax.run("backward", x.T, dy.T, axis=0)[0].T,),
        ):
            errors = np.abs(gradient - exact) / size / np.finfo(dtype).eps
            assert errors.max() <= 8, f"{n} logits: {errors.max()}"
