"""Every compiler here that fastact may be built with takes the sources as they are."""

import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import numpy as np
import pytest

import fastact

PACKAGE = Path(fastact.__file__).parent
KERNELS, ENGINE = PACKAGE / "backends" / "cython_backend", PACKAGE / "engine"
COMMON = ("-std=c++17", "-fsyntax-only", "-w")
HERE = os.uname().machine if hasattr(os, "uname") else ""
SETS = {"x86_64": ("-march=x86-64-v2", "-march=x86-64-v3", "-march=x86-64-v4")}
COMPILERS = {
    "g++": HERE,
    "clang++": HERE,
    "aarch64-linux-gnu-g++": "aarch64",
}
BUILDS = [
    (compiler, flag)
    for compiler, machine in COMPILERS.items()
    if shutil.which(compiler)
    for flag in SETS.get(machine, ("",))
]


def headers_of(folder):
    """Those that the folder's Cython files name."""
    found = set()
    for file in [*folder.glob("*.pyx"), *folder.glob("*.pxi")]:
        found |= set(re.findall(r'cdef extern from "(\w+\.hpp)"', file.read_text()))
    return sorted(found)


def complaints(compiler, flags, folder, text):
    command = [compiler, *COMMON, *flags, f"-I{folder}", "-x", "c++", "-"]
    finished = subprocess.run(
        command, input=text, capture_output=True, text=True, timeout=300, check=False
    )
    return "" if finished.returncode == 0 else finished.stderr or "no reason given"


def including(headers):
    return "".join(f'#include "{name}"\n' for name in headers)


pytestmark = pytest.mark.skipif(not BUILDS, reason="no compiler, or none whose name is known")


@pytest.mark.parametrize(("compiler", "flag"), BUILDS)
def test_kernels(compiler, flag):
    headers = headers_of(KERNELS)
    assert {"elementwise.hpp", "wholerows.hpp", "gated.hpp"} <= set(headers)
    flags = [flag] if flag else []
    assert not complaints(compiler, flags, KERNELS, including(headers))


@pytest.mark.parametrize(
    "compiler", [c for c, m in COMPILERS.items() if m == HERE and shutil.which(c)]
)
def test_engine(compiler):
    headers = headers_of(ENGINE)
    assert {"cpu.hpp", "drive.hpp", "rowcall.hpp"} <= set(headers)
    flags = [
        f"-I{sysconfig.get_paths()['include']}",
        f"-I{np.get_include()}",
        "-DNPY_NO_DEPRECATED_API=NPY_2_0_API_VERSION",
        "-DNPY_TARGET_VERSION=NPY_2_0_API_VERSION",
    ]
    text = including(["Python.h", "numpy/arrayobject.h", "numpy/ufuncobject.h", *headers])
    assert not complaints(compiler, flags, ENGINE, text)


def test_a_fault_is_found():
    compiler = BUILDS[0][0]
    text = including(["vectors.hpp"]) + "const void* found = fastact::lost;\n"
    assert "lost" in complaints(compiler, [], KERNELS, text)
