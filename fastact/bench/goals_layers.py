"""The checks on gated units and on the neuron."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

import fastact as fa

from .checks import Check, Pair, ratio
from .goals import DTYPES, LARGE, imported_torch, numbers, timed
from .timing import Timed

#: The widening layer of GPT-2 small's MLP, on 4096 positions.
POSITIONS, INPUTS, NEURONS = 4096, 768, 3072


def layers() -> Iterator[Check]:
    """Gated units against torch and on extreme operands; dense against its product alone."""
    torch = imported_torch()
    if torch:
        yield Check(
            "gated units, 10^6 elements, one thread",
            "torch's eager forward and backward over swiglu.forward_backward",
            ratio(partial(_torch_over_ours, torch)),
            1.5,
            at_least=True,
        )
    for dtype in DTYPES:
        for label, pair in {"gates far out": _far_gates, "subnormal values": _small_values}.items():
            yield Check(
                "gated units, 10^6 elements, one thread",
                f"swiglu.forward_backward {dtype}: {label} over ordinary ones",
                ratio(partial(pair, dtype)),
                3.0,
            )
    for activation in ("gelu", "gelu_tanh"):
        yield Check(
            f"dense, ({POSITIONS}, {INPUTS}) x ({INPUTS}, {NEURONS}) float32, all threads",
            f"with bias and {activation}, over NumPy's product alone",
            ratio(partial(_dense_over_product, activation)),
            1.15,
        )


def _operands(dtype: str = "float32") -> tuple[np.ndarray, ...]:
    return tuple(numbers(LARGE, dtype=dtype, seed=seed) for seed in (1, 2, 3))


def _ours(gate: np.ndarray, value: np.ndarray, dy: np.ndarray) -> Timed:
    out = tuple(np.empty_like(gate) for _ in range(3))
    return timed(fa.swiglu.forward_backward, gate, value, dy, out=out)


def _torch_over_ours(torch: Any) -> Pair:
    operands = _operands()
    gate, value, dy = (torch.from_numpy(a.copy()) for a in operands)
    gate.requires_grad_()
    value.requires_grad_()

    def forward_and_backward() -> None:
        gate.grad = value.grad = None
        (torch.nn.functional.silu(gate) * value).backward(dy)

    return Timed(forward_and_backward), _ours(*operands)


def _far_gates(dtype: str) -> Pair:
    """One gate in every 16 shut."""
    gate, value, dy = _operands(dtype)
    far = gate.copy()
    far[::16] = -0.9 * np.log(np.finfo(dtype).max)
    return _ours(far, value, dy), _ours(gate, value, dy)


def _small_values(dtype: str) -> Pair:
    gate, value, dy = _operands(dtype)
    return _ours(gate, value * np.finfo(dtype).tiny, dy), _ours(gate, value, dy)


def _dense_over_product(activation: str) -> Pair:
    x, weights = numbers(POSITIONS, INPUTS), numbers(INPUTS, NEURONS) / np.float32(28)
    bias, out = numbers(NEURONS), np.empty((POSITIONS, NEURONS), "f")
    threads = fa.get_num_threads()
    ours = timed(fa.dense, x, weights, bias, activation, out, threads=threads)
    return ours, Timed(np.matmul, x, weights, out=out)
