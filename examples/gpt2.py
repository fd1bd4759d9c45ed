"""One block of a transformer at the sizes of GPT-2 small: with NumPy's formulas, and with fastact.

    pip install ".[examples]"
    python examples/gpt2.py
    python examples/gpt2.py --sequence 512 --batch 2 --threads 1

Layer norm, causal attention with 12 heads, layer norm, an MLP with GELU (Radford et al. 2019), in
float32, with random weights. Both versions must give the same numbers, up to float32's rounding;
then it prints the time of each part. The matrix products are NumPy's in both.
"""

import argparse
from collections import defaultdict
from contextlib import contextmanager
from statistics import median
from time import perf_counter

import numpy as np

import fastact as fa

EPSILON = 1e-5  # of the layer norm
TOLERANCE = 64 * np.finfo("f4").eps  # of the largest number


class Parts:
    """The seconds that each part took, in every run."""

    def __init__(self):
        self.seconds = defaultdict(list)
        self.running = {}

    @contextmanager
    def __call__(self, part):
        start = perf_counter()
        yield
        self.running[part] = self.running.get(part, 0.0) + perf_counter() - start

    def end_of_run(self):
        for part, seconds in self.running.items():
            self.seconds[part].append(seconds)
        self.running = {}


class Weights:
    """Random weights of a block, of the size that GPT-2 begins with."""

    def __init__(self, width, heads, random):
        def matrix(n, m):
            return (0.02 * random.standard_normal((n, m))).astype("f4")

        def vector(n, around=0.0):
            return (around + 0.1 * random.standard_normal(n)).astype("f4")

        self.heads = heads
        self.norms = [(vector(width, 1.0), vector(width)) for _ in range(2)]
        self.attention = matrix(width, 3 * width), vector(3 * width)
        self.projection = matrix(width, width), vector(width)
        self.widening = matrix(width, 4 * width), vector(4 * width)
        self.narrowing = matrix(4 * width, width), vector(width)


def split_heads(qkv, heads):
    """Queries, keys and values, each of shape (batch, heads, sequence, width / heads)."""
    batch, sequence, _ = qkv.shape
    return qkv.reshape(batch, sequence, 3, heads, -1).transpose(2, 0, 3, 1, 4)


def merge_heads(x):
    batch, heads, sequence, size = x.shape
    return x.transpose(0, 2, 1, 3).reshape(batch, sequence, heads * size)


def block_with_numpy(x, weights, part):
    def layer_norm(x, gain, bias):
        mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
        return (x - mean) / np.sqrt(variance + np.float32(EPSILON)) * gain + bias

    def dense(x, matrix, bias):
        return x @ matrix + bias

    with part("layer norm"):
        normal = layer_norm(x, *weights.norms[0])
    with part("queries, keys, values"):
        queries, keys, values = split_heads(dense(normal, *weights.attention), weights.heads)
    with part("scores"):
        scores = (queries / np.sqrt(np.float32(queries.shape[-1]))) @ keys.swapaxes(-1, -2)
    with part("causal softmax"):
        later = np.triu(np.ones(scores.shape[-2:], bool), 1)
        scores = np.where(later, np.float32(-np.inf), scores)
        e = np.exp(scores - scores.max(axis=-1, keepdims=True))
        attention = e / e.sum(axis=-1, keepdims=True)
    with part("weighted values"):
        mixed = merge_heads(attention @ values)
    with part("projection"):
        x = x + dense(mixed, *weights.projection)

    with part("layer norm"):
        normal = layer_norm(x, *weights.norms[1])
    with part("MLP: product, bias, GELU"):
        sums = dense(normal, *weights.widening)
        u = np.sqrt(np.float32(2 / np.pi)) * (sums + np.float32(0.044715) * sums**3)
        hidden = np.float32(0.5) * sums * (1 + np.tanh(u))
    with part("MLP: product, bias"):
        return x + dense(hidden, *weights.narrowing)


