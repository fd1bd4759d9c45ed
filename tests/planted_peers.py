"""Peers for the benchmark's tests: one that is right, one that is slow, and wrong ones."""

import time
from typing import ClassVar

import numpy as np

from fastact.bench.peers import ours
from fastact.bench.peers.form import Form


class Right:
    """fastact under another name."""

    name = "right"
    inexact: ClassVar = {}

    def __init__(self, threads=1):
        self.threads = threads

    def changed(self, results):
        return results

    def forms(self, job, given):
        form = ours.form(job, given)
        if form.consumed is not None:
            return [form]
        own = tuple(np.empty_like(array) for array in given.out)

        def call(*inputs, **keywords):
            with form.context():
                results = form.function(*inputs, **keywords)
            results = results if isinstance(results, tuple) else (results,)
            for to, result in zip(own, results, strict=True):
                to[...] = result
            return self.changed(own)

        return [Form(call, form.inputs, form.keywords)]


class Slow(Right):
    name = "slow"

    def changed(self, results):
        time.sleep(0.002)
        return results


class SlowButFaster(Right):
    """Slower than fastact, faster than `Slow`, and not by so much that it is alone."""

    name = "faster"

    def changed(self, results):
        time.sleep(0.001)
        return results


class OneElementOff(Right):
    name = "one element off"

    def changed(self, results):
        changed = [array.copy() for array in results]
        changed[-1].ravel()[-1] += 1e-3
        return tuple(changed)


class NotANumber(Right):
    name = "not a number"

    def changed(self, results):
        changed = [array.copy() for array in results]
        changed[-1].ravel()[0] = np.nan
        return tuple(changed)


class OtherShape(Right):
    name = "other shape"

    def changed(self, results):
        return tuple(array.reshape(-1, 1) for array in results)


class OtherDtype(Right):
    name = "other dtype"

    def changed(self, results):
        return tuple(array.astype("f2") for array in results)


class OneResult(Right):
    name = "one result of two"

    def changed(self, results):
        return results[:1]


WRONG = (OneElementOff, NotANumber, OtherShape, OtherDtype)
