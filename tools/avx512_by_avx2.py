"""Copy the package to a folder in which the modules of AVX2 have the kernels of AVX-512.

    python tools/avx512_by_avx2.py /tmp/copy       # takes some minutes
    cd /tmp/copy; export PYTHONPATH=$PWD
    python -m pytest -k "cython-avx2 and mish"
    python -m fastact accuracy mish --isa avx2

For processors without AVX-512: avx512_by_avx2.hpp carries its instructions out by those of AVX2.
That says whether these kernels are right, not how fast they are. The checkout must have been built.
"""

import os
import runpy
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path

from copies import ROOT, copy
from Cython.Build import cythonize
from setuptools import Extension

KERNELS = Path("fastact/backends/cython_backend")
MODULES = ("_avx2", "_avx2_rows")
SHIM = ROOT / "tools/avx512_by_avx2.hpp"
# Of setup.py's those that decide what is computed; more optimization takes long to compile.
FLAGS = """-std=c++17 -O1 -fno-math-errno -fno-trapping-math -ffp-contract=off -fwrapv
    -fno-exceptions -fno-rtti -fvisibility=hidden -Wno-psabi -fPIC -shared -s -march=x86-64-v3"""


def main():
    folder = Path(sys.argv[1]).resolve()
    copy(folder, "fastact/engine/*.so")
    os.chdir(folder)
    stamp = runpy.run_path("fastact/built.py")["stamp"](str(KERNELS))
    command = [os.environ.get("CXX", "g++"), *shlex.split(FLAGS), "-include", SHIM]
    command += [f'-DFASTACT_SOURCES="{stamp}"', "-I", KERNELS]
    command += ["-I", sysconfig.get_paths()["include"]]
    extensions = [
        Extension(f"fastact.{m}", [str(KERNELS / f"{m}.pyx")], language="c++") for m in MODULES
    ]
    for name, module in zip(MODULES, cythonize(extensions, build_dir="build"), strict=True):
        target = KERNELS / f"{name}{sysconfig.get_config_var('EXT_SUFFIX')}"
        subprocess.run([*command, *module.sources, "-o", target], check=True)


if __name__ == "__main__":
    main()
