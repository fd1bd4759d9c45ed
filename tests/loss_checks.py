"""The properties of softmax_cross_entropy, as functions of its operations (see ``checks.py``)."""

import numpy as np
from loss_oracle import binary, cross_entropy, shares_of
from operations import on
from oracle import mp
from ulp import assert_same_bits, reference_from_mpmath, ulp_errors

import fastact as fa

LOSS_BOUND = {"float16": 1, "float32": 2, "float64": 3}  # units in the last place
GRADIENT_BOUND = {"float16": 1, "float32": 2, "float64": 4}  # epsilons of the terms that cancel


class Losses:
    """The operations of a loss on one backend variant; the checks are fed with these."""

    def __init__(self, name, variant):
        self.name, self.variant, self.face = name, variant, getattr(fa, name)

    def __repr__(self):
        return f"{self.name} on {self.variant}"

    def forward(self, *arguments, **keywords):
        with on(self.variant):
            return self.face(*arguments, **keywords)

    def backward(self, *arguments, **keywords):
        with on(self.variant):
            return self.face.backward(*arguments, **keywords)

    def forward_backward(self, *arguments, **keywords):
        with on(self.variant):
            return self.face.forward_backward(*arguments, **keywords)


class FaultyLosses(Losses):
    """With some operations replaced: ``forward=fault`` makes forward ``fault(true forward)``."""

    def __init__(self, losses, **faults):
        super().__init__(losses.name, losses.variant)
        for name, fault in faults.items():
            setattr(self, name, fault(getattr(losses, name)))


def slack(losses):
    return 1 if losses.variant.startswith("cython") else 2


def check_cross_entropy(losses, x, labels, smoothing=0.0, weight=None):
    """Every row's loss and gradient against the oracle."""
    keywords = {"label_smoothing": smoothing, "weight": weight, "reduction": "none"}
    loss = losses.forward(x, labels, **keywords)
    gradient = losses.backward(x, labels, **keywords)
    assert loss.dtype == gradient.dtype == x.dtype
    info = np.finfo(x.dtype)
    least = float(info.smallest_subnormal) * (1 + (1 if weight is None else float(max(weight))))
    for k, row in enumerate(x):
        label = int(labels[k]) if np.ndim(labels) == 1 else labels[k]
        shares = shares_of(label, x.shape[1], smoothing, weight)
        exact, slopes, sizes = cross_entropy(row, shares)
        reference = reference_from_mpmath([exact], x.dtype)
        error = ulp_errors(loss[k : k + 1], reference)[0]
        bound = LOSS_BOUND[x.dtype.name] * slack(losses)
        assert error <= bound, f"{losses}: loss of row {k} is {error:.3g} ULP off"
        for j, (got, right, size) in enumerate(zip(gradient[k], slopes, sizes, strict=True)):
            label = f"{losses}: gradient {j} of row {k} is {got}, exactly {float(right)}"
            if not mp.isfinite(right):
                assert np.isnan(got) == mp.isnan(right), label
                continue
            error = max(abs(mp.mpf(float(got)) - right) - least, mp.zero)
            bound = GRADIENT_BOUND[x.dtype.name] * slack(losses) * float(info.eps)
            assert error <= bound * size, label


def check_fused(losses, x, *labels, **keywords):
    """forward_backward has the bits of forward and backward."""
    value, gradient = losses.forward_backward(x, *labels, **keywords)
    dy = {"dy": keywords.pop("dy")} if "dy" in keywords else {}
    expected = losses.forward(x, *labels, **keywords)
    assert_same_bits(np.atleast_1d(value), np.atleast_1d(expected), f"{losses} fused value")
    expected = losses.backward(x, *labels, **dy, **keywords)
    assert_same_bits(gradient, expected, f"{losses} fused gradient")


