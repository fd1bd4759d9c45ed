"""Turns the Python function of a loop into the address of machine code, through the cache."""

import threading

from numba import cfunc
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target

from .cache import Cache
from .intrinsics import SIGNATURE

_lock = threading.RLock()
_loops: dict = {}
_cache = None


class Loop:
    """A compiled loop: its address, and the library that must live as long."""

    def __init__(self, address, library, cached):
        self.address = address
        self.cached = cached
        self._library = library

    def assembly(self):
        """The machine code in words, also of a loop from the cache."""
        library = self._library
        # Not library.get_asm_str(), which refuses a library that was loaded.
        with global_compiler_lock:
            return library.codegen._tm.emit_assembly(library._get_module_for_linking())


def compiled(name, make):
    """The Loop called `name`, made at most once; `make()` gives its Python function."""
    loop = _loops.get(name)
    if loop is None:
        with _lock:
            loop = _loops.get(name)
            if loop is None:
                loop = _loops[name] = _load(name) or _compile(name, make())
    return loop


def cache():
    """The cache of this process; the environment is read at the first use."""
    global _cache
    with _lock:
        if _cache is None:
            _cache = Cache()
        return _cache


def _load(name):
    stored = cache().load(name)
    if stored is None:
        return None
    symbol, state = stored
    try:
        with global_compiler_lock:
            library = cpu_target.target_context.codegen().unserialize_library(state)
            address = library.get_pointer_to_function(symbol)
    except (RuntimeError, ValueError):
        return None
    return Loop(address, library, cached=True) if address else None


def _compile(name, function):
    # The symbol comes from these names. Without them, one loaded from the cache could meet
    # another of the same name: Numba numbers its functions in the order of compilation.
    function.__name__ = function.__qualname__ = name
    result = cfunc(SIGNATURE, error_model="numpy", nopython=True)(function)
    library = result._library
    try:
        state = library.serialize_using_object_code()
    except (RuntimeError, ValueError):
        return Loop(result.address, library, cached=False)
    cache().save(name, result.native_name, state)
    return Loop(result.address, library, cached=False)
