"""softmax_cross_entropy against the oracle, and its labels, layouts, reductions and outputs."""

import loss_checks
import numpy as np
import pytest
from inputs import SPECIAL_ROWS
from layouts import LAYOUTS_2D, unaligned
from loss_checks import Losses
from operations import VARIANTS
from ulp import assert_same_bits

import fastact as fa

NAME = "softmax_cross_entropy"
NAN = np.nan


def logits(dtype, shape, spread=3, seed=0):
    return np.random.default_rng(seed).uniform(-spread, spread, shape).astype(dtype)


def classes(shape, n, seed=1):
    return np.random.default_rng(seed).integers(0, n, shape)


def probabilities(shape, dtype="d", seed=2):
    p = np.random.default_rng(seed).random(shape) ** 4
    p[..., 0] = 0
    return (p / p.sum(axis=-1, keepdims=True)).astype(dtype)


@pytest.fixture(params=VARIANTS)
def losses(request):
    return Losses(NAME, request.param)


@pytest.mark.parametrize("spread", [1, 20, 85])
def test_rows(losses, dtype, spread):
    """Random labels, and confident ones: right, wrong and tied."""
    for n in (1, 2, 3, 33, 70):
        x = logits(dtype, (6, n), spread, n)
        labels = classes(6, n)
        x[:3, -1] = 1.25 * spread
        labels[:2] = n - 1
        if n > 2:
            x[1, 0] = x[1, -1]
        loss_checks.check_cross_entropy(losses, x, labels)
    x, labels = logits(dtype, (4, 9), spread), classes(4, 9)
    weight = np.linspace(0, 3, 9)
    loss_checks.check_cross_entropy(losses, x, labels, weight=weight)
    for smoothing in (0.1, 1.0):
        loss_checks.check_cross_entropy(losses, x, labels, smoothing)
        loss_checks.check_cross_entropy(losses, x, labels, smoothing, weight)


def test_probabilities(losses, dtype):
    for spread, n in ((1, 2), (20, 7), (85, 40)):
        x = logits(dtype, (4, n), spread, n)
        x[:2, -1] = 1.25 * spread
        labels = probabilities((4, n))
        labels[0] = np.eye(n)[-1]
        labels[1] = np.eye(n)[0]
        loss_checks.check_cross_entropy(losses, x, labels)
        loss_checks.check_cross_entropy(losses, x, labels, 0.2, np.linspace(0.5, 2, n))
        if dtype != "float16":
            loss_checks.check_cross_entropy(losses, x, labels.astype(dtype))


def test_a_confident_prediction_keeps_its_digits(losses):
    loss, gradient = losses.forward_backward(np.array([50.0, 0.0]), 0)
    np.testing.assert_allclose(loss, np.exp(-50), rtol=1e-15)
    np.testing.assert_allclose(gradient, [-np.exp(-50), np.exp(-50)], rtol=1e-15)
    loss, gradient = losses.forward_backward(np.array([20, 0], "f"), np.array([1.0, 0.0]))
    np.testing.assert_allclose(loss, np.exp(-20), rtol=3e-7)
    np.testing.assert_allclose(gradient, [-np.exp(-20), np.exp(-20)], rtol=3e-7)


def test_special_rows(losses, dtype):
    """Alone, among others, and with the same labels as probabilities."""
    x = np.array([*SPECIAL_ROWS, [6e4, -6e4, 6e4]], dtype)
    with np.errstate(all="raise"):
        for label in range(3):
            labels = np.full(len(x), label)
            loss_checks.check_cross_entropy(losses, x, labels)
            loss_checks.check_cross_entropy(losses, x, np.eye(3)[labels])
            together = losses.forward_backward(x, labels, reduction="none")
            for k, row in enumerate(x):
                alone = losses.forward_backward(row[None], labels[:1], reduction="none")
                assert_same_bits(alone[0][0], together[0][k], f"{losses} row {k}")
                assert_same_bits(alone[1][0], together[1][k], f"{losses} row {k}")
        losses.forward(x, np.zeros(len(x), int), reduction="sum", label_smoothing=0.1)


@pytest.mark.parametrize("case", ["classes", "smoothed", "probabilities"])
def test_layouts_axes_and_in_place(losses, dtype, case):
    """The same bits from any memory; the gradient may stand over the logits."""
    for rows, n in ((40, 6), (7, 130)):
        x, labels = logits(dtype, (rows, n)), classes(rows, n)
        keywords = {"label_smoothing": 0.1} if case == "smoothed" else {}
        if case == "probabilities":
            labels = probabilities((rows, n))
        plain = (x, labels), {**keywords, "reduction": "none"}
        for name, lay_out in LAYOUTS_2D.items():
            laid = lay_out(labels) if labels.ndim == 2 else labels[::-1].copy()[::-1]
            out = lay_out(np.zeros_like(x))
            for given in (None, out, lay_out(x.copy())):
                source = given if given is not None and given is not out else lay_out(x)
                arguments = plain[1] | {"out": (None, given)}
                loss_checks.check_same_bits(losses, plain, ((source, laid), arguments))
                assert given is not out or np.array_equal(
                    out, losses.backward(*plain[0], **plain[1])
                ), name
        turned = labels.T if labels.ndim == 2 else labels
        columns = (np.ascontiguousarray(x.T), turned, 1, 0), plain[1]
        loss_checks.check_same_bits(losses, ((x, labels, 1, -1), plain[1]), columns, np.transpose)


