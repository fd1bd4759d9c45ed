"""What the tests of bias_act and of dense have in common."""

import math

import numpy as np
from operations import VARIANTS, Operations

import fastact as fa


def keywords_of(activation):
    operations = Operations(activation, VARIANTS[0])
    names = [p.name for p in fa.activations.CATALOGUE[activation].parameters]
    found = dict(zip(names, operations.parameters, strict=True))
    found.pop("bias", None)  # shrink's own keeps its default
    return found


def check_sums(dbias, dx, axis):
    """The sums of what is there: exact but for float64's own errors, and one rounding."""
    columns = np.moveaxis(dx, axis, 0).reshape(dx.shape[axis], -1).astype("d")
    exact = np.array([math.fsum(column) for column in columns.tolist()])
    info = np.finfo(dx.dtype)
    allowed = 0.501 * info.eps * abs(exact) + 1e-15 * abs(columns).sum(axis=1)
    assert dbias.dtype == dx.dtype
    assert dbias.shape == exact.shape
    assert np.all(abs(dbias - exact) <= allowed + info.smallest_subnormal)
