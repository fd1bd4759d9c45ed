"""What other versions left in Numba's cache is removed when it has not been used for long."""

import os
import time

import pytest

from fastact import caches

pytest.importorskip("numba")

from fastact.backends.numba_backend import cache

OLD, NEW = "0123456789abcdef" * 2, "fedcba9876543210" * 2
LONG_AGO = time.time() - (caches.KEPT_DAYS + 1) * 86400


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """With two folders, neither of this version, the first unused for long."""
    monkeypatch.setenv("FASTACT_CACHE_DIR", str(tmp_path))
    for name in (OLD, NEW):
        (tmp_path / "numba" / name).mkdir(parents=True, mode=0o700)
        (tmp_path / "numba" / name / "relu_forward_f").write_text("a loop")
    (tmp_path / "numba").chmod(0o700)
    os.utime(tmp_path / "numba" / OLD, (LONG_AGO, LONG_AGO))
    return tmp_path / "numba"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_is_old_goes_and_what_is_used_stays(folder):
    current = cache.Cache().directory
    assert names(folder) == sorted([NEW, current.name])
    assert (folder / NEW / "relu_forward_f").exists()
    os.utime(current, (LONG_AGO, LONG_AGO))
    assert cache.Cache().directory == current
    assert current.stat().st_mtime > LONG_AGO + 86400, "its use was noted"
    os.utime(current, (LONG_AGO, LONG_AGO))
    caches.prune(folder, keep=current)
    assert current.exists()


def test_nothing_else_is_touched(folder):
    for name in ("mine", OLD[:-1], OLD.upper(), "f" * 31 + "x"):
        (folder / name).mkdir()
        os.utime(folder / name, (LONG_AGO, LONG_AGO))
    (folder / ("a" * 32)).write_text("a file")
    os.utime(folder / ("a" * 32), (LONG_AGO, LONG_AGO))
    (folder / OLD / "below").mkdir()
    for number in range(20):  # in whatever order they are found
        (folder / OLD / f"loop{number}").write_text("")
    os.utime(folder / OLD, (LONG_AGO, LONG_AGO))
    before = names(folder)
    current = cache.Cache().directory
    assert names(folder) == sorted([*before, current.name])
    assert len(names(folder / OLD)) == 22


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs links")
def test_links_are_not_followed(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("")
    os.utime(elsewhere, (LONG_AGO, LONG_AGO))
    try:
        (folder / ("b" * 32)).symlink_to(elsewhere, target_is_directory=True)
        os.utime(folder / ("b" * 32), (LONG_AGO, LONG_AGO), follow_symlinks=False)
    except (OSError, NotImplementedError):
        pytest.skip("cannot make links here")
    cache.Cache()
    assert (elsewhere / "kept").exists()
    assert (folder / ("b" * 32)).is_symlink()


def test_what_cannot_be_removed_is_no_error(folder, monkeypatch):
    os.utime(folder / NEW, (LONG_AGO, LONG_AGO))
    unlink, refused = type(folder).unlink, []

    def refuse_once(self):
        if not refused:
            refused.append(self.parent)
            raise PermissionError("not yours")
        unlink(self)

    monkeypatch.setattr(type(folder), "unlink", refuse_once)
    current = cache.Cache().directory
    assert names(folder) == sorted([refused[0].name, current.name])
