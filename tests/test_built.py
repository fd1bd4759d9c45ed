"""A compiled module of other sources than those beside it is noticed when it is imported."""

import os
import shutil
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from processes import error_of, output_of

import fastact
from fastact import built
from fastact.backends import cython_backend

PACKAGE = Path(fastact.__file__).parent
FOLDERS = {"engine": "drive.hpp", "backends/cython_backend": "formulas/point.hpp"}
KERNELS = [
    f"backends.cython_backend.{module}"
    for isa in cython_backend.supported()
    for module in cython_backend.modules(isa)
]
RUN = """
import sys
sys.path.insert(0, {folder!r})
import fastact as fa
fa.relu(1.0)
"""


@pytest.fixture
def checkout(tmp_path):
    """A copy of the package as in a checkout, sources and compiled modules with their times."""
    if not (PACKAGE / "engine" / "_engine.pyx").exists():
        pytest.skip("installed without its sources")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, tmp_path / "fastact", ignore=ignored, copy_function=shutil.copy2)
    return tmp_path


def run(checkout):
    return RUN.format(folder=str(checkout))


def replaced(path, old, new):
    """Change a file and leave its time as it was."""
    status = path.stat()
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_a_fitting_build_is_silent(checkout):
    assert output_of(run(checkout), arguments=("-W", "error")) == ""


@pytest.mark.parametrize("folder", FOLDERS)
def test_another_content_is_an_error(checkout, folder):
    source = checkout / "fastact" / folder / FOLDERS[folder]
    text = source.read_text()
    source.write_text(text.replace("namespace fastact", "namespace fastacT"))  # as long as before
    message = error_of(run(checkout)).splitlines()[-1]
    assert message.startswith("ImportError: ")
    assert folder in message
    assert "pip install -e ." in message
    source.write_text(text)  # touched, but the same: no error
    assert output_of(run(checkout)) == ""


@pytest.mark.parametrize("folder", FOLDERS)
def test_another_length_is_an_error_whatever_its_time(checkout, folder):
    replaced(checkout / "fastact" / folder / FOLDERS[folder], "namespace", "// a line\nnamespace")
    assert "ImportError" in error_of(run(checkout))


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_source_more_or_less_is_an_error(checkout, folder):
    more = checkout / "fastact" / folder / "more.hpp"
    more.write_text("")
    assert "ImportError" in error_of(run(checkout))
    more.unlink()
    assert output_of(run(checkout)) == ""
    (checkout / "fastact" / folder / FOLDERS[folder]).unlink()
    assert "ImportError" in error_of(run(checkout))


def test_without_sources_there_is_nothing_to_compare(checkout):
    for path in (checkout / "fastact").rglob("*"):
        if path.suffix in built.SUFFIXES:
            path.unlink()
    assert output_of(run(checkout), arguments=("-W", "error")) == ""


def test_a_module_without_a_stamp_is_of_other_sources(checkout):
    folder = checkout / "fastact" / "engine"
    assert not built.fits("", str(folder), 2**63)


@pytest.mark.parametrize("name", ["engine._engine", *KERNELS])
def test_the_stamp_is_of_all_sources(checkout, name):
    module = import_module(f"fastact.{name}")
    folder = checkout / Path(module.__file__).parent.relative_to(PACKAGE.parent)
    assert module.sources_stamp() == built.stamp(str(folder))
    for source in folder.rglob("*"):
        if source.suffix in built.SUFFIXES:
            text = source.read_text()
            source.write_text(text.replace("\n", " ", 1))
            assert module.sources_stamp() != built.stamp(str(folder)), source
            source.write_text(text)


def test_an_engine_that_cannot_be_loaded_says_why(checkout):
    for compiled in (checkout / "fastact" / "engine").glob("_engine.*.so"):
        compiled.write_bytes(b"no module")
    message = error_of(run(checkout))
    assert "not built here" not in message
    for compiled in (checkout / "fastact" / "engine").glob("_engine.*.so"):
        compiled.unlink()
    assert "not built here" in error_of(run(checkout)).splitlines()[-1]


@pytest.mark.parametrize("path", [None, "", "/nowhere/at/all/_engine.so"])
def test_a_module_without_a_folder_is_taken_as_it_is(path):
    module = SimpleNamespace(__file__=path, __name__="_engine", sources_stamp=lambda: "another")
    built.check(module)
