// The inverse of the sigmoid.
#pragma once

#include "point.hpp"

namespace fastact {
namespace {

// log(x/(1 - x)) = +-log((1 - m)/m) for m = min(x, 1 - x), which is exact. With the power of two
// 2**k near the quotient the logarithm is k ln 2 + 2 atanh(s), s = (1 - m (1 + 2**k))/(1 + m (2**k
// - 1)); near 1/2, where k is 0, all of it is in s, and s is exact.
struct logit : Curved {
  static constexpr bool SCALES = false;  // near 0 the logarithm is not proportional to x
  static constexpr bool LIGHT_SLOPE = true;

  template <class V>
  FASTACT_INLINE bool extreme(V x) {
    const V middle = all<V>(0.5);
    return any_above(abs(x - middle), all<V>(0.5 - 0x1p-20));
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE Point<V> at(V x) {
    typedef Traits<V> T;
    typedef ExpConstants<V> C;
    const V zero = all<V>(0), one = all<V>(1), half = all<V>(0.5);
    const V other = one - x, h = max(x, other);
    V m = min(x, other), offset = zero;
    const Mask<V> inside = below(zero, x) & below(x, one);
    Mask<V> tiny = below(m, all<V>(0x1p-60));
    if (EXTREME) {
      // Any number from the domain where x is outside; what is small, is scaled.
      if (any(~inside)) m = select(inside, m, half);
      tiny = tiny & inside;
      const V scaled = product_where(~where_subnormal(m), m, all<V>(T::TALL), scale_up(m, T::TALL));
      m = select(tiny, scaled, m);
      offset = select(tiny, all<V>(T::SCALE), zero);
    }
    // The bits of a number are nearly its logarithm: rounded, their difference is k, where it
    // stands in an exponent.
    const Ints<V> half_unit = all_ints<V>(1) << (T::MANTISSA - 1);
    const Ints<V> exponent = (bits(h) - bits(m) + half_unit) >> T::MANTISSA;
    const V power = from_bits<V>((exponent + all_ints<V>(T::BIAS)) << T::MANTISSA);
    V k = from_bits<V>(bits(all<V>(C::ROUND)) + exponent) - all<V>(C::ROUND);
    if (EXTREME) k += offset;
    const V whole = EXTREME ? select(tiny, zero, one) : one;  // h less m is lost where m is scaled
    const V difference = sub_product(one, m, power + whole);
    const V sum = exact_mul_add(m, power - whole, one), r = rough_reciprocal(sum);
    const V guess = difference * r, s = mul_add(sub_product(difference, guess, sum), r, guess);
    const V z = s * s, twice = s + s, q = polynomial<V>(z, z * z, C::ATANH);
    const V near = mul_add(k, all<V>(C::LN2_HIGH), twice);
    const V log = near + mul_add(k, all<V>(C::LN2_LOW), twice * z * q);
    V value = x < half ? -log : log;
    V slope = reciprocal(m * h);
    if (EXTREME) slope = select(tiny, slope * all<V>(T::TALL), slope);
    if (EXTREME && any(~inside)) {
      const auto ends = (x == zero) | (x == one);
      const V infinite = all<V>(__builtin_inf()), nan = all<V>(__builtin_nan(""));
      value = select(inside, value, ends ? (x == zero ? -infinite : infinite) : nan);
      slope = select(inside, slope, ends ? infinite : nan);
    }
    return {value, slope};
  }
};

}  // namespace
}  // namespace fastact
