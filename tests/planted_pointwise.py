"""Faulty pointwise operations, each with the check that must find it."""

import accuracy
import checks
import faults
import numpy as np
from inputs import mixed_inputs, random_gradients
from layouts import strided
from operations import Operations
from oracle import Double

VARIANT = "cython-baseline"
SIZE = 60
X = mixed_inputs("float32", SIZE, "tanh")
ORDINARY = np.linspace(-3, 3, SIZE, dtype=np.float32)
AROUND_ZERO = np.array([-1, -0.0, 0, 1], np.float32)
TAIL = np.linspace(-108, -80, SIZE, dtype=np.float32)
DY = random_gradients("float32", SIZE)
MASK = np.arange(SIZE) % 3 > 0

TANH = Operations("tanh", VARIANT)
LEAKY = Operations("leaky_relu", VARIANT)
SILU = Operations("silu", VARIANT)
ELU = Operations("elu", VARIANT)

# check, operations, faults, arguments
FAULTS = {
    "value 8 units off": (checks.check_values, TANH, {"forward": faults.off_by(8)}, (X, (), 2)),
    "value off at one input": (
        checks.check_values,
        TANH,
        {"forward": faults.off_at_one(ORDINARY[7], 1e-6)},
        (ORDINARY, (), 2),
    ),
    "value off, wide oracle": (
        checks.check_values,
        TANH,
        {"forward": faults.off_by(8)},
        (X, (), 2, Double),
    ),
    "a tail flushed to zero": (
        checks.check_values,
        SILU,
        {"forward": faults.flushes_to_zero},
        (TAIL, (), 2),
    ),
    "slope 8 units off": (checks.check_slopes, TANH, {"derivative": faults.off_by(8)}, (X, (), 4)),
    "slope at the kink": (
        checks.check_slopes,
        LEAKY,
        {"derivative": faults.off_at_one(0, 0.1)},
        (AROUND_ZERO, (0.01,), 4),
    ),
    "product 16 units off": (
        checks.check_products,
        TANH,
        {"backward": faults.off_by(16)},
        (ORDINARY, DY, (), 4),
    ),
    "product forgets dy": (
        checks.check_products,
        TANH,
        {"backward": lambda true: lambda x, dy: true(x, np.ones_like(dy))},
        (ORDINARY, DY, (), 4),
    ),
    "gradient of the parameter 16 units off": (
        checks.check_parameter_products,
        ELU,
        {"parameter_backward": faults.off_by(16)},
        (ORDINARY, DY, (0.5,), 4),
    ),
    "gradient of the parameter forgets dy": (
        checks.check_parameter_products,
        ELU,
        {"parameter_backward": lambda true: lambda x, dy, p: true(x, np.ones_like(dy), p)},
        (ORDINARY, DY, (0.5,), 4),
    ),
    "a special value off": (
        checks.check_special,
        SILU,
        {"forward": faults.off_at_one(0, 1e-3)},
        ("float32", ()),
    ),
    "the sign of a zero": (
        checks.check_special,
        SILU,
        {"forward": faults.loses_the_sign_of_zero},
        ("float32", ()),
    ),
    "a special slope off in the fused operation": (
        checks.check_special,
        SILU,
        {"forward_backward": lambda true: lambda x, dy: (true(x, dy)[0], true(x, dy)[1] * 2)},
        ("float64", ()),
    ),
    "NaN lost": (
        checks.check_special,
        SILU,
        {"derivative": lambda true: lambda x: np.nan_to_num(true(x), posinf=np.inf)},
        ("float16", ()),
    ),
    "the slope of the other side": (
        checks.check_kinks,
        ELU,
        {"derivative": faults.off_at_one(0, 0.5)},
        ("float32", (0.5,)),
    ),
    "the slope of the other side, times dy": (
        checks.check_kinks,
        ELU,
        {"backward": lambda true: lambda x, dy, p: true(x, dy, p) + (x == 0) * dy},
        ("float64", (0.5,)),
    ),
    "one float16 off": (
        accuracy.check_accuracy,
        TANH,
        {"derivative": faults.off_at_one(0.25, 0.002)},
        ("float16", ()),
    ),
    "one step of the sweep off": (
        accuracy.check_accuracy,
        TANH,
        {"forward": faults.off_at_one(accuracy.float32_sweep(40_009)[26_000], 1e-6)},
        ("float32", (), 40_009),
    ),
    "fused off in float64": (
        accuracy.check_accuracy,
        TANH,
        {"forward_backward": lambda true: lambda x, dy: (true(x, dy)[0], np.nextafter(dy, 0))},
        ("float64", (), 60),
    ),
    "the parameter's gradient is never asked for": (
        accuracy.check_parameter_accuracy,
        ELU,
        {"parameter_backward": lambda true: lambda x, dy, p: true(x, dy, p) * 0},
        ("float64", (0.5,), 60),
    ),
    "fused differs in a bit": (
        checks.check_fused_equals_separate,
        TANH,
        {"forward_backward": faults.swaps_low_bits},
        (ORDINARY, DY),
    ),
    "fused swapped": (
        checks.check_fused_equals_separate,
        TANH,
        {"forward_backward": lambda true: lambda x, dy: true(x, dy)[::-1]},
        (ORDINARY, DY),
    ),
    "derivative differs": (
        checks.check_derivative_is_backward_of_one,
        TANH,
        {"derivative": faults.off_by(1)},
        (ORDINARY,),
    ),
    "not odd": (
        checks.check_odd,
        TANH,
        {"forward": lambda true: lambda x: true(x) + x.dtype.type(1e-3)},
        (X,),
    ),
    "slope not even": (
        checks.check_odd,
        TANH,
        {
            "derivative": lambda true: (
                lambda x: true(x) * np.where(x > 0, x.dtype.type(1), x.dtype.type(0.5))
            )
        },
        (X,),
    ),
    "falls": (
        checks.check_rising,
        TANH,
        {"forward": lambda true: lambda x: np.where(x > 1, true(x) * x.dtype.type(0.5), true(x))},
        (X, (), 2),
    ),
    "not linear": (
        checks.check_linear_in_dy,
        TANH,
        {"backward": faults.adds_to_dy},
        (ORDINARY, DY),
    ),
    "odd lengths": (
        checks.check_pieces,
        TANH,
        {"forward": faults.wrong_at_odd_lengths},
        ("forward", ORDINARY, DY, range(10), range(3)),
    ),
    "the order matters": (
        checks.check_order,
        TANH,
        {"forward": faults.position_matters},
        ("forward", ORDINARY, DY, np.arange(SIZE)[::-1]),
    ),
    "layout": (
        checks.check_layout,
        TANH,
        {"forward": faults.wrong_if_not_contiguous},
        ("forward", strided(2)(ORDINARY), DY),
    ),
    "where ignored": (
        checks.check_where,
        TANH,
        {"forward": faults.ignores("where")},
        ("forward", ORDINARY, DY, MASK),
    ),
    "in place": (
        checks.check_in_place,
        TANH,
        {"forward": faults.reads_after_writing},
        ("forward", ORDINARY, DY),
    ),
    "large integers lose bits": (
        checks.check_integers,
        Operations("identity", VARIANT),
        {"forward": faults.in_single_precision},
        ("forward", np.array([2**40 + 1]), np.array([1])),
    ),
    "wrong dtype": (
        checks.check_dtype,
        TANH,
        {"forward": faults.as_float64},
        ("forward", ORDINARY, 1, (), np.dtype("f")),
    ),
}
