"""What the blocks of a row make together: the combining step, in NumPy.

Each function gets what every block tells (`told`, its numbers in the last axis, the blocks of a row
along `axes`) and gives as many numbers for every block again.
"""

import numpy as np

import fastact

#: What a block tells: its largest element, the sum of exp(x - top) less 1, how many elements it
#: has, and, for a gradient, what that sums with.
TOLD = ("top", "rest", "count", "total")


def first_of(candidates, axes):
    """True at the first candidate of each row, at the first of all if there is none."""
    behind = range(-len(axes), 0)
    moved = np.moveaxis(candidates, axes, behind)
    flat = moved.reshape(*moved.shape[: moved.ndim - len(axes)], -1)
    found = np.arange(flat.shape[-1]) == flat.argmax(axis=-1)[..., None]
    return np.moveaxis(found.reshape(moved.shape), behind, axes)


def of_hardmax(told, axes):
    """(is the row's first largest element here, the largest)."""
    top, count = told[..., 0], told[..., 2]
    top = np.where((count > 0) | np.isnan(top), top, -np.inf)
    most = np.max(top, axis=axes, keepdims=True)
    there = count > 0
    winner = first_of(there & (top == most), axes) & there
    return np.stack(np.broadcast_arrays(winner, most), axis=-1)


def of_softmax(told, axes, of_log, tempered):
    """(part of the row's sum, its logarithm, what shifts the gradient, the largest element)."""
    top, rest, _, total = (told[..., k] for k in range(4))
    weight, winner, most, others, own = weights(top, rest, axes, tempered)
    beaten = (top == -np.inf) | ((most == np.inf) & (top != np.inf))
    share = np.where(beaten, 0, weight / (own + others))
    first = -np.log1p(others / own)
    logs = fastact.log_softmax(top, axis=axes, **tempered)
    log_share = logs - picked(logs, winner, axes) + first
    log_share += np.log1p(rest) - np.log1p(picked(rest, winner, axes))
    log_share = np.where(winner, first, log_share)
    log_share = np.where(beaten, -np.inf, log_share)
    for part in (share, log_share):
        np.copyto(part, np.nan, where=np.isnan(most) | (most == -np.inf))
    if of_log:
        # S_b - share * S, without cancelling in the block that is nearly all.
        lacking = np.where(winner, others / (own + others), 1 - share)
        shift = total * lacking - share * (np.sum(total, axis=axes, keepdims=True) - total)
    else:
        # D_b - D, for that block by what the others differ from it.
        counted = np.where(share == 0, 0, total)
        differences = share * (picked(counted, winner, axes) - counted)
        mean = np.sum(share * counted, axis=axes, keepdims=True)
        shift = np.where(winner, np.sum(differences, axis=axes, keepdims=True), counted - mean)
    return np.stack(np.broadcast_arrays(share, log_share, shift, most), axis=-1)


def of_logsumexp(told, axes, mean, tempered):
    """(the value,)."""
    top, rest, count, _ = (told[..., k] for k in range(4))
    _, winner, most, others, own = weights(top, rest, axes, tempered)
    inner = picked(rest, winner, axes) + others * (1 + picked(rest, winner, axes)) / own
    log = np.log1p(inner)
    if mean:
        n = np.sum(count, axis=axes, keepdims=True)
        ratio = (1 + inner) / n
        log = np.where(ratio > 0.5, np.log1p((inner - (n - 1)) / n), np.log(ratio))
    scaled = most / tempered.get("temperature", 1)
    value = np.where(np.isinf(most), most, scaled + log)
    return np.broadcast_to(value, top.shape)[..., None]


def of_weighted(told, axes):
    """(the logarithm, its sign, what a block's gradient is to be multiplied with)."""
    log, sign = told[..., 0], told[..., 1]
    total, whole = fastact.logsumexp(log, axis=axes, keepdims=True, b=sign, return_sign=True)
    share = np.where(sign == 0, 0, np.exp(log - total) * sign * whole)
    return np.stack(np.broadcast_arrays(total, whole, share), axis=-1)


def picked(values, winner, axes):
    return np.sum(np.where(winner, values, 0), axis=axes, keepdims=True)


def weights(top, rest, axes, tempered):
    """Each block's sum over that of one of the largest, which that is, its top; two parts of it."""
    most = np.max(top, axis=axes, keepdims=True)
    winner = first_of(top == most, axes)
    relative = fastact.softmax(top, axis=axes, **tempered)
    weight = relative / picked(relative, winner, axes) * (1 + rest)
    weight = np.where(top == -np.inf, 0, weight)
    own = picked(weight, winner, axes)
    others = np.sum(np.where(winner, 0, weight), axis=axes, keepdims=True)
    return weight, winner, most, others, own
