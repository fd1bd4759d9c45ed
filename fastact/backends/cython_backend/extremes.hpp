// Which vectors hold a number that a formula's short form does not serve: one of an unusual size.
#pragma once

#include "masks.hpp"

namespace fastact {
namespace {

template <class V>
FASTACT_INLINE Ints<V> is_subnormal(V x) {
  const V size = abs(x);
  return (size < all<V>(Traits<V>::SMALLEST_NORMAL)) & (size > all<V>(0));
}

// Is any lane of `size` (a magnitude) above `limit`, or subnormal and not 0? NaN is neither. And:
// is any lane of v above `limit`?
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
template <class X>
FASTACT_INLINE bool any_odd(X x) {
  return any_extreme(abs(x), all<VectorIn<X>>(Traits<VectorIn<X>>::LARGEST));
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
  return !_kortestz_mask8_u8(above,
                             _mm512_cmplt_epu64_mask(below, _mm512_sub_epi64((__m512i)least, one)));
}
#else
template <class V>
FASTACT_INLINE bool any_outside(V size, V least, V limit) {
  return any_lane(((size < least) & (size > all<V>(0))) | (size > limit));
}
#endif

// Of the sizes of two vectors at once, in fewer operations than of each. A NaN that would hide the
// number beside it (a signaling one, or one in the second vector) is taken for extreme.
template <class V>
struct Sizes {
  V first, second;
};
#if defined(__AVX512F__)
constexpr bool HAS_PAIR_TESTS = true;
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
  return !_kortestz_mask8_u8(not_below(max(a, b), limit).bits,
                             _mm512_cmplt_epu64_mask(lower, _mm512_sub_epi64((__m512i)least, one)));
}
#elif defined(__AVX2__)
constexpr bool HAS_PAIR_TESTS = true;
template <class V>
FASTACT_INLINE Sizes<V> abs(Pair<V> x) {
  return {abs(x.first), abs(x.second)};
}
// Less 1 in its bits, 0 is the largest number of all.
template <class V>
FASTACT_INLINE __m256i less_1(V size) {
  return (__m256i)(bits(size) - 1);
}
// Where the upper 32 bits of a lane are those of a subnormal number less 1: its highest bit tells.
template <class V>
FASTACT_INLINE Ints<V> below_normal(__m256i less) {
  const __m256i most = (__m256i)all_ints<V>(sizeof(Scalar<V>) == 4 ? 0x7ffffe : 0xfffffll << 32);
  return (Ints<V>)_mm256_cmpeq_epi32(_mm256_min_epu32(less, most), less);
}
template <class V>
FASTACT_INLINE Ints<V> any_below_normal(V a, V b) {
  return below_normal<V>(_mm256_min_epu32(less_1(a), less_1(b)));
}
template <class V>
FASTACT_INLINE bool any_extreme(Sizes<V> s, V limit) {
  const auto above = ~(max(s.first, s.second) <= limit);
  return any_lane(above | any_below_normal(s.first, s.second));
}
FASTACT_INLINE bool any_low(Pair<VFloat> x, VFloat limit) {
  const auto low = ~(min(x.first, x.second) >= limit);
  return any_lane(low | any_below_normal(abs(x.first), abs(x.second)));
}
template <class V>
FASTACT_INLINE bool any_outside(Sizes<V> s, V least, V limit) {
  const auto above = ~(max(s.first, s.second) <= limit);
  return any_lane(above | ((V)less_1(s.first) < least) | ((V)less_1(s.second) < least));
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
FASTACT_INLINE bool any_subnormal(VFloat x) { return _mm512_fpclass_ps_mask((__m512)x, 0x20) != 0; }
FASTACT_INLINE bool any_subnormal(VDouble x) {
  return _mm512_fpclass_pd_mask((__m512d)x, 0x20) != 0;
}
#else
template <class V>
FASTACT_INLINE bool any_subnormal(V x) {
  return any_lane(is_subnormal(x));
}
#endif

}  // namespace
}  // namespace fastact
