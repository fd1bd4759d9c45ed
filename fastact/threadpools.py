"""threadpoolctl sees fastact's threads and limits them, whichever of the two is imported first.

It has no list that a package could put itself on beforehand, and is not imported for it here. So
the import of it, if there is one, is followed by the registration: any later moment, such as the
first call on threads, would come too late for a limit that is set before.
"""

import importlib.util
import sys

from fastact._version import __version__
from fastact.engine import _engine

__all__ = ["announce"]

NAME = "threadpoolctl"


def announce():
    """Register with threadpoolctl, now or when it is imported."""
    if NAME in sys.modules:
        register(sys.modules[NAME])
    else:
        sys.meta_path.insert(0, _Follower())


def register(threadpoolctl):
    """Tell a threadpoolctl that is imported about fastact."""
    if not hasattr(threadpoolctl, "register"):  # before 3.2
        return

    class Controller(threadpoolctl.LibController):
        """fastact's threads, those of the process; `with fa.threads(n)` stays what it says."""

        user_api = "fastact"
        internal_api = "fastact"
        filename_prefixes = ("_engine",)
        check_symbols = ("fastact_process_threads",)

        def get_num_threads(self):
            symbol = getattr(self.dynlib, "fastact_process_threads", None)
            return None if symbol is None else symbol()

        def set_num_threads(self, num_threads):
            _engine.set_process_threads(min(max(int(num_threads), 1), 1024))

        def get_version(self):
            return __version__

    threadpoolctl.register(Controller)


class _Follower:
    """A finder that finds threadpoolctl as the others would, once."""

    def __init__(self):
        self.asking = False

    def find_spec(self, name, path=None, target=None):
        if name != NAME or self.asking:
            return None
        self.asking = True
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self.asking = False
        execute = getattr(spec and spec.loader, "exec_module", None)
        if execute is None:
            return None

        def execute_and_register(module):
            execute(module)
            if self in sys.meta_path:
                sys.meta_path.remove(self)
                register(module)

        spec.loader.exec_module = execute_and_register
        return spec
