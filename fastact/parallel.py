"""How many threads share a large array: FASTACT_NUM_THREADS, set_num_threads(), threads()."""

import operator
import os

from fastact.context import context
from fastact.engine import _engine
from fastact.engine.cpus import usable_cores

__all__ = ["get_num_threads", "set_num_threads", "threads"]


def checked_count(count, name="the number of threads"):
    try:
        count = operator.index("" if isinstance(count, bool) else count)
    except TypeError:
        raise TypeError(f"{name} must be an integer, not {type(count).__name__}") from None
    if not 1 <= count <= 1024:
        raise ValueError(f"{name} must be from 1 to 1024, not {count}")
    return count


def set_num_threads(count):
    """Set how many threads large arrays are shared between, for the whole process.

    Parameters
    ----------
    count : int
        From 1 to 1024.

    Raises
    ------
    ValueError, TypeError
        If `count` is not such a number.

    Examples
    --------
    >>> import fastact as fa
    >>> before = fa.get_num_threads()
    >>> fa.set_num_threads(1)
    >>> fa.get_num_threads()
    1
    >>> fa.set_num_threads(before)
    """
    _engine.set_process_threads(checked_count(count))


def get_num_threads():
    """How many threads a large call made here would use.

    Returns
    -------
    int

    Examples
    --------
    >>> import fastact as fa
    >>> fa.get_num_threads() >= 1
    True
    """
    return _engine.effective_threads()


def threads(count):
    """Set the number of threads within a ``with`` block, for this thread or task only.

    Parameters
    ----------
    count : int
        From 1 to 1024; see `set_num_threads` for the errors.

    Examples
    --------
    >>> import fastact as fa
    >>> with fa.threads(1):
    ...     fa.get_num_threads()
    1
    """
    return context(threads=checked_count(count))


def default_threads():
    """The CPUs this process may use, by affinity and cgroup quota, one per physical core."""
    asked = os.environ.get("FASTACT_NUM_THREADS", "").strip()
    if asked:
        try:
            return checked_count(int(asked), "FASTACT_NUM_THREADS")
        except ValueError:
            raise ValueError(
                f"FASTACT_NUM_THREADS must be an integer from 1 to 1024, not {asked!r}"
            ) from None
    return usable_cores()


def read_environment():
    """Apply FASTACT_NUM_THREADS; called once, by the import of fastact."""
    _engine.set_process_threads(default_threads())
