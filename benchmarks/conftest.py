"""Narrow tables for `pytest benchmarks`."""

COLUMNS = ["median", "iqr", "rounds"]


def pytest_configure(config):
    """Show few columns, unless the command line names its own."""
    given = config.invocation_params.args
    if not any(argument.startswith("--benchmark-columns") for argument in given):
        config.option.benchmark_columns = COLUMNS
