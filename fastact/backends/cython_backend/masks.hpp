// A condition for each lane: a mask register, or lanes of all ones. For what is rare; where it is
// not, comparisons and ?: let the compiler choose.
#pragma once

#include "simd.hpp"

namespace fastact {
namespace {

// Is any lane of a comparison true?
#if defined(__AVX512F__)
FASTACT_INLINE bool any_lane(VInt32 mask) { return _mm512_movepi32_mask((__m512i)mask) != 0; }
FASTACT_INLINE bool any_lane(VInt64 mask) { return _mm512_movepi64_mask((__m512i)mask) != 0; }
#elif defined(__AVX2__)
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

#if defined(__AVX512F__)
template <class V>
struct MaskBits;
template <>
struct MaskBits<VFloat> {
  typedef __mmask16 Type;
};
template <>
struct MaskBits<VDouble> {
  typedef __mmask8 Type;
};
template <class V>
struct Mask {
  typedef typename MaskBits<V>::Type Bits;
  Bits bits;
};
template <class V>
FASTACT_INLINE Mask<V> operator&(Mask<V> a, Mask<V> b) {
  return {typename Mask<V>::Bits(a.bits & b.bits)};
}
template <class V>
FASTACT_INLINE Mask<V> operator|(Mask<V> a, Mask<V> b) {
  return {typename Mask<V>::Bits(a.bits | b.bits)};
}
template <class V>
FASTACT_INLINE Mask<V> operator~(Mask<V> a) {
  return {typename Mask<V>::Bits(~a.bits)};
}
template <class V>
FASTACT_INLINE bool any(Mask<V> a) {
  return a.bits != 0;
}
// A bit for each lane, the first one lowest.
template <class V>
FASTACT_INLINE uint32_t lane_bits(Mask<V> a) {
  return a.bits;
}
FASTACT_INLINE Mask<VFloat> below(VFloat a, VFloat b) {
  return {_mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_LT_OQ)};
}
FASTACT_INLINE Mask<VDouble> below(VDouble a, VDouble b) {
  return {_mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_LT_OQ)};
}
// Where a is not below b, or NaN.
FASTACT_INLINE Mask<VFloat> not_below(VFloat a, VFloat b) {
  return {_mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_NLT_UQ)};
}
FASTACT_INLINE Mask<VDouble> not_below(VDouble a, VDouble b) {
  return {_mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_NLT_UQ)};
}
FASTACT_INLINE Mask<VFloat> same(VFloat a, VFloat b) {
  return {_mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_EQ_OQ)};
}
FASTACT_INLINE Mask<VDouble> same(VDouble a, VDouble b) {
  return {_mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_EQ_OQ)};
}
// Where a or b is NaN.
FASTACT_INLINE Mask<VFloat> any_nan(VFloat a, VFloat b) {
  return {_mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_UNORD_Q)};
}
FASTACT_INLINE Mask<VDouble> any_nan(VDouble a, VDouble b) {
  return {_mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_UNORD_Q)};
}
// Where x is subnormal and not 0.
FASTACT_INLINE Mask<VFloat> where_subnormal(VFloat x) {
  return {_mm512_fpclass_ps_mask((__m512)x, 0x20)};
}
FASTACT_INLINE Mask<VDouble> where_subnormal(VDouble x) {
  return {_mm512_fpclass_pd_mask((__m512d)x, 0x20)};
}
FASTACT_INLINE VFloat select(Mask<VFloat> where, VFloat a, VFloat b) {
  return (VFloat)_mm512_mask_blend_ps(where.bits, (__m512)b, (__m512)a);
}
FASTACT_INLINE VDouble select(Mask<VDouble> where, VDouble a, VDouble b) {
  return (VDouble)_mm512_mask_blend_pd(where.bits, (__m512d)b, (__m512d)a);
}
// a * b where it is asked for, and not computed elsewhere.
FASTACT_INLINE VFloat product_where(Mask<VFloat> where, VFloat a, VFloat b, VFloat otherwise) {
  return (VFloat)_mm512_mask_mul_ps((__m512)otherwise, where.bits, (__m512)a, (__m512)b);
}
FASTACT_INLINE VDouble product_where(Mask<VDouble> where, VDouble a, VDouble b, VDouble otherwise) {
  return (VDouble)_mm512_mask_mul_pd((__m512d)otherwise, where.bits, (__m512d)a, (__m512d)b);
}
#else
template <class V>
struct Mask {
  Ints<V> bits;
};
template <class V>
FASTACT_INLINE Mask<V> operator&(Mask<V> a, Mask<V> b) {
  return {a.bits & b.bits};
}
template <class V>
FASTACT_INLINE Mask<V> operator|(Mask<V> a, Mask<V> b) {
  return {a.bits | b.bits};
}
template <class V>
FASTACT_INLINE Mask<V> operator~(Mask<V> a) {
  return {~a.bits};
}
template <class V>
FASTACT_INLINE bool any(Mask<V> a) {
  return any_lane(a.bits);
}
// A bit for each lane, the first one lowest.
template <class V>
FASTACT_INLINE uint32_t lane_bits(Mask<V> a) {
#if defined(__AVX2__)
  if constexpr (sizeof(Scalar<V>) == 4)
    return _mm256_movemask_ps((__m256)a.bits);
  else
    return _mm256_movemask_pd((__m256d)a.bits);
#elif defined(__SSE2__)
  if constexpr (sizeof(Scalar<V>) == 4)
    return _mm_movemask_ps((__m128)a.bits);
  else
    return _mm_movemask_pd((__m128d)a.bits);
#else
  uint32_t bits = 0;
  for (int i = 0; i < Traits<V>::LANES; ++i) bits |= uint32_t(a.bits[i] & 1) << i;
  return bits;
#endif
}
template <class V>
FASTACT_INLINE Mask<V> below(V a, V b) {
  return {a < b};
}
template <class V>
FASTACT_INLINE Mask<V> not_below(V a, V b) {
  return {~(a < b)};
}
template <class V>
FASTACT_INLINE Mask<V> same(V a, V b) {
  return {a == b};
}
template <class V>
FASTACT_INLINE Mask<V> any_nan(V a, V b) {
  return {(a != a) | (b != b)};
}
template <class V>
FASTACT_INLINE Mask<V> where_subnormal(V x) {
  const V size = abs(x);
  return {(size < all<V>(Traits<V>::SMALLEST_NORMAL)) & (size > all<V>(0))};
}
template <class V>
FASTACT_INLINE V select(Mask<V> where, V a, V b) {
  return where.bits ? a : b;
}
template <class V>
FASTACT_INLINE V product_where(Mask<V> where, V a, V b, V otherwise) {
  return where.bits ? opaque(where.bits ? a : all<V>(0)) * b : otherwise;
}
#endif

}  // namespace
}  // namespace fastact
