"""The pages that claim to run as they stand."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("page", ["README.md", "docs/textbook.md"])
def test_pages_run(page):
    """In a process of its own: the examples set the process's backend and threads."""
    found = subprocess.run(
        [sys.executable, "-W", "error", "-m", "doctest", str(ROOT / page)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert found.returncode == 0, found.stdout[-3000:] + found.stderr[-3000:]
    assert ">>> " in (ROOT / page).read_text(encoding="utf-8")


def hunks(page):
    """(file, the lines that the hunk finds there) of each change that a page shows."""
    shown = re.findall(r"^   ```diff\n(.*?)^   ```$", page.read_text("utf-8"), re.M | re.S)
    for change in map(textwrap.dedent, shown):
        for part in re.split(r"^--- a/", change, flags=re.M)[1:]:
            file = part.partition("\n")[0]
            for hunk in re.split(r"^@@.*@@\n", part, flags=re.M)[1:]:
                lines = hunk.splitlines()
                yield file, "\n".join(line[1:] for line in lines if line[:1] != "+")


def test_the_changes_shown_to_contributors_fit():
    found = list(hunks(ROOT / "CONTRIBUTING.md"))
    assert len(found) >= 6
    for file, before in found:
        assert before in (ROOT / file).read_text("utf-8"), f"{file}:\n{before}"
