"""numexpr: the catalogue's formulas, compiled beforehand, results into `out`."""

import ast
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any, ClassVar, NamedTuple

import numexpr
import numpy as np

from .form import Form
from .formula import Formula, slope, value
from .jobs import Given, Job, parameters

# What numexpr has of what formulas are made of; it has no erf.
KNOWN = {"exp", "expm1", "log", "log1p", "tanh", "sqrt", "sin", "abs", "where"}

# What a signature says for a dtype: numexpr's "float" is float32.
TYPES = {"float32": float, "float64": np.float64}


class Expression(NamedTuple):
    """`function(*inputs, *constants, out=...)`."""

    function: Any
    constants: tuple[np.generic, ...]


class NumExpr:
    """numexpr, for pointwise functions."""

    name = "numexpr"
    inexact: ClassVar[dict[str, str]] = {}

    def __init__(self, threads: int) -> None:
        numexpr.set_num_threads(threads)
        self._compiled: dict[tuple[str, str, str], Expression | None] = {}

    def forms(self, job: Job, given: Given) -> list[Form]:
        """One expression for the value, one for the gradient."""
        if job.rowwise or job.dtype not in TYPES:
            return []
        value = self._expression(job.activation, job.dtype, "value")
        gradient = self._expression(job.activation, job.dtype, "gradient")
        if value is None or gradient is None:
            return []

        def fused(x: Any, dy: Any, y_out: Any = None, dx_out: Any = None) -> Any:
            # The gradient first: the value may go over x.
            dx = gradient.function(x, dy, *gradient.constants, out=dx_out)
            return value.function(x, *value.constants, out=y_out), dx

        if job.in_place:
            over: dict[str, Callable[..., Any]] = {
                "forward": lambda x: value.function(x, *value.constants, out=x),
                "backward": lambda x, dy: gradient.function(x, dy, *gradient.constants, out=dy),
                "forward_backward": lambda x, dy: fused(x, dy, x, dy),
            }
            return [
                Form(over[job.operation], consumed=lambda: tuple(a.copy() for a in given.arrays))
            ]
        out: tuple[Any, ...] = (None,) * len(given.out) if job.layout == "fresh" else given.out
        if job.operation == "forward_backward":
            return [Form(fused, given.arrays, {"y_out": out[0], "dx_out": out[1]})]
        chosen = value if job.operation == "forward" else gradient
        return [Form(chosen.function, (*given.arrays, *chosen.constants), {"out": out[0]})]

    def _expression(self, activation: str, dtype: str, of: str) -> Expression | None:
        key = activation, dtype, of
        if key not in self._compiled:
            self._compiled[key] = compiled(*key)
        return self._compiled[key]


def compiled(activation: str, dtype: str, of: str) -> Expression | None:
    """The value or the gradient; None where numexpr lacks a function."""
    given = parameters(activation)
    if of == "value":
        inputs = ["x"]
        text, constants = written(value(activation), given)
    else:
        inputs = ["x", "dy"]
        text, constants = written(slope(activation), given)
        text = f"dy * ({text})"
    if "x" not in names(text):  # an input must be used
        text = f"{text} + 0 * x"
    if calls(text) - KNOWN:
        return None
    kind = np.dtype(dtype).type
    signature = [(name, TYPES[dtype]) for name in (*inputs, *constants)]
    function = partial(numexpr.NumExpr(text, signature), ex_uses_vml=False)
    return Expression(function, tuple(kind(number) for number in constants.values()))


def written(formula: Formula, given: dict[str, float]) -> tuple[str, dict[str, float]]:
    """The text, and every number that is not an integer by a name: numexpr would compute in
    float64 if it saw one."""
    expression = deepcopy(formula.expression)
    if formula.part is not None:
        expression = _Part(*formula.part).visit(expression)
    translated = _Translated(given)
    text = ast.unparse(translated.visit(ast.parse(ast.unparse(expression), mode="eval").body))
    return text, translated.constants


def names(text: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def calls(text: str) -> set[str]:
    found = (node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    return {function.id for function in found if isinstance(function, ast.Name)}


class _Part(ast.NodeTransformer):
    """The name of a part by that part; numexpr computes equal parts once."""

    def __init__(self, name: str, part: ast.expr) -> None:
        self.name, self.part = name, part

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.part if node.id == self.name else node


class _Translated(ast.NodeTransformer):
    """Python's conditions, min and max as `where`."""

    def __init__(self, given: dict[str, float]) -> None:
        self.given = given
        self.constants: dict[str, float] = {}

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.given:
            self.constants[node.id] = self.given[node.id]
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        number = node.value
        assert isinstance(number, (int, float))
        if number == int(number):
            return ast.Constant(int(number))
        name = f"c{len(self.constants)}"
        self.constants[name] = number
        return ast.Name(name)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        return _where(node.test, node.body, node.orelse)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        operands = [node.left, *node.comparators]
        pairs = [
            ast.Compare(a, [operator], [b])
            for a, operator, b in zip(operands, node.ops, operands[1:], strict=False)
        ]
        found: ast.expr = pairs[0]
        for pair in pairs[1:]:
            found = ast.BinOp(found, ast.BitAnd(), pair)
        return found

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        assert isinstance(node.func, ast.Name)
        if node.func.id not in ("min", "max"):
            return node
        first, second = node.args
        less = ast.Lt() if node.func.id == "min" else ast.Gt()
        return _where(ast.Compare(first, [less], [second]), first, second)


def _where(condition: ast.expr, first: ast.expr, second: ast.expr) -> ast.Call:
    return ast.Call(ast.Name("where"), [condition, first, second], [])
