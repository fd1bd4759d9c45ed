// What vectors have no operator for.
#pragma once

#include <utility>  // types alone: integer_sequence

#include "vectors.hpp"

namespace fastact {
namespace {

template <class V>
FASTACT_INLINE Ints<V> bits(V x) {
  return reinterpret_cast<Ints<V>>(x);
}

template <class V>
FASTACT_INLINE V from_bits(Ints<V> i) {
  return reinterpret_cast<V>(i);
}

template <class V>
FASTACT_INLINE Ints<V> all_ints(int64_t value) {
  return static_cast<typename Traits<V>::Int>(value) + Ints<V>{};
}

template <class V>
FASTACT_INLINE Ints<V> sign_bit() {
  return all_ints<V>(1) << (8 * int(sizeof(Scalar<V>)) - 1);
}

template <class V>
FASTACT_INLINE V abs(V x) {
  return from_bits<V>(bits(x) & ~sign_bit<V>());
}

// The magnitude of `x` (which must not be negative) with the sign of `sign`.
template <class V>
FASTACT_INLINE V with_sign(V x, V sign) {
  return from_bits<V>(bits(x) | (bits(sign) & sign_bit<V>()));
}

// a*b + c and c - a*b in one rounding where the instruction exists, in two elsewhere; never left to
// the compiler, which would contract the same formula differently in different loops.
#if defined(__AVX512F__)
FASTACT_INLINE VFloat mul_add(VFloat a, VFloat b, VFloat c) {
  return (VFloat)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
}
FASTACT_INLINE VDouble mul_add(VDouble a, VDouble b, VDouble c) {
  return (VDouble)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
}
FASTACT_INLINE VFloat less_mul(VFloat c, VFloat a, VFloat b) {
  return (VFloat)_mm512_fnmadd_ps((__m512)a, (__m512)b, (__m512)c);
}
FASTACT_INLINE VDouble less_mul(VDouble c, VDouble a, VDouble b) {
  return (VDouble)_mm512_fnmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
}
#elif defined(__FMA__)
FASTACT_INLINE VFloat mul_add(VFloat a, VFloat b, VFloat c) {
  return (VFloat)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
}
FASTACT_INLINE VDouble mul_add(VDouble a, VDouble b, VDouble c) {
  return (VDouble)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
}
FASTACT_INLINE VFloat less_mul(VFloat c, VFloat a, VFloat b) {
  return (VFloat)_mm256_fnmadd_ps((__m256)a, (__m256)b, (__m256)c);
}
FASTACT_INLINE VDouble less_mul(VDouble c, VDouble a, VDouble b) {
  return (VDouble)_mm256_fnmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
}
#elif defined(__aarch64__)
FASTACT_INLINE VFloat mul_add(VFloat a, VFloat b, VFloat c) {
  return (VFloat)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
}
FASTACT_INLINE VDouble mul_add(VDouble a, VDouble b, VDouble c) {
  return (VDouble)vfmaq_f64((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
}
FASTACT_INLINE VFloat less_mul(VFloat c, VFloat a, VFloat b) {
  return (VFloat)vfmsq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
}
FASTACT_INLINE VDouble less_mul(VDouble c, VDouble a, VDouble b) {
  return (VDouble)vfmsq_f64((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
}
#else
template <class V>
FASTACT_INLINE V mul_add(V a, V b, V c) {
  return a * b + c;
}
template <class V>
FASTACT_INLINE V less_mul(V c, V a, V b) {
  return c - a * b;
}
#endif

#if defined(__AVX512F__)
// a*b + c, rounded towards -infinity.
FASTACT_INLINE VFloat round_down(VFloat a, VFloat b, VFloat c) {
  return (VFloat)_mm512_fmadd_round_ps((__m512)a, (__m512)b, (__m512)c,
                                       _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
}
FASTACT_INLINE VDouble round_down(VDouble a, VDouble b, VDouble c) {
  return (VDouble)_mm512_fmadd_round_pd((__m512d)a, (__m512d)b, (__m512d)c,
                                        _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
}
#endif

// The same number, for all that the compiler knows another: it must not multiply before it selects.
template <class V>
FASTACT_INLINE V opaque(V v) {
#if defined(__SSE2__)
  __asm__("" : "+v"(v));
#elif defined(__aarch64__)
  __asm__("" : "+w"(v));
#endif
  return v;
}

// The larger, the smaller one; the second if either is NaN.
#if defined(__AVX512F__)
FASTACT_INLINE VFloat max(VFloat a, VFloat b) {
  return (VFloat)_mm512_max_ps((__m512)a, (__m512)b);
}
FASTACT_INLINE VDouble max(VDouble a, VDouble b) {
  return (VDouble)_mm512_max_pd((__m512d)a, (__m512d)b);
}
FASTACT_INLINE VFloat min(VFloat a, VFloat b) {
  return (VFloat)_mm512_min_ps((__m512)a, (__m512)b);
}
FASTACT_INLINE VDouble min(VDouble a, VDouble b) {
  return (VDouble)_mm512_min_pd((__m512d)a, (__m512d)b);
}
#elif defined(__AVX2__)
FASTACT_INLINE VFloat max(VFloat a, VFloat b) {
  return (VFloat)_mm256_max_ps((__m256)a, (__m256)b);
}
FASTACT_INLINE VDouble max(VDouble a, VDouble b) {
  return (VDouble)_mm256_max_pd((__m256d)a, (__m256d)b);
}
FASTACT_INLINE VFloat min(VFloat a, VFloat b) {
  return (VFloat)_mm256_min_ps((__m256)a, (__m256)b);
}
FASTACT_INLINE VDouble min(VDouble a, VDouble b) {
  return (VDouble)_mm256_min_pd((__m256d)a, (__m256d)b);
}
#elif defined(__SSE2__)
FASTACT_INLINE VFloat max(VFloat a, VFloat b) { return (VFloat)_mm_max_ps((__m128)a, (__m128)b); }
FASTACT_INLINE VDouble max(VDouble a, VDouble b) {
  return (VDouble)_mm_max_pd((__m128d)a, (__m128d)b);
}
FASTACT_INLINE VFloat min(VFloat a, VFloat b) { return (VFloat)_mm_min_ps((__m128)a, (__m128)b); }
FASTACT_INLINE VDouble min(VDouble a, VDouble b) {
  return (VDouble)_mm_min_pd((__m128d)a, (__m128d)b);
}
#else
template <class V>
FASTACT_INLINE V max(V a, V b) {
  return a > b ? a : b;
}
template <class V>
FASTACT_INLINE V min(V a, V b) {
  return a < b ? a : b;
}
#endif

// Lane i + DISTANCE in lane i; what the upper lanes get is of no use.
template <int DISTANCE, class V, int... I>
FASTACT_INLINE V shifted_by(V v, std::integer_sequence<int, I...>) {
#if defined(__clang__)
  return __builtin_shufflevector(v, v, (I + DISTANCE) % Traits<V>::LANES...);
#else
  // In braces it is a constant; GCC makes an index that a loop fills lane by lane, at each call.
  const Ints<V> from = {(I + DISTANCE) % Traits<V>::LANES...};
  return __builtin_shuffle(v, from);
#endif
}
template <int DISTANCE, class V>
FASTACT_INLINE V shifted(V v) {
  return shifted_by<DISTANCE>(v, std::make_integer_sequence<int, Traits<V>::LANES>());
}

// About 1/x, for the corrections that follow: at least half of the type's digits. x is an ordinary
// number, neither subnormal nor huge.
#if defined(__AVX512F__)
FASTACT_INLINE VFloat rough_reciprocal(VFloat x) { return (VFloat)_mm512_rcp14_ps((__m512)x); }
FASTACT_INLINE VDouble rough_reciprocal(VDouble x) {
  const VDouble r = (VDouble)_mm512_rcp14_pd((__m512d)x);
  return mul_add(r, mul_add(-x, r, all<VDouble>(1)), r);
}
#else
template <class V>
FASTACT_INLINE V rough_reciprocal(V x) {
  return all<V>(1) / x;
}
#endif

// The square root, rounded correctly.
#if defined(__AVX512F__)
FASTACT_INLINE VFloat square_root(VFloat x) { return (VFloat)_mm512_sqrt_ps((__m512)x); }
FASTACT_INLINE VDouble square_root(VDouble x) { return (VDouble)_mm512_sqrt_pd((__m512d)x); }
#elif defined(__AVX2__)
FASTACT_INLINE VFloat square_root(VFloat x) { return (VFloat)_mm256_sqrt_ps((__m256)x); }
FASTACT_INLINE VDouble square_root(VDouble x) { return (VDouble)_mm256_sqrt_pd((__m256d)x); }
#elif defined(__SSE2__)
FASTACT_INLINE VFloat square_root(VFloat x) { return (VFloat)_mm_sqrt_ps((__m128)x); }
FASTACT_INLINE VDouble square_root(VDouble x) { return (VDouble)_mm_sqrt_pd((__m128d)x); }
#elif defined(__aarch64__)
FASTACT_INLINE VFloat square_root(VFloat x) { return (VFloat)vsqrtq_f32((float32x4_t)x); }
FASTACT_INLINE VDouble square_root(VDouble x) { return (VDouble)vsqrtq_f64((float64x2_t)x); }
#else
template <class V>
FASTACT_INLINE V square_root(V x) {
  for (int i = 0; i < Traits<V>::LANES; ++i) x[i] = __builtin_sqrt(x[i]);
  return x;
}
#endif

// About the root of an ordinary number, and about its inverse: at least half of the type's digits.
template <class V>
struct Root {
  V root, inverse;
};
#if defined(__AVX512F__)
FASTACT_INLINE Root<VFloat> rough_root(VFloat x) {
  const VFloat inverse = (VFloat)_mm512_rsqrt14_ps((__m512)x);
  return {x * inverse, inverse};
}
FASTACT_INLINE Root<VDouble> rough_root(VDouble x) {
  const VDouble inverse = (VDouble)_mm512_rsqrt14_pd((__m512d)x), root = x * inverse;
  const VDouble error = less_mul(all<VDouble>(0.5), root, inverse * all<VDouble>(0.5));
  return {mul_add(root, error, root), mul_add(inverse, error, inverse)};
}
#else
#if defined(__AVX2__)
// The inverse to 11 bits: it multiplies only what a remainder adds.
FASTACT_INLINE Root<VFloat> rough_root(VFloat x) {
  return {square_root(x), (VFloat)_mm256_rsqrt_ps((__m256)x)};
}
#endif
template <class V>
FASTACT_INLINE Root<V> rough_root(V x) {
  const V root = square_root(x);
  return {root, all<V>(1) / root};
}
#endif

}  // namespace
}  // namespace fastact
