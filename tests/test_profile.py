"""The profile that "auto" follows: where it is looked for, and what is wrong with some."""

import json

import pytest
from processes import STRICT, error_of, output_of

import fastact as fa
from fastact import dispatch, profiles

SHOW = """
import json, warnings, fastact as fa
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    names = {name: fa.get_backend(name) for name in ("tanh", "relu", "softmax")}
    fa.tanh([0.5]), fa.softmax([0.5, 1.0])
config = fa.show_config(mode="dict")
print(json.dumps([names, [str(w.message) for w in caught], config["profile"],
                  config["selected"]["tanh"]["why"], fa.tanh.ufunc.__name__]))
"""


def show(**environment):
    return json.loads(output_of(SHOW, arguments=STRICT, **environment))


@pytest.fixture
def path(tmp_path):
    """A profile of this machine that prefers another backend for two activations."""
    profiles.write(tmp_path / "profile.json", {"tanh": "numpy", "softmax": "numpy"}, [])
    return tmp_path / "profile.json"


def changed(path, **values):
    content = json.loads(path.read_text()) | values
    path.write_text(json.dumps({k: v for k, v in content.items() if v is not ...}))


def test_a_profile_is_followed(path):
    names, warned, profile, why, ufunc = show(FASTACT_PROFILE=str(path))
    assert names == {"tanh": "numpy", "softmax": "numpy", "relu": "cython"}
    assert profile == {"path": str(path), "followed": True, "why": None}
    assert str(path) in why
    assert ufunc.endswith("__numpy")
    assert not warned


def test_it_is_looked_for_in_the_cache_folder(path):
    names, warned, profile, _, _ = json.loads(
        output_of(
            "import os; del os.environ['FASTACT_PROFILE']\n" + SHOW,
            FASTACT_CACHE_DIR=str(path.parent),
        )
    )
    assert names["tanh"] == "numpy"
    assert profile["path"] == str(path)
    assert not warned


def test_without_one_nothing_is_said(tmp_path):
    code = "import os; del os.environ['FASTACT_PROFILE']\n" + SHOW
    names, warned, profile, _, _ = json.loads(output_of(code, FASTACT_CACHE_DIR=str(tmp_path)))
    assert set(names.values()) == {"cython"}
    assert not warned
    assert not profile["followed"]
    assert "no such file" in profile["why"]


@pytest.mark.parametrize("home", ["~nobody-here", "/dev/null"])
def test_a_home_that_is_none_is_no_error(home):
    code = "import os; del os.environ['FASTACT_PROFILE']\n" + SHOW
    found = json.loads(output_of(code, arguments=STRICT, HOME=home, XDG_CACHE_HOME=""))
    names, warned, profile, _, _ = found
    assert set(names.values()) == {"cython"}
    assert not warned
    assert not profile["followed"]
    assert profile["why"]


def test_a_named_profile_of_nobody_is_said():
    names, warned, profile, _, _ = show(FASTACT_PROFILE="~nobody-here/profile.json")
    assert set(names.values()) == {"cython"}
    assert len(warned) == 1
    assert "~nobody-here/profile.json" in warned[0]
    assert profile["why"] in warned[0]


@pytest.mark.parametrize("variable", ["FASTACT_PROFILE", "FASTACT_CACHE_DIR"])
def test_an_empty_variable_means_none(path, variable):
    given = {"FASTACT_CACHE_DIR": str(path.parent)} | {variable: ""}
    code = (
        SHOW
        if variable == "FASTACT_PROFILE"
        else ("import os; del os.environ['FASTACT_PROFILE']\n" + SHOW)
    )
    names, warned, profile, _, _ = json.loads(output_of(code, **given))
    assert names["tanh"] == "cython"
    assert not warned
    assert profile["path"] is None
    assert "empty" in profile["why"]


def test_a_backend_by_name_comes_first(path):
    names, _, _, why, _ = show(FASTACT_PROFILE=str(path), FASTACT_BACKEND="cython,softmax=auto")
    assert names == {"tanh": "cython", "softmax": "numpy", "relu": "cython"}
    assert "by name" in why


