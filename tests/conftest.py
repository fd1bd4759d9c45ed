"""Parameters with readable ids, as in ``test[sigmoid-numba]``.

Ask for ``activation`` or ``rowwise``, and there is a test for each. Under
``@pytest.mark.representatives`` it is one for one activation of each kind, and with
``-m exhaustive`` for all.

Ask for ``variant``, ``dtype``, ``operation`` or ``row_operation``, and one test tries one after
another: a test of its own for each would cost more than what most of them do. A failure names what
it was. Where ``-k`` chooses among the tests, there is one for each variant.
"""

import gc
import os
from itertools import product

os.environ["FASTACT_PROFILE"] = ""  # this user's own must not decide what is tested

import operations
import pytest
from hypothesis import HealthCheck, settings

AXES = {"activation": operations.ELEMENTWISE, "rowwise": operations.ROWWISE}


class InTurn(list):
    """What a test is called with, one after another."""


@pytest.fixture
def variant():
    return InTurn(operations.VARIANTS)


@pytest.fixture
def dtype():
    return InTurn(operations.DTYPES)


@pytest.fixture
def operation():
    return InTurn(operations.OPERATIONS)


@pytest.fixture
def row_operation():
    return InTurn(operations.ROW_OPERATIONS)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Call the test with each of what is ``InTurn``, or with all pairs; else it is left to pytest.
    It is skipped if every call of it is."""
    given = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    in_turn = {name: value for name, value in given.items() if isinstance(value, InTurn)}
    if not in_turn:
        return None
    skipped = []
    choices = list(product(*in_turn.values()))
    for values in choices:
        chosen = dict(zip(in_turn, values, strict=True))
        try:
            pyfuncitem.obj(**given | chosen)
        except pytest.skip.Exception as reason:
            skipped.append(reason)
        except Exception as error:
            error.add_note("with " + ", ".join(f"{name} = {chosen[name]!r}" for name in chosen))
            raise
    if len(skipped) == len(choices):
        raise skipped[0]
    return True


settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    database=None,
)
settings.register_profile("search", deadline=None, max_examples=500)
settings.load_profile("repeatable")


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "representatives: one activation of each kind, or all with -m exhaustive"
    )


@pytest.hookimpl(trylast=True)  # so that the variants of a case come one after another
def pytest_generate_tests(metafunc):
    given = {
        name.strip()
        for marker in metafunc.definition.iter_markers("parametrize")
        for name in (
            marker.args[0].split(",") if isinstance(marker.args[0], str) else marker.args[0]
        )
    }
    # The other axes first, so that the variants of a case come one after another.
    axes = AXES | ({"variant": operations.VARIANTS} if metafunc.config.option.keyword else {})
    for name, choices in axes.items():
        if name in metafunc.fixturenames and name not in given:
            if name == "activation" and metafunc.definition.get_closest_marker("representatives"):
                choices = activations_to_represent(metafunc.config)
            metafunc.parametrize(name, choices)


def activations_to_represent(config):
    if "exhaustive" not in (config.option.markexpr or ""):
        return operations.REPRESENTATIVES
    return [pytest.param(name, marks=pytest.mark.exhaustive) for name in operations.ELEMENTWISE]


def pytest_collection_modifyitems(config, items):
    """Leave the exhaustive tests out unless the command line says which marks to run."""
    if config.option.markexpr:
        return
    kept, long = [], []
    for item in items:
        (long if item.get_closest_marker("exhaustive") else kept).append(item)
    config.hook.pytest_deselected(items=long)
    items[:] = kept


@pytest.hookimpl(wrapper=True)
def pytest_collection(session):
    """Of what is collected nothing becomes garbage: to look for it again and again takes seconds,
    now and among what the tests leave."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
