"""The tail of the normal distribution."""

from ..number import Constant, mul_add
from .pairs import divide, product, rough_reciprocal, sum_and_error
from .polynomials import polynomial

ROOT_OF_2_PI = Constant(2.5066282749176025, 2.5066282746310007)
ROOT_REST = Constant(-2.866020476499642e-10, -1.8328579980459167e-16)

# Numerator and denominator of 1 / H - sqrt(2 pi) t for t >= 0, both times any number. Relative
# error of H: 2^-29.6 and 2^-56.7.
_over = polynomial(
    float32=(
        2.964935302734375,
        1.8697922229766846,
        0.6178877353668213,
        0.11104490607976913,
        0.009292155504226685,
    ),
    float64=(
        3.99822998046875,
        4.95287940960859,
        3.137328309866451,
        1.2900923515665703,
        0.3740257994127538,
        0.07869876875220429,
        0.011985393384497103,
        0.0012755307900106981,
        8.655010933667093e-05,
        2.8870002075433298e-06,
    ),
    careful=True,
)
_under = polynomial(
    float32=(
        1.4824676513671875,
        1.6100558042526245,
        0.8396754264831543,
        0.2535158693790436,
        0.04431873559951782,
        0.0037066710647195578,
    ),
    float64=(
        1.999114990234375,
        3.386895798206795,
        2.83803803910059,
        1.5227823940131155,
        0.5744614902686399,
        0.1585704244186232,
        0.032407084845928136,
        0.004850537086994415,
        0.0005111666564724796,
        3.452849797042237e-05,
        1.1517464464077897e-06,
    ),
    careful=True,
)


def normal_tail(t):
    """H = Q(t) exp(t^2/2) for t >= 0, Q the upper tail of the normal distribution.

    It is 1 / (s + over / under) with s = sqrt(2 pi) t, where rounding in `over` and `under` counts
    only as much as they do: the larger t, the less.
    """
    s, rest = product(t, t.like(ROOT_OF_2_PI))
    under = _under(t)
    high, low = product(s, under)
    total, lost = sum_and_error(high, _over(t))
    lost = lost + mul_add(mul_add(t, ROOT_REST, rest), under, low)
    return divide(under, (total, lost, 1 / total))


def short_normal_tail(t):
    """The same, rounded at every step, and what that has lost, but for 1/361 of it at most."""
    s, over, under = t * ROOT_OF_2_PI, _over(t), _under(t)
    divisor = mul_add(s, under, over)
    tail = under / divisor
    left = mul_add(-tail * s, under, mul_add(-tail, over, under))
    reciprocal = rough_reciprocal(divisor)  # two divisions would take longest
    return tail, left * (reciprocal * mul_add(-divisor, reciprocal, 2))
