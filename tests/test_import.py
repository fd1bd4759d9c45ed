"""What `import fastact` puts off until somebody asks for it, and that it is there then."""

import inspect
import json
import pydoc

import pytest
from operations import CATALOGUE
from processes import output_of

import fastact as fa
from fastact.engine import _engine

INTRODUCTIONS = """
import json, fastact as fa
from fastact.activations import CATALOGUE
operations = ("backward", "forward_backward", "derivative", "parameter_backward",
              "backward_from_output", "gate_gradient", "packed")
faces = [getattr(fa, name) for name in CATALOGUE]
faces += [getattr(face, name) for face in faces for name in operations if hasattr(face, name)]
early = [repr(f) for f in faces if {"__doc__", "__signature__"} & vars(f).keys()]
asked = [(f.__doc__, f.__signature__) for f in faces]
kept = [f.__doc__ is d and f.__signature__ is s for f, (d, s) in zip(faces, asked)]
print(json.dumps([early, len(faces), sum(kept), len({d for d, _ in asked})]))
"""

NAMES = """
import json, sys
before = set(sys.modules)
import fastact as fa
early = [m for m in set(sys.modules) - before if m.startswith(("fastact.own.", "fastact.neuron"))]
listed = set(fa.__all__) <= set(dir(fa))
exec("from fastact import *")
print(json.dumps([early, listed, sorted(set(fa.__all__) - set(globals()))]))
"""


def test_introductions_are_made_when_asked_for():
    early, there, kept, different = json.loads(output_of(INTRODUCTIONS))
    assert early == []
    assert there > 3 * len(CATALOGUE)
    assert kept == different == there


def test_modules_are_imported_when_their_names_are_asked_for():
    early, listed, missing = json.loads(output_of(NAMES))
    assert early == ["fastact.own.registry"]
    assert listed
    assert missing == []


def test_no_other_name_is_there():
    with pytest.raises(AttributeError, match=r"^module 'fastact' has no attribute 'sigmoyd'$"):
        fa.sigmoyd  # noqa: B018


def test_an_introduction_can_be_replaced():
    @fa.define
    def halved(x):
        """Half of it."""
        return x / 2

    assert inspect.getdoc(halved) == "Half of it."
    assert str(inspect.signature(halved)).startswith("(x, ")
    halved.__doc__ = "A half."
    halved.__signature__ = inspect.Signature()
    assert inspect.getdoc(halved) == "A half."
    assert str(inspect.signature(halved)) == "()"


@pytest.mark.parametrize("name", ["gelu", "softmax", "swiglu", "softmax_cross_entropy"])
def test_classes_keep_their_own_docstring(name):
    face = getattr(fa, name)
    assert type(face).__doc__ != face.__doc__
    assert CATALOGUE[name].formula in pydoc.render_doc(face, renderer=pydoc.plaintext)
    assert CATALOGUE[name].formula not in str(inspect.getdoc(type(face)))
    with pytest.raises(AttributeError):
        type(face).__signature__  # noqa: B018


def test_what_does_not_introduce_itself_has_the_docstring_of_its_class():
    bare = _engine.Operation("bare", "forward", ("x",), (None,), 1, None)
    assert bare.__doc__ == _engine.Operation.__doc__
    assert not hasattr(bare, "__signature__")
