"""What the row-wise functions are, mathematically, one row at a time. Imports nothing of fastact.

``row_value`` and ``row_gradient`` are mpmath and know the special values that we document;
``wide_value`` and ``wide_gradient`` are longdouble, along the last axis, for finite rows only.
"""

import numpy as np
import whole_row_oracle
from oracle import mp, remembered
from ulp import Reference, reference_from_mpmath, reference_from_wide
from whole_row_oracle import WHOLE_ROWS

EXPONENTIALS = ("softmax", "log_softmax", "logsumexp", "softmin", "hardmax", "logmeanexp")
ROWWISE = (*EXPONENTIALS, *WHOLE_ROWS)
REDUCING = ("logsumexp", "logmeanexp")  # one value per row


def _weights(row):
    """Of a list of floats: softmax, largest, and the logarithm of the sum over the largest's term.

    The largest term counts as 1 exactly, so that the logarithm of 1 + 1e-80 is not lost.
    """
    if any(x != x for x in row):
        return [mp.nan] * len(row), mp.nan, mp.nan
    top = max(row)
    if top == -mp.inf:
        return [mp.nan] * len(row), mp.mpf(top), mp.zero
    if top == mp.inf:
        winner = mp.one if row.count(top) == 1 else mp.nan
        return [winner if x == top else mp.zero for x in row], mp.mpf(top), mp.zero
    exponentials = [mp.exp(mp.mpf(x) - mp.mpf(top)) for x in row]
    first = row.index(top)
    rest = mp.fsum(exponentials[:first] + exponentials[first + 1 :])
    return [e / (1 + rest) for e in exponentials], mp.mpf(top), mp.log1p(rest)


def _log_weight(x, weight, top, log_sum):
    """The logarithm of a weight, from the logits, so that no weight underflows."""
    if mp.isnan(weight):
        return mp.nan
    if weight == 0:
        return -mp.inf
    return mp.zero if top == mp.inf else (mp.mpf(x) - top) - log_sum


def _first_largest(row):
    """One at the first largest element."""
    if any(x != x for x in row):
        return [mp.nan] * len(row)
    first = row.index(max(row))
    return [mp.one if k == first else mp.zero for k in range(len(row))]


def row_value(name, row, present=None, temperature=1):
    """The exact result for one row: a list of mpmath numbers (one for logsumexp).

    ``present`` marks the elements that count; the others are as if they were not there.
    """
    row = [mp.mpf(float(x)) / mp.mpf(float(temperature)) for x in row]
    row = [-x for x in row] if name == "softmin" else row
    present = [True] * len(row) if present is None else [bool(flag) for flag in present]
    counted = [x for x, flag in zip(row, present, strict=True) if flag]
    if name in WHOLE_ROWS:
        values = iter(whole_row_oracle.value(name, tuple(map(float, counted))) if counted else ())
        return [next(values) if flag else mp.zero for flag in present]
    weights, top, log_sum = _weights(counted) if counted else ([], -mp.inf, mp.zero)
    if name == "logsumexp" or (not counted and name == "logmeanexp"):
        return [top + log_sum]
    if name == "logmeanexp":
        return [top + (log_sum - mp.log(len(counted)))]
    if name == "hardmax" and counted:
        weights = _first_largest(counted)
    empty = -mp.inf if name == "log_softmax" else mp.zero
    if name == "log_softmax":
        weights = [_log_weight(x, w, top, log_sum) for x, w in zip(counted, weights, strict=True)]
    remaining = iter(weights)
    return [next(remaining) if flag else empty for flag in present]


@remembered(500)
def row_gradient(name, row, dy, temperature=1.0):
    """The exact gradient of one finite row, and the scale of its terms before they cancel."""
    row, dy = [float(x) for x in row], [mp.mpf(float(value)) for value in dy]
    if name in WHOLE_ROWS:
        return whole_row_oracle.gradient(name, tuple(row), tuple(dy))
    temperature = mp.mpf(temperature)
    sign = -1 if name == "softmin" else 1
    scaled = [sign * mp.mpf(x) / temperature for x in row]
    gradient, scale = _gradient("softmax" if name == "softmin" else name, scaled, dy)
    return [sign * value / temperature for value in gradient], [v / temperature for v in scale]


