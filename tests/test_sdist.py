"""A source distribution holds what the repository does: tests with all they import, documents."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: setuptools adds these by itself, and of the package what the compiled modules are made of.
ITS_OWN = {"LICENSE", "MANIFEST.in", "README.md", "pyproject.toml", "setup.py"}


def test_everything_tracked_is_in_it(monkeypatch):
    file_list = pytest.importorskip("setuptools.command.egg_info").FileList()
    if not (ROOT / ".git").exists():
        pytest.skip("no repository")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    tracked = listed.stdout.splitlines()
    if not tracked:
        pytest.skip("git lists nothing")
    monkeypatch.chdir(ROOT)
    file_list.allfiles = list(tracked)
    for line in (ROOT / "MANIFEST.in").read_text().splitlines():
        file_list.process_template_line(line)
    left_out = set(tracked) - set(file_list.files) - ITS_OWN - {".gitignore"}
    assert not {name for name in left_out if not name.startswith("fastact/")}
