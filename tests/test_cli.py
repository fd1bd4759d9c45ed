"""The command `fastact`, as a shell sees it."""

import os
import subprocess
import sys

import pytest

from fastact.activations import CATALOGUE
from fastact.cli import _parser, main


def command(*arguments):
    return [sys.executable, "-W", "error", "-m", "fastact.cli", *arguments]


@pytest.mark.parametrize("arguments", [("catalogue",), ("config",), ("catalogue", "--markdown")])
def test_a_reader_that_has_seen_enough_is_no_error(arguments):
    with subprocess.Popen(
        command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        said = process.stderr.read().decode()
        process.wait(60)
    assert not said
    assert process.returncode == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device")
@pytest.mark.parametrize("arguments", [("catalogue",), ("config",)])
def test_where_nothing_more_can_be_written(arguments):
    with open("/dev/full", "w") as full:
        found = subprocess.run(
            command(*arguments), stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
        )
    assert found.returncode == 1
    assert found.stderr.decode().startswith("fastact: ")
    assert "Traceback" not in found.stderr.decode()


def test_the_catalogue_fits_a_terminal(capsys):
    assert main(["catalogue"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines if not line.startswith(" ")} == set(CATALOGUE)
    formulas = {entry.name: len(entry.formula) for entry in CATALOGUE.values()}
    for line in lines:
        widest = max(80, 21 + formulas.get(line.split()[0], 0))  # a formula is not broken
        assert len(line) <= widest, line


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "long"])
@pytest.mark.parametrize("name", ["tune", "bench"])
def test_a_duration_must_be_one(name, seconds, capsys):
    with pytest.raises(SystemExit) as caught:
        main([name, "--seconds", seconds])
    assert caught.value.code == 2
    assert "--seconds" in capsys.readouterr().err


def test_bench_takes_aliases():
    options = _parser().parse_args(["bench", "--activations", "hardtanh", "relu"])
    assert options.activations == ["hard_tanh", "relu"]


def test_an_unknown_activation_is_an_error_that_reads_well(capsys):
    status = main(["accuracy", "nosuch"])
    assert status not in (0, None)
    assert "unknown activation 'nosuch'; there are identity, " in capsys.readouterr().err
