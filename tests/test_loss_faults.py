"""Every check of the losses is fed a faulty implementation and must notice."""

import faults
import loss_checks
import numpy as np
import pytest
from loss_checks import FaultyLosses, Losses

VARIANT = "cython-baseline"
X = np.random.default_rng(0).uniform(-9, 9, (12, 7)).astype("f")
LABELS = np.random.default_rng(1).integers(0, 7, 12)
X[0, 3], LABELS[0] = 40, 3  # a loss of 1e-14
SOFTMAX = Losses("softmax_cross_entropy", VARIANT)
BINARY = Losses("binary_cross_entropy_with_logits", VARIANT)


def naive(true):
    """The loss by the textbook: no digit is left of a small one."""

    def faulty(x, labels, **keywords):
        p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
        return -np.log(p[np.arange(len(x)), labels])

    return faulty


def cancelling(true):
    """softmax - 1 at the label."""

    def faulty(x, labels, **keywords):
        gradient = true(x, labels, **keywords)
        gradient[0, LABELS[0]] = (1 + gradient[0, LABELS[0]]) - np.float32(1)
        return gradient

    return faulty


def in_any_order(true):
    """What a row's neighbours do to its last bit."""

    def faulty(x, labels, *rest, **keywords):
        value, gradient = true(x, labels, *rest, **keywords)
        return value, gradient * np.float32(1 + 1e-7 * (x.strides[-1] != 4))

    return faulty


def of_probabilities(true):
    """-log of a probability that has been rounded, and its gradient."""

    def faulty(x, targets, **keywords):
        p = 1 / (1 + np.exp(-x))
        loss = -targets * np.log(p) - (1 - targets) * np.log1p(-p)
        return loss.astype(x.dtype), true(x, targets, **keywords)[1]

    return faulty


def difference(true):
    """sigmoid - target, which cancels for a target of 1."""

    def faulty(x, targets, **keywords):
        gradient = (1 / (1 + np.exp(-x)) - targets).astype(x.dtype)
        return true(x, targets, **keywords)[0], gradient

    return faulty


FLAT, ONES = np.linspace(-9, 9, 41, dtype="f"), np.ones(41, "f")
FAULTS = {
    "a rounded probability": (
        loss_checks.check_binary,
        BINARY,
        {"forward_backward": of_probabilities},
        (FLAT, ONES),
        {},
    ),
    "a difference from 1": (
        loss_checks.check_binary,
        BINARY,
        {"forward_backward": difference},
        (FLAT, ONES),
        {},
    ),
    "a weight ignored": (
        loss_checks.check_binary,
        BINARY,
        {"forward_backward": faults.ignores("pos_weight")},
        (FLAT, ONES / 2, 2.0),
        {},
    ),
    "a small loss lost": (
        loss_checks.check_cross_entropy,
        SOFTMAX,
        {"forward": naive},
        (X, LABELS),
        {},
    ),
    "a small gradient lost": (
        loss_checks.check_cross_entropy,
        SOFTMAX,
        {"backward": cancelling},
        (X, LABELS),
        {},
    ),
    "smoothing ignored": (
        loss_checks.check_cross_entropy,
        SOFTMAX,
        {"forward": faults.ignores("label_smoothing")},
        (X, LABELS, 0.1),
        {},
    ),
    "weights ignored": (
        loss_checks.check_cross_entropy,
        SOFTMAX,
        {"backward": faults.ignores("weight")},
        (X, LABELS, 0.1, np.linspace(1, 2, 7)),
        {},
    ),
    "fused differs in a bit": (
        loss_checks.check_fused,
        SOFTMAX,
        {"forward_backward": faults.swaps_low_bits},
        (X, LABELS),
        {"reduction": "none"},
    ),
    "the layout matters": (
        loss_checks.check_same_bits,
        SOFTMAX,
        {"forward_backward": in_any_order},
        (((X, LABELS), {}), ((np.asfortranarray(X), LABELS), {})),
        {},
    ),
    "the mean is a sum": (
        loss_checks.check_reductions,
        SOFTMAX,
        {
            "forward": lambda true: (
                lambda *a, reduction, **k: true(
                    *a, reduction="none" if reduction == "none" else "sum", **k
                )
            )
        },
        (X, LABELS),
        {"count": 12},
    ),
    "the gradient is not divided": (
        loss_checks.check_reductions,
        SOFTMAX,
        {
            "backward": lambda true: (
                lambda *a, reduction, **k: true(
                    *a, reduction="none" if reduction == "none" else "sum", **k
                )
            )
        },
        (X, LABELS),
        {"count": 12},
    ),
    "ignored rows count": (
        loss_checks.check_ignored,
        SOFTMAX,
        {
            "forward_backward": lambda true: (
                lambda *a, **k: (true(*a, **k)[0], true(*a, **(k | {"ignore_index": None}))[1])
            )
        },
        (X, LABELS, LABELS[0]),
        {},
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_check_passes_what_is_right(name):
    check, losses, _, arguments, keywords = FAULTS[name]
    check(losses, *arguments, **keywords)


@pytest.mark.parametrize("name", FAULTS)
def test_the_check_finds_the_fault(name):
    check, losses, planted, arguments, keywords = FAULTS[name]
    with pytest.raises(AssertionError):
        check(FaultyLosses(losses, **planted), *arguments, **keywords)


def test_every_check_has_a_fault():
    covered = {entry[0].__name__ for entry in FAULTS.values()}
    checks = {name for name in vars(loss_checks) if name.startswith("check_")}
    assert checks <= covered, f"no planted fault for {checks - covered}"
