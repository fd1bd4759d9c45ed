"""Faulty row-wise operations, each with the check that must find it."""

import faults
import numpy as np
import row_checks
from layouts import strided
from operations import Operations

VARIANT = "cython-baseline"
ROWS = np.random.default_rng(0).standard_normal((3, 20)).astype(np.float32)
QUARTERS = np.round(ROWS * 4) / np.float32(4)

SOFTMAX = Operations("softmax", VARIANT)
LOGSUMEXP = Operations("logsumexp", VARIANT)
SPARSEMAX = Operations("sparsemax", VARIANT)
ENTMAX15 = Operations("entmax15", VARIANT)
STANDARDIZE = Operations("standardize", VARIANT)

# check, operations, faults, arguments
FAULTS = {
    "row off": (row_checks.check_rows, SOFTMAX, {"forward": faults.scaled(1 + 1e-6)}, (ROWS, 4)),
    "row off, wide oracle": (
        row_checks.check_rows,
        SOFTMAX,
        {"forward": faults.scaled(1 + 1e-6)},
        (ROWS, 4, True),
    ),
    "row gradient off": (
        row_checks.check_row_gradients,
        SOFTMAX,
        {"backward": faults.scaled(1 + 1e-5)},
        (ROWS, ROWS[::-1]),
    ),
    "row gradient forgets the mean": (
        row_checks.check_row_gradients,
        SOFTMAX,
        {"backward": lambda true: lambda x, dy: SOFTMAX.forward(x) * dy},
        (ROWS, ROWS[::-1]),
    ),
    "row fused differs in a bit": (
        row_checks.check_row_fused,
        SOFTMAX,
        {"forward_backward": faults.swaps_low_bits},
        (ROWS, ROWS[::-1]),
    ),
    "sum is not one": (
        row_checks.check_sums_to_one,
        SOFTMAX,
        {"forward": faults.scaled(1 - 1e-5)},
        (ROWS,),
    ),
    "shift matters": (
        row_checks.check_shift,
        SOFTMAX,
        {"forward": faults.without_maximum},
        (QUARTERS, 200.25, 4),
    ),
    "logsumexp does not shift": (
        row_checks.check_shift,
        LOGSUMEXP,
        {"forward": faults.scaled(1.001)},
        (QUARTERS, 8.25, 4),
    ),
    "position matters": (
        row_checks.check_permutation,
        SOFTMAX,
        {"forward": faults.position_matters},
        (ROWS, np.arange(20)[::-1], 4),
    ),
    "where ignored in rows": (
        row_checks.check_row_where,
        SOFTMAX,
        {"forward": faults.ignores("where")},
        (ROWS, ROWS > 0, 4),
    ),
    "neighbours matter": (
        row_checks.check_rows_are_independent,
        SOFTMAX,
        {"forward": faults.neighbours_matter},
        ("forward", ROWS, ROWS),
    ),
    "axis ignored": (
        row_checks.check_axis,
        SOFTMAX,
        {"forward": faults.ignores("axis")},
        ("forward", ROWS, ROWS, 0, np.transpose, np.transpose),
    ),
    "row layout": (
        row_checks.check_row_layout,
        SOFTMAX,
        {"forward": faults.wrong_if_not_contiguous},
        ("forward", strided(2)(ROWS), ROWS),
    ),
    "threshold off": (
        row_checks.check_rows,
        SPARSEMAX,
        {"forward": faults.threshold_off(1e-6)},
        (ROWS, 4),
    ),
    "threshold of entmax off": (
        row_checks.check_rows,
        ENTMAX15,
        {"forward": faults.threshold_off(1e-6)},
        (ROWS, 4),
    ),
    "support off by one": (
        row_checks.check_row_gradients,
        SPARSEMAX,
        {"backward": lambda true: lambda x, dy: dy - dy.mean(axis=-1, keepdims=True)},
        (ROWS, ROWS[::-1]),
    ),
    "gradient of entmax is that of sparsemax": (
        row_checks.check_row_gradients,
        ENTMAX15,
        {"backward": lambda true: SPARSEMAX.backward},
        (ROWS, ROWS[::-1]),
    ),
    "variance over n - 1": (
        row_checks.check_standardized,
        STANDARDIZE,
        {"forward": faults.scaled((19 / 20) ** 0.5)},
        (ROWS,),
    ),
    "gradient through the variance forgotten": (
        row_checks.check_row_gradients,
        STANDARDIZE,
        {
            "backward": lambda true: (
                lambda x, dy: (
                    (dy - dy.mean(axis=-1, keepdims=True))
                    / np.sqrt(x.var(axis=-1, keepdims=True) + np.float32(1e-5))
                )
            )
        },
        (ROWS, ROWS[::-1]),
    ),
    "absent counted as zero": (
        row_checks.check_absent_is_not_there,
        STANDARDIZE,
        {
            "forward_backward": lambda true: (
                lambda x, dy, where=True: true(np.where(where, x, np.float32(0)), dy)
            )
        },
        (ROWS, ROWS[::-1], ROWS > 0),
    ),
}
