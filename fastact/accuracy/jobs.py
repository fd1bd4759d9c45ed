"""From the options of `fastact accuracy` to what is to be measured."""

import argparse
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

import fastact as fa
from fastact.activations import CATALOGUE
from fastact.availability import BACKENDS
from fastact.backends import cython_backend

from . import peers
from .candidates import ELEMENTWISE, default_parameters
from .definitions import DEFINITIONS
from .measure import Job
from .points import Patterns, Points, Spread

# Of float32's bit patterns every so manyth: primes, so that all patterns of the low bits occur.
STEP, PEER_STEP = 257, 4099
POINTS = 2000
DTYPES = ("float16", "float32", "float64")


def jobs_of(options: argparse.Namespace) -> list[Job]:
    """Every activation, dtype and set of parameters that is asked for."""
    activations = chosen_activations(options.names)
    candidates = chosen_candidates(options.backend, options.isa)
    for candidate in candidates:
        with fa.use_backend(candidate):
            for name in activations:
                fa.get_backend(name)  # an error if it does not cover the activation
    if options.peers:
        candidates += peers.versions()
    narrow = options.peers or options.exhaustive
    dtypes = options.dtype or (["float32"] if narrow else ["float32", "float64"])
    if options.exhaustive and "float64" in dtypes:
        raise ValueError("--exhaustive: there are too many float64; choose float32 or float16")
    return [
        Job(name, parameters, _points(options, name, parameters, dtype), together, options.peers)
        for dtype in dtypes
        for name in activations
        for parameters in _parameters(name, options.all_parameters)
        # On their own where results are kept, so that one more candidate is nothing but one more.
        for together in ([(c,) for c in candidates] if options.exhaustive else [tuple(candidates)])
    ]


def _parameters(activation: str, all_of_them: bool) -> Sequence[tuple[float, ...]]:
    cases = DEFINITIONS[activation].parameter_cases
    return cases if all_of_them else [default_parameters(activation)]


def _points(
    options: argparse.Namespace, name: str, parameters: tuple[float, ...], dtype: str
) -> Points:
    if dtype == "float64":
        return Spread(name, parameters, options.points)
    if options.exhaustive or dtype == "float16":
        return Patterns(name, parameters, dtype)
    return Patterns(name, parameters, dtype, options.step or (PEER_STEP if options.peers else STEP))


def chosen_activations(names: Sequence[str]) -> list[str]:
    """The names of the catalogue for what was typed: names, aliases, or nothing for all."""
    known = {alias: n for n in ELEMENTWISE for alias in (n, *CATALOGUE[n].aliases)}
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, 3)
            guess = f"did you mean {' or '.join(near)}? There" if near else "there"
            raise ValueError(f"unknown activation {name!r}; {guess} are {', '.join(ELEMENTWISE)}")
    return list(dict.fromkeys(known[name] for name in names)) or list(ELEMENTWISE)


def chosen_candidates(backends: Sequence[str] | None, sets: Sequence[str] | None) -> list[str]:
    """Names for `fa.use_backend`, each with its instruction set where it has several."""
    reasons = fa.available_backends()
    there = [name for name in BACKENDS if reasons[name] is None]
    names = there if backends == ["all"] else backends or there[:1]
    if sets and "cython" not in names:
        raise ValueError(f"--isa is for the cython backend, not for {', '.join(names)}")
    found = [variant for name in names for variant in _variants(name, sets)]
    for name in found:
        if name not in reasons:
            raise ValueError(f"unknown backend {name!r}; there are {', '.join(reasons)} and all")
        if reasons[name] is not None:
            raise ImportError(f"backend {name!r} is not available: {reasons[name]}")
    return list(dict.fromkeys(found))


def _variants(backend: str, sets: Sequence[str] | None) -> Iterator[str]:
    if backend != "cython":
        yield backend
        return
    known = cython_backend.INSTRUCTION_SETS
    for name in sets or ():
        if name not in (*known, "all"):
            raise ValueError(f"unknown instruction set {name!r}; there are {', '.join(known)}, all")
    supported = fa.show_config(mode="dict")["instruction_sets"]
    for name in supported if sets == ["all"] else sets or supported[-1:]:
        yield f"cython-{name}"