@pytest.mark.parametrize("dtype", ["float32", "float16", "float64"])
def test_long_rows(losses, dtype):
    """Rows of several blocks, in and out of what stays in cache: the sum of blocks' sums."""
    n = 9001
    x = logits(dtype, (3, n), 4)
    x[1, 8500] = 60
    labels = np.array([8999, 8500, 0])
    soft = np.zeros((3, n))
    soft[np.arange(3), labels] = 1
    one = losses.forward_backward(x, labels, reduction="none")
    wide = x.astype(np.longdouble)
    top = wide.max(axis=1, keepdims=True)
    e = np.exp(wide - top)
    total = e.sum(axis=1, keepdims=True)
    others = e.copy()
    np.put_along_axis(others, np.argmax(wide, axis=1)[:, None], 0, axis=1)
    right = np.log1p(others.sum(axis=1)) + (top[:, 0] - wide[np.arange(3), labels])
    eps, least = float(np.finfo(dtype).eps), float(np.finfo(dtype).smallest_subnormal)
    assert np.all(np.abs(one[0] - right) <= 4 * eps * right + least)
    expected = e / total - soft
    expected[1, 8500] = -others[1].sum() / total[1, 0]
    assert np.all(np.abs(one[1] - expected) <= 8 * eps * np.abs(expected) + 2 * least)
    for arguments, axis in (((x, labels), -1), ((np.asfortranarray(x), labels), -1)):
        other = losses.forward_backward(*arguments, axis=axis, reduction="none")
        assert_same_bits(one[0], other[0], f"{losses} long rows")
        assert_same_bits(one[1], np.ascontiguousarray(other[1]), f"{losses} long rows")
    place = x.copy()
    losses.backward(place, labels, reduction="none", out=place)
    assert_same_bits(one[1], place, f"{losses} in place")
    dense = losses.forward_backward(x, soft, reduction="none")
    np.testing.assert_allclose(dense[0], one[0], rtol=4 * eps)
    np.testing.assert_allclose(dense[1], one[1], rtol=8 * eps, atol=2 * least)


def test_reductions(losses, dtype):
    x, labels = logits(dtype, (50, 11)), classes(50, 11)
    loss_checks.check_reductions(losses, x, labels, count=50)
    soft = probabilities(x.shape)
    loss_checks.check_reductions(losses, x, soft, count=50, terms=soft)
    weight = np.linspace(0.1, 2, 11)
    count = weight[labels].sum()
    loss_checks.check_reductions(losses, x, labels, count=count, weight=weight)
    for reduction, dy in (("none", logits(dtype, 50)), ("none", 2.5), ("mean", -3), ("sum", 0.5)):
        loss_checks.check_fused(losses, x, labels, reduction=reduction, dy=dy)
    dy = logits("d", 50)
    gradient = losses.backward(x.astype("d"), labels, dy, reduction="none")
    slopes = losses.backward(x.astype("d"), labels, reduction="none")
    np.testing.assert_allclose(gradient, slopes * dy[:, None], rtol=1e-14)


def test_ignored_rows(losses, dtype):
    x, labels = logits(dtype, (30, 5)), classes(30, 5)
    x[7] = NAN
    labels[[0, 7, 8, 29]] = -100
    loss_checks.check_ignored(losses, x, labels, -100)
    x[7] = 0
    loss_checks.check_ignored(losses, x, np.abs(labels) % 5, 2)
    smoothed = losses.forward(x, labels, ignore_index=-100, label_smoothing=0.1, reduction="none")
    assert np.all(smoothed[labels == -100] == 0)
    nothing = np.full(30, -100)
    mean, gradient = losses.forward_backward(x, nothing, ignore_index=-100)
    assert np.isnan(mean)
    assert np.all(gradient == 0)
    assert losses.forward(x, nothing, ignore_index=-100, reduction="sum") == 0


def test_weights_anywhere_in_memory(losses):
    """The engine reads them as C does, aligned."""
    weight = unaligned(np.array([0.5, 1.0, 2.0]))
    x, labels = logits("d", (5, 3)), classes(5, 3)
    expected = losses.forward(x, labels, weight=weight.copy())
    assert losses.forward(x, labels, weight=weight) == expected
    assert fa.softmax_cross_entropy.weights(weight, 3).flags.aligned


