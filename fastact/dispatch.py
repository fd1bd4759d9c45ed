"""Which backend serves which activation: FASTACT_BACKEND, set_backend(), use_backend()."""

import os

from fastact import profiles
from fastact.activations import CATALOGUE, NAMES
from fastact.availability import BACKENDS, available_backends, missing, names, require, table
from fastact.context import context
from fastact.engine import _engine
from fastact.own.registry import DEFINITIONS

__all__ = [
    "available_backends",
    "get_backend",
    "set_backend",
    "use_backend",
]


_process_wide = "auto"  # the specification


class Selection:
    """A backend for every activation, as a specification such as "numba,softmax=cython" says."""

    def __init__(self, specification):
        self.specification = specification
        self.general, self.overrides = parse(specification)
        self.chosen = {}
        for name in (self.general, *self.overrides.values()):
            if name != "auto":
                require(name)

    def backend_of(self, activation):
        # Found on first use: to ask what Numba covers is to import it.
        found = self.chosen.get(activation)
        if found is None:
            found, why = self.choice(activation)
            if found is None:
                raise NotImplementedError(why)
            self.chosen[activation] = found
        return found

    def choice(self, activation):
        """The backend, or None, and why it."""
        if activation not in CATALOGUE:
            from fastact.own.service import choice

            return choice(activation, self.general)
        name = self.overrides.get(activation, self.general)
        if name == "auto":
            return automatic(activation)
        if table(name).covers(activation):
            return name, "asked for by name"
        return None, f"the {name} backend, asked for by name, does not cover {activation}"


def parse(specification):
    """("numba", {"softmax": "cython"}) of "numba,softmax=cython"."""
    if not isinstance(specification, str):
        raise TypeError(f"a backend is named by a string, not {type(specification).__name__}")
    general, overrides = "auto", {}
    for position, item in enumerate(part.strip() for part in specification.split(",")):
        activation, equals, name = (part.strip() for part in item.rpartition("="))
        if NAMES.get(activation) in overrides:
            raise ValueError(f"{specification!r} names two backends for {activation}")
        if equals and activation not in NAMES:
            raise ValueError(
                f"unknown activation {activation!r} in backend specification {specification!r}; "
                f"there are {', '.join(CATALOGUE)}"
            )
        if not item and specification.strip():
            raise ValueError(
                f"{specification!r} has a comma too many; a backend is one of "
                f"{', '.join(('auto', *names()))}"
            )
        if not equals and position > 0:
            raise ValueError(
                f"{specification!r} names two backends; overrides are written activation=backend"
            )
        if name != "auto" and name not in names():
            raise ValueError(
                f"unknown backend {name!r} in {specification!r}; there are "
                f"{', '.join(('auto', *names()))}"
            )
        if equals:
            overrides[NAMES[activation]] = name
        else:
            general = name
    return general, overrides


def automatic(activation):
    """The first backend of the preference that is there and covers the activation, and why.

    The profile's for the activation is asked first, if a profile is followed.
    """
    passed = []
    first = profiles.state().backends.get(activation)
    if first is not None and serves(first, activation):
        return first, f"auto: the profile {profiles.state().path}"
    if first is not None:
        passed.append(f"{first}, which the profile names, does not serve it here")
    for name in BACKENDS:
        reason = missing(name)
        if reason is not None:
            passed.append(f"{name} is not available ({reason})")
        elif not table(name).covers(activation):
            passed.append(f"{name} does not cover {activation}")
        else:
            return name, "auto: " + ("; ".join(passed) or "the first choice")
    return None, f"no backend serves {activation}: " + "; ".join(passed)


def serves(name, activation):
    """Whether a backend is there and covers the activation."""
    return missing(name) is None and table(name).covers(activation)


def get_backend(activation=None):
    """The backend specification in force here, or the backend that serves `activation`.

    Parameters
    ----------
    activation : str or callable, optional
        A name of the catalogue, or an activation, such as one by `fa.define`.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If there is no such activation.
    NotImplementedError
        If the backend asked for by name does not serve it.

    Examples
    --------
    >>> import fastact as fa
    >>> with fa.use_backend("numpy"):
    ...     fa.get_backend(), fa.get_backend("softmax")
    ('numpy', 'numpy')
    """
    selection = _engine.get_selection()
    if activation is None:
        return selection.specification
    activation = getattr(activation, "activation", activation)
    activation = NAMES.get(activation, activation)
    if activation not in CATALOGUE and activation not in DEFINITIONS:
        raise ValueError(f"unknown activation {activation!r}; there are {', '.join(CATALOGUE)}")
    return selection.backend_of(activation)


def set_backend(specification):
    """Choose the backend for the whole process.

    Parameters
    ----------
    specification : str
        "auto", "cython", "numba", "numpy", or a variant such as "cython-avx2"; overrides for
        single activations may follow: ``"numba,softmax=cython"``.

    Raises
    ------
    ValueError
        If a name is unknown; the message lists those there are.
    ImportError
        If a backend asked for by name is not there; the message says what would install it.

    Examples
    --------
    >>> import fastact as fa
    >>> fa.set_backend("numpy,softmax=auto")
    >>> fa.get_backend("tanh")
    'numpy'
    >>> fa.set_backend("auto")
    """
    global _process_wide
    _engine.set_process_selection(Selection(specification))
    _process_wide = specification


def choose_again():
    """Let "auto" look at the profile again; a ``with`` block that is open keeps its choices."""
    set_backend(_process_wide)


def use_backend(specification):
    """Choose the backend within a ``with`` block, for this thread or task only.

    Parameters
    ----------
    specification : str
        As for `set_backend`, which also lists the errors.

    Examples
    --------
    >>> import fastact as fa
    >>> with fa.use_backend("numpy"):
    ...     y = fa.tanh([0.0, 1.0])
    """
    return context(selection=Selection(specification))


def read_environment():
    """Apply FASTACT_BACKEND; called once, by the import of fastact."""
    try:
        set_backend(os.environ.get("FASTACT_BACKEND", "").strip() or "auto")
    except (ValueError, ImportError) as error:
        raise type(error)(f"FASTACT_BACKEND: {error}") from None
