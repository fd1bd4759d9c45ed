// Angles less their quarter turns.
#pragma once

#include "vecmath.hpp"

namespace fastact {
namespace {

struct QuarterTurns {
  double r, low;
  int count;
};

// v 2**up = count pi/2 + r + low, |r| <= pi/4, for every finite v and up to 1024: Payne and Hanek
// (1983), doi:10.1145/1057600.1057602. v times the bits of 2/pi that matter is exact to 2**-128.
static __attribute__((noinline)) QuarterTurns reduce_huge(double v, int up) {
  static const uint64_t TWO_OVER_PI[] = {0,  // the bits before the point
                                         0xa2f9836e4e441529u,
                                         0xfc2757d1f534ddc0u,
                                         0xdb6295993c439041u,
                                         0xfe5163abdebbc561u,
                                         0xb7246e3a424dd2e0u,
                                         0x06492eea09d1921cu,
                                         0xfe1deb1cb129a73eu,
                                         0xe88235f52ebb4484u,
                                         0xe99c7026b45f7e41u,
                                         0x3991d639835339f4u,
                                         0x9c845f8bbdf9283bu,
                                         0x1ff897ffde05980fu,
                                         0xef2f118b5a0a6d1fu,
                                         0x6d367ecf27cb09b7u,
                                         0x4f463f669e5fea2du,
                                         0x7527bac7ebe5f17bu,
                                         0x3d0739f78a5292eau,
                                         0x6bfb5fb11f8d5d08u,
                                         0x56033046fc7b6babu,
                                         0xf0cfbc209af4361du,
                                         0xa9e391615ee61b08u,
                                         0x6599855f14a06840u,
                                         0x8dffd8804d732731u,
                                         0x06061556ca73a8c9u,
                                         0x60e27bc08c6b47c4u,
                                         0x19c367cddce8092au,
                                         0x8359c4768b961ca6u,
                                         0xddaf44d15719053eu,
                                         0xa5ff07053f7e33e8u,
                                         0x32c2de4f98327dbbu,
                                         0xc33d26ef6b1e5ef8u,
                                         0x9f3a1f35caf27f1du,
                                         0x87f121907c7c246au,
                                         0xfa6ed5772d30433bu,
                                         0x15c614b59d19c3c2u,
                                         0xc4ad414d2c5d000cu,
                                         0x467d862d71e39ac6u};
  uint64_t word;
  memcpy(&word, &v, sizeof v);
  const bool negative = word >> 63;
  const int exponent = static_cast<int>(word >> 52 & 0x7ff) - 1075 + up;  // digits 2**exponent
  // Below 1/2; and 0, which has no first digit that is 1.
  if (exponent < -53 || v == 0) return {__builtin_ldexp(v, up), 0, 0};
  const uint64_t digits = (word & 0xfffffffffffffu) | 0x10000000000000u;
  // The bits from that of 2**(1 - exponent) on: what is before makes multiples of 4 with the
  // digits.
  const int first = exponent - 2 + 64, skip = first / 64, shift = first % 64;
  uint64_t window[3];
  for (int i = 0; i < 3; ++i) {
    window[i] = TWO_OVER_PI[skip + i] << shift;
    if (shift != 0) window[i] |= TWO_OVER_PI[skip + i + 1] >> (64 - shift);
  }
  // digits * window, modulo 2**192; the point is behind the two highest bits.
  typedef unsigned __int128 Wide;
  const Wide low = Wide(digits) * window[2], middle = Wide(digits) * window[1] + (low >> 64);
  const uint64_t p2 = static_cast<uint64_t>(low), p1 = static_cast<uint64_t>(middle);
  const uint64_t p0 = digits * window[0] + static_cast<uint64_t>(middle >> 64);
  int count = static_cast<int>(p0 >> 62);
  Wide fraction = (Wide(p0) << 64 | p1) << 2 | p2 >> 62;
  const bool above = fraction >> 127;
  if (above) {
    fraction = -fraction;
    ++count;
  }
  // The fraction of a quarter turn in two doubles, then times pi/2.
  int zeros = 0;
  while (zeros < 128 && !(fraction >> 127 & 1)) {
    fraction <<= 1;
    ++zeros;
  }
  if (zeros == 128) return {0, 0, negative ? -count : count};
  const uint64_t upper = static_cast<uint64_t>(fraction >> 75);
  const uint64_t lower = static_cast<uint64_t>(fraction >> 22) & 0x1fffffffffffffu;
  double a = static_cast<double>(upper) * 0x1p-53, b = static_cast<double>(lower) * 0x1p-106;
  for (; zeros > 0; --zeros) {
    a *= 0.5;
    b *= 0.5;
  }
  const double P = 0x1.921fb54442d18p+0, P_LOW = 0x1.1a62633145c07p-54;
  const double r = a * P;
  const double a1 = static_cast<float>(a), a2 = a - a1, P1 = static_cast<float>(P), P2 = P - P1;
  const double error = ((a1 * P1 - r) + a1 * P2 + a2 * P1) + a2 * P2;
  const double low_r = error + (a * P_LOW + b * P);
  const bool flip = above != negative;
  return {flip ? -r : r, flip ? -low_r : low_r, negative ? -count : count};
}

// x + x_low less `turns` quarter turns; `odd` where there are an odd number of them.
struct Angle {
  VDouble r, low;
  VInt64 odd;
};

// Where x overflows it is `scaled` + scaled_low, times 2**1024.
template <bool EXTREME>
FASTACT_INLINE Angle reduced(VDouble x, VDouble x_low, VDouble scaled, VDouble scaled_low) {
  typedef VDouble V;
  // pi/2 in three parts, the first two so short that a multiple up to 2**20 is exact.
  const V part1 = all<V>(0x1.921fb544p+0), part2 = all<V>(0x1.0b4611a6p-34);
  const V part3 = all<V>(0x1.3198a2e037073p-69), shift = all<V>(0x1.8p52);
  const auto huge = abs(x) > all<V>(0x1p20);
  const V near = EXTREME ? (huge ? all<V>(0) : x) : x;
  const V rounded = mul_add(near, all<V>(0x1.45f306dc9c883p-1), shift), n = rounded - shift;
  const V first = near - n * part1, product = n * part2, second = first - product;
  const V rest = ((first - second) - product) - n * part3 + x_low, r = second + rest;
  Angle angle{r, (second - r) + rest, (bits(rounded) & 1) != 0};
  if (!EXTREME) return angle;
  for (int i = 0; i < Traits<V>::LANES; ++i) {
    if (!huge[i]) continue;
    const bool over = !(__builtin_fabs(x[i]) <= __DBL_MAX__);
    if (!(__builtin_fabs(scaled[i]) <= __DBL_MAX__)) {
      angle.r[i] = __builtin_nan("");
      continue;
    }
    const QuarterTurns a = reduce_huge(over ? scaled[i] : x[i], over ? 1024 : 0);
    const QuarterTurns b = reduce_huge(over ? scaled_low[i] : x_low[i], over ? 1024 : 0);
    const double sum = a.r + b.r, back = sum - a.r;
    const double low = ((a.r - (sum - back)) + (b.r - back)) + (a.low + b.low);
    // At most half a turn apart: once more, into the range of the polynomials.
    const int more = sum > 0.7853981633974483 ? 1 : (sum < -0.7853981633974483 ? -1 : 0);
    const double first = sum - more * part1[0], second = more * part2[0], r1 = first - second;
    const double last = low + ((first - r1) - second) - more * part3[0];
    angle.r[i] = r1 + last;
    angle.low[i] = (r1 - angle.r[i]) + last;
    angle.odd[i] = (a.count + b.count + more) & 1 ? -1 : 0;
  }
  return angle;
}

}  // namespace
}  // namespace fastact
