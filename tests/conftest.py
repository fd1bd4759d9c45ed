"""Parameters with readable ids, as in ``test[sigmoid-float32-numba]``.

Ask for ``variant``, ``activation``, ``rowwise``, ``dtype``, ``operation`` or ``row_operation``,
and the test runs for each.
"""

import operations
from hypothesis import HealthCheck, settings

AXES = {
    "activation": operations.ELEMENTWISE,
    "rowwise": operations.ROWWISE,
    "dtype": operations.DTYPES,
    "operation": operations.OPERATIONS,
    "row_operation": operations.ROW_OPERATIONS,
    "variant": operations.VARIANTS,
}

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


def pytest_generate_tests(metafunc):
    given = {
        name.strip()
        for marker in metafunc.definition.iter_markers("parametrize")
        for name in (
            marker.args[0].split(",") if isinstance(marker.args[0], str) else marker.args[0]
        )
    }
    for name, choices in AXES.items():
        if name in metafunc.fixturenames and name not in given:
            metafunc.parametrize(name, choices)


def pytest_collection_modifyitems(config, items):
    """Leave the exhaustive tests out unless the command line says which marks to run."""
    if config.option.markexpr:
        return
    long = [item for item in items if item.get_closest_marker("exhaustive")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]
