"""The checks on the other backends, and on arrays that do not lie in memory in one piece."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any

import numpy as np

import fastact as fa

from .cases import BY_HAND, OPERATIONS, TEXTBOOK, USUAL, candidates
from .checks import Check, Pair, ratio
from .goals import LARGE, ROWS, SMOOTH, numbers, timed
from .inputs import TIMED, Case, fa_function, inputs
from .same_work import SAME_WORK
from .timing import Timed


def numba_backend() -> Iterator[Check]:
    """The numba backend against the cython one, and on two threads."""
    if fa.available_backends()["numba"] is not None:
        return
    both = ("forward", "forward_backward")
    for name in TIMED:
        for operation in both:
            yield Check(
                "numba over cython, 10^6 elements, one thread",
                f"{name} {operation}",
                ratio(partial(_numba_over_cython, name, operation)),
                1.5,
            )
    for name in USUAL:
        for operation in both:
            yield Check(
                "numba, 10^6 elements, one thread over two",
                f"{name} {operation}",
                ratio(partial(_numba_gain, name, operation)),
                1.7,
                at_least=True,
            )


def _into_out(name: str, operation: str, backend: str, threads: int = 1) -> Timed:
    given = inputs(Case(name, operation, LARGE, "float32"))
    function = fa_function(name, operation)
    out = function(*given)
    return timed(function, *given, backend=backend, threads=threads, out=out)


def _numba_over_cython(name: str, operation: str) -> Pair:
    return _into_out(name, operation, "numba"), _into_out(name, operation, "cython")


def _numba_gain(name: str, operation: str) -> Pair:
    return _into_out(name, operation, "numba", 1), _into_out(name, operation, "numba", 2)


IN_FLOAT64 = (*TEXTBOOK, "log_softmax", "logsumexp")


def numpy_backend() -> Iterator[Check]:
    """The numpy backend against the formula written by hand."""
    # The others pay for digits that the formulas by hand lose: they compute in float64.
    for dtype, names in (("float32", USUAL), ("float64", IN_FLOAT64)):
        for size, shown in ((10_000, "10^4"), (LARGE, "10^6")):
            for name, operation in product(names, OPERATIONS):
                yield Check(
                    f"numpy backend over the formula by hand, {shown} elements of {dtype}",
                    f"{name} {operation}",
                    ratio(partial(_numpy_over_by_hand, Case(name, operation, size, dtype))),
                    1.1,
                )


def _numpy_over_by_hand(case: Case) -> Pair:
    calls = candidates(case, ["numpy"], threads=1, peers={BY_HAND: SAME_WORK})
    return calls["numpy"], calls[BY_HAND]


Call = Callable[[int], Timed]  # number of threads -> the call


def layouts() -> Iterator[Check]:
    """Layouts that NumPy hands over in small slices, against the plain contiguous call."""
    group = "layouts, over contiguous, per element"
    calls: dict[str, Callable[[], tuple[Call, Call]]] = {
        "leaky_relu, a slope per channel": _per_channel,
        "leaky_relu.backward, a slope per channel": partial(_per_channel, "backward"),
        "tanh.backward, F order with C order": _mixed_order,
        "tanh float64 of x[:, 1:]": partial(_sliced, "tanh", np.s_[1:], "float64"),
    }
    for name in (*SMOOTH, "relu"):
        calls[f"{name} of x[:, :-1]"] = partial(_sliced, name)
        calls[f"{name} of int32, over float64"] = partial(_integers, name)
    for label, make in calls.items():
        yield Check(group, label, ratio(partial(_over_contiguous, make)), 1.3)
    for label, make in calls.items():
        yield Check(
            "layouts, one thread over two",
            label.removesuffix(", over float64"),
            ratio(partial(_gain, make)),
            1.6,
            at_least=True,
        )


def _over_contiguous(make: Callable[[], tuple[Call, Call]]) -> Pair:
    unusual, contiguous = make()
    return unusual(1), contiguous(1)


def _gain(make: Callable[[], tuple[Call, Call]]) -> Pair:
    unusual, _ = make()
    return unusual(1), unusual(2)


def _call(function: Any, *arguments: Any, out: np.ndarray) -> Call:
    return lambda threads: timed(function, *arguments, threads=threads, out=out)


def _per_channel(operation: str = "forward") -> tuple[Call, Call]:
    x = numbers(64, 128, 28, 28)
    slopes = np.linspace(0.01, 0.3, 128, dtype="f4").reshape(128, 1, 1)
    f, out = fa_function("leaky_relu", operation), np.empty_like(x)
    given = (x,) if operation == "forward" else (x, numbers(64, 128, 28, 28, seed=2))
    return _call(f, *given, slopes, out=out), _call(f, *given, out=out)


def _mixed_order() -> tuple[Call, Call]:
    x, dy = numbers(*ROWS), numbers(*ROWS, seed=2)
    backward, out = fa.tanh.backward, np.empty_like(x)
    return _call(backward, x, np.asfortranarray(dy), out=out), _call(backward, x, dy, out=out)


def _sliced(name: str, columns: slice = np.s_[:-1], dtype: str = "float32") -> tuple[Call, Call]:
    x = numbers(100_000, 65, dtype=dtype)[:, columns]
    f, out = getattr(fa, name), np.empty(x.shape, x.dtype)
    return _call(f, x, out=out), _call(f, x.copy(), out=out)


def _integers(name: str) -> tuple[Call, Call]:
    x = (3 * numbers(LARGE)).astype("i4")
    f, out = getattr(fa, name), np.empty(LARGE)
    return _call(f, x, out=out), _call(f, x.astype("f8"), out=out)


def in_place_and_strided() -> Iterator[Check]:
    """In place, every other element, and the other axis of softmax."""
    for name in (*SMOOTH, "relu", "leaky_relu"):
        yield Check(
            "in place over out of place, 10^6 elements", name, ratio(partial(_in_place, name)), 1.05
        )
    for name in (*SMOOTH, "relu"):
        yield Check(
            "x[::2] over contiguous, 10^6 elements", name, ratio(partial(_strided, name)), 3.0
        )
    yield Check(
        "softmax of a C-ordered (1000, 1000)", "axis 0 over axis 1", ratio(_softmax_axes), 1.5
    )


def _in_place(name: str) -> Pair:
    x = numbers(LARGE)
    f, changed = getattr(fa, name), x.copy()
    return timed(f, changed, out=changed), timed(f, x, out=np.empty_like(x))


def _strided(name: str) -> Pair:
    x = numbers(2 * LARGE)[::2]
    f, out = getattr(fa, name), np.empty(LARGE, x.dtype)
    return timed(f, x, out=out), timed(f, x.copy(), out=out)


def _softmax_axes() -> Pair:
    x = numbers(*ROWS)
    out = np.empty_like(x)
    return timed(fa.softmax, x, axis=0, out=out), timed(fa.softmax, x, axis=1, out=out)
