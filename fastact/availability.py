"""Which backends and instruction sets there are here, and the reason for each that is not."""

import importlib
import os

__all__ = ["available_backends"]

#: Order of preference of "auto".
BACKENDS = ("cython", "numba", "numpy")
INSTALL = {
    "numba": 'pip install "fastact[numba]"',
    "cython": "a build for this platform: pip install --force-reinstall fastact",
}


def instruction_sets():
    """The instruction sets that were built and run here, ascending, up to FASTACT_ISA."""
    from fastact.backends import cython_backend

    supported = cython_backend.supported()
    return supported[: supported.index(_highest) + 1] if _highest in supported else supported


def names():
    """Every backend that can be named, whether or not it is there."""
    from fastact.backends import cython_backend

    variants = (f"cython-{isa}" for isa in cython_backend.INSTRUCTION_SETS)
    return (*BACKENDS, *variants)


def missing(name):
    """Why a backend cannot serve, or None."""
    if name.startswith("cython"):
        isa = name.partition("-")[2]
        if isa and isa not in instruction_sets():
            return f"this CPU or build has {', '.join(instruction_sets()) or 'none of them'}"
        return None if instruction_sets() else "no compiled loops for this CPU"
    if name == "numba":
        try:
            importlib.import_module("fastact.backends.numba_backend")
        except Exception as error:  # a broken Numba raises all sorts of things
            return f"{type(error).__name__}: {error}; {INSTALL['numba']}"
    return None


def require(name):
    reason = missing(name)
    if reason is not None:
        there = ", ".join(n for n, why in available_backends().items() if why is None)
        raise ImportError(f"backend {name!r} is not available ({reason}); there are {there}")


def table(name):
    """The backend's table of loops."""
    if name.startswith("cython"):
        from fastact.backends import cython_backend

        return cython_backend.variant(name.partition("-")[2] or instruction_sets()[-1])
    return importlib.import_module(f"fastact.backends.{name}_backend")


def available_backends():
    """Every backend and variant, with None if it can serve, else the reason why not.

    Returns
    -------
    dict of str to (str or None)

    Examples
    --------
    >>> import fastact as fa
    >>> fa.available_backends()["numpy"] is None
    True
    """
    return {name: missing(name) for name in names()}


def highest_instruction_set():
    """FASTACT_ISA, checked, or the widest set that there is."""
    from fastact.backends import cython_backend

    asked = os.environ.get("FASTACT_ISA", "").strip()
    supported = cython_backend.supported()
    if not asked:
        return supported[-1] if supported else None
    if asked not in cython_backend.INSTRUCTION_SETS:
        raise ValueError(
            f"FASTACT_ISA must be one of {', '.join(cython_backend.INSTRUCTION_SETS)}, "
            f"not {asked!r}"
        )
    if asked not in supported:
        raise ImportError(f"FASTACT_ISA={asked}: this CPU or build has only {', '.join(supported)}")
    return asked


_highest = highest_instruction_set()
