"""Links of statistical models, and a periodic function."""

from fastact.activations.entry import Entry, Parameter

ENTRIES = (
    Entry(
        name="exponential",
        kind="elementwise",
        formula="exp(x)",
        slope="exp(x)",
        summary="The exponential function: the rate of a Poisson model, or any positive number.",
        range="[0, inf]",
        limits="-inf gives 0, +inf and what overflows give +inf, without a warning; NaN gives NaN.",
        source="Nelder and Wedderburn (1972), doi:10.2307/2344614",
        aliases=("exp",),
    ),
    Entry(
        name="logit",
        kind="elementwise",
        formula="log(x / (1 - x))",
        slope="1 / (x * (1 - x))",
        summary="The inverse of the sigmoid: a probability as log-odds.",
        range="[-inf, inf]",
        limits="0 gives -inf, 1 gives +inf, both with slope +inf; outside 0 to 1, and of NaN, "
        "value and slope are NaN.",
        source="Berkson (1944), doi:10.1080/01621459.1944.10500699",
    ),
    Entry(
        name="snake",
        kind="elementwise",
        formula="x + sin(alpha * x)**2 / alpha",
        slope="1 + sin(2 * alpha * x)",
        summary="A rising line with waves, for what is periodic.",
        range="(-inf, inf)",
        limits="Infinities stay, their slope is NaN; an alpha of 0 leaves x; NaN gives NaN.",
        source="Ziyin, Hartwig, Ueda (2020), arXiv:2006.08195",
        parameters=(Parameter("alpha", 1.0, "how fast the waves follow each other"),),
    ),
)
