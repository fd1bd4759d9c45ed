"""`fastact bench --peers`: who takes part, that wrong values are seen, and what the figures say."""

import dataclasses
from typing import ClassVar

import numpy as np
import planted_peers
import pytest
from operations import ELEMENTWISE, ROWWISE

from fastact.accuracy.definitions import DEFINITIONS
from fastact.activations import CATALOGUE
from fastact.bench import cases, inputs
from fastact.bench.peers import errors, installed, measure, ours, summary
from fastact.bench.peers.form import Form, TimedCopies
from fastact.bench.peers.jobs import Job, all_jobs, given

LAYOUTS = ("fresh", "out", "in-place", "strided", "columns", "middle")
DTYPES = ("float16", "float32", "float64")
OPERATIONS = ("forward", "backward", "forward_backward")


def jobs(activations, sizes=(260,), dtypes=("float32",), layouts=("out",), threads=(1,)):
    """Row-wise functions see one row, and several of 13 elements."""
    return all_jobs(activations, OPERATIONS, sizes, dtypes, layouts, threads, (1000, 13))


def checked(job, *peers):
    """Who agrees with fastact on a job, and who does not; nothing is timed."""
    arrays, wrong = given(job), {}
    forms = {ours.NAME: [ours.form(job, arrays)]}
    forms |= {peer.name: peer.forms(job, arrays) for peer in peers}
    inexact = {peer.name for peer in peers if job.activation in peer.inexact}
    agreeing, results = measure.compared(job, forms, inexact, wrong)
    return agreeing, results, wrong


def test_every_function_has_its_jobs():
    found = {job.activation for job in jobs(inputs.TIMED, layouts=LAYOUTS)}
    assert {*ELEMENTWISE, *ROWWISE} <= found | {n for n in ROWWISE if n not in inputs.TIMED}
    for job in jobs(inputs.TIMED, layouts=LAYOUTS):
        arrays = given(job)
        contiguous = all(array.flags.c_contiguous for array in arrays.arrays)
        assert contiguous == (job.layout != "strided") or job.activation == "logsumexp"
        assert len(arrays.out) == 1 + (job.operation == "forward_backward")
        assert np.std(arrays.x) > 0.2


def test_a_kind_that_is_not_timed_is_named(monkeypatch):
    entry = CATALOGUE["tanh"]._replace(name="gate", kind="gated")
    monkeypatch.setitem(inputs.CATALOGUE, "gate", entry)
    assert all_jobs(["gate"], OPERATIONS, [10], ["float32"], ["out"], [1]) == []
    assert cases.all_cases(["gate"]) == []
    assert "gate" in inputs.left_out(CATALOGUE)
    assert "gated" in inputs.left_out(CATALOGUE)
    assert inputs.left_out(["tanh"]) == ""


@pytest.mark.parametrize("name", ["numpy", "scipy", "numexpr"])
def test_formulas_are_those_of_fastact(name):
    """Every function that the peer has, in every layout and dtype."""
    for package in installed.PEERS[name][2]:
        pytest.importorskip(package)
    peer = installed.create(name, 1)
    compared = set()
    for job in jobs(inputs.TIMED, dtypes=DTYPES, layouts=LAYOUTS):
        agreeing, _, wrong = checked(job, peer)
        assert not wrong, f"{job}: {wrong}"
        compared |= {job.activation} if name in agreeing else set()
    least = {"numpy": len(ELEMENTWISE), "scipy": 8, "numexpr": len(ELEMENTWISE) - 5}
    assert len(compared) >= least[name]


@pytest.mark.parametrize("name", ["numba", "torch", "jax", "onnxruntime"])
def test_libraries_compute_what_fastact_does(name):
    """A few functions in every layout; with -m exhaustive every function."""
    for package in installed.PEERS[name][2]:
        pytest.importorskip(package)
    peer = installed.create(name, 1)
    compared = 0
    for job in jobs(["sigmoid", "logsumexp"], dtypes=("float16", "float32"), layouts=LAYOUTS):
        agreeing, _, wrong = checked(job, peer)
        assert not wrong, f"{job}: {wrong}"
        compared += name in agreeing
    assert compared >= 4


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", installed.PEERS)
def test_libraries_compute_everything(name):
    for package in installed.PEERS[name][2]:
        pytest.importorskip(package)
    peer = installed.create(name, 1)
    for job in jobs(inputs.TIMED, dtypes=DTYPES, layouts=LAYOUTS):
        _, _, wrong = checked(job, peer)
        assert not wrong, f"{job}: {wrong}"


@pytest.mark.parametrize("wrong", planted_peers.WRONG)
@pytest.mark.parametrize("activation", ["tanh", "softmax", "logsumexp"])
def test_a_wrong_peer_is_named_and_not_timed(wrong, activation):
    for job in jobs([activation]):
        row = measure.measure(job, [wrong(), planted_peers.Right()], seconds=0, rounds=2)
        assert set(row.wrong) == {wrong.name}, job
        assert row.wrong[wrong.name]
        assert set(row.seconds) == {"right", ours.NAME}


