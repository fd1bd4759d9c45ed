"""Loops from what a formula of one's own computes (`fastact.own.expression`)."""

import inspect

import numpy as np

from .compiler import compiled
from .emission import WORDS, emit, number_of
from .intrinsics import DTYPES
from .loops import _element, plain_loop
from .number import Constant

__all__ = ["expression_formula", "expression_loop", "inspect_expression_asm", "unknown_word"]


def unknown_word(order):
    """The first operation of the expressions that no instructions are known for, or None."""
    known = WORDS | {"input", "constant"}
    return next((node.operation for node in order if node.operation not in known), None)


def expression_formula(order, results, parameters):
    """formula(x, *parameters): the results, one after the other; a None among them stays."""

    def formula(*numbers):
        x, values = numbers[0], {}
        for node in order:
            if node.operation == "input":
                found = numbers[node.arguments[0]]
            elif node.operation == "constant":
                found = x.like(_constant(node.arguments[0]))
            else:
                found = emit(node.operation, x, [values[id(a)] for a in node.arguments])
            values[id(node)] = found
        return [None if one is None else number_of(values[id(one)], x) for one in results]

    names = ("x", *(f"parameter{k}" for k in range(parameters)))
    kind = inspect.Parameter.POSITIONAL_ONLY
    formula.__signature__ = inspect.Signature([inspect.Parameter(n, kind) for n in names])
    return formula


def _constant(number):
    with np.errstate(all="ignore"):  # too large for float32: infinite, as for NumPy
        return Constant(float(np.float32(number)), number)


def _compiled(name, order, results, parameters, operation, dtype):
    real = DTYPES[dtype]

    def make():
        element = _element(operation, expression_formula(order, results, parameters), real)
        return plain_loop(element, results=1)  # how light it is nobody knows

    return compiled(f"own_{operation}_{dtype}_{parameters}_{name}", make)


def expression_loop(name, order, results, parameters, operation, dtype):
    """Address of a loop.

    Parameters
    ----------
    name : str
        Digest of the expressions, by which the loop is found in the cache.
    order : list
        All expressions there are, each after its arguments.
    results : tuple
        The expressions of value and slope; the slope may be None where only the value is asked for.
    parameters : int
        How many inputs there are besides x.
    operation : {"forward", "backward", "forward_backward", "derivative"}
    dtype : {"f", "d"}
    """
    return _compiled(name, order, results, parameters, operation, dtype).address


def inspect_expression_asm(*arguments):
    """Assembly of such a loop."""
    return _compiled(*arguments).assembly()
