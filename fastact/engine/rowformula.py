"""Rows of any array through a Python formula that knows 2-d blocks: the numpy backend's engine."""

from itertools import product
from math import prod

import numpy as np

from .rowblocks import Block, WholeRows, rows_of
from .silence import silent


def by_rows(formula, weighted_formula=None, whole=False, share=1):
    """`formula(x, dy, y, dx)` on 2-d blocks as a row-wise loop of the engine's.

    It runs without warnings. The more temporaries it has, the smaller the blocks should be that
    it gets: 1 / share of the usual. Where there is one output, that may be the memory of x or dy.
    `weighted_formula(x, weights, dy, y, sign, dx)` serves calls with weights; a formula of `whole`
    rows is not told of elements that are absent.
    """
    return RowFormula(WholeRows if whole else Block, formula, weighted_formula, share)


class RowFormula:
    """What the engine calls: `in_one_piece` where it can, else the whole of it."""

    def __init__(self, kind, formula, weighted_formula, share):
        self.kind, self.formula, self.weighted_formula = kind, formula, weighted_formula
        self.share = share

    def __call__(self, x, dy, where, y, dx, axes, dtype, **keywords):
        length = prod(x.shape[d] for d in axes)
        silent(length).run(self.run, x, dy, where, y, dx, axes, dtype, length, **keywords)

    def in_one_piece(self, x, dy, y, dx, length):
        """Last axes of C-contiguous arrays of the dtype that is computed in."""
        count = x.size // length
        if 0 < count <= rows_of(length, x.itemsize, self.share):
            silent(length).run(
                self.formula,
                x if x.ndim == 2 else x.reshape(count, length),
                by_row(dy, count),
                by_row(y, count),
                by_row(dx, count),
            )
        elif count:
            silent(length).run(self.block_by_block, x, dy, y, dx, length)

    def block_by_block(self, x, dy, y, dx, length):
        count = x.size // length
        step = rows_of(length, x.itemsize, self.share)
        arrays = [by_row(a, count) for a in (x, dy, y, dx)]
        for start in range(0, count, step):
            self.formula(*(a if a is None else a[start : start + step] for a in arrays))

    def run(
        self,
        x,
        dy,
        where,
        y,
        dx,
        axes,
        dtype,
        length,
        lengths=None,
        weights=None,
        sign=None,
        temperature=None,
    ):
        """Any call."""
        dtype = np.dtype("f" if dtype == "e" else dtype)
        if temperature is not None or weights is not None:
            dtype = np.dtype("d")
        x, where, dx, weights = (rows_last(a, axes, x.ndim) for a in (x, where, dx, weights))
        per_row = x.ndim - len(axes)
        y, dy, sign = (a if a is None else per_row_view(a, per_row, axes, x) for a in (y, dy, sign))
        outer = x.shape[:per_row]
        job = self.kind(self.formula, self.weighted_formula, length, dtype, temperature)
        # The last outer axis is cut into blocks; the others are walked one index at a time.
        last = outer[-1] if outer else 1
        # Beside them may lie copies.
        step = rows_of(length, dtype.itemsize, 2 * max(self.share, 1))
        for index in product(*map(range, outer[:-1])):
            for start in range(0, last, step):
                at = (*index, slice(start, start + step)) if outer else (...,)
                job.run(
                    *(a if a is None else a[at] for a in (x, dy, where, y, dx)),
                    *(a if a is None else a[at] for a in (lengths, weights, sign)),
                )


def by_row(array, count):
    """With the rows as its first of two axes; most have them already."""
    if array is None or (array.ndim == 2 and len(array) == count):
        return array
    return array.reshape(count, -1)


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
