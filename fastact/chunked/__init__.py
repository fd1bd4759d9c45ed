"""Row-wise functions of Dask arrays, also along an axis in several chunks."""

import dask.array as da
import numpy as np

import fastact
from fastact.chunked.job import WHOLE_ROWS, Job
from fastact.chunked.weighted import WeightedJob


def call(operation, x, dy, axis, keepdims, where, keywords):
    """The operation on a Dask array; others may be anything that broadcasts against it."""
    axes = tuple(range(x.ndim)) if axis is None else np.atleast_1d(axis)
    axes = tuple(sorted(np.lib.array_utils.normalize_axis_tuple(tuple(axes), x.ndim)))
    keywords = dict(keywords)
    where = presence(operation, x, axes, where, keywords)
    if operation.operation == "forward_backward":  # a Dask function has one output
        main = getattr(fastact, operation.activation)
        if operation.parameter is not None:
            keywords[operation.parameter] = operation.make.value
        value = call(main, x, None, axes, keepdims, where, keywords)
        keywords.pop("return_sign", None)
        slope = call(main.backward, x, dy, axes, keepdims, where, keywords)
        return (*value, slope) if isinstance(value, tuple) else (value, slope)
    if operation.activation == "hardmax" and len(axes) > 1:
        # Of several axes the order of elements is not that of blocks.
        x = x.rechunk(dict.fromkeys(axes, -1))
    if operation.activation in WHOLE_ROWS:
        x = x.rechunk(dict.fromkeys(axes, -1))
    weighted = keywords.get("b") is not None or keywords.get("return_sign")
    job = (WeightedJob if weighted else Job)(operation, x, axes, keepdims, keywords)
    arrays = {"where": where, "b": job.weights()}
    arrays = {name: job.spread(a) for name, a in arrays.items() if a is not None}
    if dy is not None:
        arrays["dy"] = job.spread_dy(dy)
    return job.run(arrays)


def presence(operation, x, axes, where, keywords):
    """`lengths` and `causal` as a mask, made chunk by chunk."""
    lengths, causal = keywords.pop("lengths", None), keywords.pop("causal", False)
    if lengths is None and not causal:
        return where
    rows = [n for d, n in enumerate(x.shape) if d not in axes]
    axis = axes[0]
    if len(axes) != 1 or (causal and (axis != x.ndim - 1 or x.ndim < 2)):
        raise ValueError(
            f"{operation.__qualname__}: lengths needs rows along one axis, causal=True scores of "
            f"shape (..., n, m) along the last one, not shape {x.shape} along {axes}"
        )
    n = x.shape[axis]
    along = [1] * x.ndim
    along[axis] = n
    positions = da.arange(n, chunks=(x.chunks[axis],)).reshape(along)
    if lengths is not None:
        lengths = lengths if isinstance(lengths, da.Array) else np.asarray(lengths)
        if lengths.dtype.kind not in "iu":
            raise TypeError(
                f"{operation.__qualname__}: lengths must be integers, not {lengths.dtype}"
            )
        lengths = da.broadcast_to(da.asarray(lengths), rows)
        lengths = lengths.map_blocks(checked_lengths, n, operation.__qualname__, dtype=np.intp)
        within = positions < lengths.reshape([1 if d == axis else s for d, s in enumerate(x.shape)])
        where = within if where is None else within & da.asarray(where)
    if causal:
        seen = da.arange(x.shape[-2], chunks=(x.chunks[-2],)) + (n - x.shape[-2])
        within = positions <= seen[:, None]
        where = within if where is None else within & da.asarray(where)
    return where


def checked_lengths(lengths, n, name):
    wrong = (lengths < 0) | (lengths > n)
    if wrong.any():
        raise IndexError(
            f"{name}: there is a length of {lengths[wrong].flat[0]}; a row of x has {n} elements: "
            f"0 to {n} would do"
        )
    return lengths.astype(np.intp)
