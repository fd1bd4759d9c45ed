"""`fastact tune`: what it does with its options."""

import argparse
import json
import sys

import fastact as fa

from . import thresholds


def main(options: argparse.Namespace) -> int:
    """Measure and print; save if that is asked for."""
    if options.thresholds:
        try:
            print(thresholds.table(thresholds.measure()))
        except RuntimeError as error:
            sys.exit(f"fastact tune --thresholds: {error}")
        return 0
    try:
        save = options.save is not None
        found = fa.tune(
            *options.names, seconds=options.seconds, save=save, path=options.save or None
        )
    except ValueError as error:
        print(f"fastact tune: {error}", file=sys.stderr)
        return 2
    if options.json:
        from .result import measured

        content = {"backends": found.backends, "cells": [measured(cell) for cell in found.cells]}
        options.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return 0
