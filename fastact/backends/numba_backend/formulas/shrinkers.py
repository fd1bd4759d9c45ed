"""What pulls x towards zero."""

from ..number import Constant, absolute, copy_sign, flip_sign, mul_add, select
from ..vecmath.exponential import exp_factors, short_exp_factors, value_of
from ..vecmath.pairs import divide, sum_to_divide_by
from ..vecmath.polynomials import polynomial
from .sigmoids import tanh, tanh_is_far
from .table import formula, keep_nan, short_formula_of

THIRD_REST = Constant(-9.934107758624577e-09, 1.850371707708594e-17)
THIRD = Constant(0.3333333432674408, 0.3333333333333333)

# ((tanh(x) - x) / x^3 + 1/3) / x^2 of x^2, for |x| <= 1. Relative error of x - tanh(x): 2^-26.9
# and 2^-54.8.
tanh_part = polynomial(
    float32=(
        0.133333221077919,
        -0.05396486073732376,
        0.021837016567587852,
        -0.008717014454305172,
        0.0032327095977962017,
        -0.0009411619394086301,
        0.00014758050383534282,
    ),
    float64=(
        0.13333333333333294,
        -0.05396825396818074,
        0.021869488532663822,
        -0.008863235454185112,
        0.00359212710483914,
        -0.001455827101202077,
        0.0005899887311826773,
        -0.00023898335063031085,
        9.651568222883384e-05,
        -3.8466649734050444e-05,
        1.4686573361700706e-05,
        -5.046457005758681e-06,
        1.4075965424938637e-06,
        -2.715059750219559e-07,
        2.6221859686024107e-08,
    ),
)


def shrunk(x, lambd, outside):
    """`outside` where |x| > lambd, zero elsewhere with the sign of x; the slope is 1 or 0."""
    is_outside = absolute(x) > lambd
    zero = copy_sign(x.like(0), x)
    slope = select(is_outside, x.like(1), 0)
    return select(is_outside, outside, keep_nan(x, zero)), keep_nan(x, slope)


@formula
def soft_shrink(x, lambd):
    """x less lambd, towards zero."""
    return shrunk(x, lambd, x - flip_sign(lambd, x))


@formula
def shrink(x, lambd, bias):
    """x less bias, towards zero, where |x| > lambd."""
    return shrunk(x, lambd, x - flip_sign(bias, x))


@formula
def hard_shrink(x, lambd):
    """x where |x| > lambd."""
    return shrunk(x, lambd, x)


@short_formula_of("tanh_shrink", tanh_is_far)
def short_tanh_shrink(x):
    """tanh_shrink of ordinary x, all from one exponential; slope ((1 - e) / (1 + e))^2."""
    size, square = absolute(x), x * x
    near = (size * square) * (mul_add(-square, tanh_part(square), THIRD_REST) + THIRD)
    p, scale = short_exp_factors(-2 * size)
    difference = mul_add(p, scale, scale - 1)
    divisor = difference + 2
    far = (size - 1) + 2 * mul_add(p, scale, scale) / divisor
    tangent = difference / divisor
    return copy_sign(select(size < 1, near, far), x), tangent * tangent


@formula
def tanh_shrink(x):
    """x - tanh(x): x^3 / 3 - ... for |x| < 1, (|x| - 1) + 2e / (1 + e) beyond, e = exp(-2|x|)."""
    size = absolute(x)
    square = x * x
    near = (size * square) * (mul_add(-square, tanh_part(square), THIRD_REST) + THIRD)
    e = value_of(exp_factors(-2 * size))
    far = (size - 1) + divide(2 * e, sum_to_divide_by(x.like(1), e))
    value = copy_sign(select(size < 1, near, far), x)
    tangent, _ = tanh(x)
    return value, tangent * tangent
