"""x times a smooth gate between 0 and 1: what modern networks use in place of ReLU."""

from fastact.activations.entry import Entry, Parameter

#: What these functions have in common at the ends.
ENDS = "-inf gives -0.0 with slope 0, +inf gives +inf with slope 1; NaN gives NaN."

ENTRIES = (
    Entry(
        name="gelu",
        kind="elementwise",
        formula="x * (1 + erf(x / sqrt(2))) / 2",
        slope="(1 + erf(x / sqrt(2))) / 2 + x * exp(-x**2 / 2) / sqrt(2 * pi)",
        summary="x times the probability that a normal variable is below it.",
        range="[-0.16998, inf]",
        limits=ENDS,
        source="Hendrycks and Gimpel (2016), arXiv:1606.08415",
    ),
    Entry(
        name="gelu_tanh",
        kind="elementwise",
        formula="x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3)))",
        slope="s + x * s * (1 - s) * sqrt(8 / pi) * (1 + 0.134145 * x**2), s = gelu_tanh(x) / x",
        summary="GELU with the normal distribution approximated by tanh.",
        range="[-0.17005, inf]",
        limits=ENDS,
        source="Hendrycks and Gimpel (2016), arXiv:1606.08415",
    ),
    Entry(
        name="quick_gelu",
        kind="elementwise",
        formula="x / (1 + exp(-1.702 * x))",
        slope="s + 1.702 * x * s * (1 - s), s = sigmoid(1.702 * x)",
        summary="GELU with the normal distribution approximated by a sigmoid.",
        range="[-0.16362, inf]",
        limits=ENDS,
        source="Hendrycks and Gimpel (2016), arXiv:1606.08415",
    ),
    Entry(
        name="silu",
        kind="elementwise",
        formula="x / (1 + exp(-x))",
        slope="s + x * s * (1 - s), s = sigmoid(x)",
        summary="x times its sigmoid.",
        range="[-0.27847, inf]",
        limits=ENDS,
        source="Elfwing, Uchibe, Doya (2018), doi:10.1016/j.neunet.2017.12.012",
    ),
    Entry(
        name="swish",
        kind="elementwise",
        formula="x / (1 + exp(-beta * x))",
        slope="s + beta * x * s * (1 - s), s = sigmoid(beta * x)",
        summary="SiLU with a steepness that may be learned.",
        range="[-0.27847 / beta, inf]",
        limits="With a beta of 0 it is half of x. With beta above 0: " + ENDS,
        source="Ramachandran, Zoph, Le (2017), arXiv:1710.05941",
        parameters=(
            Parameter(
                "beta",
                1.0,
                "how steep the gate is",
                trainable=True,
                slope="x**2 * s * (1 - s), s = sigmoid(beta * x)",
            ),
        ),
    ),
    Entry(
        name="hard_swish",
        kind="elementwise",
        formula="x * min(max(x + 3, 0), 6) / 6",
        slope="0 if x <= -3 else 1 if x >= 3 else (2 * x + 3) / 6",
        summary="SiLU with its sigmoid made of three straight lines.",
        range="[-0.375, inf]",
        limits="-3 and below give -0.0 with slope 0; the slope at 3 is 1; NaN gives NaN.",
        source="Howard et al. (2019), Searching for MobileNetV3, arXiv:1905.02244",
        aliases=("hardswish", "hard_silu"),
        cost="light",
    ),
    Entry(
        name="mish",
        kind="elementwise",
        formula="x * tanh(log1p(exp(x)))",
        slope="t + x * (1 - t**2) * sigmoid(x), t = tanh(log1p(exp(x)))",
        summary="x times the tanh of its softplus.",
        range="[-0.30885, inf]",
        limits=ENDS,
        source="Misra (2019), arXiv:1908.08681",
    ),
)
