"""torch: its kernels without autograd, results into `out` where they take it."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import torch

from .form import Form
from .jobs import Given, Job, arguments
from .torch_functions import FUNCTIONS
from .torch_gradients import GRADIENTS


class Torch:
    """torch on the processor, in inference mode."""

    name = "torch"
    inexact: ClassVar[dict[str, str]] = {"hard_sigmoid": "the gradient multiplies by a float32 1/6"}

    def __init__(self, threads: int) -> None:
        torch.set_num_threads(threads)

    def forms(self, job: Job, given: Given) -> list[Form]:
        """One form: with new results, with results into `out`, or over the inputs."""
        if job.activation not in FUNCTIONS:
            return []
        if job.operation != "forward" and job.activation not in GRADIENTS:
            return []
        tensors = tensors_of(given.arrays)
        if job.in_place:
            return [
                Form(
                    over_inputs(job),
                    context=torch.inference_mode,
                    consumed=lambda: tensors_of(tuple(array.copy() for array in given.arrays)),
                    arrays=as_arrays,
                )
            ]
        results = () if job.layout == "fresh" else tensors_of(given.out)
        if job.operation != "forward":
            names = ("dx_out",) if job.operation == "backward" else ("y_out", "dx_out")
            keywords = dict(zip(names, results, strict=True)) if results else {}
            steps = with_gradient(job)
            return [Form(steps, tensors, keywords, torch.inference_mode, arrays=as_arrays)]
        value, into = FUNCTIONS[job.activation]
        inputs = (*tensors, *arguments(job))
        if results and into is not None:
            return [Form(into, inputs, {"out": results[0]}, torch.inference_mode, arrays=as_arrays)]
        return [Form(value, inputs, {}, torch.inference_mode, arrays=as_arrays)]


def tensors_of(arrays: tuple[np.ndarray, ...]) -> tuple[Any, ...]:
    """The same memory."""
    return tuple(torch.from_numpy(array) for array in arrays)


def as_arrays(result: Any) -> tuple[np.ndarray, ...]:
    return tuple(t.numpy() for t in (result if isinstance(result, tuple) else (result,)))


def over_inputs(job: Job) -> Callable[..., Any]:
    """The job as a function that writes over x, over dy, or over both."""
    if job.operation == "forward":
        value = value_of(job)
        return lambda x: value(x, x)
    steps = with_gradient(job)
    if job.operation == "backward":
        return lambda x, dy: steps(x, dy, dx_out=dy)
    return lambda x, dy: steps(x, dy, x, dy)


def value_of(job: Job) -> Callable[..., Any]:
    """A function of x, and of where the value goes if that is given and can be."""
    constants = arguments(job)
    value, into = FUNCTIONS[job.activation]

    def call(x: Any, out: Any = None) -> Any:
        if out is None or into is None:
            return value(x, *constants)
        return into(x, *constants, out=out)

    return call


def with_gradient(job: Job) -> Callable[..., Any]:
    """The steps of backward or forward_backward: a function of x and dy, and where results go.

    Where the gradient is made of the value, backward computes that first: it gets x, as everybody.
    """
    gradient = GRADIENTS[job.activation]
    fresh, into = gradient.kernels(*arguments(job))
    value = value_of(job)

    def gradient_of(dy: Any, kept: Any, out: Any) -> Any:
        return fresh(dy, kept) if out is None or into is None else into(dy, kept, out)

    def backward(x: Any, dy: Any, dx_out: Any = None) -> Any:
        return gradient_of(dy, value(x) if gradient.of_value else x, dx_out)

    def fused(x: Any, dy: Any, y_out: Any = None, dx_out: Any = None) -> Any:
        if gradient.of_value:
            y = value(x, y_out)
            return y, gradient_of(dy, y, dx_out)
        dx = gradient_of(dy, x, dx_out)  # first: the value may go over x
        return value(x, y_out), dx

    return backward if job.operation == "backward" else fused
