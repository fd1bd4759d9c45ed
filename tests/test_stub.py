"""What editors and type checkers see: fastact/__init__.pyi is what there is, compat has types."""

import ast
import importlib.util
import inspect
import pkgutil
from pathlib import Path

import pytest

import fastact as fa
import fastact.compat
import fastact.typing

ROOT = Path(__file__).parents[1]
STUB = ROOT / "fastact" / "__init__.pyi"


def test_it_is_what_the_tool_prints():
    specification = importlib.util.spec_from_file_location("tool", ROOT / "tools/write_stub.py")
    tool = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(tool)
    assert STUB.read_text() == tool.stub() + "\n", "python tools/write_stub.py > " + str(STUB)


def test_it_has_every_public_name():
    names = set()
    for statement in ast.parse(STUB.read_text()).body:
        if isinstance(statement, ast.AnnAssign):
            names.add(statement.target.id)
        elif isinstance(statement, ast.FunctionDef):
            names.add(statement.name)
        elif isinstance(statement, ast.Assign):
            listed = ast.literal_eval(statement.value)
    assert names == set(fa.__all__)
    assert listed == fa.__all__


def test_types_of_single_arguments():
    """Wider or narrower than elsewhere."""
    found = {
        f"{statement.name[1:]}.{argument.arg}": ast.unparse(argument.annotation)
        for statement in ast.parse(STUB.read_text()).body
        if isinstance(statement, ast.ClassDef)
        for argument in (*statement.body[0].args.args[1:], *statement.body[0].args.kwonlyargs)
    }
    assert found["prelu.axis"] == "int | None"
    assert found["softmax_cross_entropy.axis"] == "int"
    assert found["gelu.approximate"] == "Literal['none', 'tanh'] | bool"
    assert found["binary_cross_entropy_with_logits.pos_weight"] == "ArrayLike | None"


def test_the_operations_are_those_there_are():
    kinds = {
        fa.gelu: fastact.typing.Activation,
        fa.softmax: fastact.typing.Rowwise,
        fa.softmax_cross_entropy: fastact.typing.Loss,
        fa.swiglu: fastact.typing.Gated,
        fa.swiglu.packed: fastact.typing.Differentiable,
        fa.dense: fastact.typing.Differentiable,
        fa.bias_act: fastact.typing.Differentiable,
    }
    for function, kind in kinds.items():
        for name in ("backward", "forward_backward", "derivative", "packed"):
            assert hasattr(function, name) == hasattr(kind, name), f"{function}.{name}"


@pytest.mark.parametrize("name", [m.name for m in pkgutil.iter_modules(fastact.compat.__path__)])
def test_functions_of_compat_have_types(name):
    module = importlib.import_module(f"fastact.compat.{name}")
    functions = [f for f in map(vars(module).get, module.__all__) if inspect.isfunction(f)]
    assert functions
    missing = []
    for function in functions:
        found = inspect.get_annotations(function)
        wanted = [*inspect.signature(function).parameters, "return"]
        missing += [f"{function.__name__}: {n}" for n in wanted if n not in found]
    assert missing == []
