"""Rows of any array through a Python formula that knows 2-d blocks: the numpy backend's engine."""

from itertools import product

import numpy as np

#: Elements per block: hides NumPy's cost per call, while the temporaries stay in cache.
BLOCK = 32768


def by_rows(formula, block=None):
    """`formula(x, dy, y, dx)` on 2-d blocks as a row-wise loop of the engine's.

    `block` calls it on one of them: `softmax_block`, or `whole_rows_block`.
    """
    block = softmax_block if block is None else block

    def run(x, dy, where, y, dx, axes, dtype):
        dtype = np.dtype("f" if dtype == "e" else dtype)
        x, where, dx = (rows_last(a, axes, x.ndim) for a in (x, where, dx))
        per_row = x.ndim - len(axes)
        y, dy = (a if a is None else per_row_view(a, per_row, axes, x) for a in (y, dy))
        outer = x.shape[:per_row]
        length = int(np.prod(x.shape[per_row:]))
        # The last outer axis is cut into blocks; the others are walked one index at a time.
        last = outer[-1] if outer else 1
        step = max(1, BLOCK // max(length, 1))
        with np.errstate(all="ignore"):  # float16 results may overflow when they are cast
            for index in product(*map(range, outer[:-1])):
                for start in range(0, last, step):
                    at = (*index, slice(start, start + step)) if outer else ()
                    block(formula, at, length, dtype, x, dy, where, y, dx)

    return run


def rows_last(array, axes, ndim):
    if array is None:
        return None
    outer = [d for d in range(ndim) if d not in axes]
    return array.transpose(*outer, *axes)


def per_row_view(array, per_row, axes, x):
    """`array` with its outer axes first; one value per row has no other axes."""
    if array.ndim == per_row and per_row < x.ndim:
        return array
    if array.shape != tuple(original_shape(x, axes)):
        return array.reshape(x.shape[:per_row])
    return rows_last(array, axes, x.ndim)


def original_shape(x, axes):
    shape = [0] * x.ndim
    outer = [d for d in range(x.ndim) if d not in axes]
    for position, d in enumerate((*outer, *axes)):
        shape[d] = x.shape[position]
    return shape


def softmax_block(formula, at, length, dtype, x, dy, where, y, dx):
    rows = np.ascontiguousarray(x[at], dtype=dtype).reshape(-1, length)
    slopes = None
    if dy is not None:
        slopes = np.ascontiguousarray(dy[at], dtype=dtype).reshape(len(rows), -1)
    present = None if where is None else np.asarray(where[at]).reshape(-1, length)
    if present is not None:
        rows = np.where(present, rows, -np.inf).astype(dtype, copy=False)
        if slopes is not None and slopes.shape == rows.shape:
            slopes = np.where(present, slopes, 0).astype(dtype, copy=False)
    targets = [(y, absent_value(formula)), (dx, 0)]
    per_row = [t is not None and np.ndim(t[at]) < np.ndim(x[at]) for t, _ in targets]
    outputs = [
        None if t is None else room(t[at], (len(rows), 1) if single else rows.shape, dtype)
        for (t, _), single in zip(targets, per_row, strict=True)
    ]
    formula(rows, slopes, *outputs)
    for (target, absent), single, values in zip(targets, per_row, outputs, strict=True):
        if target is None:
            continue
        if present is not None and single:
            values[~present.any(axis=1)] = -np.inf
        elif present is not None:
            values[~present] = absent
        if not np.may_share_memory(values, target):
            target[at] = values.reshape(np.shape(target[at]))


def whole_rows_block(formula, at, length, dtype, x, dy, where, y, dx):
    """What `where` leaves out is not there: rows that leave out the same are done together."""
    shape = x[at].shape
    rows, slopes = (
        None if a is None else np.asarray(a[at], dtype=dtype).reshape(-1, length) for a in (x, dy)
    )
    present = np.ones((1, length), bool)
    if where is not None:
        present = np.asarray(where[at]).reshape(-1, length)
        if (present == present[0]).all():
            present = present[:1]
    results = [None if t is None else np.zeros(rows.shape, dtype) for t in (y, dx)]
    for row, mask in enumerate(present):
        if not mask.any():
            continue
        here = slice(row, row + 1) if len(present) > 1 else slice(None)
        inputs = [
            a if a is None else np.ascontiguousarray(a[here][:, mask]) for a in (rows, slopes)
        ]
        outputs = [None if r is None else np.empty(inputs[0].shape, dtype) for r in results]
        formula(*inputs, *outputs)
        for result, values in zip(results, outputs, strict=True):
            if result is not None:
                result[here, mask] = values
    for target, result in zip((y, dx), results, strict=True):
        if target is not None:
            target[at] = result.reshape(shape)


def room(part, shape, dtype):
    """Where a formula writes: the output itself if it is contiguous and of the dtype."""
    if part.dtype == dtype and part.flags.c_contiguous and part.flags.aligned and part.ndim:
        return part.reshape(shape)
    return np.empty(shape, dtype)


def absent_value(formula):
    return -np.inf if formula.__name__ == "log_softmax" else 0
