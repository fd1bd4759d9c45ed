"""Ufuncs out of loops, row-wise calls, threads and CPU features; see `_engine.pyx`."""
