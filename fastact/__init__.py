"""Activation functions as fast, accurate kernels for NumPy arrays."""

try:
    import fastact.engine._engine  # noqa: F401
except ImportError as error:
    raise ImportError(
        "fastact is not built here: run `pip install -e .` in the checkout, or leave its folder"
    ) from error

from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from fastact import dispatch as _dispatch
from fastact import parallel as _parallel
from fastact._version import __version__
from fastact.activation import ACTIVATIONS as _ACTIVATIONS
from fastact.config import show_config
from fastact.dispatch import available_backends, get_backend, set_backend, use_backend
from fastact.neuron import bias_act, dense
from fastact.parallel import get_num_threads, set_num_threads, threads

# The activations' names are written once, in the catalogue.
globals().update(_ACTIVATIONS)
if _TYPE_CHECKING:

    def __getattr__(name: str) -> _Any: ...


_dispatch.read_environment()
_parallel.read_environment()


def plot(*names, **options):
    """Draw activations with matplotlib; see `fastact.plotting.plot` for all options.

    Parameters
    ----------
    *names : str
        Names of the catalogue.
    **options
        ``derivative=True`` adds the slopes; ``ax`` draws into given Axes; parameters of the
        activations.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> import fastact as fa
    >>> axes = fa.plot("sigmoid", "tanh", derivative=True)  # doctest: +SKIP
    """
    from fastact.plotting import plot as draw

    return draw(*names, **options)


__all__ = [
    "__version__",
    "available_backends",
    "bias_act",
    "dense",
    "get_backend",
    "get_num_threads",
    "plot",
    "set_backend",
    "set_num_threads",
    "show_config",
    "threads",
    "use_backend",
    *_ACTIVATIONS,
]
