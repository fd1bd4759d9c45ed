"""Pointwise loops as a user of Numba would write them, around the catalogue's formulas."""

import ast
import math
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numba
import numpy as np
from numba import prange

from . import formula
from .jobs import parameters

# What one asks for who wants speed. Numba's own cache stays off.
OPTIONS: dict[str, Any] = {"error_model": "numpy", "fastmath": True}


def pointwise(activation: str, operation: str, dtype: str, parallel: bool) -> tuple[Any, ...]:
    """A loop over given arrays, which it also returns, and one that makes new ones."""
    value = scalar(activation, dtype, formula.value(activation))
    slope = scalar(activation, dtype, formula.slope(activation))
    return LOOPS[operation](value, slope, numba.njit(parallel=parallel, **OPTIONS))


def scalar(activation: str, dtype: str, written: formula.Formula) -> Callable[..., Any]:
    """A compiled function of one x; every number in it is of the dtype."""
    kind = np.dtype(dtype).type
    typed = _Typed()
    written = deepcopy(written)
    lines = []
    if written.part is not None:
        name, part = written.part
        lines.append(f"    {name} = {ast.unparse(typed.visit(part))}")
    lines.append(f"    return {ast.unparse(typed.visit(written.expression))}")
    names: dict[str, Any] = {name: getattr(math, name, None) for name in formula.FUNCTIONS}
    names |= {name: kind(number) for name, number in parameters(activation).items()}
    names |= {name: kind(number) for name, number in typed.numbers.items()}
    names |= {"abs": abs, "min": min, "max": max}
    exec("def scalar(x):\n" + "\n".join(lines), names)
    return numba.njit(**OPTIONS)(names["scalar"])


class _Typed(ast.NodeTransformer):
    """Numbers by names, so that they can be float32; exponents stay integers."""

    def __init__(self) -> None:
        self.numbers: dict[str, float] = {}

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        if isinstance(node.op, ast.Pow):
            return ast.BinOp(self.visit(node.left), node.op, node.right)
        return ast.BinOp(self.visit(node.left), node.op, self.visit(node.right))

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        assert isinstance(node.value, (int, float))
        name = f"number{len(self.numbers)}"
        self.numbers[name] = node.value
        return ast.Name(name)


def forward(value: Any, slope: Any, compiled: Any) -> tuple[Any, ...]:
    @compiled
    def loop(x, y):
        for i in prange(x.size):
            y[i] = value(x[i])
        return y

    @compiled
    def fresh(x):
        y = np.empty_like(x)
        for i in prange(x.size):
            y[i] = value(x[i])
        return y

    return loop, fresh


def backward(value: Any, slope: Any, compiled: Any) -> tuple[Any, ...]:
    @compiled
    def loop(x, dy, dx):
        for i in prange(x.size):
            dx[i] = dy[i] * slope(x[i])
        return dx

    @compiled
    def fresh(x, dy):
        dx = np.empty_like(x)
        for i in prange(x.size):
            dx[i] = dy[i] * slope(x[i])
        return dx

    return loop, fresh


def forward_backward(value: Any, slope: Any, compiled: Any) -> tuple[Any, ...]:
    @compiled
    def loop(x, dy, y, dx):
        for i in prange(x.size):
            at, gradient = x[i], dy[i]
            y[i], dx[i] = value(at), gradient * slope(at)
        return y, dx

    @compiled
    def fresh(x, dy):
        y, dx = np.empty_like(x), np.empty_like(x)
        for i in prange(x.size):
            at, gradient = x[i], dy[i]
            y[i], dx[i] = value(at), gradient * slope(at)
        return y, dx

    return loop, fresh


LOOPS = {"forward": forward, "backward": backward, "forward_backward": forward_backward}
