// Subnormal numbers without the processor's help: a product that reads or makes one takes it about
// 150 cycles (Intel), one that makes one, or underflows to 0, 3 times as long (AMD); a conversion
// from double to float, an addition or a comparison takes no longer than ever.
//
// What is here is rare and comes alone, so that its latency counts: chains are short.
#pragma once

#include "extremes.hpp"

namespace fastact {
namespace {

// The halves of a float vector as doubles, and back.
#if defined(__AVX512F__)
FASTACT_INLINE VDouble widen_low(VFloat v) {
  return (VDouble)_mm512_cvtps_pd(_mm512_castps512_ps256((__m512)v));
}
FASTACT_INLINE VDouble widen_high(VFloat v) {
  return (VDouble)_mm512_cvtps_pd(_mm512_extractf32x8_ps((__m512)v, 1));
}
FASTACT_INLINE VFloat narrow(VDouble low, VDouble high) {
  return (VFloat)_mm512_insertf32x8(_mm512_castps256_ps512(_mm512_cvtpd_ps((__m512d)low)),
                                    _mm512_cvtpd_ps((__m512d)high), 1);
}
#elif defined(__AVX2__)
FASTACT_INLINE VDouble widen_low(VFloat v) {
  return (VDouble)_mm256_cvtps_pd(_mm256_castps256_ps128((__m256)v));
}
FASTACT_INLINE VDouble widen_high(VFloat v) {
  return (VDouble)_mm256_cvtps_pd(_mm256_extractf128_ps((__m256)v, 1));
}
FASTACT_INLINE VFloat narrow(VDouble low, VDouble high) {
  return (VFloat)_mm256_insertf128_ps(_mm256_castps128_ps256(_mm256_cvtpd_ps((__m256d)low)),
                                      _mm256_cvtpd_ps((__m256d)high), 1);
}
#elif defined(__SSE2__)
FASTACT_INLINE VDouble widen_low(VFloat v) { return (VDouble)_mm_cvtps_pd((__m128)v); }
FASTACT_INLINE VDouble widen_high(VFloat v) {
  return (VDouble)_mm_cvtps_pd(_mm_movehl_ps((__m128)v, (__m128)v));
}
FASTACT_INLINE VFloat narrow(VDouble low, VDouble high) {
  return (VFloat)_mm_movelh_ps(_mm_cvtpd_ps((__m128d)low), _mm_cvtpd_ps((__m128d)high));
}
#else
FASTACT_INLINE VDouble widen_low(VFloat v) { return VDouble{v[0], v[1]}; }
FASTACT_INLINE VDouble widen_high(VFloat v) { return VDouble{v[2], v[3]}; }
FASTACT_INLINE VFloat narrow(VDouble low, VDouble high) {
  return VFloat{float(low[0]), float(low[1]), float(high[0]), float(high[1])};
}
#endif

// Too large to be made tall. What the smallest number that is not lost leaves of it is normal.
template <class V>
FASTACT_INLINE auto is_huge(V x) {
  return abs(x) > all<V>(Traits<V>::TALL / 4);
}

// A constant that is loaded: of the bits of one that it knows, GCC makes an integer, and a vector
// of that.
template <class V>
FASTACT_INLINE V loaded(double value) {
  return opaque(all<V>(value));
}

// 2**MANTISSA: a number of this exponent has its units in its last place.
template <class V>
constexpr double UNITS = sizeof(Scalar<V>) == 4 ? 0x1p23 : 0x1p52;

// `factor` x where x is subnormal; elsewhere something of no use.
template <class V>
FASTACT_INLINE V scale_up(V x, double factor) {
  // UNITS with the digits of x in its last places: less UNITS they are an integer.
  const V one = loaded<V>(UNITS<V>);
  const V digits = from_bits<V>(bits(x) | bits(one)) - with_sign(one, x);
  return digits * all<V>(factor * Traits<V>::SMALLEST_NORMAL / UNITS<V>);
}

// A number that is rounded only where it is used: `normal` where it `is_normal`, elsewhere it is
// tall / 2**SCALE, and `normal` is 0. Where that can be told from the tall one, those count as the
// latter whose product with an ordinary number may be subnormal.
template <class V>
struct Tall {
  V normal, tall;
  Mask<V> is_normal;
};

// y / 2**SCALE, with all digits of y.
template <class V>
FASTACT_INLINE Tall<V> lowered(V y) {
  constexpr double SMALL = (FASTACT_VECTOR_BYTES > 16 ? 0x1p24 : 1) * Traits<V>::SMALLEST_NORMAL;
  const auto normal = not_below(abs(y), all<V>(Traits<V>::TALL * SMALL));
  return {product_where(normal, y, all<V>(Traits<V>::UNSCALE), all<V>(0)), y, normal};
}

// tall / factor, which is subnormal, or not much larger.
template <class V>
FASTACT_INLINE V in_units(V tall, double factor) {
  // In units of the smallest subnormal, rounded by adding UNITS: its last places are the result.
  const V one = loaded<V>(UNITS<V>), unit = all<V>(UNITS<V> / factor / Traits<V>::SMALLEST_NORMAL);
  const V units = mul_add(abs(tall), unit, one);
  return with_sign(from_bits<V>(bits(units) - bits(one)), tall);
}

// y / 2**SCALE, or over another factor, rounded.
template <class V>
FASTACT_INLINE V bring_down(V y, double factor = Traits<V>::TALL) {
  const auto normal = not_below(abs(y), all<V>(factor * Traits<V>::SMALLEST_NORMAL));
  return product_where(normal, y, all<V>(1 / factor), in_units(y, factor));
}

// Rounded once, subnormal or not.
template <class V>
FASTACT_INLINE V rounded(Tall<V> y) {
  return select(y.is_normal, y.normal, bring_down(y.tall));
}
template <class V>
FASTACT_INLINE V rounded(V y) {
  return y;
}

// a where x > edge, elsewhere b.
template <class V>
FASTACT_INLINE V where_above(V x, V edge, V a, V b) {
  return x > edge ? a : b;
}
template <class V>
FASTACT_INLINE Tall<V> where_above(V x, V edge, V a, Tall<V> b) {
  const auto above = below(edge, x);
  return {select(above, a, b.normal), b.tall, above | b.is_normal};
}
template <class V>
FASTACT_INLINE Tall<V> where_above(V x, V edge, Tall<V> a, V b) {
  const auto above = below(edge, x);
  return {select(above, a.normal, b), a.tall, ~above | a.is_normal};
}

// y, but v where it `is`.
template <class V>
FASTACT_INLINE Tall<V> replaced(Tall<V> y, Mask<V> is, V v) {
  return {select(is, v, y.normal), y.tall, is | y.is_normal};
}

}  // namespace
}  // namespace fastact
