"""`fastact bench`: what it does with its options."""

import argparse
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

import fastact as fa
from fastact.activations import CATALOGUE
from fastact.console import wide_console
from fastact.engine.cpus import usable_cores

from .cases import USUAL, all_cases
from .checks import Check, measure_all
from .goals import call_cost, one_thread, two_threads
from .goals_arrays import in_place_and_strided, layouts, numba_backend, numpy_backend
from .goals_catalogue import over_torch, subnormals
from .goals_large import large
from .goals_layers import layers
from .goals_own import own
from .goals_rows import rows
from .import_cost import import_cost
from .inputs import Case, left_out
from .options import MEASURED_OPTIONS, PEER_OPTIONS, SIZES, USUAL_OPERATIONS
from .report import show, show_verdicts, write_json
from .run import run

# Seconds of timing in all; checking the values and Numba's first compilation come on top.
SECONDS = 60.0
QUICK_SECONDS = 10.0

# Passes of every check, and seconds of each.
PASSES = (3, 0.15)
QUICK_PASSES = (1, 0.05)

BACKENDS = ("cython", "numba", "numpy")

CHECKS = {
    "calls": call_cost,
    "one-thread": one_thread,
    "two-threads": two_threads,
    "torch": over_torch,
    "large": large,
    "rows": rows,
    "layers": layers,
    "subnormals": subnormals,
    "numba": numba_backend,
    "numpy": numpy_backend,
    "own": own,
    "layouts": layouts,
    "in-place": in_place_and_strided,
    "import": import_cost,
}


def main(options: argparse.Namespace) -> int:
    """Run the benchmark, or the checks; 0 unless a check failed."""
    _require_sense(options)
    out, err = wide_console(), Console(stderr=True)
    with _progress(err) as progress:
        if options.peers is not None or options.recorded:
            from .peers.command import race

            return race(options, out, progress)
        if options.checks is not None:
            return _checks(options, out, progress)
        return _benchmark(options, out, progress)


def _require_sense(options: argparse.Namespace) -> None:
    """End with a message if options do not go together."""
    if options.recorded:
        usual = (None, SIZES, USUAL_OPERATIONS)
        given = [name for name in MEASURED_OPTIONS if getattr(options, name) not in usual]
        if given:
            option = given[0].replace("_", "-")
            sys.exit(f"fastact bench: --from shows all that was recorded; --{option} is to measure")
    if options.peers is not None or options.recorded:
        return
    given = [name for name in PEER_OPTIONS if getattr(options, name)]
    if given:
        sys.exit(f"fastact bench: --{given[0].replace('_', '-')} is for --peers")
    for name in ("threads", "dtypes"):
        if len(getattr(options, name) or ()) > 1:
            sys.exit(f"fastact bench: several --{name} are for --peers")


def thread_counts(named: Sequence[int | str]) -> list[int]:
    """Numbers of threads; "all" is one for each core that fastact would use."""
    return list(dict.fromkeys(usable_cores() if n == "all" else int(n) for n in named))


def _benchmark(options: argparse.Namespace, out: Console, progress: Progress) -> int:
    backends = _backends(options.backends, progress.console)
    (threads,) = thread_counts(options.threads or [fa.get_num_threads()])
    (dtype,) = options.dtypes or ["float32"]
    seconds = options.seconds or (QUICK_SECONDS if options.quick else SECONDS)
    names = options.activations or USUAL
    names = tuple(CATALOGUE) if "all" in names else tuple(names)
    if note := left_out(names):
        progress.console.print(note, style="yellow", highlight=False)
    cases = all_cases(names, options.operations, options.sizes, dtype)
    if not cases:
        sys.exit("fastact bench: row-wise functions and gated units have no derivative")
    bar = progress.add_task("", total=len(cases))

    def on_case(case: Case) -> None:
        what = f"{case.activation} {case.operation} {case.size:,}"
        progress.update(bar, completed=cases.index(case), description=what)

    results = run(cases, backends, seconds=seconds, threads=threads, on_case=on_case)
    progress.stop()
    show(out, results, backends, threads)
    if options.json:
        settings = {"seconds": seconds, "threads": threads, "backends": backends}
        write_json(options.json, settings, [result.as_dict() for result in results])
    return 0


def _checks(options: argparse.Namespace, out: Console, progress: Progress) -> int:
    unknown = set(options.checks) - set(CHECKS)
    if unknown:
        sys.exit(f"fastact bench --checks: {', '.join(unknown)}: choose from {', '.join(CHECKS)}")
    checks = [check for name in options.checks or CHECKS for check in CHECKS[name]()]
    if not checks:
        sys.exit(f"fastact bench --checks {' '.join(options.checks)}: what they need is not here")
    passes, seconds = QUICK_PASSES if options.quick else PASSES
    bar = progress.add_task("", total=passes * len(checks))

    def on_check(check: Check) -> None:
        progress.update(bar, advance=1, description=check.label)

    verdicts = measure_all(checks, passes=passes, seconds=seconds, on_check=on_check)
    progress.stop()
    show_verdicts(out, verdicts)
    if options.json:
        settings = {"passes": passes, "seconds": seconds}
        write_json(options.json, settings, [verdict.as_dict() for verdict in verdicts])
    return int(any(verdict.passed is False for verdict in verdicts))


def _progress(console: Console) -> Progress:
    """A bar with the time left, on the terminal alone: nothing of it reaches a file or a pipe."""
    return Progress(
        TextColumn("{task.description:<36.36}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("left"),
        console=console,
        transient=True,
        expand=True,
        disable=not console.is_terminal,
    )


def _backends(wanted: Sequence[str] | None, console: Console) -> list[str]:
    """The backends to time; a missing one is said, and fatal only if it was asked for by name."""
    if wanted is None:
        reasons = fa.available_backends()
        for name in BACKENDS:
            if reasons[name] is not None:
                said = f"without {name}: {reasons[name]}"
                console.print(said, style="yellow", markup=False, highlight=False)
        return [name for name in BACKENDS if reasons[name] is None]
    for name in wanted:
        try:
            with fa.use_backend(name):
                pass
        except (ValueError, ImportError) as error:
            sys.exit(f"fastact bench: {error}")
    return list(wanted)
