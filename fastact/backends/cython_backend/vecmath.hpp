// Elementary functions on vectors, branch-free. Polynomials: tools/derive_polynomials.py.
#pragma once

#include "simd.hpp"

namespace fastact {
namespace {

// sum of coefficients[i] * x**i, as a polynomial in x2 = x*x of pairs: as many operations as Horner's
// rule, in half its latency, which is what a loop of long dependent chains is bound by.
template <class V, int N>
FASTACT_INLINE V polynomial(V x, V x2, const Scalar<V> (&coefficients)[N]) {
  const auto pair = [&](int i) __attribute__((always_inline)) {
    const V low = all<V>(coefficients[i]);
    return i + 1 < N ? mul_add(all<V>(coefficients[i + 1 < N ? i + 1 : i]), x, low) : low;
  };
  V sum = pair((N - 1) / 2 * 2);
  for (int i = (N - 1) / 2 * 2 - 2; i >= 0; i -= 2) sum = mul_add(sum, x2, pair(i));
  return sum;
}

template <class V>
struct ExpConstants;

template <>
struct ExpConstants<VFloat> {
  // 4 exp(-LIMIT) is less than half of the smallest subnormal: results beyond are set to 0, since
  // a multiplication that underflows takes the CPU a hundred cycles.
  static constexpr double LIMIT = 106;
  static constexpr double ROUND = 0x1.8p23;  // adding it rounds to an integer
  static constexpr double ORDINARY = 200;    // (ORDINARY + LIMIT)/ln(2) times LN2_HIGH is exact
  // ln 2 in two parts; the high one is short, so that n times it is exact.
  static constexpr double LN2_HIGH = 0x1.62e4p-1, LN2_LOW = 0x1.7f7d1cp-20;
  // q of exp(r) = 1 + r + r**2 q(r) on |r| <= ln(2)/2: 0.04 of 2**-24, relative to expm1(r).
  static constexpr float TAIL[] = {0x1.000000p-1f, 0x1.555554p-3f,  0x1.5554b0p-5f,
                                   0x1.11118ap-7f, 0x1.6d7298p-10f, 0x1.a032c6p-13f};
  // q of expm1(2r)/2 = r + r**2 q(r) on 0 <= r <= ln(2)/2: 0.08 of 2**-24, relative to it.
  static constexpr float HALF_TAIL[] = {0x1.fffffep-1f, 0x1.5555a6p-1f, 0x1.554828p-2f,
                                        0x1.1202a8p-3f, 0x1.5b36d2p-5f, 0x1.1746d2p-6f};
};

template <>
struct ExpConstants<VDouble> {
  static constexpr double LIMIT = 748;
  static constexpr double ROUND = 0x1.8p52;
  static constexpr double ORDINARY = 1400;
  static constexpr double LN2_HIGH = 0x1.62e42fefa3p-1, LN2_LOW = 0x1.3de6af278ece6p-42;
  // 0.28 of 2**-53.
  static constexpr double TAIL[] = {0x1.0000000000005p-1,  0x1.5555555555539p-3,
                                    0x1.555555555225dp-5,  0x1.11111111190c6p-7,
                                    0x1.6c16c17ef4e6cp-10, 0x1.a01a0174c3c67p-13,
                                    0x1.a019a71e3f611p-16, 0x1.71de888a42d02p-19,
                                    0x1.28a23505d9937p-22, 0x1.ae6b3a7d4e822p-26};
  // 0.07 of 2**-53.
  static constexpr double HALF_TAIL[] = {0x1.0000000000000p+0,  0x1.55555555554e4p-1,
                                         0x1.5555555559aeep-2,  0x1.1111110fe94c3p-3,
                                         0x1.6c16c1c2190ccp-5,  0x1.a019f26498020p-7,
                                         0x1.a01bbcfc09fbdp-9,  0x1.71bd3461d09aap-11,
                                         0x1.297e667841975p-13, 0x1.95b25de737296p-16,
                                         0x1.88f1fa110f3ccp-18};
};

// r + r**2 q(r) for r = x - n unit ln(2), n being `rounded` less ROUND; n is at most LIMIT / ln 2.
// With TAIL and a unit of 1 that is expm1(r), and exp(x) = 2**n (1 + expm1(r)).
template <class V, int N>
FASTACT_INLINE V fraction(V x, V rounded, double unit, const Scalar<V> (&tail)[N]) {
  typedef ExpConstants<V> C;
  const V n = rounded - all<V>(C::ROUND);
  V r = mul_add(n, all<V>(-unit * C::LN2_HIGH), x);
  r = mul_add(n, all<V>(-unit * C::LN2_LOW), r);
  const V r2 = r * r;
  return mul_add(r2, polynomial<V>(r, r2, tail), r);
}

// The integer nearest to x / ln 2, plus ROUND.
template <class V>
FASTACT_INLINE V round_exponent(V x) {
  return mul_add(x, all<V>(1.4426950408889634), all<V>(ExpConstants<V>::ROUND));
}

// The integer not above x / (ln(2)/2), or one less where x is next to it, plus ROUND.
template <class V>
FASTACT_INLINE V halves_of_ln2(V x) {
#if defined(__AVX512F__)
  return round_down(x, all<V>(2 * 1.4426950408889634), all<V>(ExpConstants<V>::ROUND));
#else
  const V less = x - all<V>(0.6931471805599453 / 4);
  return mul_add(less, all<V>(2 * 1.4426950408889634), all<V>(ExpConstants<V>::ROUND));
#endif
}

// Results that may be subnormal are computed times 2**64 and brought down by one multiplication.
constexpr int SCALE = 64;
constexpr double UNSCALE = 0x1p-64;

// 2**(offset - n) for n = rounded - ROUND; the exponent must be that of a normal number.
template <class V>
FASTACT_INLINE V inverse_power(V rounded, int offset) {
  typedef Traits<V> T;
  return from_bits<V>((all_ints<V>(T::BIAS + offset) << T::MANTISSA) -
                      (bits(rounded) << T::MANTISSA));
}

// The same, but 0 where `size` is at its limit: what it scales is lost there.
template <class V>
FASTACT_INLINE V tall_power(V rounded, V size, double limit) {
  const V power = inverse_power(rounded, SCALE);
  return size < all<V>(limit) ? power : all<V>(0);
}

// The same without offset, for a summand of an ordinary number: below 2**-64 it counts for nothing
// and is not made smaller.
template <class V>
FASTACT_INLINE V inverse_power(V rounded) {
  return inverse_power(min(all<V>(ExpConstants<V>::ROUND + 64), rounded), 0);
}

// exp(x + low) for x <= 0, low being a rounding error of x.
template <class V>
FASTACT_INLINE V exp_negative(V x, V low) {
  typedef ExpConstants<V> C;
  const auto lost = x < all<V>(-C::LIMIT);
  x = lost ? all<V>(0) : x;
  const V rounded = round_exponent(x), n = rounded - all<V>(C::ROUND);
  V r = mul_add(n, all<V>(-C::LN2_HIGH), x) + low;
  r = mul_add(n, all<V>(-C::LN2_LOW), r);
  const V r2 = r * r, fraction = mul_add(r2, polynomial<V>(r, r2, C::TAIL), r);
  const V power = from_bits<V>((bits(rounded) << Traits<V>::MANTISSA) +
                               (all_ints<V>(Traits<V>::BIAS + SCALE) << Traits<V>::MANTISSA));
  const V result = mul_add(fraction, power, power) * all<V>(UNSCALE);
  return lost ? all<V>(0) : result;
}

// exp(x) / 2**N for x up to `top`, N = top / ln 2 rounded; |top| is at most ORDINARY (lane by lane). The power of two
// goes into the exponent, so that nothing is subtracted from x, and nothing rounded.
template <class V>
class ExpUnit {
  typedef ExpConstants<V> C;
  typedef Traits<V> T;

 public:
  FASTACT_MEMBER explicit ExpUnit(V top) : top_(top) {
    const V rounded = round_exponent(top);
    exponent_ = rounded - all<V>(C::ROUND);
    shift_ = (all_ints<V>(T::BIAS + SCALE) << T::MANTISSA) - (bits(rounded) << T::MANTISSA);
    lowest_ = mul_add(exponent_, all<V>(0.6931471805599453), all<V>(-C::LIMIT));
  }

  FASTACT_MEMBER V exponent() const { return exponent_; }

  FASTACT_MEMBER V exp(V x) const {
    const auto lost = x < lowest_;
    const V bounded = lost ? top_ : x, rounded = round_exponent(bounded);
    const V f = fraction(bounded, rounded, 1, C::TAIL);
    // Both carry ROUND's bits, shifted out here, as they are in shift_.
    const V power = from_bits<V>((bits(rounded) << T::MANTISSA) + shift_);
    const V result = mul_add(f, power, power) * all<V>(UNSCALE);
    return lost ? all<V>(0) : result;
  }

 private:
  V exponent_, top_, lowest_;
  Ints<V> shift_;
};

}  // namespace
}  // namespace fastact
