"""docs/special-values.md: what every backend and instruction set gives, and what is right."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from operations import ELEMENTWISE, bounds
from oracle import DEFINITIONS, slope_reference, value_reference
from ulp import assert_same_bits, assert_within

from fastact.accuracy import special_values
from fastact.accuracy.candidates import Backend
from fastact.cli import main

PAGE = "docs/special-values.md"
COMMITTED = Path(__file__).parents[1] / PAGE


@lru_cache(maxsize=2)
def rows(variant):
    return list(special_values.rows(variant))


def test_the_page_is_what_comes_out(variant):
    text = special_values.page(variant, PAGE)
    committed = COMMITTED.read_text(encoding="utf-8")
    for made, kept in zip(text.splitlines(), committed.splitlines(), strict=True):
        assert made == kept


@pytest.mark.parametrize("operation", ["value", "slope"])
def test_what_comes_out_is_right(variant, operation):
    """In bits where the definition says so, within the bounds elsewhere."""
    refer = {"value": value_reference, "slope": slope_reference}[operation]
    exact = 0
    for row in rows(variant):
        for x, results in zip(row.inputs, row.results, strict=True):
            got, label = results[operation], f"{variant}: {operation} of {row.activation}"
            bound = bounds(variant, x.dtype)[operation == "slope"]
            reference = refer(row.activation, x, row.parameters)
            assert_within(got, reference, bound, label, x=x)
            for expected in in_bits(row, x, operation):
                assert_same_bits(got, expected, f"{label} at {x}")
                exact += 1
    assert exact > 5 * len(ELEMENTWISE)


def in_bits(row, x, operation):
    """What must come out exactly, if the definition says; an integer 0 is a zero of any sign."""
    definition = DEFINITIONS[row.activation]
    if np.isnan(x[0]):
        yield x
    for at, value, slope in definition.special(*row.parameters):
        result = value if operation == "value" else slope
        if at == x[0] and np.signbit(at) == np.signbit(x[0]) and isinstance(result, float):
            yield np.array([result], x.dtype)
    if operation == "slope" and row.kink:
        kinks = {float(x.dtype.type(at)): slope for at, slope in kinks_of(row).items()}
        yield np.array([kinks[float(x[0])]], x.dtype)


def kinks_of(row):
    return DEFINITIONS[row.activation].kinks(*row.parameters)


def test_every_activation_and_every_kink_is_there():
    found = rows("numpy")
    for name in ELEMENTWISE:
        mine = [row for row in found if row.activation == name]
        columns = [row.point for row in mine if not row.kink]
        assert columns == list(special_values.COLUMNS)
        assert len(mine) == len(columns) + len(kinks_of(mine[0]))
        for k, dtype in enumerate(special_values.DTYPES):
            inputs = [row.inputs[k] for row in mine]
            assert {x.dtype.name for x in inputs} == {dtype}
            assert len({x.tobytes() for x in inputs}) >= len(special_values.COLUMNS)


def test_the_command_writes_this_page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("docs").mkdir()
    assert main(["accuracy", "--special-values", PAGE]) == 0
    assert Path(PAGE).read_text(encoding="utf-8") == COMMITTED.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("x", "wrong"), [(0.0, -0.0), (np.inf, 3.4e38), (np.nan, 0.0), (-np.inf, -1.0)]
)
def test_a_wrong_result_changes_the_page(monkeypatch, x, wrong):
    true = Backend.results

    def faulty(self, activation, parameters, at):
        found = true(self, activation, parameters, at)
        if activation == "relu" and np.array_equal(at, [x], equal_nan=True):
            found["value"] = np.full_like(found["value"], wrong)
        return found

    before = special_values.page("numpy", PAGE)
    monkeypatch.setattr(Backend, "results", faulty)
    assert special_values.page("numpy", PAGE) != before
