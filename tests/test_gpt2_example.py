"""examples/gpt2.py: both blocks are the transformer's, and it runs as a program."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

PATH = Path(__file__).parents[1] / "examples" / "gpt2.py"
SIZES = {"width": 24, "heads": 3, "sequence": 10, "batch": 2}


@pytest.fixture(scope="module")
def gpt2():
    specification = importlib.util.spec_from_file_location("gpt2", PATH)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def block_in_float64(x, weights):
    """One position after the other, one head after the other."""
    x = x.astype("f8")
    batch, sequence, width = x.shape
    size = width // weights.heads

    def norm(row, gain, bias):
        return (row - row.mean()) / np.sqrt(row.var() + 1e-5) * gain + bias

    def gelu(s):
        return s / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (s + 0.044715 * s**3)))

    y = np.zeros_like(x)
    for b in range(batch):
        rows = [
            norm(row, *weights.norms[0]) @ weights.attention[0] + weights.attention[1]
            for row in x[b]
        ]
        for i in range(sequence):
            mixed = np.zeros(width)
            for h in range(weights.heads):
                own = slice(h * size, (h + 1) * size)
                query, scores = rows[i][:width][own], []
                for earlier in rows[: i + 1]:
                    scores.append(query @ earlier[width : 2 * width][own] / np.sqrt(size))
                weight = np.exp(scores) / np.sum(np.exp(scores))
                for w, earlier in zip(weight, rows[: i + 1], strict=True):
                    mixed[own] += w * earlier[2 * width :][own]
            after = x[b, i] + mixed @ weights.projection[0] + weights.projection[1]
            hidden = norm(after, *weights.norms[1]) @ weights.widening[0] + weights.widening[1]
            y[b, i] = after + gelu(hidden) @ weights.narrowing[0] + weights.narrowing[1]
    return y


def test_both_blocks_are_right(gpt2):
    random = np.random.default_rng(1)
    weights = gpt2.Weights(24, 3, random)
    x = random.standard_normal((2, 10, 24)).astype("f4")
    expected = block_in_float64(x, weights)
    for block in gpt2.BLOCKS.values():
        y = block(x, weights, gpt2.Parts())
        assert y.dtype == np.float32
        gpt2.require_same(y, expected)


def test_a_block_that_looks_ahead_is_found(gpt2, monkeypatch):
    true = gpt2.fa.softmax
    ahead = {"softmax": lambda x, causal, out: true(x, out=out)}
    faulty = type("fa", (), {k: staticmethod(v) for k, v in ahead.items()})
    faulty.standardize, faulty.dense = gpt2.fa.standardize, staticmethod(gpt2.fa.dense)
    monkeypatch.setattr(gpt2, "fa", faulty)
    with pytest.raises(AssertionError, match="differ by"):
        gpt2.run(**SIZES, rounds=1)


def test_it_runs_as_a_program():
    arguments = [text for name, value in SIZES.items() for text in (f"--{name}", str(value))]
    found = subprocess.run(
        [sys.executable, "-W", "error", str(PATH), *arguments, "--rounds", "2"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    for part in ("layer norm", "causal softmax", "GELU", "the block", "The same numbers"):
        assert part in found.stdout
