"""Losses of one logit and its target."""

from ..number import absolute, mul_add, select
from ..vecmath.exponential import exp_nonpositive
from ..vecmath.logarithm import log1p_of_unit
from ..vecmath.pairs import divide, sum_to_divide_by
from .table import formula


@formula
def binary_cross_entropy_with_logits(x, target, pos_weight, weight):
    """weight * ((1 - t) * softplus(x) + pos_weight * t * softplus(-x)), from e = exp(-|x|).

    Both softplus are max(+-x, 0) + log(1 + e), both sigmoids e / (1 + e) or 1 less that.
    """
    # For a target of 1 the one is -0.0, and so is a slope that is lost.
    no, yes = -(weight * (target - 1)), weight * (pos_weight * target)
    both = no + yes
    e = exp_nonpositive(-absolute(x))
    slant = select(x > 0, no, yes)
    # 0 takes nothing from an infinite x.
    length = select(slant == 0, x.like(0), absolute(x))
    value = mul_add(slant, length, both * log1p_of_unit(e))
    share = divide(e, sum_to_divide_by(x.like(1), e))
    slope = select(x > 0, mul_add(-share, both, no), mul_add(share, both, -yes))
    return value, slope
