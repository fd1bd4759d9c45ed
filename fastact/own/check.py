"""Is the slope that of the value?"""

from typing import NamedTuple

import numpy as np

__all__ = ["SlopeCheck", "check_slope"]

#: Of x, but not of less than LEAST: the long one for accuracy, the others beside a pole.
STEPS, LEAST = (2.0**-8, 2.0**-14, 2.0**-20), 2.0**-4


class SlopeCheck(NamedTuple):
    """How far a slope is from a numerical derivative, and where it is furthest."""

    activation: str
    error: float  # |slope - derivative| / max(1, |derivative|), the largest
    x: float
    slope: float
    derivative: float  # from the values around x

    def __str__(self):
        return (
            f"{self.activation}: the slope is at most {self.error:.2g} off; at x = {self.x:.17g} "
            f"it is {self.slope:.17g}, by the values around {self.derivative:.17g}"
        )


def check_slope(activation, x=None, **parameters):
    """Compare the slope of an activation with a derivative taken from its values.

    The derivative is a difference of float64 values on both sides of x, extrapolated to a step of 0
    (Richardson); right to about 1e-9 where the activation is smooth. Where it has a kink, the
    derivative of either side is accepted.

    Parameters
    ----------
    activation : callable
        Made by `fa.define`, or any pointwise activation of fastact.
    x : array_like, optional
        Where; by default 1,000 points between -37 and 37.
    **parameters
        Those of the activation, such as ``alpha=0.5``.

    Returns
    -------
    SlopeCheck
        With `error`, the largest difference there is, relative where the derivative is above 1, and
        `x`, `slope` and `derivative` there. Prints as a sentence. NaN counts as an infinite error
        unless both are NaN.

    Raises
    ------
    TypeError
        If `activation` is no such callable, or has no slope.
    ValueError
        If there is no x.

    Examples
    --------
    >>> import fastact as fa
    >>> fa.check_slope(fa.silu).error < 1e-9
    True
    >>> wrong = fa.define(lambda x: x**3, slope=lambda x: x**2, name="wrong")
    >>> found = fa.check_slope(wrong, [0.25, 2.0])
    >>> found.x, found.slope, round(found.derivative, 6)
    (2.0, 4.0, 12.0)
    """
    if not callable(getattr(activation, "derivative", None)):
        raise TypeError(f"check_slope takes a pointwise activation, not {activation!r}")
    x = points() if x is None else np.array(x, np.float64).ravel()
    if not x.size:
        raise ValueError("check_slope: x is empty; give the points to compare at")
    slopes = np.broadcast_to(activation.derivative(x, **parameters), x.shape)
    found = np.concatenate(
        [derivatives(lambda x: activation(x, **parameters), x, step) for step in STEPS]
    )
    with np.errstate(all="ignore"):
        errors = np.abs(found - slopes) / np.maximum(1, np.abs(found))
    errors[np.isnan(found) & np.isnan(slopes)] = 0
    errors[(found == slopes).nonzero()] = 0
    best = np.argmin(np.where(np.isnan(errors), np.inf, errors), axis=0)
    errors = errors[best, np.arange(x.size)]
    errors[np.isnan(errors)] = np.inf
    worst = int(np.argmax(errors))
    return SlopeCheck(
        activation.__name__,
        float(errors[worst]),
        float(x[worst]),
        float(slopes[worst]),
        float(found[best[worst], worst]),
    )


def points():
    """Of both signs and many sizes, and none that somebody would choose for a kink."""
    sizes = np.geomspace(0.00137, 37.3, 500)
    return np.concatenate([-sizes, sizes])


def derivatives(function, x, step):
    """Three of them: from both sides of x, from the left, from the right."""
    with np.errstate(all="ignore"):
        h = step * np.maximum(np.abs(x), LEAST)
        h = (x + h) - x  # what the step is, once x + h is rounded
        steps = [h, h / 2, h / 4]
        at = function(x)
        left, right = ([function(x + sign * s) for s in steps] for sign in (-1, 1))
        both = [(b - a) / (2 * s) for a, b, s in zip(left, right, steps, strict=True)]
        from_left = [(at - a) / s for a, s in zip(left, steps, strict=True)]
        from_right = [(b - at) / s for b, s in zip(right, steps, strict=True)]
        return np.stack(
            [to_step_0(both, 4, 16), to_step_0(from_left, 2, 4), to_step_0(from_right, 2, 4)]
        )


def to_step_0(quotients, first, second):
    """Differences with steps h, h/2, h/4, extrapolated; an error term falls by `first` at half the
    step, the next one by `second`."""
    coarse, middle, fine = quotients
    better = (first * middle - coarse) / (first - 1), (first * fine - middle) / (first - 1)
    return (second * better[1] - better[0]) / (second - 1)
