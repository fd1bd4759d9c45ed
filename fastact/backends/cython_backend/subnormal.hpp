// Subnormal numbers without the processor's help: a product that reads or makes one takes it about
// 150 cycles (Intel), one that makes one, or underflows to 0, 3 times as long (AMD); a conversion
// from double to float, an addition or a comparison takes no longer than ever.
//
// What is here is rare and comes alone, so that its latency counts: chains are short.
#pragma once

#include "masks.hpp"

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

template <class V>
FASTACT_INLINE Ints<V> is_subnormal(V x) {
  const V size = abs(x);
  return (size < all<V>(Traits<V>::SMALLEST_NORMAL)) & (size > all<V>(0));
}

// Is any lane of `size` (a magnitude) above `limit`, or subnormal and not 0? NaN is neither. And: is any
// lane of v above `limit`?
#if defined(__AVX512F__)
FASTACT_INLINE bool any_extreme(VFloat size, VFloat limit) {
  const __mmask16 above = _mm512_cmp_ps_mask((__m512)size, (__m512)limit, _CMP_GT_OQ);
  return !_kortestz_mask16_u8(above, _mm512_fpclass_ps_mask((__m512)size, 0x20));
}
FASTACT_INLINE bool any_extreme(VDouble size, VDouble limit) {
  const __mmask8 above = _mm512_cmp_pd_mask((__m512d)size, (__m512d)limit, _CMP_GT_OQ);
  return !_kortestz_mask8_u8(above, _mm512_fpclass_pd_mask((__m512d)size, 0x20));
}
FASTACT_INLINE bool any_above(VFloat v, VFloat limit) {
  return _mm512_cmp_ps_mask((__m512)v, (__m512)limit, _CMP_GT_OQ) != 0;
}
FASTACT_INLINE bool any_above(VDouble v, VDouble limit) {
  return _mm512_cmp_pd_mask((__m512d)v, (__m512d)limit, _CMP_GT_OQ) != 0;
}
#else
template <class V>
FASTACT_INLINE bool any_extreme(V size, V limit) {
  return any_lane(is_subnormal(size) | (size > limit));
}
template <class V>
FASTACT_INLINE bool any_above(V v, V limit) {
  return any_lane(v > limit);
}
#endif

// Is any lane of x below `limit`, or subnormal and not 0? NaN is neither.
#if defined(__AVX512F__)
FASTACT_INLINE bool any_low(VFloat x, VFloat limit) {
  const __mmask16 low = _mm512_cmp_ps_mask((__m512)x, (__m512)limit, _CMP_LT_OQ);
  return !_kortestz_mask16_u8(low, _mm512_fpclass_ps_mask((__m512)x, 0x20));
}
#else
template <class V>
FASTACT_INLINE bool any_low(V x, V limit) {
  return any_lane(is_subnormal(x) | (x < limit));
}
#endif

// Is any lane infinite, or subnormal and not 0?
#if defined(__AVX512F__)
FASTACT_INLINE bool any_odd(VFloat x) { return _mm512_fpclass_ps_mask((__m512)x, 0x38) != 0; }
FASTACT_INLINE bool any_odd(VDouble x) { return _mm512_fpclass_pd_mask((__m512d)x, 0x38) != 0; }
FASTACT_INLINE bool any_odd(Pair<VFloat> x) {
  return !_kortestz_mask16_u8(_mm512_fpclass_ps_mask((__m512)x.first, 0x38),
                              _mm512_fpclass_ps_mask((__m512)x.second, 0x38));
}
FASTACT_INLINE bool any_odd(Pair<VDouble> x) {
  return !_kortestz_mask8_u8(_mm512_fpclass_pd_mask((__m512d)x.first, 0x38),
                             _mm512_fpclass_pd_mask((__m512d)x.second, 0x38));
}
#else
template <class V>
FASTACT_INLINE bool any_odd(V x) {
  return any_extreme(abs(x), all<V>(Traits<V>::LARGEST));
}
#endif

// any_extreme with `least` in place of the smallest normal number.
#if defined(__AVX512F__)
FASTACT_INLINE bool any_outside(VFloat size, VFloat least, VFloat limit) {
  const __mmask16 above = _mm512_cmp_ps_mask((__m512)size, (__m512)limit, _CMP_GT_OQ);
  // Less 1 in their bits, 0 is not below anything.
  const __m512i one = _mm512_set1_epi32(1), below = _mm512_sub_epi32((__m512i)size, one);
  return !_kortestz_mask16_u8(
      above, _mm512_cmplt_epu32_mask(below, _mm512_sub_epi32((__m512i)least, one)));
}
FASTACT_INLINE bool any_outside(VDouble size, VDouble least, VDouble limit) {
  const __mmask8 above = _mm512_cmp_pd_mask((__m512d)size, (__m512d)limit, _CMP_GT_OQ);
  const __m512i one = _mm512_set1_epi64(1), below = _mm512_sub_epi64((__m512i)size, one);
  return !_kortestz_mask8_u8(
      above, _mm512_cmplt_epu64_mask(below, _mm512_sub_epi64((__m512i)least, one)));
}
#else
template <class V>
FASTACT_INLINE bool any_outside(V size, V least, V limit) {
  return any_lane(((size < least) & (size > all<V>(0))) | (size > limit));
}
#endif

