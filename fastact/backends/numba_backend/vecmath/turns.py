"""Multiples of pi taken out of a float64 of any size, as Payne and Hanek do (1983).

z / pi modulo 1 needs only those bits of 1 / pi that meet the bits of z around its point. One
number at a time, in integers.
"""

from llvmlite import ir

from ..number import Bits, Constant, Mask, Number, absolute, mul_add, select
from .pairs import product

I64, I128, I192, I256 = (ir.IntType(bits) for bits in (64, 128, 192, 256))

LEADING_ZEROS = 128
TABLE_WORDS = 40


def _inverse_pi(words):
    """The first `words` words of 64 bits of 1 / pi, from Machin's formula in integers."""
    guard = 64
    one = 1 << (64 * words + guard)

    def inverse_tangent(n):
        total, term, k = 0, one // n, 0
        while term:
            total += term // (2 * k + 1) * (-1) ** k
            term //= n * n
            k += 1
        return total

    pi = 4 * (4 * inverse_tangent(5) - inverse_tangent(239))
    inverse = one * one // pi >> guard
    return [inverse >> (64 * k) & (2**64 - 1) for k in reversed(range(words))]


def _table(module):
    """The words of 1 / pi in the module, behind zeros."""
    name = "fastact.inverse_pi"
    if name not in module.globals:
        words = [0] * (LEADING_ZEROS // 64) + _inverse_pi(TABLE_WORDS - LEADING_ZEROS // 64)
        kind = ir.ArrayType(I64, TABLE_WORDS)
        table = ir.GlobalVariable(module, kind, name)
        table.global_constant, table.linkage = True, "internal"
        table.initializer = ir.Constant(kind, words)
    return module.globals[name]


def turns(z, scale):
    """z * 2^scale / pi modulo 1, as an integer of 128 bits that counts 2^-128.

    Right to 2^-100 or so; a z * 2^scale below 2^-76 counts as 0.
    """
    builder = z.builder
    bits = z.bits()
    exponent = (bits >> 52) & 0x7FF
    significand = (bits & (2**52 - 1)) | 2**52
    # z is significand * 2^(exponent + scale - 1075): bits of 1 / pi before this one give integers.
    position = exponent + scale - (1075 - LEADING_ZEROS)
    large = builder.icmp_signed(">=", position.value, I64(0))
    large = builder.and_(large, (absolute(z) > 0).value)  # 0 has no first digit that is 1
    position = Bits(builder, builder.select(large, position.value, I64(0)))
    significand = builder.select(large, significand.value, I64(0))

    table, window = _table(builder.module), I256(0)
    for k in range(4):
        index = ((position >> 6) + k).value
        word = builder.load(builder.gep(table, [I64(0), index], inbounds=True))
        window = builder.or_(builder.shl(window, I256(64)), builder.zext(word, I256))
    window = builder.shl(window, builder.zext((position & 63).value, I256))
    window = builder.trunc(builder.lshr(window, I256(64)), I192)
    product = builder.mul(window, builder.zext(significand, I192))
    fraction = builder.trunc(builder.lshr(product, I192(64)), I128)
    return builder.select((z < 0).value, builder.neg(fraction), fraction)


PI, PI_REST = (Constant(part, part) for part in (3.141592653589793, 1.2246467991473532e-16))


def reduce_product(a, b, halves):
    """a * b + halves * pi/4 as r + rest plus a multiple of pi/2: (r, rest, is it an odd one).

    The product may be beyond the largest float64.
    """
    builder = a.builder
    beyond = absolute(a * b) == float("inf")
    factor = select(beyond, a.like(2.0**-512), 1)
    z, low = product(a * factor, b * factor)
    scale = Bits(builder, builder.select(beyond.value, I64(1024), I64(0)))
    total = builder.add(turns(z, scale), turns(low, scale))
    # Half of pi/2 more, so that the first bit is what to round to, and the next the old sign.
    total = builder.add(total, I128((halves + 1) << 126))
    odd = Mask(builder, builder.icmp_signed("<", total, I128(0)))
    total = builder.sub(builder.and_(total, I128(2**127 - 1)), I128(1 << 126))
    # As two float64, of the upper 53 bits and the 64 that follow.
    high = builder.trunc(builder.ashr(total, I128(75)), I64)
    rest = builder.trunc(builder.lshr(builder.shl(total, I128(53)), I128(64)), I64)
    high = Number(builder, builder.sitofp(high, a.value.type)) * 2.0**-53
    rest = Number(builder, builder.uitofp(rest, a.value.type)) * 2.0**-117
    r, error = product(high, a.like(PI))
    return r, mul_add(high, PI_REST, mul_add(rest, PI, error)), odd
