"""What a `with` block changes for its own thread or task: the backend, the number of threads."""

from contextlib import contextmanager

from fastact.engine import _engine


@contextmanager
def context(**changes):
    outer = _engine.context_variable.get(None) or _engine.Context()
    merged = {"selection": outer.selection, "threads": outer.threads} | changes
    token = _engine.context_variable.set(_engine.Context(**merged))
    try:
        yield
    finally:
        _engine.context_variable.reset(token)
