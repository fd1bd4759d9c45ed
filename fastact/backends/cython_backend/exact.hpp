// Products and sums in one rounding on every instruction set, for the steps that make up for roundings.
#pragma once

#include "subnormal.hpp"

namespace fastact {
namespace {

#if defined(__FMA__) || defined(__AVX512F__) || defined(__aarch64__)
template <class V>
FASTACT_INLINE V exact_mul_add(V a, V b, V c) {
  return mul_add(a, b, c);
}
#if defined(__AVX512F__)
FASTACT_INLINE VFloat sub_product(VFloat c, VFloat a, VFloat b) {
  return (VFloat)_mm512_fnmadd_ps((__m512)a, (__m512)b, (__m512)c);
}
FASTACT_INLINE VDouble sub_product(VDouble c, VDouble a, VDouble b) {
  return (VDouble)_mm512_fnmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
}
#elif defined(__FMA__)
FASTACT_INLINE VFloat sub_product(VFloat c, VFloat a, VFloat b) {
  return (VFloat)_mm256_fnmadd_ps((__m256)a, (__m256)b, (__m256)c);
}
FASTACT_INLINE VDouble sub_product(VDouble c, VDouble a, VDouble b) {
  return (VDouble)_mm256_fnmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
}
#else
FASTACT_INLINE VFloat sub_product(VFloat c, VFloat a, VFloat b) {
  return (VFloat)vfmsq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
}
FASTACT_INLINE VDouble sub_product(VDouble c, VDouble a, VDouble b) {
  return (VDouble)vfmsq_f64((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
}
#endif
// a*b - product, for product = a*b rounded.
template <class V>
FASTACT_INLINE V product_error(V a, V b, V product) {
  return -sub_product(product, a, b);
}
#else
// Dekker (1971), doi:10.1007/BF01397083, with the upper half of the digits masked out.
template <class V>
FASTACT_INLINE V product_error(V a, V b, V product) {
  const Ints<V> upper = all_ints<V>(-1) << ((Traits<V>::MANTISSA + 2) / 2);
  const V a1 = from_bits<V>(bits(a) & upper), b1 = from_bits<V>(bits(b) & upper);
  const V a2 = a - a1, b2 = b - b1;
  return ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2;
}
FASTACT_INLINE VFloat exact_mul_add(VFloat a, VFloat b, VFloat c) {
  // The product is exact in double; its sum is rounded twice, which may cost half of 2**-29 more.
  return narrow(widen_low(a) * widen_low(b) + widen_low(c),
                widen_high(a) * widen_high(b) + widen_high(c));
}
FASTACT_INLINE VDouble exact_mul_add(VDouble a, VDouble b, VDouble c) {
  const VDouble product = a * b, low = product_error(a, b, product), sum = product + c;
  const VDouble back = sum - product;
  const VDouble exact = sum + (((product - (sum - back)) + (c - back)) + low);
  return abs(exact) <= all<VDouble>(__DBL_MAX__) ? exact : sum;
}
template <class V>
FASTACT_INLINE V sub_product(V c, V a, V b) {
  return exact_mul_add(-a, b, c);
}
#endif

// 1/x next to the last bit, for an ordinary number.
template <class V>
FASTACT_INLINE V reciprocal(V x) {
  const V r = rough_reciprocal(x);
#if defined(__AVX512F__)
  return mul_add(sub_product(all<V>(1), x, r), r, r);
#else
  return r;
#endif
}

// a * b, rounded once, b subnormal or not.
template <class V>
FASTACT_INLINE V subnormal_product(V a, V b) {
  typedef Traits<V> T;
  const Mask<V> tiny = where_subnormal(b);
  if (!any(tiny)) return a * b;
  // In units of the smallest subnormal b is an integer; added to UNITS, so is the product. The sign
  // goes through all of it.
  const V one = loaded<V>(UNITS<V>);
  const V digits = from_bits<V>(bits(b) | bits(one)) - with_sign(one, b);
  const V base = with_sign(one, from_bits<V>(bits(a) ^ bits(b)));
  const V sum = exact_mul_add(a, digits, base);
  const V subnormal = from_bits<V>(bits(sum) - bits(one));
  const V product = product_where(~tiny, a, b, subnormal);
  const Mask<V> wide = tiny & ~below(abs(sum), loaded<V>(2 * UNITS<V>));  // or NaN
  if (!any(wide)) return product;
  const V scaled = scale_up(b, T::TALL);
  return product_where(wide, a * select(wide, scaled, all<V>(0)), all<V>(T::UNSCALE), product);
}

}  // namespace
}  // namespace fastact
