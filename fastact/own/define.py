"""`fa.define`: a formula becomes an activation."""

import inspect
from functools import partial

from fastact import activation, ufuncs
from fastact.engine import _engine
from fastact.own import expression, service, vocabulary
from fastact.own.definition import Definition
from fastact.own.pickling import make_picklable
from fastact.own.registry import DEFINITIONS
from fastact.signatures import introduce, signature

__all__ = ["define", "find_own_ufunc"]


def define(formula=None, slope=None, *, name=None):
    """An activation of your own, with all that those of fastact have.

    It is called like `fa.gelu`, and has ``backward``, ``forward_backward`` and ``derivative``;
    parameters broadcast, `out=`, `where=` and the other keywords of ufuncs work, float16, float32
    and float64 keep their type, and large arrays are shared between threads. Works as a decorator.

    Parameters
    ----------
    formula : callable
        ``formula(x, *parameters)`` returns the value, or the value and the slope, of each element
        of an array x, as NumPy's functions do: ``np.where`` instead of ``if``. The arguments after
        x are the parameters of the activation, arrays as x; defaults are theirs, too. They cannot
        have the names of a ufunc's arguments, nor of `bias_act`'s (``axis``, ``bias``, ...).
    slope : callable, optional
        ``slope(x, *parameters)`` returns the derivative, if the formula does not. Without one,
        there is the value alone.
    name : str, optional
        The name of the activation, if it is not that of the formula.

    Returns
    -------
    callable

    Raises
    ------
    TypeError, ValueError
        If a name is taken or none, an argument is no parameter, or the formula does not give one
        real number per element; and what the formula itself raises for the four numbers that it is
        tried on.

    Notes
    -----
    With the numba backend (``pip install "fastact[numba]"``), a formula of NumPy's arithmetic and
    elementary functions, ``np.where``, ``np.clip``, SciPy's ``erf`` and fastact's activations is
    compiled for this processor when it is first called: it is read once, so a number that it takes
    from elsewhere keeps its value. Otherwise, or with the numpy backend, it is called with blocks
    of the array, on one thread; `fa.show_config` tells which, and why. Blocks are copies that
    cannot be written to. An error in a formula reaches the caller.

    Whatever float32 loses in the formula as written, or at NaN and infinity, is lost in the
    activation: fastact's own (``x * fa.sigmoid(x)``, ``fa.softplus(x)``) are accurate everywhere.

    It pickles by its name, like a function: it must be found in the module that defines it.
    cloudpickle (joblib, Dask) also takes one that is defined in a script, a notebook or a function.
    What is defined stays in memory as long as the process.

    See Also
    --------
    check_slope : Compare a slope with a numerical derivative.

    Examples
    --------
    >>> import numpy as np
    >>> import fastact as fa
    >>> @fa.define
    ... def bent(x, alpha=1.0):
    ...     root = np.sqrt(x * x + alpha)
    ...     return (root + x) / 2, (1 + x / root) / 2
    >>> bent([-1.0, 0.0, 1.0]).round(3)
    array([0.207, 0.5  , 1.207])
    >>> bent.backward([-1.0, 0.0, 1.0], 2.0, alpha=0.25).round(3)
    array([0.106, 1.   , 1.894])
    """
    if formula is None:
        return partial(define, slope=slope, name=name)
    return defined(Definition(formula, slope, name))


def defined(definition):
    """The activation of a definition."""

    def describe(made, entry, operation):
        introduce_own(made, definition, operation)

    definition.face = activation.elementwise(definition.entry, partial(maker, definition), describe)
    make_picklable(definition)
    return definition.face


def maker(definition, entry, operation, names, nout):
    """As `activation.ufunc_maker`."""

    def make(backend):
        service.require_slope(definition, operation)

        def resolve(dtype):
            loop = service.loop(definition.key, operation, backend, dtype)
            return (loop, "strict") if backend == "numba" else loop

        name = own_ufunc_name(definition, operation, backend)
        summary = f"{definition.name}({', '.join(names)}) {operation}, {backend} backend."
        parallel_from = activation.PARALLEL_FROM["heavy"]
        ufunc = _engine.new_ufunc(name, summary, len(names), nout, parallel_from, resolve)
        setattr(ufuncs, name, ufunc)
        vocabulary.OWN_UFUNCS[ufunc] = partial(inlined, definition, operation)
        return ufunc

    return make


def inlined(definition, operation, x, *rest):
    """An activation of one's own within the formula of another."""
    x, *rest = map(expression.real, (x, *rest))
    formula = formula_with_slope(definition, operation != "forward")
    if operation == "forward":
        return formula(x, *rest)[0]
    if operation == "derivative":
        return formula(x, *rest)[1]
    dy, *parameters = rest
    value, slope = formula(x, *parameters)
    return dy * slope if operation == "backward" else (value, dy * slope)


def formula_with_slope(definition, with_slope):
    def formula(*inputs):
        if definition.gives_both:
            return definition.formula(*inputs)
        slope = definition.slope(*inputs) if with_slope else None
        return definition.formula(*inputs), slope

    return formula


def own_ufunc_name(definition, operation, backend):
    """By which a bare ufunc is pickled; `find_own_ufunc` finds it in another process."""
    place = f"{definition.module}:{definition.qualname}".replace(".", "/")
    return f"{activation.ufunc_name(definition.name, operation, backend)}@{place}"


def find_own_ufunc(name):
    """The ufunc that `own_ufunc_name` gives this name, or None; imports the module it is from."""
    import importlib
    import operator

    base, _, place = name.partition("@")
    module, _, qualname = place.replace("/", ".").partition(":")
    try:
        found = operator.attrgetter(qualname)(importlib.import_module(module))
    except (ImportError, AttributeError):
        return None
    definition = DEFINITIONS.get(getattr(found, "activation", None))
    for operation in activation.OPERATIONS[:4] if definition else ():
        for backend in ("numba", "numpy"):
            if activation.ufunc_name(definition.name, operation, backend) == base:
                return activation.operation_of(found, operation).ufunc_of(backend)
    return None


def introduce_own(made, definition, operation):
    """The name, the signature and the docstring of an operation."""
    forward = operation == "forward"
    qualname = definition.qualname if forward else f"{definition.qualname}.{operation}"
    document = inspect.getdoc(definition.formula) if forward else None
    if document is None:
        what = {
            "forward": "The value",
            "backward": "dy times the slope",
            "forward_backward": "The value, and dy times the slope,",
            "derivative": "The slope",
        }
        document = f"{what[operation]} of {definition.name}, an activation by `fa.define`."
    introduce(made, qualname, partial(signature, definition.entry, operation, ()), lambda: document)
    made.__module__ = definition.module
