"""The options of `fastact bench`; imports nothing that an extra brings."""

import argparse
from pathlib import Path

from fastact.activations import CATALOGUE, NAMES
from fastact.console import new_file

from .layouts import LAYOUTS

OPERATIONS = ("forward", "backward", "forward_backward", "derivative")
DTYPES = ("float16", "float32", "float64")
#: The usual choice.
SIZES = [1, 100, 10_000, 1_000_000]
USUAL_OPERATIONS = list(OPERATIONS[:3])
#: What chooses measurements; a record has its own.
MEASURED_OPTIONS = (
    "activations",
    "operations",
    "sizes",
    "dtypes",
    "threads",
    "backends",
    "seconds",
    "checks",
    "layouts",
    "row_length",
    "repeat",
)
PEER_OPTIONS = ("row_length", "layouts", "repeat", "errors", "plot", "markdown", "recorded")


def add_options(bench: argparse.ArgumentParser) -> None:
    """What is timed, how long, and what becomes of it."""
    add = bench.add_argument
    add(
        "--activations",
        nargs="+",
        type=lambda text: NAMES.get(text, text),
        choices=[*CATALOGUE, "all"],
        metavar="NAME",
        help="of `fastact catalogue`, or all; default: the textbook's and the row-wise ones",
    )
    add(
        "--operations",
        nargs="+",
        choices=OPERATIONS,
        default=USUAL_OPERATIONS,
        metavar="NAME",
        help="of forward, backward, forward_backward, derivative; default: the first three",
    )
    add(
        "--sizes",
        nargs="+",
        type=positive,
        default=SIZES,
        metavar="N",
        help="elements; default: 1 100 10000 1000000",
    )
    add(
        "--dtypes",
        "--dtype",
        nargs="+",
        choices=DTYPES,
        metavar="NAME",
        help="default: float32; with --peers also float64",
    )
    add(
        "--threads",
        nargs="+",
        type=thread_count,
        metavar="N",
        help="default: what fastact uses anyway; with --peers 1; all: every core; several only "
        "with --peers",
    )
    add(
        "--backends",
        nargs="+",
        metavar="NAME",
        help="cython, numba, numpy, cython-avx2 ...; default: all there are",
    )
    add("--seconds", type=duration, metavar="S", help="of timing in all; default: 60, or 10")
    add("--quick", action="store_true", help="fewer rounds: a first look")
    add("--json", type=new_file, metavar="FILE", help="write medians, spread, machine and settings")
    add(
        "--checks",
        nargs="*",
        metavar="GROUP",
        help="measure what fastact promises, and judge it: all groups, or calls, one-thread, "
        "two-threads, large, torch, subnormals, numba, numpy, own, layouts, in-place, rows, "
        "layers, import",
    )
    _add_peers(bench.add_argument_group("against other libraries"))


def _add_peers(group: "argparse._ArgumentGroup") -> None:
    add = group.add_argument
    add(
        "--peers",
        nargs="*",
        metavar="NAME",
        help="race torch, jax, onnxruntime, numexpr, numba, scipy, numpy: those named, or all "
        "that are installed",
    )
    add(
        "--layouts",
        nargs="+",
        choices=LAYOUTS,
        metavar="NAME",
        help=f"{', '.join(LAYOUTS)}; default: out",
    )
    add(
        "--row-length",
        nargs="+",
        type=positive,
        metavar="N",
        help="elements of the rows that row-wise functions see; default: 1000",
    )
    add("--repeat", type=several, metavar="N", help="rounds of a row at most; default: 25")
    add("--errors", action="store_true", help="errors in ULP instead of bytes per second")
    add("--plot", type=Path, metavar="FOLDER", help="draw time over size, and ratios")
    add(
        "--markdown",
        type=new_file,
        nargs="+",
        metavar="FILE",
        help="write the page; in a page with a line <!-- performance --> only what follows it",
    )
    add(
        "--from",
        dest="recorded",
        type=Path,
        metavar="FILE",
        help="show what --json has written instead of measuring",
    )


def positive(text: str) -> int:
    """A whole number from 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, not {number}")
    return number


def duration(text: str) -> float:
    """Seconds, above 0."""
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a number above 0, not {text}")
    return seconds


def several(text: str) -> int:
    """A whole number from 2: of a single round there is no spread."""
    number = int(text)
    if number < 2:
        raise argparse.ArgumentTypeError(f"must be at least 2, not {number}")
    return number


def thread_count(text: str) -> int | str:
    """A number of threads, or all."""
    return text if text == "all" else positive(text)
