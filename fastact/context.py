"""What a `with` block changes for its own thread or task: the backend, the number of threads."""

from fastact.engine import _engine


class context:
    """`with context(threads=2):`. What is not given stays as it is outside of the block.

    As a generator, the block alone would take longer than many a call within it.
    """

    __slots__ = ("selection", "threads", "token")

    def __init__(self, selection=None, threads=0):
        self.selection = selection
        self.threads = threads

    def __enter__(self):
        outer = _engine.context_variable.get(None)
        selection, threads = self.selection, self.threads
        if outer is not None:
            selection, threads = selection or outer.selection, threads or outer.threads
        self.token = _engine.context_variable.set(_engine.Context(selection, threads))

    def __exit__(self, *error):
        _engine.context_variable.reset(self.token)
