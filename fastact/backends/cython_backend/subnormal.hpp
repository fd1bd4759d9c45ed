// Subnormal numbers without the processor's help: an operation that reads or makes one takes it
// about 150 cycles (Intel), a conversion from double to float, an addition or a comparison none.
#pragma once

#include "simd.hpp"

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

// Is any lane of `size` (a magnitude) above `limit`, or subnormal and not 0? NaN is neither. The same with
// `least` in place of the smallest normal number. And: is any lane of v above `limit`?
#if defined(__AVX512F__)
FASTACT_INLINE bool any_extreme(VFloat size, double limit) {
  const __mmask16 above = _mm512_cmp_ps_mask((__m512)size, _mm512_set1_ps(limit), _CMP_GT_OQ);
  return !_kortestz_mask16_u8(above, _mm512_fpclass_ps_mask((__m512)size, 0x20));
}
FASTACT_INLINE bool any_extreme(VDouble size, double limit) {
  const __mmask8 above = _mm512_cmp_pd_mask((__m512d)size, _mm512_set1_pd(limit), _CMP_GT_OQ);
  return !_kortestz_mask8_u8(above, _mm512_fpclass_pd_mask((__m512d)size, 0x20));
}
FASTACT_INLINE bool any_outside(VFloat size, double least, double limit) {
  const __mmask16 above = _mm512_cmp_ps_mask((__m512)size, _mm512_set1_ps(limit), _CMP_GT_OQ);
  const __mmask16 some = _mm512_cmp_ps_mask((__m512)size, _mm512_setzero_ps(), _CMP_GT_OQ);
  const __m512 edge = _mm512_set1_ps(least);
  return !_kortestz_mask16_u8(above,
                              _mm512_mask_cmp_ps_mask(some, (__m512)size, edge, _CMP_LT_OQ));
}
FASTACT_INLINE bool any_outside(VDouble size, double least, double limit) {
  const __mmask8 above = _mm512_cmp_pd_mask((__m512d)size, _mm512_set1_pd(limit), _CMP_GT_OQ);
  const __mmask8 some = _mm512_cmp_pd_mask((__m512d)size, _mm512_setzero_pd(), _CMP_GT_OQ);
  const __m512d edge = _mm512_set1_pd(least);
  return !_kortestz_mask8_u8(above,
                             _mm512_mask_cmp_pd_mask(some, (__m512d)size, edge, _CMP_LT_OQ));
}
FASTACT_INLINE bool any_above(VFloat v, VFloat limit) {
  return _mm512_cmp_ps_mask((__m512)v, (__m512)limit, _CMP_GT_OQ) != 0;
}
FASTACT_INLINE bool any_above(VDouble v, VDouble limit) {
  return _mm512_cmp_pd_mask((__m512d)v, (__m512d)limit, _CMP_GT_OQ) != 0;
}
FASTACT_INLINE bool any_lane(VInt32 mask) { return _mm512_movepi32_mask((__m512i)mask) != 0; }
FASTACT_INLINE bool any_lane(VInt64 mask) { return _mm512_movepi64_mask((__m512i)mask) != 0; }
#else
#if defined(__AVX2__)
FASTACT_INLINE bool any_lane(VInt32 mask) { return _mm256_movemask_ps((__m256)mask) != 0; }
FASTACT_INLINE bool any_lane(VInt64 mask) { return _mm256_movemask_pd((__m256d)mask) != 0; }
#elif defined(__SSE2__)
FASTACT_INLINE bool any_lane(VInt32 mask) { return _mm_movemask_ps((__m128)mask) != 0; }
FASTACT_INLINE bool any_lane(VInt64 mask) { return _mm_movemask_pd((__m128d)mask) != 0; }
#elif defined(__aarch64__)
FASTACT_INLINE bool any_lane(VInt32 mask) { return vmaxvq_u32((uint32x4_t)mask) != 0; }
FASTACT_INLINE bool any_lane(VInt64 mask) { return vmaxvq_u32((uint32x4_t)mask) != 0; }
#else
template <class I>
FASTACT_INLINE bool any_lane(I mask) {
  decltype(mask[0] + 0) any = 0;
  for (unsigned i = 0; i < sizeof(I) / sizeof(mask[0]); ++i) any |= mask[i];
  return any != 0;
}
#endif
template <class V>
FASTACT_INLINE bool any_extreme(V size, double limit) {
  return any_lane(is_subnormal(size) | (size > all<V>(limit)));
}
template <class V>
FASTACT_INLINE bool any_outside(V size, double least, double limit) {
  const auto low = (size < all<V>(least)) & (size > all<V>(0));
  return any_lane(low | (size > all<V>(limit)));
}
template <class V>
FASTACT_INLINE bool any_above(V v, V limit) {
  return any_lane(v > limit);
}
#endif

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

// `factor` x where x is subnormal; elsewhere something of no use.
template <class V>
FASTACT_INLINE V scale_up(V x, double factor) {
  typedef Traits<V> T;
  // 2**MANTISSA with the digits of x in its last places: less 2**MANTISSA they are an integer.
  const double one = sizeof(Scalar<V>) == 4 ? 0x1p23 : 0x1p52;
  const V digits = from_bits<V>(bits(x) | bits(all<V>(one))) - with_sign(all<V>(one), x);
  return digits * all<V>(factor * T::SMALLEST_NORMAL / one);
}

// y / 2**SCALE, or over another factor, rounded once, subnormal or not.
template <class V>
FASTACT_INLINE V bring_down(V y, double factor = Traits<V>::TALL) {
  typedef Traits<V> T;
  const V size = abs(y), zero = all<V>(0);
  const auto small = size < all<V>(factor * T::SMALLEST_NORMAL);
  // In units of the smallest subnormal, rounded by adding 2**MANTISSA: its last places are the result.
  constexpr double ONE = sizeof(Scalar<V>) == 4 ? 0x1p23 : 0x1p52;
  const V one = all<V>(ONE), unit = all<V>(ONE / factor / T::SMALLEST_NORMAL);
  const V units = mul_add(opaque(small ? size : zero), unit, one);
  const V subnormal = with_sign(from_bits<V>(bits(units) - bits(one)), y);
  return small ? subnormal : opaque(small ? zero : y) * all<V>(1 / factor);
}

}  // namespace
}  // namespace fastact
