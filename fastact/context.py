"""What a `with` block changes for its own thread or task: the backend, the number of threads."""

from contextlib import ContextDecorator

from fastact.engine import _engine


class context(_engine.Scope, ContextDecorator):
    """`with context(threads=2):`, or a decorator. What is not given stays as it is outside."""

    def _recreate_cm(self):
        return context(self.selection, self.threads)
