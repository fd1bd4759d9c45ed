"""The examples of docstrings: a call, and what it gives."""

import ast

__all__ = ["example"]


def example(function, arguments, results):
    """Lines that call a function of fastact's, and show what comes out.

    `function` is its name behind ``fa.``, `arguments` what stands between the parentheses, in
    literals; `results` names what comes out. The numbers are those that NumPy's backend gives when
    somebody asks for the docstring.
    """
    import fastact as fa

    text = f"fa.{function}({arguments})"
    call = ast.parse(text, mode="eval").body
    found = fa
    for name in function.split("."):
        found = getattr(found, name)
    with fa.use_backend("numpy"):
        found = found(
            *[ast.literal_eval(value) for value in call.args],
            **{keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords},
        )
    lines = [">>> import fastact as fa"]
    if len(results) == 1:
        lines += [f">>> {text}.round(3)", repr(found.round(3))]
    else:
        lines.append(f">>> {', '.join(results)} = {text}")
        for name, value in zip(results, found, strict=True):
            lines += [f">>> {name}.round(3)", repr(value.round(3))]
    return "\n".join(lines)
