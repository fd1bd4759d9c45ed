"""`fa.tune` and `fastact tune`: what is measured, what is chosen, what is kept."""

import json
import subprocess
import sys

import pytest

import fastact as fa
from fastact import activation, dispatch, profiles
from fastact.engine import _engine
from fastact.tuning import progress, thresholds, tune
from fastact.tuning.result import CLASSES, Cell, Tuning, best

BACKENDS = [name for name in ("cython", "numba", "numpy") if fa.available_backends()[name] is None]


def cells(name, **seconds):
    """A cell of every size, in each of which a backend takes these seconds in every round."""
    return [
        Cell(name, "float32", size, {b: [s * r for r in (1, 3, 1)] for b, s in seconds.items()})
        for size in CLASSES
    ]


def test_everything_is_measured():
    found = fa.tune("tanh", "softmax", "threshold", seconds=120, quiet=True)
    places = [
        (name, dtype, n) for name in found.by_activation for dtype in tune.DTYPES for n in CLASSES
    ]
    assert [(cell.activation, cell.dtype, cell.size) for cell in found.cells] == places
    for cell in found.cells:
        assert list(cell.seconds) == BACKENDS
        assert all(second > 0 for times in cell.seconds.values() for second in times)
        assert cell.winner in BACKENDS
    assert set(found.backends) == {"tanh", "softmax", "threshold"}
    assert set(found.backends.values()) <= set(BACKENDS)


def test_the_faster_one_is_chosen_if_clearly():
    assert best(cells("tanh", cython=2.0, numba=1.0)) == "numba"
    assert best(cells("tanh", cython=1.0, numba=2.0)) == "cython"
    assert best(cells("tanh", cython=1.0, numba=0.98)) == "cython"
    assert best(cells("tanh", numba=2.0, numpy=1.0)) == "numpy"
    assert best(cells("tanh", cython=1.0)) == "cython"


def test_a_size_alone_does_not_decide():
    found = cells("tanh", cython=1.0, numba=3.0)
    found[0].seconds["numba"] = [0.5, 1.5, 0.5]
    assert found[0].winner == "numba"
    assert best(found) == "cython"


def test_rounds_are_compared_with_each_other():
    """Other work slowed two rounds of everybody's: the ratio is not touched by it."""
    cell = Cell("tanh", "float32", 100, {"cython": [1, 8, 9], "numba": [0.5, 4, 4.5]})
    assert cell.gain("numba") == 2
    assert cell.winner == "numba"


def test_the_table_fits_the_terminal_and_names_what_differs():
    found = Tuning(cells("hard_sigmoid_affine", cython=1.0, numba=0.1) + cells("relu", cython=1.0))
    found.unmeasured = ["mish"]
    lines = str(found).splitlines()
    assert max(map(len, lines)) <= 80
    assert "numba 10.00x" in lines[1]
    assert lines[-2].endswith(": hard_sigmoid_affine=numba")
    assert "mish" in lines[-1]


def test_no_time_is_told():
    found = fa.tune("tanh", "relu", seconds=0, quiet=True)
    assert found.unmeasured == ["tanh", "relu"]
    assert found.backends == {}


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf")])
def test_seconds_that_are_none(seconds):
    with pytest.raises(ValueError, match="seconds must be a number from 0 on"):
        fa.tune("relu", seconds=seconds, quiet=True)


def test_functions_and_aliases_name_an_activation():
    found = fa.tune(fa.relu, "hardtanh", seconds=0.1, quiet=True)
    assert {*found.backends, *found.unmeasured} == {"relu", "hard_tanh"}


def test_unknown_names():
    with pytest.raises(ValueError, match=r"nosuch.*sigmoid"):
        fa.tune("nosuch", quiet=True)


@pytest.fixture
def path(tmp_path, monkeypatch):
    """Where this process keeps its profile for the time of a test."""
    monkeypatch.setenv("FASTACT_PROFILE", str(tmp_path / "kept" / "profile.json"))
    profiles.forget()
    yield tmp_path / "kept" / "profile.json"
    monkeypatch.undo()
    profiles.forget()
    dispatch.choose_again()


def test_what_is_saved_is_followed_at_once(path):
    dispatch.choose_again()
    with pytest.warns(RuntimeWarning, match="no such file"):
        fa.tanh(0.5)
    found = Tuning(cells("tanh", cython=2.0, numpy=1.0) + cells("relu", cython=1.0, numpy=2.0))
    assert found.save() == path
    assert fa.get_backend("tanh") == "numpy"
    assert fa.tanh.ufunc.__name__.endswith("__numpy")
    assert fa.get_backend("relu") == "cython"
    assert fa.show_config(mode="dict")["profile"]["followed"]
    content = json.loads(path.read_text())
    assert content["backends"] == {"tanh": "numpy", "relu": "cython"}
    assert len(content["measured"]) == 2 * len(CLASSES)
    fa.set_backend("cython")
    assert fa.get_backend("tanh") == "cython"
    fa.set_backend("auto")


