// Numbers with an exponent of their own: a product of them cannot overflow or vanish on the way.
#pragma once

#include "../vecmath.hpp"

namespace fastact {
namespace {

// digits * 2**exponent; the exponent is an integer.
struct Scaled {
  VDouble digits, exponent;
};

FASTACT_INLINE Scaled operator*(Scaled a, Scaled b) {
  return {a.digits * b.digits, a.exponent + b.exponent};
}
FASTACT_INLINE Scaled operator*(Scaled a, VDouble b) { return {a.digits * b, a.exponent}; }

FASTACT_INLINE Scaled choose(Mask<VDouble> where, Scaled a, Scaled b) {
  return {select(where, a.digits, b.digits), select(where, a.exponent, b.exponent)};
}

#if defined(__AVX512F__)
// x, which is not subnormal, with digits from 1 to 2, and an infinite exponent where it is 0 or
// infinite.
FASTACT_INLINE Scaled scaled_normal(VDouble x) {
  const __m512d digits = _mm512_getmant_pd((__m512d)x, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_src);
  return {(VDouble)digits, (VDouble)_mm512_getexp_pd((__m512d)x)};
}
FASTACT_INLINE Scaled scaled(VDouble x) {
  const auto tiny = where_subnormal(x);
  if (!any(tiny)) return scaled_normal(x);
  const Scaled s = scaled_normal(select(tiny, scale_up(x, Traits<VDouble>::TALL), x));
  const VDouble scale = all<VDouble>(Traits<VDouble>::SCALE);
  return {s.digits, s.exponent - select(tiny, scale, all<VDouble>(0))};
}

// Rounded only where it is subnormal. Digits are from 1/8 to some thousands.
FASTACT_INLINE VDouble rounded(Scaled x) {
  const VDouble bounded = max(all<VDouble>(-1140), x.exponent);
  const auto small = below(bounded, all<VDouble>(-1018));  // 2**-1022 for the fewest digits
  const VDouble exponent = select(small, bounded + all<VDouble>(Traits<VDouble>::SCALE), bounded);
  const VDouble y = (VDouble)_mm512_scalef_pd((__m512d)x.digits, (__m512d)exponent);
  return any(small) ? select(small, bring_down(y), y) : y;
}
#else
// x with digits from 1 to 2 where it is a number but 0.
FASTACT_INLINE Scaled scaled(VDouble x) {
  typedef Traits<VDouble> T;
  const auto tiny = is_subnormal(x);
  const VDouble normal = tiny ? scale_up(x, T::TALL) : x, zero = all<VDouble>(0);
  const auto kept = (normal == zero) | !(abs(normal) <= all<VDouble>(T::LARGEST));
  const VInt64 field = all_ints<VDouble>(0x7ff) << T::MANTISSA;
  const VDouble one = all<VDouble>(1), integer = all<VDouble>(0x1p52);
  const VDouble digits = from_bits<VDouble>((bits(normal) & ~field) | bits(one));
  const VInt64 biased = (bits(normal) & field) >> T::MANTISSA;
  const VDouble exponent = from_bits<VDouble>(biased | bits(integer)) - integer -
                           (tiny ? all<VDouble>(T::BIAS + T::SCALE) : all<VDouble>(T::BIAS));
  return {kept ? normal : digits, kept ? zero : exponent};
}

FASTACT_INLINE Scaled scaled_normal(VDouble x) { return scaled(x); }

// 2**exponent, which must be a normal number.
FASTACT_INLINE VDouble power_of_two(VDouble exponent) {
  typedef Traits<VDouble> T;
  const VDouble shifted = exponent + all<VDouble>(0x1.8p52 + T::BIAS);
  return from_bits<VDouble>(bits(shifted) << T::MANTISSA);
}

// Rounded only where it is subnormal. Digits are from 1/8 to some thousands.
FASTACT_INLINE VDouble rounded(Scaled x) {
  typedef Traits<VDouble> T;
  const VDouble zero = all<VDouble>(0), most = all<VDouble>(1000);
  const VDouble bounded = max(all<VDouble>(-1140), min(all<VDouble>(1100), x.exponent));
  const VDouble below = min(zero, bounded), above = max(zero, bounded);
  const VDouble small = x.digits * power_of_two(below + all<VDouble>(T::SCALE));
  const VDouble first = min(most, above);
  const VDouble large = x.digits * power_of_two(first) * power_of_two(above - first);
  return bounded < zero ? bring_down(small) : large;
}
#endif

// exp(x + low) for -2500 <= x <= 0.
template <class Low>
FASTACT_INLINE Scaled scaled_exp(VDouble x, Low low) {
  typedef ExpConstants<VDouble> C;
  const VDouble n = round_exponent(x);
  return {all<VDouble>(1) + fraction(x, low, integer_in(n), 1, C::TAIL), integer_in(n)};
}

}  // namespace
}  // namespace fastact
