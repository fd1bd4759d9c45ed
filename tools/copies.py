"""Copies of the project in which something else is compiled."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def copy(folder, *compiled):
    """The tracked files, and of the compiled modules those that match one of the patterns."""
    names = subprocess.run(
        ["git", "-C", ROOT, "ls-files"], check=True, capture_output=True, text=True
    ).stdout.split()
    modules = [str(path.relative_to(ROOT)) for pattern in compiled for path in ROOT.glob(pattern)]
    for name in [*names, *modules]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
