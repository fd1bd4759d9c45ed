"""Ufuncs out of loops, row-wise calls, threads and CPU features; see `_engine.pyx`."""

from fastact.built import check

try:
    import fastact.engine._engine as _engine
except ModuleNotFoundError as error:
    if error.name != f"{__name__}._engine":
        raise
    raise ImportError(
        "fastact is not built here, or for another Python: run `pip install -e .` in the checkout, "
        "or leave its folder"
    ) from error

check(_engine)