// Of the sizes of two vectors at once, in fewer operations than of each. A signaling NaN, which would
// hide the number beside it, and in any_outside a NaN in the second vector, is taken for extreme.
#if defined(__AVX512F__)
constexpr bool HAS_PAIR_TESTS = true;
template <class V>
struct Sizes {
  V first, second;
};
template <class V>
FASTACT_INLINE Sizes<V> abs(Pair<V> x) {
  return {x.first, x.second};  // each test takes the sizes itself
}
FASTACT_INLINE bool any_extreme(Sizes<VFloat> s, VFloat limit) {
  const __m512 a = (__m512)s.first, b = (__m512)s.second, larger = _mm512_range_ps(a, b, 0b1011);
  const __mmask16 odd = _mm512_fpclass_ps_mask(a, 0xa0) | _mm512_fpclass_ps_mask(b, 0xa0);
  return !_kortestz_mask16_u8(odd, below(limit, (VFloat)larger).bits);
}
FASTACT_INLINE bool any_extreme(Sizes<VDouble> s, VDouble limit) {
  const __m512d a = (__m512d)s.first, b = (__m512d)s.second, larger = _mm512_range_pd(a, b, 0b1011);
  const __mmask8 odd = _mm512_fpclass_pd_mask(a, 0xa0) | _mm512_fpclass_pd_mask(b, 0xa0);
  return !_kortestz_mask8_u8(odd, below(limit, (VDouble)larger).bits);
}
FASTACT_INLINE bool any_low(Pair<VFloat> x, VFloat limit) {
  const __m512 a = (__m512)x.first, b = (__m512)x.second, lower = _mm512_range_ps(a, b, 0b0100);
  const __mmask16 odd = _mm512_fpclass_ps_mask(a, 0xa0) | _mm512_fpclass_ps_mask(b, 0xa0);
  return !_kortestz_mask16_u8(odd, below((VFloat)lower, limit).bits);
}
FASTACT_INLINE bool any_outside(Sizes<VFloat> s, VFloat least, VFloat limit) {
  const VFloat a = abs(s.first), b = abs(s.second);
  const __m512i one = _mm512_set1_epi32(1), first = _mm512_sub_epi32((__m512i)a, one);
  const __m512i lower = _mm512_min_epu32(first, _mm512_sub_epi32((__m512i)b, one));
  return !_kortestz_mask16_u8(
      not_below(max(a, b), limit).bits,
      _mm512_cmplt_epu32_mask(lower, _mm512_sub_epi32((__m512i)least, one)));
}
FASTACT_INLINE bool any_outside(Sizes<VDouble> s, VDouble least, VDouble limit) {
  const VDouble a = abs(s.first), b = abs(s.second);
  const __m512i one = _mm512_set1_epi64(1), first = _mm512_sub_epi64((__m512i)a, one);
  const __m512i lower = _mm512_min_epu64(first, _mm512_sub_epi64((__m512i)b, one));
  return !_kortestz_mask8_u8(
      not_below(max(a, b), limit).bits,
      _mm512_cmplt_epu64_mask(lower, _mm512_sub_epi64((__m512i)least, one)));
}
#else
constexpr bool HAS_PAIR_TESTS = false;
#endif
template <class X>
FASTACT_INLINE bool any_extreme(X size, double limit) {
  return any_extreme(size, all<VectorIn<X>>(limit));
}

// Is any lane subnormal and not 0?
#if defined(__AVX512F__)
FASTACT_INLINE bool any_subnormal(VFloat x) {
  return _mm512_fpclass_ps_mask((__m512)x, 0x20) != 0;
}
FASTACT_INLINE bool any_subnormal(VDouble x) {
  return _mm512_fpclass_pd_mask((__m512d)x, 0x20) != 0;
}
#else
template <class V>
FASTACT_INLINE bool any_subnormal(V x) {
  return any_lane(is_subnormal(x));
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
// tall / 2**SCALE, and `normal` is 0.
template <class V>
struct Tall {
  V normal, tall;
  Mask<V> is_normal;
};

// y / 2**SCALE, or over another factor, with all digits of y.
template <class V>
FASTACT_INLINE Tall<V> lowered(V y, double factor = Traits<V>::TALL) {
  const auto normal = not_below(abs(y), all<V>(factor * Traits<V>::SMALLEST_NORMAL));
  return {product_where(normal, y, all<V>(1 / factor), all<V>(0)), y, normal};
}

// tall / factor, which is subnormal, or not much larger.
template <class V>
FASTACT_INLINE V in_units(V tall, double factor) {
  // In units of the smallest subnormal, rounded by adding UNITS: its last places are the result.
  const V one = loaded<V>(UNITS<V>), unit = all<V>(UNITS<V> / factor / Traits<V>::SMALLEST_NORMAL);
  const V units = mul_add(abs(tall), unit, one);
  return with_sign(from_bits<V>(bits(units) - bits(one)), tall);
}

// Rounded once, subnormal or not.
template <class V>
FASTACT_INLINE V rounded(Tall<V> y) {
  return select(y.is_normal, y.normal, in_units(y.tall, Traits<V>::TALL));
}
template <class V>
FASTACT_INLINE V rounded(V y) {
  return y;
}

// y / 2**SCALE, or over another factor, rounded.
template <class V>
FASTACT_INLINE V bring_down(V y, double factor = Traits<V>::TALL) {
  const auto normal = not_below(abs(y), all<V>(factor * Traits<V>::SMALLEST_NORMAL));
  return product_where(normal, y, all<V>(1 / factor), in_units(y, factor));
}

// a * b, from the digits that b has before it is rounded.
template <class V>
FASTACT_INLINE V product(V a, Tall<V> b) {
  return select(b.is_normal, a * b.normal, bring_down(a * b.tall));
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

}  // namespace
}  // namespace fastact
