"""onnxruntime: a model of one operator, its inputs and outputs bound beforehand."""

from typing import Any, ClassVar

import numpy as np
import onnxruntime
from onnxruntime.capi.onnxruntime_pybind11_state import InvalidGraph, NotImplemented

from .form import Form
from .jobs import Given, Job, arguments
from .onnx_models import OPERATORS, model


class OnnxRuntime:
    """onnxruntime on the processor; it has values only."""

    name = "onnxruntime"
    # An attribute of an ONNX operator is a float32.
    inexact: ClassVar[dict[str, str]] = {
        name: "its attributes are float32" for name, op in OPERATORS.items() if op.has_attributes
    }

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._sessions: dict[tuple[Any, ...], Any] = {}

    def forms(self, job: Job, given: Given) -> list[Form]:
        """Contiguous arrays, into others: it has no other layouts."""
        if job.operation != "forward" or job.activation not in OPERATORS:
            return []
        if job.layout in ("in-place", "strided"):
            return []
        key = job.activation, arguments(job), job.dtype, given.x.ndim, given.out[0].ndim
        if key not in self._sessions:
            self._sessions[key] = self._session(*key)
        session = self._sessions[key]
        if session is None:
            return []
        x = onnxruntime.OrtValue.ortvalue_from_numpy(given.x)
        if job.layout == "fresh":
            return [
                Form(
                    session.run_with_ort_values,
                    (["y"], {"x": x}),
                    arrays=lambda results: (results[0].numpy(),),
                )
            ]
        binding = session.io_binding()
        binding.bind_ortvalue_input("x", x)
        out = given.out[0]
        kind = np.dtype(job.dtype).type
        binding.bind_output("y", "cpu", 0, kind, out.shape, out.ctypes.data)
        return [
            Form(session.run_with_iobinding, (binding,), arrays=lambda nothing: (given.out[0],))
        ]

    def _session(self, activation: str, constants: tuple[float, ...], *given: Any) -> Any:
        """None where onnxruntime has no kernel for the dtype."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = self._threads, 1
        options.log_severity_level = 4
        # Its threads would go on spinning after a call and take the processor from others.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        try:
            return onnxruntime.InferenceSession(
                model(activation, constants, *given),
                options,
                providers=["CPUExecutionProvider"],
            )
        except (NotImplemented, InvalidGraph):
            return None
