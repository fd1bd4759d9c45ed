"""One test that tries one thing after another tries all of them, and says which one failed."""

from itertools import product
from types import SimpleNamespace

import pytest
from conftest import InTurn, pytest_pyfunc_call

TYPES, NAMES = InTurn(["half", "single", "double"]), InTurn(["forward", "backward"])


def call(function, **given):
    """As pytest would; "skipped" if it is, which would else skip the test that asks."""
    fixtures = SimpleNamespace(argnames=tuple(given))
    item = SimpleNamespace(obj=function, funcargs=given, _fixtureinfo=fixtures)
    try:
        return pytest_pyfunc_call(item)
    except pytest.skip.Exception:
        return "skipped"


def test_all_pairs_also_after_one_that_is_skipped():
    tried = []

    def check(dtype, operation, other):
        tried.append((dtype, operation, other))
        if dtype == "half":
            pytest.skip("computed as single")

    assert call(check, dtype=TYPES, operation=NAMES, other=3) is True
    assert tried == [(*pair, 3) for pair in product(TYPES, NAMES)]


def test_a_failure_after_a_skip_says_what_failed():
    def check(dtype, operation):
        if dtype == "half":
            pytest.skip("computed as single")
        assert (dtype, operation) != ("double", "backward")

    with pytest.raises(AssertionError) as failure:
        call(check, dtype=TYPES, operation=NAMES)
    assert failure.value.__notes__ == ["with dtype = 'double', operation = 'backward'"]


def test_skipped_if_all_are():
    assert call(lambda dtype: pytest.skip("not here"), dtype=TYPES) == "skipped"


def test_other_tests_are_left_to_pytest():
    assert call(lambda dtype: pytest.fail("called"), dtype="single") is None
