"""The checks on rows: a loss against torch's, and one long row on two threads."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

import fastact as fa

from .checks import Check, Pair, ratio
from .goals import DTYPES, imported_torch, numbers, timed
from .timing import Timed

#: Predictions of a language model: positions, and words of its vocabulary.
LOGITS = (4096, 32_000)

#: Elements of a row that has all threads to itself.
LONG = 10_000_000


def rows() -> Iterator[Check]:
    """Cross-entropy of a vocabulary over torch, and what a second thread gives a single row."""
    torch = imported_torch()
    if torch:
        yield Check(
            f"softmax_cross_entropy of {LOGITS} float32, one thread",
            "torch's forward and backward over forward_backward",
            ratio(partial(_torch_over_ours, torch)),
            1.5,
            at_least=True,
        )
    for name in ("softmax", "log_softmax", "logsumexp"):
        for dtype in DTYPES:
            yield Check(
                f"one row of {LONG:,}, one thread over two",
                f"{name} {dtype}",
                ratio(partial(_one_thread_over_two, name, dtype)),
                1.7,
                at_least=True,
            )


def _torch_over_ours(torch: Any) -> Pair:
    random = np.random.default_rng(1)
    x = random.standard_normal(LOGITS, dtype=np.float32)  # too large to be kept
    labels = random.integers(0, LOGITS[1], LOGITS[0])
    logits, classes = torch.from_numpy(x.copy()).requires_grad_(), torch.from_numpy(labels)

    def forward_and_backward() -> None:
        logits.grad = None
        torch.nn.functional.cross_entropy(logits, classes).backward()

    return Timed(forward_and_backward), timed(fa.softmax_cross_entropy.forward_backward, x, labels)


def _one_thread_over_two(name: str, dtype: str) -> Pair:
    x = numbers(LONG, dtype=dtype)
    out = np.empty((), dtype) if name == "logsumexp" else np.empty_like(x)
    call = partial(timed, getattr(fa, name), x, out=out)
    return call(threads=1), call(threads=2)