def check_same_bits(losses, first, second, restore=lambda gradient: gradient):
    """Two calls, as (arguments, keywords): the same loss and gradient, rearranged."""
    one = losses.forward_backward(*first[0], **first[1])
    other = losses.forward_backward(*second[0], **second[1])
    for a, b in ((one[0], other[0]), (one[1], restore(other[1]))):
        a, b = (np.array(np.atleast_1d(v), v.dtype.newbyteorder("="), order="C") for v in (a, b))
        assert_same_bits(a, b, f"{losses}")


def check_reductions(losses, x, *labels, count, terms=0.0, **keywords):
    """sum and mean are those of the losses, rounded once; the gradients go with them.

    ``terms``: the size of what cancels in each component of the gradient.
    """
    each = losses.forward(x, *labels, reduction="none", **keywords)
    slopes = losses.backward(x, *labels, reduction="none", **keywords).astype("d")
    total = float(np.sum(each, dtype=np.longdouble))
    eps = float(np.finfo(x.dtype).eps)
    for reduction, divisor in (("sum", 1), ("mean", count)):
        got = losses.forward(x, *labels, reduction=reduction, **keywords)
        assert abs(float(got) - total / divisor) <= 2 * eps * abs(total / divisor), reduction
        gradient = losses.backward(x, *labels, dy=2.5, reduction=reduction, **keywords)
        expected = slopes * (2.5 / divisor)
        least = float(np.finfo(x.dtype).smallest_subnormal)
        size = np.abs(expected) + terms * 2.5 / divisor
        assert np.all(np.abs(gradient - expected) <= 8 * eps * size + 4 * least), reduction


def check_ignored(losses, x, labels, ignored):
    """Ignored rows: loss 0, gradient 0, not in the mean; the others as if alone."""
    keep = labels != ignored
    each, gradient = losses.forward_backward(x, labels, ignore_index=ignored, reduction="none")
    assert np.all(each[~keep] == 0)
    assert np.all(gradient[~keep] == 0)
    alone = losses.forward_backward(x[keep], labels[keep], reduction="none")
    assert_same_bits(each[keep], alone[0], f"{losses} beside ignored rows")
    assert_same_bits(gradient[keep], alone[1], f"{losses} beside ignored rows")
    mean, gradient = losses.forward_backward(x, labels, ignore_index=ignored)
    alone = losses.forward_backward(x[keep], labels[keep])
    assert abs(mean - alone[0]) <= 4 * np.finfo(x.dtype).eps * abs(mean)
    assert_same_bits(gradient[keep], alone[1], f"{losses}: the mean counts ignored rows")


def check_binary(losses, x, targets, pos_weight=1.0, weight=1.0):
    """Every element's loss and gradient against the oracle; targets of 0 and 1 do not cancel."""
    dtype = x.dtype.type
    keywords = {"pos_weight": pos_weight, "weight": weight, "reduction": "none"}
    loss, gradient = losses.forward_backward(x, targets, **keywords)
    assert loss.dtype == gradient.dtype == x.dtype
    exact = [
        binary(a, t, dtype(pos_weight), dtype(weight)) for a, t in zip(x, targets, strict=True)
    ]
    errors = ulp_errors(loss, reference_from_mpmath([e[0] for e in exact], x.dtype))
    worst = int(np.argmax(errors))
    bound = 3 * slack(losses)
    assert errors[worst] <= bound, f"{losses}: loss at {x[worst]} is {errors[worst]:.3g} ULP off"
    errors = ulp_errors(gradient, reference_from_mpmath([e[1] for e in exact], x.dtype))
    info = np.finfo(x.dtype)
    least = float(info.smallest_subnormal)
    for k in np.flatnonzero(errors > 4 * slack(losses)):
        assert 0 < targets[k] < 1, f"{losses}: gradient at {x[k]} is {errors[k]:.3g} ULP off"
        error = max(abs(mp.mpf(float(gradient[k])) - exact[k][1]) - least, mp.zero)
        assert error <= 2 * slack(losses) * float(info.eps) * exact[k][2], f"{losses} at {x[k]}"
