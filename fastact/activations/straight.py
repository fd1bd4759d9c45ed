"""Straight lines and the step."""

from fastact.activations.entry import Entry, Parameter

ENTRIES = (
    Entry(
        name="identity",
        kind="elementwise",
        formula="x",
        slope="1",
        summary="x itself: the linear neuron, or no activation at all.",
        range="(-inf, inf)",
        limits="NaN gives NaN, value and slope.",
        source="Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.1",
        cost="light",
        textbook=True,
    ),
    Entry(
        name="linear",
        kind="elementwise",
        formula="slope * x",
        slope="slope",
        summary="A straight line through zero.",
        range="(-inf, inf)",
        limits="A product as IEEE 754 has it: 0 * inf is NaN. The slope is NaN only where x is, or "
        "the parameter.",
        source="Widrow and Hoff (1960), Adaptive Switching Circuits",
        parameters=(Parameter("slope", 1.0, "how steep the line is"),),
        cost="light",
    ),
    Entry(
        name="step",
        kind="elementwise",
        formula="1 if x > 0 else 0 if x < 0 else at_zero",
        slope="0",
        summary="The neuron that fires or does not.",
        range="{0, at_zero, 1}",
        limits="The slope is 0 everywhere, at 0 too; NaN gives NaN, value and slope.",
        source="McCulloch and Pitts (1943), doi:10.1007/BF02478259",
        parameters=(Parameter("at_zero", 0.0, "the value at 0 and at -0.0"),),
        aliases=("heaviside",),
        cost="light",
    ),
)
