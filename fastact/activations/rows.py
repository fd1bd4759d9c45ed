"""Functions of a whole row of numbers."""

from fastact.activations.entry import Entry, Parameter

MOMENTS = """\
The variance is that of the row itself, the sum of squares over n. Sums are taken in float64, of
float64 with what they round away, relative to a number close to the mean, and scaled where squares
would overflow. Each row is the work of one thread; one that is not contiguous is copied."""

WHOLE = """\
The threshold comes from Newton's steps over the elements that are close to the row's largest one,
and its own rounding error from the support that they leave, so that elements next to it keep their
digits. Each row is the work of one thread; one that is not contiguous is copied."""

TEMPERATURE = Parameter(
    "temperature",
    1,
    "above 0: x / temperature, not rounded, takes the place of x, in the gradient, too",
    least=2.0**-300,
    most=2.0**300,
)

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
        output_gradient="y * (dy - sum(y * dy))",
        output_loss="where an element of y is near 1, its gradient is what is left of 1, and y, "
        "rounded, has lost the digits of that: of 1 - 1e-8 half of them, in float32 all; a y "
        "that became 0 gives 0",
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
        output_gradient="dy - exp(y) * sum(dy)",
        output_loss="y has been rounded, and half a unit in its last place counts fully in "
        "exp(y): 2**-18 of it for a y of -100 in float32. A -inf may have been an absent element: "
        "give `where`, `lengths` and `causal` again",
    ),
    Entry(
        name="logsumexp",
        kind="rowwise",
        formula="log(sum(exp(x)))",
        slope="dy * softmax(x)",
        summary="The logarithm of a sum of exponentials: a smooth maximum.",
        range="[-inf, inf]",
        limits="A row of -inf alone, or an empty one, gives -inf; a +inf gives +inf; a NaN gives "
        "NaN. A temperature T gives the logarithm of a partition function, log(sum(exp(x / T))); T "
        "times that is a smooth maximum of x.",
        source="Blanchard, Higham, Higham (2021), doi:10.1093/imanum/draa038",
    ),
    Entry(
        name="softmin",
        kind="rowwise",
        formula="exp(-x) / sum(exp(-x))",
        slope="-y * (dy - sum(y * dy)), y = softmin(x)",
        summary="The softmax of -x: most to the smallest.",
        range="[0, 1], the sum is 1",
        limits="A row of +inf alone gives NaN; exactly one -inf gives the one-hot row, of several "
        "each gives NaN; a NaN makes its row NaN.",
        source="Blanchard, Higham, Higham (2021), doi:10.1093/imanum/draa038",
        output_gradient="-y * (dy - sum(y * dy))",
        output_loss="where an element of y is near 1, its gradient is what is left of 1, and y, "
        "rounded, has lost the digits of that: of 1 - 1e-8 half of them, in float32 all; a y "
        "that became 0 gives 0",
    ),
    Entry(
        name="hardmax",
        kind="rowwise",
        formula="1 at the first largest x, 0 elsewhere",
        slope="0",
        summary="The one-hot row of the first largest element, softmax at temperature 0.",
        range="{0, 1}, the sum is 1",
        limits="Of equal elements, also infinite ones, the first counts, in the order of x in C; a "
        "NaN makes its row NaN, value and gradient; the gradient is 0 also where two are equal.",
        source="ONNX operator Hardmax-13",
    ),
    Entry(
        name="logmeanexp",
        kind="rowwise",
        formula="log(mean(exp(x)))",
        slope="dy * softmax(x)",
        summary="The logarithm of a mean of exponentials: logsumexp less log(n).",
        range="[-inf, inf]",
        limits="A row of -inf alone, or an empty one, gives -inf; a +inf gives +inf; a NaN gives "
        "NaN. Elements that are absent do not count in n. Near 0 the result is good to the last "
        "places of the exponentials, about 1, not to its own.",
        source="Blanchard, Higham, Higham (2021), doi:10.1093/imanum/draa038",
    ),
    Entry(
        name="sparsemax",
        kind="rowwise",
        formula="max(x - tau, 0), with the tau for which the sum is 1",
        slope="dy - mean(dy over y > 0) where y > 0, else 0",
        summary="The probability distribution along `axis` that is closest to x; it has zeros.",
        range="[0, 1], the sum is 1",
        limits="The slope at x = tau is 0. A row of -inf alone gives NaN; exactly one +inf gives "
        "the one-hot row, of several each gives NaN; a NaN makes its row NaN.",
        source="Martins, Astudillo (2016), arXiv:1602.02068",
        parameters=(TEMPERATURE,),
        computed=WHOLE,
    ),
    Entry(
        name="entmax15",
        kind="rowwise",
        formula="max(x/2 - tau, 0)**2, with the tau for which the sum is 1",
        slope="s * (dy - sum(s * dy) / sum(s)), s = sqrt(y)",
        summary="Logits as a probability distribution along `axis`, between softmax and sparsemax.",
        range="[0, 1], the sum is 1",
        limits="A row of -inf alone gives NaN; exactly one +inf gives the one-hot row, of several "
        "each gives NaN; a NaN makes its row NaN.",
        source="Peters, Niculae, Martins (2019), arXiv:1905.05702",
        parameters=(TEMPERATURE,),
        computed=WHOLE,
    ),
    Entry(
        name="standardize",
        kind="rowwise",
        formula="(x - mean(x)) / sqrt(var(x) + eps)",
        slope="(dy - mean(dy) - y * mean(dy * y)) / sqrt(var(x) + eps)",
        summary="Rows of mean 0 and variance 1: layer normalisation without weights.",
        range="[-sqrt(n), sqrt(n)] for rows of n elements",
        limits="A row of equal numbers gives 0, or NaN if eps is 0; an infinity or a NaN makes its "
        "row NaN.",
        source="Ba, Kiros, Hinton (2016), arXiv:1607.06450",
        parameters=(Parameter("eps", 1e-5, "added to the variance; finite and at least 0"),),
        computed=MOMENTS,
    ),
)
