// Elementary functions on vectors, branch-free. Polynomials: tools/derive_polynomials.py.
#pragma once

#include "simd.hpp"

namespace fastact {
namespace {

// sum of coefficients[i] * x**i, by Horner's rule.
template <class V, int N>
FASTACT_INLINE V polynomial(V x, const Scalar<V> (&coefficients)[N]) {
  V sum = all<V>(coefficients[N - 1]);
  for (int i = N - 2; i >= 0; --i) sum = mul_add(sum, x, all<V>(coefficients[i]));
  return sum;
}

template <class V>
struct ExpConstants;

template <>
struct ExpConstants<VFloat> {
  // Below this exp is less than half of the smallest subnormal.
  static constexpr double LOWEST = -110;
  static constexpr double ROUND = 0x1.8p23;  // adding it rounds to an integer
  // ln 2 in two parts; the high one is short, so that n times it is exact.
  static constexpr double LN2_HIGH = 0x1.62e4p-1, LN2_LOW = 0x1.7f7d1cp-20;
  // q of exp(r) = 1 + r + r**2 q(r) on |r| <= ln(2)/2: 0.04 of 2**-24, relative to expm1(r).
  static constexpr float TAIL[] = {0x1.000000p-1f, 0x1.555554p-3f,  0x1.5554b0p-5f,
                                   0x1.11118ap-7f, 0x1.6d7298p-10f, 0x1.a032c6p-13f};
};

template <>
struct ExpConstants<VDouble> {
  static constexpr double LOWEST = -750;
  static constexpr double ROUND = 0x1.8p52;
  static constexpr double LN2_HIGH = 0x1.62e42fefa3p-1, LN2_LOW = 0x1.3de6af278ece6p-42;
  // 0.28 of 2**-53.
  static constexpr double TAIL[] = {0x1.0000000000005p-1,  0x1.5555555555539p-3,
                                    0x1.555555555225dp-5,  0x1.11111111190c6p-7,
                                    0x1.6c16c17ef4e6cp-10, 0x1.a01a0174c3c67p-13,
                                    0x1.a019a71e3f611p-16, 0x1.71de888a42d02p-19,
                                    0x1.28a23505d9937p-22, 0x1.ae6b3a7d4e822p-26};
};

// 2**(n + offset), n as an integer plus the rounding constant; the sum must be a normal exponent.
template <class V>
FASTACT_INLINE V power_of_two(V rounded, int offset) {
  typedef Traits<V> T;
  return from_bits<V>((bits(rounded) << T::MANTISSA) +
                      (all_ints<V>(T::BIAS + offset) << T::MANTISSA));
}

// exp(x) = 2**n * (1 + fraction) for x <= 0 (or a NaN); fraction = expm1(r), |r| <= ln(2)/2.
template <class V>
struct ExpParts {
  V rounded;  // n plus the rounding constant: see power_of_two()
  V n, fraction;
};

// exp(x + low), low being a rounding error of x.
template <class V>
FASTACT_INLINE ExpParts<V> exp_parts(V x, V low) {
  typedef ExpConstants<V> C;
  x = x < all<V>(C::LOWEST) ? all<V>(C::LOWEST) : x;
  const V rounded = mul_add(x, all<V>(1.4426950408889634), all<V>(C::ROUND));
  const V n = rounded - all<V>(C::ROUND);
  V r = mul_add(n, all<V>(-C::LN2_HIGH), x) + low;
  r = mul_add(n, all<V>(-C::LN2_LOW), r);
  const V fraction = mul_add(r * r, polynomial<V>(r, C::TAIL), r);
  return {rounded, n, fraction};
}

template <class V>
FASTACT_INLINE ExpParts<V> exp_parts(V x) {
  return exp_parts(x, all<V>(0));
}

// exp(x) * 2**64 for x <= 0: a normal number down to where exp itself would be lost. Multiplied by
// 2**-64 it is rounded once, to a subnormal if need be.
template <class V>
FASTACT_INLINE V scaled(const ExpParts<V>& e) {
  const V scale = power_of_two(e.rounded, 64);
  return mul_add(e.fraction, scale, scale);
}

constexpr double UNSCALE = 0x1p-64;

// expm1(x) for x <= 0, from the parts of exp(x).
template <class V>
FASTACT_INLINE V minus_one(const ExpParts<V>& e) {
  // Below 2**-60 the power counts for nothing; it need not be subnormal.
  const V limit = all<V>(ExpConstants<V>::ROUND - 60);
  const V scale = power_of_two(e.rounded < limit ? limit : e.rounded, 0);
  return mul_add(scale, e.fraction, scale - all<V>(1));
}

// a / (x + low), low being a rounding error of x, within a last bit; r = rough_reciprocal(x).
template <class V>
FASTACT_INLINE V divide(V a, V x, V low, V r) {
#if FASTACT_FMA
  const V quotient = a * r;
  const V remainder = mul_add(-quotient, low, mul_add(-quotient, x, a));
  return mul_add(remainder, r, quotient);
#else
  const V quotient = a / x;
  return quotient - quotient * low * r;
#endif
}

}  // namespace
}  // namespace fastact
