"""The catalogue: one entry per activation. Tests, benchmarks, docs and the CLI iterate it."""

from fastact.activations import (
    exponentials,
    gated,
    gates,
    losses,
    others,
    rectifiers,
    rows,
    shrinkers,
    sigmoids,
    softplus,
    straight,
)
from fastact.activations.entry import Entry, Parameter

__all__ = ["CATALOGUE", "NAMES", "Entry", "Parameter"]

FAMILIES = (
    straight,
    sigmoids,
    rectifiers,
    softplus,
    exponentials,
    gates,
    shrinkers,
    others,
    rows,
    losses,
    gated,
)

CATALOGUE: dict[str, Entry] = {entry.name: entry for family in FAMILIES for entry in family.ENTRIES}

#: Every name, aliases among them -> that in the catalogue.
NAMES = {name: entry.name for entry in CATALOGUE.values() for name in (entry.name, *entry.aliases)}
