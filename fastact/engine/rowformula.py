"""Rows of any array through a Python formula that knows 2-d blocks: the numpy backend's engine."""

from itertools import product

import numpy as np

#: Elements per block: hides NumPy's cost per call, while the temporaries stay in cache.
BLOCK = 32768


def by_rows(formula):
    """`formula(x, dy, y, dx)` on 2-d blocks as a row-wise loop of the engine's."""

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


def block(formula, at, length, dtype, x, dy, where, y, dx):
    rows = np.array(x[at], dtype=dtype, order="C").reshape(-1, length)
    slopes = None if dy is None else np.array(dy[at], dtype=dtype, order="C").reshape(len(rows), -1)
    present = None if where is None else np.asarray(where[at]).reshape(-1, length)
    if present is not None:
        rows[~present] = -np.inf
        if slopes is not None and slopes.shape == rows.shape:
            slopes[~present] = 0
    outputs = []
    for target in (y, dx):
        if target is None:
            outputs.append(None)
            continue
        single = np.ndim(target[at]) < np.ndim(x[at])
        outputs.append(np.empty((len(rows), 1) if single else rows.shape, dtype))
    formula(rows, slopes, *outputs)
    for target, values, absent in zip((y, dx), outputs, (absent_value(formula), 0), strict=True):
        if target is None:
            continue
        if present is not None:
            if values.shape == rows.shape:
                values[~present] = absent
            elif target is y:
                values[~present.any(axis=1)] = -np.inf
        target[at] = values.reshape(np.shape(target[at]))


def absent_value(formula):
    return -np.inf if formula.__name__ == "log_softmax" else 0
