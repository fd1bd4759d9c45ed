"""The logarithm near 1, and of quotients."""

from ..number import Constant, mul_add, select
from .exponential import EXPONENT_FIELD, LN2_HIGH, LN2_LOW
from .pairs import fused
from .polynomials import polynomial

# (log(1 + f) - f + f^2/2) / f^3 for 1/sqrt(2) - 1 <= f <= sqrt(2) - 1. Relative error of
# log(1 + f): 2^-27.0 and 2^-56.0.
log1p_remainder = polynomial(
    float32=(
        0.33333325386047363,
        -0.2500070035457611,
        0.20001478493213654,
        -0.16627131402492523,
        0.14199590682983398,
        -0.13125455379486084,
        0.1276022344827652,
        -0.07716681063175201,
    ),
    float64=(
        0.3333333333333331,
        -0.24999999999994607,
        0.2000000000001889,
        -0.16666666668518057,
        0.14285714284021436,
        -0.12499999789011107,
        0.11111111029802284,
        -0.10000011502654764,
        0.09090924223554109,
        -0.08332992453574518,
        0.07691588045848335,
        -0.07148483993201783,
        0.06683263499487697,
        -0.062027983173842734,
        0.05680519417018118,
        -0.056620029369056954,
        0.06458675220957065,
        -0.05978865470939125,
        0.02645427149449707,
    ),
)


# log(1 + e) / e for 0 <= e <= 1, of e - 1/2. Relative error: 2^-24.7 and 2^-55.8.
log1p_ratio = polynomial(
    float32=(
        0.8109301924705505,
        -0.28852710127830505,
        0.13260914385318756,
        -0.06768763065338135,
        0.036635562777519226,
        -0.020570235326886177,
        0.011575886979699135,
        -0.006750059779733419,
        0.005253912415355444,
        -0.0032438163179904222,
    ),
    float64=(
        0.8109302162163288,
        -0.2885270990993239,
        0.13260975375420286,
        -0.0676886433109661,
        0.036611854523158086,
        -0.020548811918991758,
        0.011833792109655615,
        -0.006945394979125464,
        0.004136179121917531,
        -0.00249184112283953,
        0.0015153828224731864,
        -0.0009288581623992022,
        0.0005730654144298511,
        -0.00035481595819080754,
        0.00022107438684234164,
        -0.00014211662055541323,
        8.973271096140615e-05,
        -4.479519017021909e-05,
        2.7524440484957716e-05,
        -3.839042102171083e-05,
        2.5041827497159448e-05,
    ),
    careful=True,
)


def log1p_bend(f):
    """log(1 + f) - f for 1/sqrt(2) - 1 <= f <= sqrt(2) - 1."""
    return (f * f) * mul_add(f, log1p_remainder(f), -0.5)


def log1p_of_unit(e):
    """log(1 + e) for 0 <= e <= 1."""
    return e * log1p_ratio(e - 0.5)


# For the exponent of a number: its bits less those of sqrt(1/2), so that the rest lies around 1.
BITS_OF_SQRT_HALF = Constant(0x3F3504F3, 0x3FE6A09E667F3BCD)
BIAS = Constant(128, 1024)  # keeps exponents positive
BIAS_IN_PLACE = Constant(128 << 23, 1024 << 52)
TWICE_THE_BIAS_LESS_1 = Constant(255, 2047)
INTEGER = Constant(2.0**23, 2.0**52)  # an integer in the low bits of it counts as such
INTEGER_AND_BIAS = Constant(2.0**23 + 128, 2.0**52 + 1024)
LEAST_NORMAL = Constant(2.0**-126, 2.0**-1022)
LIFT, LIFTED = Constant(2.0**32, 2.0**64), Constant(32.0, 64.0)


def log_of_quotient(a, b, rest):
    """log(a / (b + rest)) for 0 < a <= b, 1/2 <= b <= 1 and a rest below the last place of b.

    It has small relative error also where a / b is close to 1.
    """
    tiny = a < LEAST_NORMAL
    a = a * select(tiny, a.like(LIFT), 1)
    reciprocal = 1 / b
    quotient = a * reciprocal
    error = mul_add(-quotient, rest, fused(-quotient, b, a)) * reciprocal
    biased = (quotient.bits() - BITS_OF_SQRT_HALF + BIAS_IN_PLACE) >> EXPONENT_FIELD
    near_1 = (quotient.bits() - (biased << EXPONENT_FIELD) + BIAS_IN_PLACE).number()
    scale = ((biased.like(TWICE_THE_BIAS_LESS_1) - biased) << EXPONENT_FIELD).number()
    exponent = (biased + a.like(INTEGER).bits()).number() - INTEGER_AND_BIAS
    exponent = exponent - select(tiny, a.like(LIFTED), 0)
    f = mul_add(error, scale, near_1 - 1)
    low = mul_add(exponent, LN2_LOW, log1p_bend(f))
    return mul_add(exponent, LN2_HIGH, f + low)
