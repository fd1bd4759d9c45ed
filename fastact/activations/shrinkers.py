"""What is small becomes zero, or smaller still."""

from fastact.activations.entry import Entry, Parameter

ENTRIES = (
    Entry(
        name="soft_shrink",
        kind="elementwise",
        formula="x - lambd if x > lambd else x + lambd if x < -lambd else 0",
        slope="1 if abs(x) > lambd else 0",
        summary="Everything moves towards zero by lambd and stops there.",
        range="(-inf, inf)",
        limits="The slope at -lambd and lambd is 0; a zero has the sign of x; NaN gives NaN.",
        source="Donoho (1995), doi:10.1109/18.382009",
        parameters=(Parameter("lambd", 0.5, "how far, at least 0"),),
        aliases=("softshrink",),
        cost="light",
    ),
    Entry(
        name="hard_shrink",
        kind="elementwise",
        formula="x if abs(x) > lambd else 0",
        slope="1 if abs(x) > lambd else 0",
        summary="What is no larger than lambd becomes zero.",
        range="(-inf, inf)",
        limits="The slope at -lambd and lambd is 0; a zero has the sign of x; NaN gives NaN.",
        source="Donoho and Johnstone (1994), doi:10.1093/biomet/81.3.425",
        parameters=(Parameter("lambd", 0.5, "the largest that becomes zero, at least 0"),),
        aliases=("hardshrink",),
        cost="light",
    ),
    Entry(
        name="shrink",
        kind="elementwise",
        formula="x - bias if x > lambd else x + bias if x < -lambd else 0",
        slope="1 if abs(x) > lambd else 0",
        summary="What is no larger than lambd becomes zero, the rest moves by bias, as in ONNX.",
        range="(-inf, inf)",
        limits="The slope at -lambd and lambd is 0; a zero has the sign of x; NaN gives NaN.",
        source="Donoho (1995), doi:10.1109/18.382009; the operator Shrink of ONNX",
        parameters=(
            Parameter("lambd", 0.5, "the largest that becomes zero, at least 0"),
            Parameter("bias", 0.0, "how far the rest moves towards zero"),
        ),
        cost="light",
    ),
    Entry(
        name="tanh_shrink",
        kind="elementwise",
        formula="x - tanh(x)",
        slope="tanh(x)**2",
        summary="What tanh leaves of x: flat around zero, a line of slope 1 far from it.",
        range="(-inf, inf)",
        limits="Infinities stay, with slope 1; -0.0 stays -0.0; NaN gives NaN.",
        source="Collobert, Kavukcuoglu, Farabet (2011), Torch7: A Matlab-like Environment for "
        "Machine Learning",
        aliases=("tanhshrink",),
    ),
)
