"""ReLU with its corner rounded."""

from fastact.activations.entry import Entry, Parameter

ENTRIES = (
    Entry(
        name="softplus",
        kind="elementwise",
        formula="log1p(exp(beta * x)) / beta",
        slope="1 / (1 + exp(-beta * x))",
        summary="A smooth ReLU: positive everywhere, its slope is the sigmoid.",
        range="[0, inf]",
        limits="-inf gives 0 with slope 0, +inf gives +inf with slope 1; there is no threshold "
        "from which on it is x; NaN gives NaN.",
        source="Dugas, Bengio, Belisle, Nadeau, Garcia (2000), Incorporating Second-Order "
        "Functional Knowledge for Better Option Pricing",
        parameters=(
            Parameter(
                "beta",
                1.0,
                "how sharp the corner is, finite and above 0",
                trainable=True,
                slope="(x / (1 + exp(-beta * x)) - y) / beta",
            ),
        ),
    ),
    Entry(
        name="squareplus",
        kind="elementwise",
        formula="(x + sqrt(x**2 + b)) / 2",
        slope="(1 + x / sqrt(x**2 + b)) / 2",
        summary="A smooth ReLU without exponentials: one branch of a hyperbola.",
        range="[0, inf]",
        limits="-inf gives 0 with slope 0, +inf gives +inf with slope 1; no x overflows; NaN gives "
        "NaN, and so does a negative b.",
        source="Barron (2021), arXiv:2112.11687",
        parameters=(
            Parameter(
                "b",
                4.0,
                "how round the corner is, finite and at least 0; 0 is ReLU, slope 1/2 at 0",
            ),
        ),
    ),
    Entry(
        name="sparse_plus",
        kind="elementwise",
        formula="x if x >= 1 else (x + 1)**2 / 4 if x > -1 else 0",
        slope="1 if x >= 1 else (x + 1) / 2 if x > -1 else 0",
        summary="A smooth ReLU that is exactly 0 and exactly x outside -1 to 1.",
        range="[0, inf]",
        limits="The slope at -1 is 0, at 1 it is 1; NaN gives NaN, value and slope.",
        source="Blondel, Martins, Niculae (2018), arXiv:1805.09717",
        cost="light",
    ),
)
