"""`fastact bench`, as a command: its tables, files and errors."""

import json
import os
import subprocess
import sys

import pytest

from fastact.bench.peers import worker
from fastact.bench.peers.jobs import Job
from fastact.cli import main

pytest.importorskip("rich")

ENVIRONMENT = os.environ | {"COLUMNS": "80"}
QUICK = ("--activations", "tanh", "softmax", "--quick")


def bench(*arguments, timeout=180):
    command = [sys.executable, "-W", "error", "-m", "fastact.cli", "bench", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=timeout, check=False, env=ENVIRONMENT
    )


def test_without_peers(tmp_path):
    path = tmp_path / "results.json"
    found = bench(*QUICK, "--sizes", 100, "--backends", "cython", "--seconds", 0.1, "--json", path)
    assert found.returncode == 0, found.stderr
    results = json.loads(path.read_text())["results"]
    assert {row["activation"] for row in results} == {"tanh", "softmax"}
    assert all(row["seconds_per_call"]["cython"]["median"] > 0 for row in results)


@pytest.fixture(scope="module")
def raced(tmp_path_factory):
    """The folder of a small race against NumPy and SciPy, with two sizes and two layouts."""
    folder = tmp_path_factory.mktemp("race")
    readme = folder / "README.md"
    readme.write_text("before\n<!-- performance -->\nold\n<!-- end of performance -->\nafter\n")
    given = ("--sizes", 100, 200_000, "--dtypes", "float32", "--layouts", "out", "fresh")
    written = ("--json", folder / "race.json", "--plot", folder / "pictures", "--markdown")
    pages = (folder / "page.md", readme)
    found = bench("--peers", "numpy", "scipy", *QUICK, *given, *written, *pages)
    assert found.returncode == 0, found.stdout + found.stderr
    assert not found.stderr
    (folder / "printed").write_text(found.stdout)
    return folder


def test_a_narrow_terminal_loses_no_figure(raced, monkeypatch, capsys):
    shown = []
    for width in ("0", "30", "80"):
        monkeypatch.setenv("COLUMNS", width)
        assert main(["bench", "--from", str(raced / "race.json")]) == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1] == shown[2] != ""


def test_tables_fit_the_terminal(raced):
    printed = (raced / "printed").read_text()
    assert max(map(len, printed.splitlines())) <= 80
    for word in ("tanh", "softmax", "fused", "ratio", "GB/s", "geometric mean", "200,000 elements"):
        assert word in printed


def test_json_has_every_row(raced):
    recorded = json.loads((raced / "race.json").read_text(), parse_constant=pytest.fail)
    assert recorded["settings"]["peers"] == ["numpy", "scipy"]
    assert recorded["machine"]["processor"]
    rows = recorded["results"]
    assert len(rows) == 2 * 3 * 2 * 2
    for row in rows:
        assert row["best"] in ("numpy", "scipy")
        assert set(row["seconds"]) >= {"fastact", "numpy"}
        low, middle, high = (row["ratio"][k] for k in ("quartile_low", "median", "quartile_high"))
        assert 0 < low <= middle <= high
        assert ("copy" in row["seconds"]) == (row["size"] == 200_000)
        assert not row["wrong"]


def test_pictures_and_pages(raced):
    pictures = sorted(path.name for path in (raced / "pictures").iterdir())
    assert "time-forward-float32-out-1.png" in pictures
    assert "ratio-200000-float32-fresh-1.png" in pictures
    assert all((raced / "pictures" / name).stat().st_size > 5000 for name in pictures)
    page = (raced / "page.md").read_text()
    for words in ("fastact bench --peers numpy scipy", "| `tanh` | forward |", *pictures):
        assert words in page
    readme = (raced / "README.md").read_text()
    assert readme.startswith("before\n<!-- performance -->\n")
    assert readme.endswith("<!-- end of performance -->\nafter\n")
    assert "old" not in readme
    assert "[Every row](page.md)" in readme
    assert "(pictures/ratio-200000-float32-out-1.png)" in readme
    assert "| 100 elements, float32, out, one thread |" in readme


def test_what_was_recorded_is_shown_again(raced):
    found = bench("--from", raced / "race.json", "--errors")
    assert found.returncode == 0, found.stderr
    assert "ULP" in found.stdout
    assert "200,000 elements" in found.stdout


def test_a_wrong_value_is_an_error_of_the_command(raced, tmp_path):
    recorded = json.loads((raced / "race.json").read_text())
    recorded["results"][0]["wrong"] = {"numpy": "1.0 where fastact gives 2.0"}
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(recorded))
    found = bench("--from", path)
    assert found.returncode == 1
    assert "WRONG, not timed: numpy" in found.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--peers", "fortran"), ["fortran", "torch", "numpy"]),
        (("--layouts", "fresh"), ["--layouts", "--peers"]),
        (("--threads", "1", "2"), ["--threads", "--peers"]),
        (("--peers", "numpy", "--operations", "derivative", "--activations", "softmax"), ["no"]),
        (("--peers", "numpy", "--repeat", "1"), ["at least 2"]),
        (("--from", "nosuch.json"), ["nosuch.json"]),
        (("--from", "nosuch.json", "--sizes", "10"), ["--from", "--sizes is to measure"]),
        (("--json", "nosuch/file.json"), ["no folder nosuch"]),
        (("--peers", "numpy", "--markdown", "a.md", "."), ["is a folder"]),
    ],
)
def test_wrong_options(arguments, words, capsys):
    said = refusal(*arguments, capsys=capsys)
    for word in words:
        assert word in said


def refusal(*arguments, capsys):
    """What it says as it ends with an error; it must print nothing else."""
    with pytest.raises(SystemExit) as ended:
        main(["bench", *arguments])
    output, errors = capsys.readouterr()
    status = ended.value.code  # or the words, which Python prints for it
    assert status not in (0, None, 130)
    assert not output
    return status if isinstance(status, str) else errors


def test_a_damaged_record_is_an_error(tmp_path, capsys):
    path = tmp_path / "damaged.json"
    path.write_text('{"results": [{"activation": "tanh"}]}')
    assert "damaged.json" in refusal("--from", str(path), capsys=capsys)


def test_an_error_in_the_process_reaches_the_caller():
    jobs = [Job("tanh", "nosuch", 10, "float32", "out", 1)]
    with pytest.raises(worker.Failed, match="nosuch"):
        list(worker.measured(jobs, ["numpy"], seconds=0, rounds=2))


def test_threads_are_limited_for_the_process_alone(monkeypatch):
    monkeypatch.setenv("NUMBA_NUM_THREADS", "7")
    monkeypatch.delenv("NPROC", raising=False)
    with worker.variables(worker.environment(1)):
        assert os.environ["NUMBA_NUM_THREADS"] == os.environ["NPROC"] == "1"
    assert os.environ["NUMBA_NUM_THREADS"] == "7"
    assert "NPROC" not in os.environ
    assert "NPROC" not in worker.environment(2)