def _gradient(name, row, dy):
    if name == "hardmax":
        return [mp.zero] * len(row), [mp.one] * len(row)
    weights, _, _ = _weights(row)
    if name in REDUCING:
        gradient = [weight * dy[0] for weight in weights]
        return gradient, [abs(value) for value in gradient]
    if name == "softmax":
        mean = mp.fsum(w * d for w, d in zip(weights, dy, strict=True))
        spread = mp.fsum(w * abs(d) for w, d in zip(weights, dy, strict=True))
        pairs = list(zip(weights, dy, strict=True))
        return [w * (d - mean) for w, d in pairs], [w * (abs(d) + spread) for w, d in pairs]
    total, size = mp.fsum(dy), mp.fsum(abs(d) for d in dy)
    pairs = list(zip(weights, dy, strict=True))
    return [d - w * total for w, d in pairs], [abs(d) + w * size for w, d in pairs]


@remembered(500)
def row_reference(name, row, dtype, present=None, temperature=1):
    """``row_value`` as seen from ``dtype``."""
    return reference_from_mpmath(row_value(name, row, present, temperature), dtype)


@remembered(16, longest=100_000)
def wide_value(name, x):
    """``row_value`` of every finite row of ``x``, as seen from the dtype of ``x``."""
    if name in WHOLE_ROWS:
        return whole_row_oracle.wide_value(name, x)
    wide = -x.astype(np.longdouble) if name == "softmin" else x.astype(np.longdouble)
    shifted = wide - wide.max(axis=-1, keepdims=True)
    exponentials = np.exp(shifted)
    total = exponentials.sum(axis=-1, keepdims=True)
    results = {
        "softmax": lambda: exponentials / total,
        "log_softmax": lambda: shifted - _log_of_sum(exponentials, shifted),
        "logsumexp": lambda: (wide.max(axis=-1, keepdims=True) + np.log(total))[..., 0],
        "logmeanexp": lambda: (
            wide.max(axis=-1, keepdims=True) + np.log(total / np.longdouble(x.shape[-1]))
        )[..., 0],
        "hardmax": lambda: (np.arange(x.shape[-1]) == np.argmax(wide, axis=-1)[..., None]).astype(
            np.longdouble
        ),
    }
    results["softmin"] = results["softmax"]
    return reference_from_wide(results[name](), x.dtype)


@remembered(8, longest=100_000)
def wide_gradient(name, x, dy):
    """``row_gradient`` of every finite row of ``x``: longdouble, and the size of its terms."""
    wide, size = dy.astype(np.longdouble), np.abs(dy).astype(np.longdouble)
    if name in WHOLE_ROWS:
        return whole_row_oracle.wide_gradient(name, x, wide)
    if name == "hardmax":
        return np.zeros_like(wide), np.ones_like(wide)
    sign = -1 if name == "softmin" else 1
    logits = sign * x.astype(np.longdouble)
    softmax = np.exp(logits - logits.max(axis=-1, keepdims=True))
    softmax /= softmax.sum(axis=-1, keepdims=True)
    if name in REDUCING:
        return softmax * wide[..., None], softmax * size[..., None]
    if name in ("softmax", "softmin"):
        means = ((softmax * a).sum(axis=-1, keepdims=True) for a in (wide, size))
        return sign * softmax * (wide - next(means)), softmax * (size + next(means))
    sums = (a.sum(axis=-1, keepdims=True) for a in (wide, size))
    return wide - softmax * next(sums), size + softmax * next(sums)


def _log_of_sum(exponentials, shifted):
    """log of the sum with the largest term taken as 1, so that a tiny rest is not lost."""
    largest = np.argmax(shifted, axis=-1)[..., None]
    rest = exponentials.copy()
    np.put_along_axis(rest, largest, 0, axis=-1)
    return np.log1p(rest.sum(axis=-1, keepdims=True))


def scaled_errors(got, exact, scale, largest_dy=1.0):
    """Errors of a gradient over the size of the terms that cancelled in it, in units of epsilon.

    Weights among the subnormals are known to one of them at best; times dy, that is allowed for.
    """
    got = np.asarray(got)
    info = np.finfo(got.dtype)
    least = mp.mpf(float(info.smallest_subnormal)) * (1 + 2 * mp.mpf(float(largest_dy)))
    errors = []
    for result, true, size in zip(got.ravel().tolist(), exact, scale, strict=True):
        if not np.isfinite(result) or (size == 0 and result != 0):
            errors.append(np.inf)
            continue
        error = max(abs(mp.mpf(result) - true) - least, mp.zero)
        errors.append(float(error / (size * float(info.eps))) if error else 0.0)
    return np.array(errors)


def concatenate(references):
    """Several references as one, row by row."""
    fields = [[getattr(r, field) for r in references] for field in ("nearest", "residual", "unit")]
    return Reference(*(np.stack(rows) for rows in fields))