def test_a_missing_result_is_seen():
    (job,) = (job for job in jobs(["tanh"]) if job.operation == "forward_backward")
    assert "1 results" in checked(job, planted_peers.OneResult())[2]["one result of two"]


def test_a_peer_known_to_be_inexact_is_judged_as_float32():
    class Inexact(planted_peers.Right):
        inexact: ClassVar = {"tanh": "why"}

        def changed(self, results):
            return tuple(array * (1 + 1e-7) for array in results)

    (job, *_) = jobs(["tanh"], dtypes=("float64",))
    assert not checked(job, Inexact())[2]
    Inexact.inexact = {}
    assert set(checked(job, Inexact())[2]) == {"right"}


def test_the_ratio_is_the_best_peers_time_over_ours():
    (job, *_) = jobs(["tanh"])
    peers = [planted_peers.Slow(), planted_peers.SlowButFaster()]
    row = measure.measure(job, peers, seconds=0, rounds=3)
    assert row.best == "faster"
    assert row.ratio["median"] > 20
    assert row.seconds["faster"]["median"] > 0.001 > row.seconds[ours.NAME]["median"]
    assert not summary.behind([row])
    row.ratio = dict.fromkeys(row.ratio, 0.5)
    assert summary.behind([row]) == [row]


def test_who_cannot_win_is_not_timed_in_turn():
    (job, *_) = jobs(["tanh"])
    peers = [planted_peers.Slow(), planted_peers.Right()]
    row = measure.measure(job, peers, seconds=0, rounds=2)
    assert row.best == "right"
    assert row.seconds["slow"]["median"] > 0.002


def test_calls_that_write_over_their_inputs_see_them_fresh():
    seen = []

    def add_one(x):
        seen.append(float(x[0]))
        x += 1

    x = np.zeros(10)
    timer = TimedCopies(Form(add_one, consumed=lambda: (x.copy(),)))
    assert timer.seconds(7) > 0
    assert 1 <= timer.repeats_for(1e-4) <= 10_000
    assert len(seen) >= 10
    assert set(seen) == {0.0}


@pytest.mark.parametrize("dtype", DTYPES)
def test_errors_are_counted_in_units_in_the_last_place(dtype):
    """Three units are put on an exact result: the error must be that, give or take a rounding."""
    for job in jobs(
        ["sigmoid", "softmax", "logsumexp", "prelu", "standardize"],
        dtypes=(dtype,),
        sizes=(2000, 200_000),  # the second: more than are judged
        layouts=("out", "columns", "middle"),
    ):
        arrays = given(job)
        results = ours.form(job, arrays).result()
        found = errors.worst_errors(job, arrays, {"fastact": results})
        if job.activation == "standardize" or (job.rowwise and job.operation == "backward"):
            assert found == {}
            continue
        allowed = 2 * 4 + 1.5  # of a gradient, and of its product with dy
        assert found["fastact"] <= allowed, job
        spoiled = np.array(results[0])
        spoiled.ravel()[0] += 64 * np.spacing(spoiled.ravel()[0])
        worse = errors.worst_errors(job, arrays, {"fastact": (spoiled, *results[1:])})
        assert 20 < worse["fastact"] < 140, job
        spoiled.ravel()[0] = np.nan
        lost = errors.worst_errors(job, arrays, {"fastact": (spoiled, *results[1:])})
        assert lost["fastact"] is None, job


def test_every_elementwise_function_can_be_judged():
    assert set(ELEMENTWISE) <= set(DEFINITIONS)


def test_what_is_bound_by_memory():
    job = Job("relu", "forward", 10_000, "float32", "out", 1)
    row = measure.Row(**job._asdict(), light=True, streams=1)
    assert not summary.memory_bound(row)
    row.size = 1_000_000
    assert summary.memory_bound(row)
    row.light = False
    row.copied, row.streams = 100, 100
    row.seconds = {"fastact": {"median": 1e-9}, "copy": {"median": 1e-9}}
    assert summary.memory_bound(row)
    row.streams = 70
    assert not summary.memory_bound(row)


def test_rows_have_the_length_that_is_asked_for():
    found = all_jobs(["softmax", "relu"], ["forward"], [10_000], ["float32"], ["out"], [1], [30, 9])
    shapes = [(job.activation, given(job).x.shape, job.size) for job in found]
    assert shapes == [
        ("softmax", (333, 30), 9990),
        ("relu", (10_000,), 10_000),
        ("softmax", (1111, 9), 9999),
    ]
    (one,) = all_jobs(["softmax"], ["forward"], [10], ["float32"], ["out"], [1], [10])
    assert given(one).x.shape == (10,)
    row = measure.measure(found[0], [planted_peers.Right()], seconds=0, rounds=2)
    assert row.job == found[0]
    assert "rows of 30" in summary.title(row)
    assert len(summary.tables([row, dataclasses.replace(row, row_length=9)])) == 2
