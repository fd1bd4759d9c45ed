"""The catalogue's formulas as code for others: what Numba compiles, what numexpr evaluates."""

import ast
import re
from functools import cache
from math import pi, sqrt
from typing import NamedTuple

from fastact.activations import CATALOGUE
from fastact.bench.by_hand import SELU_ALPHA, SELU_SCALE

# What the formulas of an activation name besides its parameters.
CONSTANTS = {"selu": {"alpha": SELU_ALPHA, "scale": SELU_SCALE}}

FUNCTIONS = ("exp", "expm1", "log", "log1p", "tanh", "erf", "sqrt", "sin", "abs", "min", "max")


class Formula(NamedTuple):
    """An expression of x and parameters, after at most one name for a part of it."""

    expression: ast.expr
    part: tuple[str, ast.expr] | None


@cache
def value(activation: str) -> Formula:
    """The value of an elementwise activation."""
    return parsed(activation, CATALOGUE[activation].formula)


@cache
def slope(activation: str) -> Formula:
    """Its derivative."""
    return parsed(activation, CATALOGUE[activation].slope)


def parsed(activation: str, text: str) -> Formula:
    """`"s + x * s * (1 - s), s = sigmoid(x)"`, say; other activations are written out."""
    found = re.fullmatch(r"(.*), (\w+) = (.*)", text)
    main, name, part = found.groups() if found else (text, None, None)
    known = CONSTANTS.get(activation, {})
    expression = _simplified(main, known)
    return Formula(expression, (name, _simplified(part, known)) if name and part else None)


def _simplified(text: str, known: dict[str, float]) -> ast.expr:
    tree = ast.parse(text, mode="eval").body
    return _Constants(known).visit(_Written().visit(tree))


class _Written(ast.NodeTransformer):
    """Calls of other activations become their formulas."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        assert isinstance(node.func, ast.Name)
        if node.func.id in FUNCTIONS:
            return node
        (argument,) = node.args
        inner = ast.parse(CATALOGUE[node.func.id].formula, mode="eval").body
        return _Replaced("x", argument).visit(_Written().visit(inner))


class _Replaced(ast.NodeTransformer):
    """One name by an expression."""

    def __init__(self, name: str, by: ast.expr) -> None:
        self.name, self.by = name, by

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.by if node.id == self.name else node


class _Constants(ast.NodeTransformer):
    """What can be worked out beforehand is: `sqrt(2 / pi)`, `1/6`."""

    def __init__(self, known: dict[str, float]) -> None:
        self.known = {"pi": pi} | known

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(self.known[node.id]) if node.id in self.known else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        both = isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Constant)
        return ast.Constant(_worked_out(node)) if both else node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        return ast.Constant(_worked_out(node)) if isinstance(node.operand, ast.Constant) else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        node.args = [self.visit(argument) for argument in node.args]
        assert isinstance(node.func, ast.Name)
        if node.func.id == "sqrt" and isinstance(node.args[0], ast.Constant):
            return ast.Constant(_worked_out(node))
        return node


def _worked_out(node: ast.expr) -> float:
    return eval(ast.unparse(node), {"__builtins__": {}, "sqrt": sqrt})
