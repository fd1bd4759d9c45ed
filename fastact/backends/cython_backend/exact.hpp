// Products and sums in one rounding on every instruction set, for the steps that make up for
// roundings.
#pragma once

#include "subnormal.hpp"

namespace fastact {
namespace {

#if defined(__FMA__) || defined(__AVX512F__) || defined(__aarch64__)
template <class V>
FASTACT_INLINE V exact_mul_add(V a, V b, V c) {
  return mul_add(a, b, c);
}
template <class V>
FASTACT_INLINE V sub_product(V c, V a, V b) {
  return less_mul(c, a, b);
}
// a*b - product, for product = a*b rounded.
template <class V>
FASTACT_INLINE V product_error(V a, V b, V product) {
  return mul_add(a, b, -product);
}
#else
// Dekker (1971), doi:10.1007/BF01397083, with the upper half of the digits masked out.
template <class V>
FASTACT_INLINE V product_error(V a, V b, V product) {
  const Ints<V> upper = all_ints<V>(-1) << ((Traits<V>::MANTISSA + 2) / 2);
  const V a1 = from_bits<V>(bits(a) & upper), b1 = from_bits<V>(bits(b) & upper);
  const V a2 = a - a1, b2 = b - b1;
  const V most = ((a1 * b1 - product) + a1 * b2 + a2 * b1);
  // Of 53 digits the lower parts have 27 each: one too many in a product.
  if (Traits<V>::MANTISSA % 2) return most + a2 * b2;
  const V a3 = from_bits<V>(bits(a2) & upper);
  return (most + a3 * b2) + (a2 - a3) * b2;
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

// a * b, rounded once, from the digits that b has before it is.
template <class V>
FASTACT_INLINE V product(V a, Tall<V> b) {
  typedef Traits<V> T;
  const V tall = a * b.tall;
  const auto normal = not_below(abs(tall), all<V>(T::TALL * T::SMALLEST_NORMAL));
  const V raised = b.tall * all<V>(UNITS<V> * T::UNSCALE / T::SMALLEST_NORMAL);
  const V one = loaded<V>(UNITS<V>), units = exact_mul_add(abs(a), abs(raised), one);
  const V subnormal = with_sign(from_bits<V>(bits(units) - bits(one)), tall);
  return select(b.is_normal, a * b.normal,
                product_where(normal, tall, all<V>(T::UNSCALE), subnormal));
}

// A real constant as a double and what that leaves out; then as it is in a loop's type.
struct Real {
  double near, beyond;
};
template <class V>
FASTACT_INLINE V high(Real c) {
  return all<V>(c.near);
}
template <class V>
FASTACT_INLINE V rest(Real c) {
  return all<V>((c.near - static_cast<Scalar<V>>(c.near)) + c.beyond);
}

// What a number leaves out that was rounded: nothing if it is exact.
struct Exact {};

// A number that is the product of these, rounded.
template <class V>
struct Factors {
  V a, b;
};

template <class V>
FASTACT_INLINE V plus(V x, V low) {
  return x + low;
}
template <class V>
FASTACT_INLINE V plus(V x, Exact) {
  return x;
}
template <class V>
FASTACT_INLINE V negated(V low) {
  return -low;
}
FASTACT_INLINE Exact negated(Exact) { return Exact(); }

// `low` of x as that of |x|.
template <class V>
FASTACT_INLINE V low_of_size(V low, V x) {
  return from_bits<V>(bits(low) ^ (bits(x) & sign_bit<V>()));
}
template <class V>
FASTACT_INLINE Exact low_of_size(Exact, V) {
  return Exact();
}
template <class V>
FASTACT_INLINE Factors<V> low_of_size(Factors<V> low, V) {
  return {abs(low.a), abs(low.b)};
}

// `low` where `condition`, elsewhere 0.
template <class V, class C>
FASTACT_INLINE V low_where(C condition, V low) {
  return condition ? low : all<V>(0);
}
template <class C>
FASTACT_INLINE Exact low_where(C, Exact) {
  return Exact();
}

// x - q*d in one rounding: what a quotient left over.
template <class V>
FASTACT_INLINE V remainder_of(V x, V q, V d) {
  return exact_mul_add(-q, d, x);
}

// c*x, c to more digits than the type has.
template <class V>
FASTACT_INLINE V times(Real c, V x) {
  return mul_add(x, high<V>(c), x * rest<V>(c));
}

}  // namespace
}  // namespace fastact
