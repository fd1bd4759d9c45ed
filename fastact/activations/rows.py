"""Functions of a whole row of numbers."""

from fastact.activations.entry import Entry

ENTRIES = (
    Entry(
        name="softmax",
        kind="rowwise",
        formula="exp(x) / sum(exp(x))",
        slope="y * (dy - sum(y * dy)), y = softmax(x)",
        summary="Logits as a probability distribution along `axis`.",
        range="[0, 1], the sum is 1",
        limits="A row of -inf alone gives NaN; exactly one +inf gives the one-hot row, of several "
        "each gives NaN; a NaN makes its row NaN.",
        source="Bridle (1990), doi:10.1007/978-3-642-76153-9_28; Blanchard, Higham, Higham (2021), "
        "doi:10.1093/imanum/draa038",
        textbook=True,
    ),
    Entry(
        name="log_softmax",
        kind="rowwise",
        formula="x - log(sum(exp(x)))",
        slope="dy - softmax(x) * sum(dy)",
        summary="The logarithm of softmax, small values kept.",
        range="[-inf, 0]",
        limits="A row of -inf alone gives NaN; exactly one +inf gives 0 there and -inf elsewhere; "
        "a NaN makes its row NaN.",
        source="Blanchard, Higham, Higham (2021), doi:10.1093/imanum/draa038",
    ),
    Entry(
        name="logsumexp",
        kind="rowwise",
        formula="log(sum(exp(x)))",
        slope="dy * softmax(x)",
        summary="The logarithm of a sum of exponentials: a smooth maximum.",
        range="[-inf, inf]",
        limits="A row of -inf alone, or an empty one, gives -inf; a +inf gives +inf; a NaN gives "
        "NaN.",
        source="Blanchard, Higham, Higham (2021), doi:10.1093/imanum/draa038",
    ),
)