def test_other_activations_keep_their_choice(path):
    Tuning(cells("tanh", cython=2.0, numpy=1.0) + cells("relu", cython=2.0, numpy=1.0)).save()
    Tuning(cells("relu", cython=1.0, numpy=2.0)).save()
    content = json.loads(path.read_text())
    assert content["backends"] == {"tanh": "numpy", "relu": "cython"}
    assert [cell["activation"] for cell in content["measured"]].count("tanh") == len(CLASSES)
    assert len(content["measured"]) == 2 * len(CLASSES)
    path.write_text("{")
    Tuning(cells("relu", cython=1.0, numpy=2.0)).save()
    assert json.loads(path.read_text())["backends"] == {"relu": "cython"}


def test_tune_saves_where_it_is_told(path, tmp_path, capsys):
    other = tmp_path / "other.json"
    fa.tune("relu", seconds=0.1, path=other)
    printed = capsys.readouterr()
    assert str(other) in printed.out
    assert "relu" in printed.out
    assert "relu" in json.loads(other.read_text())["backends"]
    assert not path.exists()
    fa.tune("relu", seconds=0.1, save=True, quiet=True)
    assert path.exists()
    assert capsys.readouterr() == ("", "")


def test_nowhere_to_save_is_an_error(monkeypatch):
    monkeypatch.setenv("FASTACT_PROFILE", "")
    with pytest.raises(ValueError, match="FASTACT_PROFILE"):
        Tuning().save()


def test_plain_progress_says_little(capsys):
    with progress.progress("work", 100, quiet=False) as advance:
        for i in range(100):
            advance(f"step {i}")
    lines = capsys.readouterr().err.splitlines()
    assert 5 <= len(lines) <= 12
    assert "work: 0 of 100, step 0" in lines
    with progress.progress("work", 3, quiet=True) as advance:
        advance("step")
    assert capsys.readouterr() == ("", "")


def test_the_command(tmp_path):
    def command(*arguments):
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "fastact.cli", "tune", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    kept, figures = tmp_path / "profile.json", tmp_path / "figures.json"
    found = command("relu", "--seconds", 0.2, "--save", kept, "--json", figures)
    assert found.returncode == 0, found.stderr
    assert "relu" in found.stdout
    assert json.loads(kept.read_text())["format"] == profiles.FORMAT
    assert len(json.loads(figures.read_text())["cells"]) == 2 * len(CLASSES)
    for arguments, word, status in (
        (("nosuch",), "nosuch", 2),
        (("relu", "--save", kept / "no"), "no", 1),
        (("relu", "--save", tmp_path), "is a folder", 1),
    ):
        found = command(*arguments, "--seconds", 0.1)
        assert found.returncode == status
        assert word in found.stderr
        assert not found.stdout  # before anything was measured
        assert "Traceback" not in found.stderr


def gains(cost, *figures):
    return [thresholds.Gain(cost, 1000 * 2**i, *pair) for i, pair in enumerate(figures)]


def test_thresholds_are_where_threads_begin_to_pay():
    rising = gains("heavy", (0.5, 0.2), (1.2, 0.6), (1.4, 0.97), (1.8, 1.5))
    dip = gains("light", (1.5, 1.5), (1.05, 1.5), (1.5, 1.5))
    never = gains("rows", (1.2, 1.2), (1.0, 1.0))
    found = thresholds.derived([*rising, *dip, *never])
    assert found == {"heavy": 4000, "light": 4000, "rows": None}
    text = thresholds.table(gains("rows", (1.5, 1.2)) + gains("light", (0.5, 0.4)))
    assert "1.50 / 1.20" in text
    assert f"{activation.PARALLEL_FROM['rows']:,}" in text


def test_thresholds_are_measured_and_put_back(monkeypatch):
    if thresholds.usable_cores() < 2:
        pytest.skip("one core")
    monkeypatch.setattr(thresholds, "SIZES", (4096,))
    monkeypatch.setattr(thresholds, "ROUNDS", 2)
    monkeypatch.setattr(thresholds, "FUNCTIONS", {"light": ("relu",), "rows": ("softmax",)})
    before = fa.get_num_threads()
    found = thresholds.measure(quiet=True)
    assert [(g.cost, g.size) for g in found] == [("light", 4096), ("rows", 4096)]
    assert all(g.back_to_back > 0 and g.after_pause > 0 for g in found)
    assert fa.get_num_threads() == before
    assert rows_threshold() == activation.PARALLEL_FROM["rows"]


def rows_threshold():
    found = _engine.set_rows_parallel_from(1)
    _engine.set_rows_parallel_from(found)
    return found


def test_every_cost_of_the_catalogue_has_a_threshold():
    costs = {entry.cost for entry in activation.CATALOGUE.values()} | {"rows"}
    assert costs == set(activation.PARALLEL_FROM) == set(thresholds.FUNCTIONS)
