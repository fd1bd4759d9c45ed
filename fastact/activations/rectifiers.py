"""What is positive passes: ReLU and its variants of straight lines."""

from fastact.activations.entry import Entry, Parameter

ENTRIES = (
    Entry(
        name="relu",
        kind="elementwise",
        formula="max(x, 0)",
        slope="1 if x > 0 else 0",
        summary="The rectified linear unit: what is positive passes.",
        range="[0, inf)",
        limits="The slope at 0 is 0; NaN gives NaN, value and slope.",
        output_gradient="dy if y > 0 else 0",
        output_loss="nothing: y tells the sign of x wherever that matters",
        source="Nair and Hinton (2010), Rectified Linear Units Improve Restricted Boltzmann "
        "Machines",
        cost="light",
        textbook=True,
    ),
    Entry(
        name="relu6",
        kind="elementwise",
        formula="min(max(x, 0), 6)",
        slope="1 if 0 < x < 6 else 0",
        summary="A ReLU that stops at 6, for networks of few bits.",
        range="[0, 6]",
        limits="The slope at 0 and 6 is 0; -0.0 gives 0.0; NaN gives NaN, value and slope.",
        source="Krizhevsky (2010), Convolutional Deep Belief Networks on CIFAR-10",
        cost="light",
    ),
    Entry(
        name="squared_relu",
        kind="elementwise",
        formula="max(x, 0)**2",
        slope="2 * max(x, 0)",
        summary="The square of a ReLU.",
        range="[0, inf]",
        limits="The slope at 0 is 0; large x overflow to inf; NaN gives NaN, value and slope.",
        source="So et al. (2021), Primer, arXiv:2109.08668",
        aliases=("relu2",),
        cost="light",
    ),
    Entry(
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
    ),
    Entry(
        name="prelu",
        kind="elementwise",
        formula="x if x > 0 else weight * x",
        slope="1 if x > 0 else weight",
        summary="A leaky ReLU whose slope is learned, one for all or one per channel.",
        range="(-inf, inf)",
        limits="The slope at 0 is weight; NaN gives NaN, value and slope.",
        source="He, Zhang, Ren, Sun (2015), arXiv:1502.01852",
        parameters=(
            Parameter(
                "weight", None, "slope where x <= 0", trainable=True, slope="0 if x > 0 else x"
            ),
        ),
        cost="light",
    ),
    Entry(
        name="thresholded_relu",
        kind="elementwise",
        formula="x if x > alpha else 0",
        slope="1 if x > alpha else 0",
        summary="A ReLU that passes only what is above a threshold.",
        range="{0} and (alpha, inf)",
        limits="The slope at alpha is 0; NaN gives NaN, value and slope.",
        source="Konda, Memisevic, Krueger (2014), arXiv:1402.3337",
        parameters=(Parameter("alpha", 1.0, "the threshold"),),
        cost="light",
    ),
    Entry(
        name="threshold",
        kind="elementwise",
        formula="x if x > threshold else value",
        slope="1 if x > threshold else 0",
        summary="x above a threshold, and one fixed value elsewhere.",
        range="{value} and (threshold, inf)",
        limits="The slope at the threshold is 0; NaN gives NaN, value and slope.",
        source="Collobert, Kavukcuoglu, Farabet (2011), Torch7: A Matlab-like Environment for "
        "Machine Learning",
        parameters=(
            Parameter("threshold", None, "what x must exceed"),
            Parameter("value", None, "the value elsewhere"),
        ),
        cost="light",
    ),
)