def block_with_fastact(x, weights, part):
    def layer_norm(x, gain, bias):
        y = fa.standardize(x, eps=EPSILON)
        y *= gain
        y += bias
        return y

    with part("layer norm"):
        normal = layer_norm(x, *weights.norms[0])
    with part("queries, keys, values"):
        queries, keys, values = split_heads(fa.dense(normal, *weights.attention), weights.heads)
    with part("scores"):
        scores = (queries / np.sqrt(np.float32(queries.shape[-1]))) @ keys.swapaxes(-1, -2)
    with part("causal softmax"):
        attention = fa.softmax(scores, causal=True, out=scores)
    with part("weighted values"):
        mixed = merge_heads(attention @ values)
    with part("projection"):
        x = x + fa.dense(mixed, *weights.projection)

    with part("layer norm"):
        normal = layer_norm(x, *weights.norms[1])
    with part("MLP: product, bias, GELU"):
        hidden = fa.dense(normal, *weights.widening, "gelu_tanh")
    with part("MLP: product, bias"):
        return x + fa.dense(hidden, *weights.narrowing)


BLOCKS = {"NumPy": block_with_numpy, "fastact": block_with_fastact}


def require_same(ours, expected):
    """Raise AssertionError unless they differ by rounding alone."""
    difference = np.max(np.abs(ours.astype("f8") - expected))
    allowed = TOLERANCE * np.max(np.abs(expected))
    if ours.shape != expected.shape or not difference <= allowed:
        raise AssertionError(f"the two blocks differ by {difference:.3g}, {allowed:.3g} is allowed")
    return difference / np.max(np.abs(expected))


def run(width, heads, sequence, batch, rounds, seed=0):
    """The Parts of each version, which take turns, and how far apart their numbers are."""
    random = np.random.default_rng(seed)
    weights = Weights(width, heads, random)
    x = random.standard_normal((batch, sequence, width)).astype("f4")
    parts = {name: Parts() for name in BLOCKS}
    results = {name: block(x, weights, Parts()) for name, block in BLOCKS.items()}
    difference = require_same(results["fastact"], results["NumPy"])
    for _ in range(rounds):
        for name, block in BLOCKS.items():
            with parts[name]("the block"):
                block(x, weights, parts[name])
            parts[name].end_of_run()
    return parts, difference


def table(parts):
    from rich.table import Table

    shown = Table("part", title="milliseconds, median; speed-up: median of the rounds")
    for heading in (*BLOCKS, "speed-up"):
        shown.add_column(heading, justify="right")
    names = [name for name in parts["NumPy"].seconds if name != "the block"]
    for name in (*names, "the block"):
        theirs, ours = (parts[version].seconds[name] for version in BLOCKS)
        gain = median(a / b for a, b in zip(theirs, ours, strict=True))
        shown.add_row(
            name,
            *(f"{1e3 * median(seconds):.2f}" for seconds in (theirs, ours)),
            f"{gain:.2f}x",
            style="bold" if name == "the block" else None,
        )
    return shown


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--width", type=int, default=768)
    add("--heads", type=int, default=12)
    add("--sequence", type=int, default=1024)
    add("--batch", type=int, default=1)
    add("--rounds", type=int, default=9)
    add("--threads", type=int, help="of fastact; NumPy's are its own; default: all there are")
    options = parser.parse_args()
    if options.width % options.heads:
        parser.error(f"--width {options.width} cannot be shared by {options.heads} heads")
    if options.threads:
        fa.set_num_threads(options.threads)
    try:
        from rich import print
    except ModuleNotFoundError:
        raise SystemExit('gpt2.py needs rich: pip install "fastact[examples]"') from None
    sizes = options.width, options.heads, options.sequence, options.batch
    parts, difference = run(*sizes, options.rounds)
    print(table(parts))
    print(f"The same numbers: they differ by {difference:.1e} of the largest one.")


if __name__ == "__main__":
    main()