def ignored(path, *words):
    """It is not followed, one warning says why, and so does show_config."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FASTACT_PROFILE", str(path))
        profiles.forget()
        try:
            with pytest.warns(RuntimeWarning) as warned:
                names = {name: dispatch.automatic(name) for name in ("tanh", "relu", "softmax")}
            profile = fa.show_config(mode="dict")["profile"]
        finally:
            profiles.forget()
    assert set(names.values()) == {("cython", "auto: the first choice")}
    assert len(warned) == 1
    assert not profile["followed"]
    message = str(warned[0].message)
    for word in (str(path), profile["why"], *words):
        assert word in message


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b"null", b"[]", b'{"backends": {}}', b"\0" * 50],
    ids=["empty", "cut", "not-utf8", "deep", "null", "list", "no-format", "zeros"],
)
def test_a_damaged_file_is_ignored_with_a_warning(path, content):
    path.write_bytes(content)
    ignored(path, "fa.tune")


def test_a_file_cut_short_is_ignored(path):
    path.write_bytes(path.read_bytes()[:-20])
    ignored(path, "damaged")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"processor": "another"}, ["another", "processor"]),
        ({"instruction_set": "avx9"}, ["avx9"]),
        ({"fastact": "0.0.1"}, ["0.0.1"]),
        ({"format": "fastact profile 9"}, ["fastact profile 1"]),
        ({"format": ...}, ["fastact profile 1"]),
        ({"backends": None}, ["damaged"]),
        ({"backends": ["tanh"]}, ["damaged"]),
        ({"backends": {"nosuch": "cython"}}, ["nosuch"]),
        ({"backends": {"tanh": "fortran"}}, ["fortran"]),
        ({"backends": {"tanh": 3}}, ["3"]),
        ({"backends": {"tanh": ["numpy"]}}, ["numpy"]),
    ],
)
def test_a_foreign_file_is_ignored_with_a_warning(path, values, words):
    changed(path, **values)
    ignored(path, *words)


def test_another_instruction_set_is_another_machine(path):
    sets = json.loads(path.read_text())["instruction_set"]
    if sets == "baseline":
        pytest.skip("there is no lower instruction set")
    _, warned, profile, _, _ = show(FASTACT_PROFILE=str(path), FASTACT_ISA="baseline")
    assert not profile["followed"]
    assert "baseline" in warned[0]


def test_a_folder_or_nothing_in_its_place(tmp_path):
    ignored(tmp_path)
    ignored(tmp_path / "nosuch.json", "no such file")


def test_a_backend_that_is_not_there_is_passed_over(path):
    changed(path, backends={"tanh": "numba"})
    code = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("numba", "llvmlite"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Blocker())
"""
    found = json.loads(output_of(code + SHOW, FASTACT_PROFILE=str(path)))
    assert found[0]["tanh"] == "cython"
    assert "numba, which the profile names" in found[3]


def test_warnings_as_errors_stop_one_call_not_the_next(path):
    path.write_text("{")
    code = "import fastact as fa\nfa.tanh(0.5)"
    assert "RuntimeWarning" in error_of(code, arguments=STRICT, FASTACT_PROFILE=str(path))
    twice = """
import fastact as fa
try:
    fa.tanh(0.5)
except RuntimeWarning:
    print(float(fa.tanh(0.0)))
"""
    assert output_of(twice, arguments=STRICT, FASTACT_PROFILE=str(path)) == "0.0"


def test_a_failed_write_leaves_the_old_file(path):
    before = path.read_bytes()
    with pytest.raises(TypeError):
        profiles.write(path, {"tanh": object()}, [])
    assert path.read_bytes() == before
    assert [found.name for found in path.parent.iterdir()] == ["profile.json"]


def test_a_folder_that_cannot_be_written(path):
    with pytest.raises(OSError, match=r"profile\.json"):
        profiles.write(path / "inside" / "profile.json", {}, [])


def test_import_does_not_look_for_it(path):
    """It is read when "auto" has to choose; the import stays as light as it is."""
    path.write_text("{")
    code = "import fastact as fa\nfa.set_backend('cython')\nprint(fa.tanh(0.0))"
    assert output_of(code, arguments=STRICT, FASTACT_PROFILE=str(path)) == "0.0"