def test_labels_of_every_integer_dtype(losses):
    x = logits("f", (2, 6, 4))
    labels = classes((2, 6), 4)
    expected = losses.forward(x, labels, reduction="none")
    for code in "bBhHiIlLqQ":
        kinds = labels.astype(code)
        for given in (kinds, kinds.astype(kinds.dtype.newbyteorder()), kinds.T.copy().T):
            assert_same_bits(losses.forward(x, given, reduction="none"), expected, code)
    assert_same_bits(losses.forward(x, labels.tolist(), reduction="none"), expected, "lists")


BAD_LABELS = {
    "too large": ([0, 1, 3], r"label 3 at position 2 is out of range; labels are from 0 to 2"),
    "negative": ([0, -1, 5], r"label -1 at position 1 is out of range"),
    "huge": ([2**63 - 1, 0, 0], r"label 9223372036854775807 at position 0"),
}


@pytest.mark.parametrize("name", BAD_LABELS)
def test_bad_labels(losses, name):
    labels, message = BAD_LABELS[name]
    x = logits("f", (3, 3))
    out = np.full_like(x, 7)
    for call in (losses.forward, losses.backward, losses.forward_backward):
        with pytest.raises(IndexError, match=message):
            call(x, labels)
    with pytest.raises(IndexError, match=message):
        losses.backward(x, labels, out=out)
    assert np.all(out == 7)
    with pytest.raises(IndexError, match=r"label 9 at position \(1, 2\)"):
        losses.forward(logits("f", (2, 3, 4)), [[0, 1, 2], [3, -5, 9]], ignore_index=-5)
    with pytest.raises(IndexError, match="the logits have no class"):
        losses.forward(np.zeros((2, 0)), [0, 0])


def test_empty(losses):
    for shape in ((0, 3), (2, 0, 3)):
        x, labels = np.zeros(shape, "f"), np.zeros(shape[:-1], int)
        assert np.isnan(losses.forward(x, labels))
        assert losses.forward(x, labels, reduction="sum") == 0
        loss, gradient = losses.forward_backward(x, labels, reduction="none")
        assert loss.shape == shape[:-1]
        assert gradient.shape == shape
    assert losses.forward(np.zeros((0, 3)), []) != 0
    assert losses.forward(np.zeros((2, 0)), np.zeros((2, 0))) == 0


def test_dtypes_and_overlap(losses):
    x, labels = logits("d", (6, 4)), classes(6, 4)
    for code in "?bBhil":
        whole = (x * 3).astype(code)
        expected = losses.forward_backward(whole.astype("d"), labels)
        got = losses.forward_backward(whole, labels)
        assert got[0].dtype == got[1].dtype == np.float64
        assert_same_bits(got[1], expected[1], code)
    expected = losses.backward(x, labels)
    base = np.zeros((7, 4))
    base[:6] = x
    assert_same_bits(losses.backward(base[:6], labels, out=base[1:]), expected, "overlap")
    soft = probabilities(x.shape)
    expected = losses.backward(x, soft)
    assert_same_bits(losses.backward(x, soft, out=soft), expected, "over the labels")
    base[0] = [0.5, 1, 2, 0]
    given = {"reduction": "sum", "label_smoothing": 0.1}
    expected = losses.forward_backward(x, labels, weight=base[0].copy(), **given)
    got = losses.forward_backward(x, labels, weight=base[0], **given, out=(None, base[:6]))
    assert got[0] == expected[0]
    assert_same_bits(base[:6], expected[1], "over the weights")
    narrow = np.zeros(x.shape, "f")
    assert losses.backward(x, labels, out=narrow) is narrow
    half = np.zeros(x.shape, "e")
    losses.backward(x, labels, out=half)
    np.testing.assert_allclose(half, losses.backward(x, labels), rtol=1e-3)
    total = np.zeros(())
    assert losses.forward(x, labels, out=total) is total
    assert total == losses.forward(x, labels)


def test_threads_give_the_same_bits(losses):
    for shape, labels in (((3000, 30), classes(3000, 30)), ((2, 40_000), classes(2, 40_000))):
        x = logits("f", shape, 5)
        for case in (labels, probabilities(shape, "f")):
            for laid in (x, np.asfortranarray(x)):
                results = []
                for count in (1, 2, 3):
                    with fa.threads(count):
                        results.append(losses.forward_backward(laid, case))
                for value, gradient in results[1:]:
                    assert_same_bits(value, results[0][0], f"{losses} threads")
                    assert_same_bits(gradient, results[0][1], f"{losses} threads")


@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_the_gradient_lies_as_the_logits_do(reduction):
    logits, labels = np.ones((6, 4), np.float32, order="F"), np.zeros(6, int)
    _, dx = fa.softmax_cross_entropy.forward_backward(logits, labels, reduction=reduction)
    assert dx.flags.f_contiguous
    binary = fa.binary_cross_entropy_with_logits.forward_backward
    loss, dx = binary(logits, np.zeros((6, 4)), reduction=reduction)
    assert dx.flags.f_contiguous
    assert reduction == "mean" or loss.flags.f_contiguous
