"""Benchmarks: fastact's backends against the formula written by hand and against SciPy."""
