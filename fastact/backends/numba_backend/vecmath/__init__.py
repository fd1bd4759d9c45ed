"""Elementary functions from plain arithmetic: no branch and no library call, so they vectorise.

Written once for float32 and float64, on Numbers. A constant that float32 holds exactly is written
as such; every other one is a `Constant` or a `polynomial` with one value per type. All coefficients
are printed by tools/derive_numba_polynomials.py.
"""
