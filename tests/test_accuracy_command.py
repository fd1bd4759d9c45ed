"""`fastact accuracy`: its figures, its promises, its interruptions and its errors."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from accuracy_here import accuracy_here
from oracle import DEFINITIONS, Double, slope_reference, value_reference
from ulp import ulp_errors

import fastact as fa
from fastact.accuracy import points
from fastact.accuracy.candidates import ELEMENTWISE
from fastact.cli import main

COMMAND = [sys.executable, "-W", "error", "-m", "fastact.cli", "accuracy"]
ENVIRONMENT = os.environ | {"COLUMNS": "80"}


def widest():
    """The candidate that is measured unless another is asked for."""
    return f"cython-{fa.show_config(mode='dict')['instruction_set']}"


def accuracy(*arguments, timeout=120):
    """The finished command; with one process to start, not one per processor."""
    processes = () if "--processes" in arguments else ("--processes", "1")
    return subprocess.run(
        [*COMMAND, *map(str, arguments), *processes],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env=ENVIRONMENT,
    )


def results_of(*arguments, folder, run=accuracy_here):
    """The rows of its JSON, by activation, operation, dtype and candidate."""
    path = folder / "results.json"
    finished = run(*arguments, "--json", path)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert not finished.stderr
    content = json.loads(path.read_text(), parse_constant=pytest.fail)
    keys = ("activation", "operation", "dtype", "candidate")
    return {tuple(row[key] for key in keys): row for row in content["results"]}


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    arguments = ("tanh", "relu", "--step", 10007, "--points", 200, "--processes", 2)
    return results_of(*arguments, folder=tmp_path_factory.mktemp("swept"), run=accuracy)


def test_the_figures_are_those_of_the_oracle(swept):
    """Worked out again with the slow arithmetic of the tests, at the same points."""
    given = points.Patterns("tanh", (), "float32", 10007)
    x = np.concatenate([given.block(block) for block in range(given.blocks)])
    assert len(x) > 2**32 // 10007
    candidate = widest()
    with fa.use_backend(candidate):
        found = {"value": fa.tanh(x), "slope": fa.tanh.derivative(x)}
    for operation, refer in (("value", value_reference), ("slope", slope_reference)):
        reference = refer("tanh", x, (), Double)
        errors = ulp_errors(found[operation], reference[:])
        nearest = (found[operation] == reference.nearest) | np.isnan(reference.nearest)
        row = swept["tanh", operation, "float32", candidate]
        assert row["inputs"] == len(x)
        assert row["max_ulp"] == pytest.approx(errors.max(), rel=1e-6)
        assert row["mean_ulp"] == pytest.approx(errors.mean(), rel=1e-6)
        assert row["correctly_rounded"] == nearest.mean()
        assert errors[x == np.float32(row["worst_input"])] == pytest.approx(errors.max())
        assert row["promise_kept"]
        assert row["reference_gap_ulp"] < 1e-5
        assert row["reference_inputs"] > 200
        assert np.float32(row["got"]) != np.float32(row["exact"])


def test_one_that_is_exact_has_no_error_and_no_worst_input(swept):
    rows = [row for (name, *_), row in swept.items() if name == "relu"]
    assert {row["dtype"] for row in rows} == {"float32", "float64"}
    for row in rows:
        assert (row["max_ulp"], row["correctly_rounded"], row["worst_input"]) == (0, 1, None)


def test_backends_instruction_sets_and_dtypes_can_be_chosen(tmp_path):
    sets = fa.show_config(mode="dict")["instruction_sets"]
    rows = results_of(
        *("expit", "--dtype", "float16", "--backend", "cython", "numpy", "--isa", "all"),
        folder=tmp_path,
    )
    candidates = ["numpy", *(f"cython-{name}" for name in sets)]
    assert {candidate for *_, candidate in rows} == set(candidates)
    for candidate in candidates:
        for operation in ("value", "slope"):
            row = rows["sigmoid", operation, "float16", candidate]
            assert row["inputs"] == 2**16
            assert row["promised_ulp"] == (2 if candidate == "numpy" else 1)


def test_the_derivative_in_a_parameter_is_measured(tmp_path):
    rows = results_of("prelu", "--step", 10**6, "--points", 30, folder=tmp_path)
    for dtype in ("float32", "float64"):
        row = rows["prelu", "parameter_slope", dtype, widest()]
        assert (row["promised_ulp"], row["max_ulp"], row["correctly_rounded"]) == (4, 0, 1)
    assert {operation for _, operation, _, _ in rows} == {"value", "slope", "parameter_slope"}


def test_other_parameters_are_measured_on_request(tmp_path):
    path = tmp_path / "results.json"
    finished = accuracy_here("leaky_relu", "--all-parameters", "--step", 10**6, "--json", path)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    rows = json.loads(path.read_text())["results"]
    measured = {tuple(row["parameters"]) for row in rows}
    assert measured == set(DEFINITIONS["leaky_relu"].parameter_cases)
    assert len(measured) > 2


def test_the_table_fits_80_columns():
    """The longest name gives way, so that no verdict is cut off."""
    longest = max(ELEMENTWISE, key=len)
    finished = accuracy_here(longest, "--all-parameters", "--step", 400_009, "--points", 300)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    lines = [line.rstrip() for line in finished.stdout.splitlines()]
    assert max(map(len, lines)) <= 80
    assert "…" not in finished.stdout
    assert longest in finished.stdout
    verdicts = 4 * len(DEFINITIONS[longest].parameter_cases)
    assert sum(line.endswith(" ok") for line in lines) == verdicts
    assert f"{verdicts} of {verdicts} promises kept" in finished.stdout


def test_the_page_names_its_command_and_no_folder(tmp_path):
    page = tmp_path / "page.md"
    finished = accuracy_here("relu", "--step", 10**6, "--dtype", "float32", "--markdown", page)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    text = page.read_text()
    command = "fastact accuracy relu --dtype float32 --step 1000000 --markdown page.md"
    assert f"\n{command}\n" in text
    assert str(tmp_path) not in text
    assert "| `relu` | 0.000 | 0.000 | 100% | - | 0.000 | 0.000 | 100% | - |" in text


def test_peers_are_measured_at_the_same_points(tmp_path):
    rows = results_of(
        "sigmoid", "relu", "--peers", "--step", 100_003, folder=tmp_path, run=accuracy
    )
    candidate = widest()
    ours = rows["sigmoid", "value", "float32", candidate]
    scipy = rows["sigmoid", "value", "float32", "scipy"]
    assert ours["inputs"] == scipy["inputs"] > 40_000
    assert scipy["max_ulp"] > ours["max_ulp"]
    assert scipy["promised_ulp"] is None
    assert not any(name == "relu" and c == "scipy" for name, _, _, c in rows)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sigmoit"], "unknown activation 'sigmoit'; did you mean sigmoid"),
        (["softmax"], "unknown activation 'softmax'"),
        (["relu", "--backend", "cuda"], "unknown backend 'cuda'; there are cython, numba, numpy"),
        (["relu", "--isa", "sse"], "unknown instruction set 'sse'; there are baseline, avx2"),
        (["relu", "--backend", "numpy", "--isa", "avx2"], "--isa is for the cython backend"),
        (["relu", "--exhaustive", "--dtype", "float64"], "choose float32 or float16"),
    ],
)
def test_wrong_options(arguments, words, capsys):
    assert main(["accuracy", *arguments]) == 2
    output, errors = capsys.readouterr()
    assert words in errors
    assert errors.startswith("fastact accuracy: ")
    assert len(errors.splitlines()) == 1
    assert not output


@pytest.mark.parametrize("package", ["rich", "mpmath", "scipy"])
def test_a_missing_package_is_named(package):
    code = f"import sys; sys.modules[{package!r}] = None; from fastact.cli import main; "
    finished = subprocess.run(
        [sys.executable, "-c", code + "sys.exit(main(['accuracy']))"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert finished.returncode == 1
    line = f'fastact accuracy needs {package}: pip install "fastact[bench]"'
    assert finished.stderr.splitlines() == [line]
