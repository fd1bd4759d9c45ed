"""The command `fastact`: benchmarks, accuracy, tuning, curves, the catalogue, what runs here."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import fastact as fa
from fastact.activations import CATALOGUE, Parameter
from fastact.bench.options import add_options, duration, positive
from fastact.console import WIDTH, new_file


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `fastact`; the return value is the exit status."""
    parser = _parser()
    if not (sys.argv[1:] if arguments is None else arguments):
        parser.print_help(sys.stderr)
        return 2
    options = parser.parse_args(arguments)
    try:
        status = options.command(options)
        if sys.stdout is not None:  # it may be closed
            sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        closed = isinstance(error, BrokenPipeError)  # who read this, such as head, has seen enough
        if not closed:
            print(f"fastact: {error}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is left to print
        return 141 if closed else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fastact", description=__doc__)
    parser.add_argument("--version", action="version", version=f"fastact {fa.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_bench(commands)
    _add_accuracy(commands)
    _add_plot(commands)
    _add_catalogue(commands)
    _add_tune(commands)
    config = commands.add_parser("config", help="what runs here, and why")
    config.set_defaults(command=_config)
    return parser


def _add_bench(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    bench = commands.add_parser(
        "bench",
        help="time fastact against NumPy, SciPy and, with --peers, other libraries",
        description="Time activations on every backend, against the formula written by hand "
        "and SciPy; with --peers against other libraries. All values are compared before they "
        "are timed.",
    )
    add_options(bench)
    bench.set_defaults(command=_bench)


def _add_accuracy(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    accuracy = commands.add_parser(
        "accuracy",
        help="measure errors in units of the last place",
        description="Measure the errors of value and slope, in units of the last place, against a "
        "reference of higher precision. Exit status 1 if one is larger than fastact promises.",
    )
    add = accuracy.add_argument
    add("names", nargs="*", metavar="NAME", help="activations; default: all elementwise ones")
    add("--backend", nargs="+", metavar="NAME", help="or all; default: the one that serves")
    add("--isa", nargs="+", metavar="SET", help="baseline, avx2, avx512, all; default: the widest")
    add("--dtype", nargs="+", choices=("float16", "float32", "float64"), metavar="NAME")
    add("--exhaustive", action="store_true", help="all 2**32 float32; can be stopped and resumed")
    add("--peers", action="store_true", help="torch, jax and SciPy beside it, where installed")
    add("--all-parameters", action="store_true", help="other values of the parameters, too")
    add("--step", type=positive, metavar="N", help="every Nth bit pattern; default: 257")
    add("--points", type=positive, default=2000, metavar="N", help="of float64; default: 2000")
    add("--processes", type=positive, metavar="N", help="default: one per processor")
    add("--state", type=Path, metavar="FOLDER", help="of what --exhaustive has measured so far")
    add("--json", type=new_file, metavar="FILE", help="write every figure, machine and settings")
    add("--markdown", type=new_file, metavar="FILE", help="write the report as a page")
    add("--special-values", type=new_file, metavar="FILE", help="write that page, and nothing else")
    accuracy.set_defaults(command=_accuracy)


def _add_plot(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    plot = commands.add_parser(
        "plot",
        help="draw activations and their derivatives",
        description="Draw activations, one over the other, into a window or a file.",
    )
    plot.add_argument("names", nargs="+", metavar="NAME")
    plot.add_argument("--derivative", action="store_true", help="dashed, in the same colour")
    plot.add_argument(
        "--limits", nargs=2, type=float, metavar=("LOW", "HIGH"), help="of x; default: -6 6"
    )
    plot.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="default: show a window; a name without an end becomes .png",
    )
    plot.set_defaults(command=_plot)


def _add_catalogue(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    catalogue = commands.add_parser(
        "catalogue",
        help="list the activations",
        description="List the activations with their formulas, parameters and other names.",
    )
    catalogue.add_argument("--markdown", action="store_true", help="as the README's table")
    catalogue.set_defaults(command=_catalogue)


def _add_tune(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    tune = commands.add_parser(
        "tune",
        help="measure which backend wins on this machine",
        description="Measure which backend computes each activation fastest, on small, medium and "
        'large arrays of float32 and float64; with --save "auto" follows from then on.',
    )
    add = tune.add_argument
    add("names", nargs="*", metavar="NAME", help="activations; default: all")
    add("--seconds", type=duration, default=45.0, metavar="S", help="default: 45")
    add(
        "--save",
        nargs="?",
        const="",
        metavar="FILE",
        help='keep what was found, for "auto" to follow; default: where it is looked for',
    )
    add("--json", type=new_file, metavar="FILE", help="write every figure")
    add("--thresholds", action="store_true", help="measure from which size on threads pay")
    tune.set_defaults(command=_tune)


def _tune(options: argparse.Namespace) -> int:
    from fastact.tuning.command import main as tune

    return tune(options)


def _bench(options: argparse.Namespace) -> int:
    try:
        from fastact.bench.command import main as bench
    except ModuleNotFoundError as error:
        return _missing(error, "bench", "bench")
    return bench(options)


def _accuracy(options: argparse.Namespace) -> int:
    try:
        from fastact.accuracy.command import main as accuracy
    except ModuleNotFoundError as error:
        return _missing(error, "accuracy", "bench")
    return accuracy(options)


def _plot(options: argparse.Namespace) -> int:
    try:
        from fastact.plotting import save_or_show
    except ModuleNotFoundError as error:
        return _missing(error, "plot", "plot")
    try:
        limits = tuple(options.limits) if options.limits else None
        save_or_show(options.names, options.derivative, limits, options.output)
    except (ValueError, OSError) as error:
        print(f"fastact plot: {error}", file=sys.stderr)
        return 2
    return 0


def _catalogue(options: argparse.Namespace) -> int:
    print(markdown_catalogue() if options.markdown else _text_catalogue())
    return 0


def markdown_catalogue() -> str:
    """The table of activations, as it stands in the README."""
    rows = ["| activation | formula | parameters | also called |", "| --- | --- | --- | --- |"]
    for entry in CATALOGUE.values():
        parameters = ", ".join(f"`{_parameter(p)}`" for p in entry.parameters)
        aliases = ", ".join(f"`{alias}`" for alias in entry.aliases)
        rows.append(f"| `{entry.name}` | `{entry.formula}` | {parameters} | {aliases} |")
    return "\n".join(rows)


def _text_catalogue() -> str:
    lines = []
    for entry in CATALOGUE.values():
        notes = [_parameter(p) for p in entry.parameters]
        notes += [f"also {', '.join(entry.aliases)}"] if entry.aliases else []
        shown = f"({'; '.join(notes)})" if notes else ""
        line = f"{entry.name:<20} {entry.formula:<36} {shown}".rstrip()
        lines += [line] if len(line) <= WIDTH else _broken(entry.name, entry.formula, shown)
    return "\n".join(lines)


def _broken(name: str, formula: str, notes: str) -> list[str]:
    """The notes on a line of their own; the formula, too, under a name too long for its column."""
    first = [f"{name:<20} {formula}"] if len(name) <= 20 else [name, f"{'':<20} {formula}"]
    return [*first, f"{'':<20} {notes}"] if notes else first


def _parameter(parameter: Parameter) -> str:
    if parameter.default is None:
        return parameter.name
    return f"{parameter.name}={parameter.default:g}"


def _config(options: argparse.Namespace) -> int:
    fa.show_config()
    return 0


def _missing(error: ModuleNotFoundError, command: str, extra: str) -> int:
    """A package that an extra brings is not there; anything else is a fault of ours."""
    if error.name is None or error.name.startswith("fastact"):
        raise error
    package = error.name.partition(".")[0]
    print(f'fastact {command} needs {package}: pip install "fastact[{extra}]"', file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
