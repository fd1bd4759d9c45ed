"""fastact.compat.torch_functional against PyTorch itself."""

import inspect

import numpy as np
import pytest

from fastact.compat import torch_functional as ours

TOLERANCE = {"float32": 2e-6, "float64": 1e-13}
X = np.concatenate(
    [np.linspace(-8, 30, 381), [0.0, -0.0, 0.5, -0.5, 1, -1, 3, -3, 6, 20, 20.001, np.inf, np.nan]]
)
ELEMENTWISE = [
    ("relu", {}),
    ("relu6", {}),
    ("leaky_relu", {}),
    ("leaky_relu", {"negative_slope": 0.3}),
    ("rrelu", {}),
    ("rrelu", {"lower": 0.1, "upper": 0.5}),
    ("threshold", {"threshold": 0.5, "value": -2.0}),
    ("elu", {}),
    ("elu", {"alpha": 0.5}),
    ("selu", {}),
    ("celu", {}),
    ("celu", {"alpha": 2.0}),
    ("gelu", {}),
    ("gelu", {"approximate": "none"}),
    ("gelu", {"approximate": "tanh"}),
    ("silu", {}),
    ("mish", {}),
    ("hardswish", {}),
    ("sigmoid", {}),
    ("logsigmoid", {}),
    ("hardsigmoid", {}),
    ("tanh", {}),
    ("hardtanh", {}),
    ("hardtanh", {"min_val": -2.0, "max_val": 0.5}),
    ("tanhshrink", {}),
    ("hardshrink", {}),
    ("hardshrink", {"lambd": 1.0}),
    ("softshrink", {}),
    ("softshrink", {"lambd": 1.0}),
    ("softsign", {}),
    ("softplus", {}),
    ("softplus", {"beta": 2, "threshold": 1}),
    ("softplus", {"beta": 0.5, "threshold": 5}),
]
SIGNATURES = sorted(
    {name for name, _ in ELEMENTWISE} | {"softmax", "log_softmax", "softmin", "glu"}
)


@pytest.fixture(scope="module", autouse=True)
def pytorch():
    """Imported by the process that runs these tests alone: that takes seconds."""
    global torch, theirs
    torch = pytest.importorskip("torch")
    theirs = torch.nn.functional


def close(found, right, dtype):
    assert found.dtype == dtype
    np.testing.assert_allclose(found, right.numpy(), rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize(("name", "arguments"), ELEMENTWISE)
def test_pointwise(name, arguments, dtype):
    x = X.astype(dtype)
    if name in ("softsign", "mish", "gelu", "silu", "tanhshrink"):
        x = x[~np.isinf(x)]  # PyTorch gives NaN, or more than one answer
    right = getattr(theirs, name)(torch.from_numpy(x), **arguments)
    close(getattr(ours, name)(x, **arguments), right, dtype)
    by_position = getattr(ours, name)(x, *arguments.values())
    assert np.array_equal(by_position, getattr(ours, name)(x, **arguments), equal_nan=True)
    if "inplace" in inspect.signature(getattr(ours, name)).parameters:
        written = x.copy()
        assert getattr(ours, name)(written, **arguments, inplace=True) is written
        close(written, right, dtype)


@pytest.mark.parametrize("name", SIGNATURES)
def test_names_and_defaults(name):
    """Where PyTorch's own can be read."""
    try:
        expected = inspect.signature(getattr(theirs, name)).parameters
    except ValueError:
        pytest.skip("written in C")
    expected = {n: p.default for n, p in expected.items() if n != "_stacklevel"}
    found = {n: p.default for n, p in inspect.signature(getattr(ours, name)).parameters.items()}
    if "softm" in name:
        expected["dim"] = inspect.Parameter.empty  # where it would guess, with a warning
    assert found == expected


@pytest.mark.parametrize("shape", [(7,), (4, 3), (2, 3, 5), (2, 3, 4, 5)])
def test_prelu(shape):
    x = np.random.default_rng(0).standard_normal(shape).astype("f")
    weights = [np.array([0.3], "f")]
    if len(shape) > 1:
        weights.append(np.linspace(0.1, 0.5, 3).astype("f"))
    for weight in weights:
        right = theirs.prelu(torch.from_numpy(x), torch.from_numpy(weight))
        close(ours.prelu(x, weight), right, "float32")
    assert np.array_equal(ours.prelu(x, 0.3), ours.prelu(x, np.array([0.3], "f")))
    with pytest.raises(ValueError, match="prelu"):
        ours.prelu(x, np.ones(4))
    with pytest.raises(ValueError, match="0-d or 1-d"):
        ours.prelu(x, np.ones((3, 1)))


@pytest.mark.parametrize("dim", [0, 1, -1])
@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmin"])
def test_softmax(name, dim):
    x = np.random.default_rng(0).standard_normal((3, 4, 5)).astype("f") * 5
    close(getattr(ours, name)(x, dim), getattr(theirs, name)(torch.from_numpy(x), dim), "float32")
    converted = getattr(ours, name)(x, dim=dim, dtype="float64")
    right = getattr(theirs, name)(torch.from_numpy(x), dim=dim, dtype=torch.float64)
    close(converted, right, "float64")
    with pytest.raises(TypeError, match="dim"):
        getattr(ours, name)(x)


def test_glu():
    x = np.random.default_rng(0).standard_normal((4, 6)).astype("f")
    for dim in (0, 1, -1):
        close(ours.glu(x, dim), theirs.glu(torch.from_numpy(x), dim), "float32")
    close(ours.glu(x), theirs.glu(torch.from_numpy(x)), "float32")


@pytest.mark.parametrize("shape", [(4,), (5, 4), (5, 4, 3)])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_cross_entropy(shape, reduction, smoothing):
    random = np.random.default_rng(0)
    x = random.standard_normal(shape)
    target = np.array(random.integers(0, 4, shape[:1] * (len(shape) > 1) + shape[2:]))
    if target.ndim:
        target.flat[1] = -100
    weight = np.array([1.0, 2.0, 0.5, 3.0])
    given = {"reduction": reduction, "label_smoothing": smoothing}
    for w in (None, weight):
        right = theirs.cross_entropy(
            torch.from_numpy(x),
            torch.from_numpy(target),
            weight=None if w is None else torch.from_numpy(w),
            **given,
        )
        close(np.asarray(ours.cross_entropy(x, target, w, **given)), right, "float64")
    shares = random.dirichlet(np.ones(4), shape[:1] * (len(shape) > 1) + shape[2:])
    shares = np.moveaxis(shares, -1, min(1, len(shape) - 1))
    right = theirs.cross_entropy(torch.from_numpy(x), torch.from_numpy(shares.copy()), **given)
    close(np.asarray(ours.cross_entropy(x, shares, **given)), right, "float64")


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_binary_cross_entropy(reduction):
    random = np.random.default_rng(0)
    x, target, weight = random.standard_normal((3, 5, 4))
    target, pos_weight = (target > 0).astype(float), np.array([1.0, 2.0, 0.5, 3.0])
    for given in ({}, {"pos_weight": pos_weight}, {"weight": abs(weight)}):
        right = theirs.binary_cross_entropy_with_logits(
            *map(torch.from_numpy, (x, target)),
            **{name: torch.from_numpy(a) for name, a in given.items()},
            reduction=reduction,
        )
        found = ours.binary_cross_entropy_with_logits(x, target, **given, reduction=reduction)
        close(np.asarray(found), right, "float64")


def test_what_is_not_there():
    with pytest.raises(NotImplementedError, match="random"):
        ours.rrelu(X, training=True)
