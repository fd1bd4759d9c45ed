"""Activation functions as fast, accurate kernels for NumPy arrays.

    fa.gelu(x)                          the value; of softmax, logsumexp and the like along an axis
    fa.gelu.derivative(x)               the slope
    fa.gelu.backward(x, dy)             the gradient dy * slope
    fa.gelu.forward_backward(x, dy)     value and gradient in one pass

All activations with their formulas, parameters and other names: `fa.activations.CATALOGUE`, a
dictionary by name, or ``fastact catalogue``. Gated units (`fa.swiglu`) and losses
(`fa.softmax_cross_entropy`) work the same way, `fa.dense` and `fa.bias_act` are the neuron,
`fa.define` makes an activation of a formula, `fa.plot` draws. `fa.use_backend`, `fa.threads` and
`fa.show_config` say what computes. `fa.compat` has the names and arguments of other libraries.
"""

from importlib import import_module as _import_module
from typing import Any as _Any

from fastact import dispatch as _dispatch
from fastact import parallel as _parallel
from fastact import threadpools as _threadpools
from fastact._version import __version__
from fastact.activation import ACTIVATIONS as _ACTIVATIONS
from fastact.config import show_config
from fastact.dispatch import available_backends, get_backend, set_backend, use_backend
from fastact.loop_address import loop_address
from fastact.parallel import get_num_threads, set_num_threads, threads

# The activations' names are written once, in the catalogue.
globals().update(_ACTIVATIONS)

#: Name -> its module, which is imported when the name is asked for.
_LATER = {
    "bias_act": "fastact.neuron",
    "check_slope": "fastact.own.check",
    "define": "fastact.own.define",
    "dense": "fastact.neuron",
}


#: Modules that users import from.
_MODULES = ("activations", "compat", "typing")


def __getattr__(name: str) -> _Any:
    if name in _MODULES:
        return _import_module(f"fastact.{name}")
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals().setdefault(name, getattr(_import_module(_LATER[name]), name))


def __dir__() -> list[str]:
    return sorted({*__all__, *_MODULES})


_dispatch.read_environment()
_parallel.read_environment()
_threadpools.announce()


def plot(*names, **options):
    """Draw activations with matplotlib; see `fastact.plotting.plot` for all options.

    Parameters
    ----------
    *names : str or function
        Names of the catalogue, or activations, also those by `fa.define`.
    **options
        ``derivative=True`` adds the slopes; ``limits=(low, high)`` of x; ``ax`` draws into given
        Axes; parameters of the activations.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If there is no such activation.
    TypeError
        For a parameter that none of them has.

    Examples
    --------
    >>> import fastact as fa
    >>> axes = fa.plot("sigmoid", "tanh", derivative=True)  # doctest: +SKIP
    """
    from fastact.plotting import plot as draw

    return draw(*names, **options)


def tune(*names, seconds=45.0, save=False, path=None, quiet=False):
    """Measure which backend is the fastest on this machine, and let "auto" follow on request.

    Every backend computes each activation's value on 100, 10,000 and 1,000,000 elements of float32
    and float64, in turn with the others. For an activation, the backend with the best geometric
    mean over these is chosen, if it is clearly faster (by 5 %) than the one "auto" would take
    anyway. A choice is per activation: one per size or dtype would cost time in every call.

    Parameters
    ----------
    *names : str or function
        Activations of the catalogue; all if none is named.
    seconds : float
        What the measuring may take, if Numba's loops are compiled already; activations that no time
        is left for keep the first choice.
    save : bool
        Whether to write the profile; the file is profile.json in the user's cache folder, or what
        the variable FASTACT_PROFILE names. "auto" then follows it, also in later processes on this
        machine; `show_config` tells. A damaged or foreign file is ignored with a warning. What a
        file of this machine says of activations that were not measured stays.
    path : str or Path, optional
        Another file to save to.
    quiet : bool
        No progress bar, no table.

    Returns
    -------
    fastact.tuning.result.Tuning
        Prints as a table; has `backends`, `cells` with every figure, and `save`.

    Raises
    ------
    ValueError
        If there is no such activation, or no folder to save a profile in, or seconds are no number
        from 0 on.
    OSError
        If the profile cannot be written.

    Examples
    --------
    >>> import fastact as fa
    >>> found = fa.tune("relu", seconds=0.1, quiet=True)
    >>> list(found.backends)
    ['relu']
    """
    from fastact.tuning.result import profile_target
    from fastact.tuning.tune import tune as measure

    target = profile_target(path) if save or path is not None else None
    found = measure(names, seconds, quiet)
    if not quiet:
        print(found)
    if target is not None:
        written = found.save(target)
        if not quiet:
            print(f"saved: {written}")
    return found


__all__ = [
    "__version__",
    "available_backends",
    "bias_act",
    "check_slope",
    "define",
    "dense",
    "get_backend",
    "get_num_threads",
    "loop_address",
    "plot",
    "set_backend",
    "set_num_threads",
    "show_config",
    "threads",
    "tune",
    "use_backend",
    *_ACTIVATIONS,
]
