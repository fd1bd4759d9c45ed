"""Losses fused with the activation before them: what a network is trained by."""

from fastact.activations.entry import Entry, Parameter

ENTRIES = (
    Entry(
        name="softmax_cross_entropy",
        kind="loss",
        formula="-sum(q * log_softmax(logits))",
        slope="sum(q) * softmax(logits) - q",
        summary="The cross-entropy between labels and the softmax of logits along `axis`.",
        range="[0, inf]",
        limits="Rows whose label is `ignore_index` have loss 0 and gradient 0 and do not count in "
        "the mean; of no rows at all it is NaN. A row with a NaN, or of -inf alone, gives NaN. A "
        "label whose logit is -inf gives inf; a probability of 0 takes nothing, also from there. "
        "Exactly one +inf is a softmax of 1; of several, each is as undefined as inf/inf.",
        source="Bridle (1990), doi:10.1007/978-3-642-76153-9_28; label smoothing: Szegedy et al. "
        "(2016), arXiv:1512.00567",
        parameters=(
            Parameter("label_smoothing", 0.0, "the share of every label that is spread evenly"),
        ),
    ),
    Entry(
        name="binary_cross_entropy_with_logits",
        kind="loss",
        formula="(1 - t) * log1p(exp(x)) + pos_weight * t * log1p(exp(-x))",
        slope="(1 - t) * sigmoid(x) - pos_weight * t * sigmoid(-x)",
        summary="The cross-entropy between targets t and the sigmoid of logits x, element by "
        "element.",
        range="[0, inf]",
        limits="+inf gives 0 for a target of 1 and +inf for all others, -inf 0 for a target of 0 "
        "and +inf for all others; NaN gives NaN, loss and gradient. Targets outside 0 to 1 are "
        "taken as the formula takes them, and may give a loss below 0.",
        source="Cox (1958), doi:10.1111/j.2517-6161.1958.tb00292.x",
        parameters=(Parameter("pos_weight", 1.0, "what a target of 1 counts for, 0 or more"),),
    ),
)
