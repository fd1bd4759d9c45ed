"""What pyproject.toml cannot say: the compiled modules and their flags per instruction set."""

import os
import platform
import runpy
import subprocess
import sys
from glob import glob
from pathlib import Path

import numpy
from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

# Contraction is written out (mul_add), never left to the compiler: forward and forward_backward
# must give the same bits. No -ffast-math, no -march=native.
KERNEL_FLAGS = [
    "-std=c++17",
    "-O3",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-ffp-contract=off",
    "-fwrapv",  # integers are the bits of numbers, too, also of those that nothing is made of
    "-fno-exceptions",
    "-fno-rtti",
    "-fvisibility=hidden",
    "-g0",
    # Vectors are written as such. Of pointers that lie side by side GCC would make one, which waits
    # for the stores of the pointers.
    "-fno-tree-slp-vectorize",
    # GCC's own AVX-512 headers set these off.
    "-Wno-uninitialized",
    "-Wno-maybe-uninitialized",
    # A branch for each question would take longer.
    "-Wno-bitwise-instead-of-logical",
    # Vectors are never passed from one module to another.
    "-Wno-psabi",
]
ENGINE_FLAGS = [
    *("-std=c++17", "-O3", "-ffp-contract=off", "-fvisibility=hidden", "-g0", "-pthread"),
    *("-Wno-psabi", "-Wno-uninitialized", "-Wno-maybe-uninitialized"),  # likewise
]
LINK_FLAGS = [] if sys.platform == "darwin" else ["-Wl,--strip-all"]

# What one compiler knows and another does not.
OPTIONAL = [
    "-fschedule-insns",
    "-fsched-pressure",
    "-fno-sched-spec",
    "-Wno-maybe-uninitialized",
    "-Wno-bitwise-instead-of-logical",
]

if sys.platform == "darwin":
    # A Python for two processors would have this compiled for both, with the flags of one.
    os.environ.setdefault("ARCHFLAGS", f"-arch {platform.machine()}")

X86 = platform.machine().lower() in ("x86_64", "amd64")
INSTRUCTION_SETS: dict[str, list[str]] = {"baseline": []}
if X86:
    # GCC leaves this out for x86: it sets the operations of two vectors side by side. But none
    # above a branch: a product of a subnormal number, which the branch is there to spare, takes an
    # Intel processor 150 cycles.
    schedule = ["-fschedule-insns", "-fsched-pressure", "-fno-sched-spec"]
    INSTRUCTION_SETS = {
        "baseline": ["-march=x86-64-v2", *schedule],
        "avx2": ["-march=x86-64-v3", *schedule],
        "avx512": ["-march=x86-64-v4", "-mprefer-vector-width=512", *schedule],
    }

NUMPY = {
    "include_dirs": [numpy.get_include()],
    "define_macros": [
        ("NPY_NO_DEPRECATED_API", "NPY_2_0_API_VERSION"),
        ("NPY_TARGET_VERSION", "NPY_2_0_API_VERSION"),
    ],
}
ENGINE = "fastact/engine"
CYTHON_BACKEND = "fastact/backends/cython_backend"

stamp = runpy.run_path("fastact/built.py")["stamp"]


def stamped(folder):
    """A macro: what an import compares with the sources beside the module, if there are any."""
    return ("FASTACT_SOURCES", f'"{stamp(folder)}"')


def remove_stale(path, extension):
    sources = dict(extension.define_macros)["FASTACT_SOURCES"].strip('"').encode()
    path = Path(path)
    if path.exists() and sources not in path.read_bytes():
        path.unlink()


engine = Extension(
    "fastact.engine._engine",
    [f"{ENGINE}/_engine.pyx"],
    include_dirs=[ENGINE, *NUMPY["include_dirs"]],
    define_macros=[*NUMPY["define_macros"], stamped(ENGINE)],
    extra_compile_args=ENGINE_FLAGS,
    extra_link_args=[*LINK_FLAGS, "-pthread"],
    depends=glob(f"{ENGINE}/*.[hp]*"),
    language="c++",
)
kernels = [
    Extension(
        f"fastact.backends.cython_backend._{name}{part}",
        [f"{CYTHON_BACKEND}/_{name}{part}.pyx"],
        include_dirs=[CYTHON_BACKEND],
        define_macros=[stamped(CYTHON_BACKEND)],
        extra_compile_args=[*KERNEL_FLAGS, *flags],
        extra_link_args=LINK_FLAGS,
        depends=glob(f"{CYTHON_BACKEND}/**/*.[hp]*", recursive=True),
        language="c++",
    )
    # In two parts, which are compiled side by side; the first takes longer.
    for part in ("", "_rows")
    for name, flags in reversed(INSTRUCTION_SETS.items())
]

# Those that take longest first: no processor is left with one of them at the end.
modules = [*kernels, engine]


class BuildModules(build_ext):
    """With the flags that this compiler knows; stale modules anew, whatever the time stamps say."""

    def finalize_options(self):
        super().finalize_options()
        # As many at once as there are processors: each of the kernels takes a minute. Said here,
        # since an editable install forgets the options of setup().
        self.parallel = self.parallel or min(len(modules), os.cpu_count() or 1)

    def build_extensions(self):
        unknown = {flag for flag in OPTIONAL if not self.knows(flag)}
        for module in self.extensions:
            module.extra_compile_args = [f for f in module.extra_compile_args if f not in unknown]
        super().build_extensions()

    def knows(self, flag):
        compiler = self.compiler.compiler_so
        command = [*compiler, "-Werror", flag, "-fsyntax-only", "-x", "c++", os.devnull]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def build_extension(self, extension):
        remove_stale(self.get_ext_fullpath(extension.name), extension)
        super().build_extension(extension)

    def copy_extensions_to_source(self):
        for extension in self.extensions:
            remove_stale(self.get_ext_filename(extension.name), extension)
        super().copy_extensions_to_source()


setup(
    cmdclass={"build_ext": BuildModules},
    ext_modules=cythonize(
        modules,
        build_dir="build",
        nthreads=0,
        compiler_directives={"language_level": 3},
    ),
)
