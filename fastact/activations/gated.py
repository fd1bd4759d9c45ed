"""Gated units: one half of a layer's sums, activated, times the other half."""

from fastact.activations.entry import Entry

SOURCES = {
    "glu": "Dauphin, Fan, Auli, Grangier (2017), arXiv:1612.08083",
    "variants": "Shazeer (2020), GLU Variants Improve Transformer, arXiv:2002.05202",
}
PRODUCTS = "No product on the way to a result overflows or vanishes; infinity times 0 is NaN."
SHUT = "A gate of -inf is shut: 0 times the value; NaN in the gate or the value gives NaN. "


def unit(name, activation, summary, source, limits, **rest):
    """The entry of the unit whose gate goes through `activation`."""
    return Entry(
        name=name,
        kind="gated",
        formula=f"{activation}(gate) * value" if activation else "gate * value",
        slope=f"dgate = dy * value * {activation}.derivative(gate), "
        f"dvalue = dy * {activation}(gate)"
        if activation
        else "dgate = dy * value, dvalue = dy * gate",
        summary=summary,
        range="[-inf, inf]",
        limits=limits + PRODUCTS,
        source=source,
        **rest,
    )


ENTRIES = (
    unit("glu", "sigmoid", "The gated linear unit.", SOURCES["glu"], SHUT),
    unit(
        "reglu",
        "relu",
        "The gated linear unit with a ReLU.",
        SOURCES["variants"],
        "A gate of 0 or less is shut, slope 0 at 0 included; NaN gives NaN. ",
        cost="light",
    ),
    unit("geglu", "gelu", "The gated linear unit with a GELU.", SOURCES["variants"], SHUT),
    unit(
        "geglu_tanh",
        "gelu_tanh",
        "The gated linear unit with GELU's approximation by tanh.",
        SOURCES["variants"],
        SHUT,
    ),
    unit(
        "swiglu",
        "silu",
        "The gated linear unit with a SiLU.",
        SOURCES["variants"],
        SHUT,
    ),
    unit(
        "bilinear",
        "",
        "The gated linear unit without an activation.",
        SOURCES["glu"],
        "NaN gives NaN. ",
        cost="light",
    ),
)
