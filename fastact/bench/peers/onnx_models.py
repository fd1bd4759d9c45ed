"""A model of one operator for each of our activations that ONNX has an operator for."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from onnx import helper, numpy_helper

# The newest that has all of these operators.
OPSET, IR_VERSION = 20, 10
MICROSOFT = "com.microsoft"


class Operator(NamedTuple):
    """An operator, its attributes by our parameters, or the axis, and constants behind x."""

    name: str
    attributes: Callable[..., dict[str, Any]] = lambda *parameters: {}
    constants: Callable[..., tuple[float, ...]] = lambda *parameters: ()
    domain: str = ""

    @property
    def has_attributes(self) -> bool:
        return self.attributes is not Operator._field_defaults["attributes"]


def alpha(value: float) -> dict[str, Any]:
    return {"alpha": value}


OPERATORS: dict[str, Operator] = {
    "identity": Operator("Identity"),
    "sigmoid": Operator("Sigmoid"),
    "hard_sigmoid": Operator("HardSigmoid", lambda: {"alpha": 1 / 6, "beta": 0.5}),
    "hard_sigmoid_affine": Operator(
        "HardSigmoid", lambda slope, offset: {"alpha": slope, "beta": offset}
    ),
    "tanh": Operator("Tanh"),
    "hard_tanh": Operator("Clip", constants=lambda low, high: (low, high)),
    "softsign": Operator("Softsign"),
    "relu": Operator("Relu"),
    "relu6": Operator("Clip", constants=lambda: (0.0, 6.0)),
    "leaky_relu": Operator("LeakyRelu", alpha),
    "prelu": Operator("PRelu", constants=lambda weight: (weight,)),
    "thresholded_relu": Operator("ThresholdedRelu", alpha),
    "elu": Operator("Elu", alpha),
    "selu": Operator("Selu"),
    "celu": Operator("Celu", alpha),
    "gelu": Operator("Gelu"),
    "gelu_tanh": Operator("Gelu", lambda: {"approximate": "tanh"}),
    "quick_gelu": Operator("QuickGelu", lambda: {"alpha": 1.702}, domain=MICROSOFT),
    "silu": Operator("QuickGelu", lambda: {"alpha": 1.0}, domain=MICROSOFT),
    "swish": Operator("QuickGelu", alpha, domain=MICROSOFT),
    "hard_swish": Operator("HardSwish"),
    "mish": Operator("Mish"),
    "softplus": Operator("Softplus"),
    "soft_shrink": Operator("Shrink", lambda lambd: {"lambd": lambd, "bias": lambd}),
    "hard_shrink": Operator("Shrink", lambda lambd: {"lambd": lambd, "bias": 0.0}),
    "shrink": Operator("Shrink", lambda lambd, bias: {"lambd": lambd, "bias": bias}),
    "exponential": Operator("Exp"),
    "softmax": Operator("Softmax", lambda axis: {"axis": axis}),
    "log_softmax": Operator("LogSoftmax", lambda axis: {"axis": axis}),
    "logsumexp": Operator("ReduceLogSumExp", lambda axis: {"keepdims": 0}),
}


def model(
    activation: str, parameters: tuple[float, ...], dtype: str, x_ndim: int, y_ndim: int
) -> bytes:
    """The model as onnxruntime reads it, for x and y of any shape."""
    operator = OPERATORS[activation]
    constants = [
        numpy_helper.from_array(np.array(number, dtype), f"constant{i}")
        for i, number in enumerate(operator.constants(*parameters))
    ]
    if operator.name == "ReduceLogSumExp":
        constants.append(numpy_helper.from_array(np.array(parameters, np.int64), "axes"))
    if operator.name == "PRelu":  # as many axes as x, of one element each
        constants = [numpy_helper.from_array(np.array([parameters[0]], dtype), "constant0")]
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    graph = helper.make_graph(
        [
            helper.make_node(
                operator.name,
                ["x", *(constant.name for constant in constants)],
                ["y"],
                domain=operator.domain,
                **operator.attributes(*parameters),
            )
        ],
        activation,
        [helper.make_tensor_value_info("x", kind, [f"x{i}" for i in range(x_ndim)])],
        [helper.make_tensor_value_info("y", kind, [f"y{i}" for i in range(y_ndim)])],
        constants,
    )
    imports = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    made = helper.make_model(graph, opset_imports=imports, ir_version=IR_VERSION)
    return made.SerializeToString()
