"""The catalogue: one entry per activation. Tests, benchmarks, docs and the CLI iterate it."""

from dataclasses import dataclass

__all__ = ["CATALOGUE", "Entry", "Parameter"]


@dataclass(frozen=True)
class Parameter:
    """An input besides x; `default` is None where it must be given."""

    name: str
    default: float | None
    doc: str


@dataclass(frozen=True)
class Entry:
    """What is to be known of an activation apart from how to compute it."""

    name: str
    kind: str  # "elementwise" or "rowwise"
    formula: str
    slope: str  # the derivative, in words or as a formula
    summary: str
    range: str
    limits: str  # at NaN, infinities and kinks
    source: str
    parameters: tuple[Parameter, ...] = ()
    aliases: tuple[str, ...] = ()
    cost: str = "heavy"  # "light": memory-bound, more elements before a thread pays
    textbook: bool = False  # drawn in the picture of the textbook's functions


def _entries():
    yield Entry(
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
    )
    yield Entry(
        name="sigmoid",
        kind="elementwise",
        formula="1 / (1 + exp(-x))",
        slope="exp(-abs(x)) / (1 + exp(-abs(x)))**2",
        summary="The logistic function: a number as a probability.",
        range="[0, 1]",
        limits="-inf gives 0, +inf gives 1, both with slope 0; NaN gives NaN.",
        source="Verhulst (1838); Han and Moraga (1995), doi:10.1007/3-540-59497-3_175",
        aliases=("expit", "logistic"),
        textbook=True,
    )
    yield Entry(
        name="tanh",
        kind="elementwise",
        formula="tanh(x)",
        slope="1 - tanh(x)**2",
        summary="The hyperbolic tangent: a sigmoid around zero.",
        range="[-1, 1]",
        limits="-inf gives -1, +inf gives 1, both with slope 0; -0.0 stays -0.0; NaN gives NaN.",
        source="LeCun, Bottou, Orr, Mueller (1998), Efficient BackProp, section 4.4",
        textbook=True,
    )
    yield Entry(
        name="relu",
        kind="elementwise",
        formula="max(x, 0)",
        slope="1 if x > 0 else 0",
        summary="The rectified linear unit: what is positive passes.",
        range="[0, inf)",
        limits="The slope at 0 is 0; NaN gives NaN, value and slope.",
        source="Nair and Hinton (2010), Rectified Linear Units Improve Restricted Boltzmann "
        "Machines",
        cost="light",
        textbook=True,
    )
    yield Entry(
        name="leaky_relu",
        kind="elementwise",
        formula="x if x > 0 else negative_slope * x",
        slope="1 if x > 0 else negative_slope",
        summary="A ReLU that cannot die: what is negative passes with a small slope.",
        range="(-inf, inf)",
        limits="The slope at 0 is negative_slope; NaN gives NaN, value and slope.",
        source="Maas, Hannun, Ng (2013), Rectifier Nonlinearities Improve Neural Network Acoustic "
        "Models",
        parameters=(Parameter("negative_slope", 0.01, "slope where x <= 0"),),
        cost="light",
        textbook=True,
    )
    yield Entry(
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
    )
    yield Entry(
        name="log_softmax",
        kind="rowwise",
        formula="x - log(sum(exp(x)))",
        slope="dy - softmax(x) * sum(dy)",
        summary="The logarithm of softmax, small values kept.",
        range="[-inf, 0]",
        limits="A row of -inf alone gives NaN; exactly one +inf gives 0 there and -inf elsewhere; "
        "a NaN makes its row NaN.",
        source="Blanchard, Higham, Higham (2021), doi:10.1093/imanum/draa038",
    )
    yield Entry(
        name="logsumexp",
        kind="rowwise",
        formula="log(sum(exp(x)))",
        slope="dy * softmax(x)",
        summary="The logarithm of a sum of exponentials: a smooth maximum.",
        range="[-inf, inf]",
        limits="A row of -inf alone, or an empty one, gives -inf; a +inf gives +inf; a NaN gives "
        "NaN.",
        source="Blanchard, Higham, Higham (2021), doi:10.1093/imanum/draa038",
    )


CATALOGUE: dict[str, Entry] = {entry.name: entry for entry in _entries()}
