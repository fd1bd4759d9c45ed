"""The pages that claim to run as they stand."""

import subprocess
import sys
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
