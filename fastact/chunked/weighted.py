"""logsumexp with weights of a Dask array: of the blocks' logarithms, their signs as weights."""

import dask.array as da
import numpy as np

import fastact
from fastact.chunked import sums
from fastact.chunked.job import Job, joined


class WeightedJob(Job):
    """With `b`, or with the sign of the sum returned."""

    @property
    def tempered(self):
        return {name: self.keywords[name] for name in ("temperature",) if name in self.keywords}

    def run(self, arrays):
        arrays.setdefault("b", self.spread(np.ones((), np.float16)))
        rows = self.given(arrays, "where", "b")
        told = self.on_blocks(self.tell, rows, per_row=2, dtype=np.float64)
        whole = dict.fromkeys(self.axes, -1)
        combined = joined(told, whole, self.combine, 3)
        if self.forward:
            value = self.reduced(combined[..., 0].astype(self.dtype))
            sign = self.reduced(combined[..., 1].astype(self.dtype))
            if self.keywords.get("return_sign"):
                return value, sign
            return da.where(sign < 0, np.nan, value).astype(self.dtype)
        share = combined[..., 2].rechunk(dict.fromkeys(self.axes, 1))
        return self.on_blocks(self.write, arrays, share)

    def tell(self, x, arrays):
        given = arrays | self.tempered
        found = fastact.logsumexp(x, axis=self.axes, keepdims=True, return_sign=True, **given)
        return np.stack([part.astype("d") for part in found], axis=-1)

    def combine(self, told):
        with np.errstate(all="ignore"):
            return sums.of_weighted(told, self.axes)

    def write(self, x, arrays, share):
        arrays = dict(arrays)
        dx = self.operation(x, arrays.pop("dy"), axis=self.axes, **arrays, **self.tempered)
        with np.errstate(all="ignore"):
            return np.where(share == 0, 0, dx * share).astype(self.dtype)
