"""What passes positive x, and little or nothing of the rest."""

from ..number import select
from .table import formula, keep_nan, parameter_slope_of


def passes_above(threshold, x, otherwise):
    """x above the threshold, `otherwise` elsewhere; the slope is 1 or 0."""
    above = x > threshold
    slope = select(above, x.like(1), 0)
    return select(above, x, keep_nan(x, otherwise)), keep_nan(x, slope)


@formula
def relu(x):
    """max(x, 0), with +0.0 for -0.0."""
    return passes_above(0, x, 0)


@formula
def relu6(x):
    """min(max(x, 0), 6); the slope at both ends is 0."""
    value = select(x <= 0, x.like(0), select(x >= 6, x.like(6), x))
    slope = select(x <= 0, x.like(0), select(x >= 6, x.like(0), 1))
    return value, keep_nan(x, slope)


@formula
def squared_relu(x):
    """max(x, 0)^2."""
    positive = select(x <= 0, x.like(0), x)
    return positive * positive, 2 * positive


def leaky(x, slope):
    """x for x > 0, slope * x elsewhere; the slope at 0 is the given one."""
    value = select(x > 0, x, slope * x)
    return value, keep_nan(x, select(x > 0, x.like(1), slope))


@formula
def leaky_relu(x, negative_slope):
    """x for x > 0, negative_slope * x otherwise; the slope at 0 is negative_slope."""
    return leaky(x, negative_slope)


@formula
def prelu(x, weight):
    """leaky_relu with a learnt weight."""
    return leaky(x, weight)


@parameter_slope_of("prelu")
def prelu_weight(x, weight):
    """x where x <= 0, else 0."""
    return select(x > 0, x.like(0), x)


@formula
def thresholded_relu(x, alpha):
    """x above alpha, 0 elsewhere."""
    return passes_above(alpha, x, 0)


@formula
def threshold(x, threshold, value):
    """x above the threshold, `value` elsewhere."""
    return passes_above(threshold, x, value)
