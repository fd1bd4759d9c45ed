"""jax under jit: value and gradient in one compiled function, inputs where jax keeps them."""

from collections.abc import Callable
from typing import Any, ClassVar

import jax

from .form import Form
from .jax_functions import FUNCTIONS
from .jobs import Given, Job, arguments


class Jax:
    """jax on the processor. It has no `out`: into given arrays it competes with new ones."""

    name = "jax"
    inexact: ClassVar[dict[str, str]] = {}

    def __init__(self, threads: int) -> None:
        jax.config.update("jax_enable_x64", True)  # float32 inputs stay float32
        jax.config.update("jax_platforms", "cpu")
        self._compiled: dict[tuple[Any, ...], Callable[..., Any]] = {}

    def forms(self, job: Job, given: Given) -> list[Form]:
        """Contiguous arrays only: jax has no others. Over the inputs: they are donated."""
        if job.activation not in FUNCTIONS or job.layout == "strided":
            return []
        function = self._function(job)

        def call(*arrays: Any) -> Any:
            return jax.block_until_ready(function(*arrays))

        def alone(x: Any) -> Any:
            return function(x).block_until_ready()

        chosen = alone if job.operation == "forward" else call
        if job.in_place:

            def copies() -> tuple[Any, ...]:
                made = tuple(jax.numpy.array(a, copy=True) for a in given.arrays)
                return tuple(jax.block_until_ready(made))

            return [Form(chosen, consumed=copies)]
        return [Form(chosen, tuple(jax.device_put(a) for a in given.arrays))]

    def _function(self, job: Job) -> Callable[..., Any]:
        key = job.activation, job.operation, job.in_place, arguments(job)
        if key not in self._compiled:
            self._compiled[key] = compiled(*key)
        return self._compiled[key]


def compiled(
    activation: str, operation: str, in_place: bool, constants: tuple[float, ...]
) -> Callable[..., Any]:
    """The operation as one function of x, or of x and dy; parameters are constants in it."""
    function = FUNCTIONS[activation]

    def forward(x: Any) -> Any:
        return function(x, *constants)

    def backward(x: Any, dy: Any) -> Any:
        return jax.vjp(forward, x)[1](dy)[0]

    def forward_backward(x: Any, dy: Any) -> Any:
        y, gradient = jax.vjp(forward, x)
        return y, gradient(dy)[0]

    functions: tuple[Callable[..., Any], ...] = forward, backward, forward_backward
    chosen = dict(zip(("forward", "backward", "forward_backward"), functions, strict=True))
    given = {"forward": (0,), "backward": (1,), "forward_backward": (0, 1)}
    donated = given[operation] if in_place else ()
    return jax.jit(chosen[operation], donate_argnums=donated)
