"""A line on the right, an exponential on the left."""

from fastact.activations.entry import Entry, Parameter

ENTRIES = (
    Entry(
        name="elu",
        kind="elementwise",
        formula="x if x > 0 else alpha * expm1(x)",
        slope="1 if x > 0 else alpha * exp(x)",
        summary="A ReLU whose left side falls to -alpha: its mean is nearer to zero.",
        range="[-alpha, inf]",
        limits="-inf gives -alpha with slope 0; the slope at 0 is alpha; NaN gives NaN.",
        source="Clevert, Unterthiner, Hochreiter (2015), arXiv:1511.07289",
        parameters=(
            Parameter(
                "alpha",
                1.0,
                "how deep the left side falls",
                trainable=True,
                slope="0 if x > 0 else expm1(x)",
            ),
        ),
    ),
    Entry(
        name="selu",
        kind="elementwise",
        formula="scale * (x if x > 0 else alpha * expm1(x))",
        slope="scale if x > 0 else scale * alpha * exp(x)",
        summary="An ELU scaled so that layers keep mean 0 and variance 1 by themselves.",
        range="[-1.7581, inf]",
        limits="scale is 1.0507009873554804934193349852946 and alpha "
        "1.6732632423543772848170429916717. -inf gives -scale * alpha with slope 0; the slope at 0 "
        "is scale * alpha; NaN gives NaN.",
        source="Klambauer, Unterthiner, Mayr, Hochreiter (2017), arXiv:1706.02515",
    ),
    Entry(
        name="celu",
        kind="elementwise",
        formula="x if x > 0 else alpha * expm1(x / alpha)",
        slope="1 if x > 0 else exp(x / alpha)",
        summary="An ELU without a corner, whatever its alpha.",
        range="[-alpha, inf]",
        limits="-inf gives -alpha with slope 0; the slope at 0 is 1; NaN gives NaN, and so does an "
        "alpha that is not above 0, but where x is.",
        source="Barron (2017), arXiv:1704.07483",
        parameters=(
            Parameter(
                "alpha",
                1.0,
                "how deep the left side falls, above 0",
                trainable=True,
                slope="0 if x > 0 else expm1(z) - z * exp(z), z = x / alpha",
            ),
        ),
    ),
)
