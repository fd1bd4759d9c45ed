"""A row-wise function of a Dask array, block by block.

Of every block come its largest element and its sums, a few numbers per row; combined they tell what
part of the row's sum is the block's, and with that each block is written by itself.
"""

import dask.array as da
import numpy as np

import fastact
from fastact.chunked import sums

LOG = "log_softmax"
REDUCING = ("logsumexp", "logmeanexp")
WHOLE_ROWS = ("sparsemax", "entmax15", "standardize")  # no block tells what another needs


def joined(told, whole, combine, numbers):
    """`combine` of what all blocks of a row tell."""
    told = told.rechunk(whole)
    chunks = (*told.chunks[:-1], (numbers,))
    meta = np.empty((0,) * told.ndim)
    return told.map_blocks(combine, dtype=np.float64, chunks=chunks, meta=meta)


class Job:
    """One operation on one Dask array."""

    def __init__(self, operation, x, axes, keepdims, keywords):
        self.operation, self.name = operation, operation.activation
        self.main = getattr(fastact, self.name)
        self.x, self.axes, self.keepdims, self.keywords = x, axes, keepdims, keywords
        self.reduces = self.name in REDUCING
        self.forward = operation.operation == "forward"
        kind = np.result_type(x.dtype, np.float16) if x.dtype.kind == "f" else np.dtype("d")
        self.dtype = kind

    def weights(self):
        b = self.keywords.pop("b", None)
        if isinstance(b, (list, tuple)):
            b = np.asarray(b)
        if hasattr(b, "dtype"):
            self.promote(b)
        return b

    def promote(self, array):
        self.dtype = np.result_type(self.dtype, array.dtype if array.dtype.kind == "f" else "d")

    def spread(self, array):
        array = da.broadcast_to(da.asarray(array), self.x.shape)
        return array.rechunk(self.x.chunks)

    def spread_dy(self, dy):
        if isinstance(dy, (int, float)):
            dy = np.asarray(dy, self.dtype)
        dy = dy if hasattr(dy, "dtype") else np.asarray(dy)
        self.promote(dy)
        if not self.reduces:
            return self.spread(dy)
        kept = [1 if d in self.axes else n for d, n in enumerate(self.x.shape)]
        dy = da.asarray(dy)
        if dy.ndim and dy.shape != tuple(kept):
            rows = [n for d, n in enumerate(self.x.shape) if d not in self.axes]
            dy = da.broadcast_to(dy, rows).reshape(kept)
        # One for each block of a row.
        blocks = [len(c) if d in self.axes else n for d, (c, n) in self.sides()]
        chunks = [(1,) * len(c) if d in self.axes else c for d, (c, _) in self.sides()]
        return da.broadcast_to(dy, blocks).rechunk(tuple(chunks))

    def sides(self):
        return enumerate(zip(self.x.chunks, self.x.shape, strict=True))

    def on_blocks(self, function, arrays, *rest, per_row=0, dtype=None):
        """`function(x, arrays by name, *rest)` on each block; `per_row`: numbers for each row."""
        names = tuple(arrays)
        dtype = self.dtype if dtype is None else dtype
        more = {}
        if per_row:
            chunks = [(1,) * len(c) if d in self.axes else c for d, (c, _) in self.sides()]
            more = {"chunks": (*chunks, (per_row,)), "new_axis": self.x.ndim}
        return da.map_blocks(
            lambda x, *blocks: function(
                x, dict(zip(names, blocks, strict=False)), *blocks[len(names) :]
            ),
            self.x,
            *arrays.values(),
            *rest,
            dtype=dtype,
            meta=np.empty((0,) * (self.x.ndim + bool(per_row)), dtype),
            **more,
        )

    def run(self, arrays):
        if self.name in WHOLE_ROWS:
            return self.on_blocks(self.whole_rows, arrays)
        told = self.on_blocks(self.tell, arrays, per_row=4, dtype=np.float64)
        whole = dict.fromkeys(self.axes, -1)
        combined = joined(told, whole, self.combine, self.numbers)
        if self.forward and self.reduces:
            return self.reduced(combined[..., 0].astype(self.dtype))
        # Back to one for each block.
        combined = combined.rechunk(dict.fromkeys(self.axes, 1))
        parts = [combined[..., k] for k in range(2 if self.name == "hardmax" else 4)]
        write = self.write_hardmax if self.name == "hardmax" else self.write
        return self.on_blocks(write, arrays, *parts)

    def whole_rows(self, x, arrays):
        x = x.astype(self.dtype, copy=False)
        given = self.given(arrays, "dy", "where")
        return self.operation(x, **given, axis=self.axes, **self.keywords)

    @property
    def numbers(self):
        """How many numbers `combine` gives."""
        return 2 if self.name == "hardmax" else 1 if self.forward and self.reduces else 4

    def reduced(self, values):
        first = tuple(slice(0, 1) if d in self.axes else slice(None) for d in range(self.x.ndim))
        values = values[first]
        return values if self.keepdims else values.squeeze(axis=self.axes)

    def given(self, arrays, *names):
        return {name: arrays[name] for name in names if name in arrays}

    def softmax_of(self, x, arrays, function):
        """softmax or log_softmax as the activation has it, of a block."""
        x = -x if self.name == "softmin" and not self.of_output else x
        keywords = {} if self.of_output else self.keywords
        return function(x, axis=self.axes, **self.given(arrays, "where"), **keywords)

    @property
    def of_output(self):
        return self.operation.operation == "backward_from_output"

    def tell(self, x, arrays):
        """The numbers of a block (`sums.TOLD`), in the last axis."""
        with np.errstate(all="ignore"):
            return np.stack(np.broadcast_arrays(*self.numbers_of(x, arrays)), axis=-1)

    def numbers_of(self, x, arrays):
        x = x.astype(self.dtype, copy=False)
        where = arrays.get("where", np.ones((), bool))
        every = {"axis": self.axes, "keepdims": True}
        count = np.sum(np.broadcast_to(where, x.shape), **every)
        if self.of_output and self.name != LOG:
            total = np.sum(x, where=where, dtype="d", **every)
            mean = np.sum(x.astype("d") * arrays["dy"], where=where, **every)
            mean /= np.where(total == 0, 1, total)
            return 0.0, total - 1, count, mean
        signed = -x if self.name == "softmin" else x
        top = np.max(signed, where=where, initial=-np.inf, **every).astype("d")
        if self.name == "hardmax":
            return top, 0.0, count, 0.0
        logs = self.softmax_of(x, arrays, fastact.log_softmax)
        highest = np.max(logs, where=where, initial=-np.inf, **every).astype("d")
        rest = np.where(np.isinf(top), 0, np.expm1(-highest))
        total = np.zeros(())
        if not self.forward and self.name == LOG:
            total = np.sum(arrays["dy"], where=where, dtype="d", **every)
        elif not self.forward and not self.reduces:
            p = self.softmax_of(x, arrays, fastact.softmax)
            total = np.sum(p.astype("d") * arrays["dy"], where=where, **every)
        return top, rest, count, total

    def combine(self, told):
        """What the blocks of a row make together, for each of them."""
        with np.errstate(all="ignore"):
            if self.name == "hardmax":
                return sums.of_hardmax(told, self.axes)
            if self.forward and self.reduces:
                mean = self.name == "logmeanexp"
                return sums.of_logsumexp(told, self.axes, mean, self.keywords)
            # The gradient from an output knows no temperature inside.
            tempered = {} if self.of_output else self.keywords
            return sums.of_softmax(told, self.axes, self.name == LOG, tempered)

    def write_hardmax(self, x, arrays, here, most):
        one = np.zeros((), self.dtype)
        if self.forward:
            one = fastact.hardmax(x, axis=self.axes, **self.given(arrays, "where"))
        result = np.where(np.isnan(most), np.nan, np.where(here, one, 0))
        result = np.broadcast_to(result, x.shape)
        return np.where(arrays.get("where", True), result, 0).astype(self.dtype)

    def write(self, x, arrays, share, log_share, shift, most):
        x = x.astype(self.dtype, copy=False)
        with np.errstate(all="ignore"):
            if self.forward:
                result = self.value(x, arrays, share, log_share, most)
            else:
                result = self.slope(x, arrays, share, shift)
        absent = -np.inf if self.forward and self.name == LOG else 0
        result = np.broadcast_to(result, x.shape)
        return np.where(arrays.get("where", True), result, absent).astype(self.dtype)

    def value(self, x, arrays, share, log_share, most):
        alone = self.main(x, axis=self.axes, **self.given(arrays, "where"), **self.keywords)
        if self.name == LOG:
            lost = (log_share == -np.inf) | ((alone == -np.inf) & (most == np.inf))
            return np.where(lost, -np.inf, alone + log_share)
        lost = (share == 0) | ((alone == 0) & (most == np.inf))
        return np.where(lost, 0, alone * share)

    def slope(self, x, arrays, share, shift):
        dy = arrays["dy"]
        given = self.given(arrays, "where")
        alone = self.operation(x, dy, axis=self.axes, **given, **self.keywords)
        if self.reduces:
            return np.where(share == 0, 0, alone * share)
        factor = (-1 if self.name == "softmin" else 1) / self.keywords.get("temperature", 1)
        if self.of_output and self.name != LOG:
            return alone + x * shift * factor
        p = self.softmax_of(x, arrays, fastact.softmax)
        if self.name == LOG:
            return np.where(share == 0, dy * factor, alone + p * shift * factor)
        return np.where(share == 0, 0, (alone + p * shift * factor) * share)
