"""How `fastact accuracy` measures: distances, points, and results that are kept."""

from pathlib import Path

import numpy as np
import pytest
from ulp import reference_from_wide, ulp_errors, unit_of

import fastact as fa
from fastact.accuracy import distance, points, report, run, state
from fastact.accuracy.candidates import ELEMENTWISE, default_parameters
from fastact.accuracy.measure import Job
from fastact.activations import CATALOGUE


def widest():
    """The candidate that is measured unless another is asked for."""
    return f"cython-{fa.show_config(mode='dict')['instruction_set']}"


@pytest.mark.parametrize("dtype", ["float16", "float32"])
@pytest.mark.parametrize("near_a_zero", [False, True])
def test_fast_distances_are_those_of_the_judge(dtype, near_a_zero):
    generator = np.random.default_rng(5)
    info = np.finfo(dtype)
    top, least, eps = float(info.max), float(info.smallest_subnormal), float(info.eps)
    tops = [top, top * (1 + eps / 4), top * (1 + eps), 2 * top]
    lows = [least, least / 2, least * 0.6, least * 1.5, 1e-300, 5e-324]
    hostile = np.array([0.0, np.inf, np.nan, 1.0, *tops, *lows])
    exact = np.concatenate(
        [
            np.resize(np.concatenate([hostile, -hostile]), 4000),
            generator.standard_normal(4000) * 10.0 ** generator.uniform(-50, 40, 4000),
            generator.integers(0, 2**64, 4000, dtype=np.uint64).view(np.float64),
        ]
    )
    integer = f"u{info.bits // 8}"
    with np.errstate(all="ignore"):
        nearest = exact.astype(dtype)
        steps = generator.integers(0, 4, len(exact)).astype(integer)
        got = (nearest.view(integer) + steps).view(dtype)
        got = np.where(generator.random(len(got)) < 0.1, -got, got)
        near = generator.random(len(got)) < 0.5 if near_a_zero else None
        found, rounded = distance.errors_of(got, exact, near)
    reference = reference_from_wide(exact, dtype)
    if near_a_zero:
        reference = reference.with_least_unit(np.where(near, unit_of(1 / 16, dtype), 0.0))
    expected = ulp_errors(got, reference)
    assert np.isinf(expected).sum() > 100
    assert ((expected > 0.5) & np.isfinite(expected)).sum() > 1000
    assert np.array_equal(np.isinf(found), np.isinf(expected))
    finite = np.isfinite(expected)
    assert found[finite] == pytest.approx(expected[finite], rel=1e-9, abs=1e-9)
    assert np.array_equal(rounded, nearest, equal_nan=True)


def test_points_reach_everywhere():
    spread = points.spread("silu", (), 100_000)
    finite = spread[np.isfinite(spread) & (spread != 0)]
    exponents = np.frexp(finite)[1]
    for sign in (-1, 1):
        assert set(range(-1073, 1025)) <= set(exponents[np.sign(finite) == sign])
    assert np.isnan(spread).any()
    kinked = points.edges("hard_swish", (), "float32")
    for neighbour in (np.nextafter(np.float32(-3), np.float32(0)), np.float32(3), np.float32(-3)):
        assert neighbour in kinked
    everything = points.Patterns("relu", (), "float32")
    assert everything.inputs == everything.blocks * len(everything.block(4095)) == 2**32
    assert everything.block(4095).view(np.uint32)[-1] == 2**32 - 1


def test_errors_are_shown_rounded_up_and_shares_rounded_down():
    assert [report.ulp(error) for error in (2.00001, 0.5, 17.01, 16.7e6, np.inf)] == [
        "2.001",
        "0.500",
        "17.1",
        "1.7e7",
        "inf",
    ]
    assert [report.share(part) for part in (1, 1 - 1e-9, 0.98765)] == ["100%", "99.99%", "98.76%"]


def test_default_parameters_are_those_of_the_catalogue():
    for name in ELEMENTWISE:
        catalogue = [parameter.default for parameter in CATALOGUE[name].parameters]
        assert len(catalogue) == len(default_parameters(name))
        for here, there in zip(default_parameters(name), catalogue, strict=True):
            assert there is None or here == there


@pytest.fixture
def sweep():
    given = points.Patterns("sigmoid", (), "float32", 1021)
    return Job("sigmoid", (), given, (widest(),))


def test_a_resumed_run_gives_what_an_uninterrupted_one_does(sweep, tmp_path):
    at_once, kept = run.Progress(sweep), state.State(tmp_path)

    def stop(progress):
        kept.save(progress)
        raise KeyboardInterrupt

    with run.processes(2) as pool:
        run.run([at_once], pool, 2)
        for blocks in (0, 1, 2):
            progress = kept.load(sweep)
            assert progress.blocks == blocks
            with pytest.raises(KeyboardInterrupt):
                run.run([progress], pool, 2, stop)
        resumed = kept.load(sweep)
        assert not resumed.done
        run.run([resumed], pool, 2, kept.save)
    assert resumed.done
    assert resumed == kept.load(sweep) == at_once
    assert at_once.tallies[widest(), "value"].inputs == sweep.points.inputs


def test_only_results_of_these_loops_and_definitions_are_taken(sweep, tmp_path, monkeypatch):
    def blocks(job=sweep):
        return state.State(tmp_path).load(job).blocks

    kept = state.State(tmp_path)
    assert kept.load(sweep).blocks == 0
    kept.save(run.Progress(sweep, blocks=1))
    assert blocks() == 1
    assert blocks(Job("sigmoid", (), sweep.points, ("numpy",))) == 0
    changed = tmp_path / "changed.so"
    changed.write_bytes(b"other loops")
    with monkeypatch.context() as patch:
        patch.setattr(state, "backend_files", lambda name: [changed])
        assert blocks() == 0
        with pytest.raises(state.Changed, match="changed while they were measured"):
            kept.save(run.Progress(sweep, blocks=2))
    with monkeypatch.context() as patch:
        patch.setattr(state, "_judge", lambda: "other definitions")
        assert blocks() == 0
    (found,) = tmp_path.glob("*.json")
    found.write_text(found.read_text()[:-2])
    assert blocks() == 0


def test_the_digest_sees_the_files_that_decide():
    names = [file.name for file in state.backend_files(widest())]
    assert any(name.startswith("_engine") for name in names)
    assert any(name.startswith(f"_{widest().partition('-')[2]}") for name in names)
    assert len(state.backend_files("numpy")) > 2
    assert len(state.backend_files("numba")) > 2
    for name in state.JUDGES:
        assert (Path(state.__file__).parent / f"{name}.py").exists()
