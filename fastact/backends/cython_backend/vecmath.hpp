// The exponential on vectors, branch-free, and what else several formulas are made of.
#pragma once

#include "exact.hpp"
#include "polynomials.hpp"

namespace fastact {
namespace {

// sum of coefficients[FIRST + i] * x**i, as a polynomial in x2 = x*x of pairs: as many operations
// as Horner's rule, in half its latency, which is what a loop of long dependent chains is bound by.
template <class V, int FIRST = 0, class S, int N>
FASTACT_INLINE V polynomial(V x, V x2, const S (&coefficients)[N]) {
  const auto pair = [&](int i) __attribute__((always_inline)) {
    const V low = all<V>(coefficients[i]);
    return i + 1 < N ? mul_add(all<V>(coefficients[i + 1 < N ? i + 1 : i]), x, low) : low;
  };
  constexpr int LAST = (N - 1 - FIRST) / 2 * 2 + FIRST;
  V sum = pair(LAST);
  for (int i = LAST - 2; i >= FIRST; i -= 2) sum = mul_add(sum, x2, pair(i));
  return sum;
}

// The same at -x.
template <class V, class S, int N>
FASTACT_INLINE V reflected_polynomial(V x, V x2, const S (&coefficients)[N]) {
  const auto pair = [&](int i) __attribute__((always_inline)) {
    const V low = all<V>(coefficients[i]);
    return i + 1 < N ? less_mul(low, all<V>(coefficients[i + 1 < N ? i + 1 : i]), x) : low;
  };
  constexpr int LAST = (N - 1) / 2 * 2;
  V sum = pair(LAST);
  for (int i = LAST - 2; i >= 0; i -= 2) sum = mul_add(sum, x2, pair(i));
  return sum;
}

// (that sum from 0 on - coefficients[0])/x
template <class V, class S, int N>
FASTACT_INLINE V polynomial_behind(V x, const S (&coefficients)[N]) {
  return polynomial<V, 1>(x, x * x, coefficients);
}

// The sum with its constant added last, alone: for the last bits.
template <class V, class S, int N>
FASTACT_INLINE V polynomial_of(V x, const S (&coefficients)[N]) {
  return exact_mul_add(polynomial_behind(x, coefficients), x, all<V>(coefficients[0]));
}

// Polynomials<V> and what else exp needs.
template <class V>
struct ExpConstants;

template <>
struct ExpConstants<VFloat> : Polynomials<VFloat> {
  // exp(-LIMIT) times a square is less than half of the smallest subnormal: it is set to 0 beyond.
  // exp(-NORMAL), times the remainder of a division by a number near 1, is a normal number.
  static constexpr double LIMIT = 128, NORMAL = 54;
  static constexpr double ROUND = 0x1.8p23;   // adding it rounds to an integer
  static constexpr double ORDINARY = 200;     // (ORDINARY + LIMIT)/ln(2) times LN2_HIGH is exact
  static constexpr double NORMAL_REACH = 84;  // exp(-NORMAL_REACH) / 2 and more is a normal number
  // ln 2 in two parts; the high one is short, so that n times it is exact.
  static constexpr double LN2_HIGH = 0x1.62e4p-1, LN2_LOW = 0x1.7f7d1cp-20;
};

template <>
struct ExpConstants<VDouble> : Polynomials<VDouble> {
  static constexpr double LIMIT = 790, NORMAL = 634;
  static constexpr double ROUND = 0x1.8p52;
  static constexpr double ORDINARY = 1400;
  static constexpr double NORMAL_REACH = 700;
  static constexpr double LN2_HIGH = 0x1.62e42fefa3p-1, LN2_LOW = 0x1.3de6af278ece6p-42;
};

// x + n unit ln(2), x with what its rounding left out; n is at most LIMIT / ln 2.
template <class V>
FASTACT_INLINE V reduced(V x, Exact, V n, double unit) {
  typedef ExpConstants<V> C;
  return mul_add(n, all<V>(unit * C::LN2_LOW), mul_add(n, all<V>(unit * C::LN2_HIGH), x));
}
template <class V>
FASTACT_INLINE V reduced(V x, V low, V n, double unit) {
  typedef ExpConstants<V> C;
  const V whole = mul_add(n, all<V>(unit * C::LN2_HIGH), x);
  return whole + mul_add(n, all<V>(unit * C::LN2_LOW), low);
}
template <class V>
FASTACT_INLINE V reduced(V, Factors<V> x, V n, double unit) {
  typedef ExpConstants<V> C;
  const V whole = exact_mul_add(x.a, x.b, n * all<V>(unit * C::LN2_HIGH));
  return mul_add(n, all<V>(unit * C::LN2_LOW), whole);
}

// r + r**2 q(r) for r = x + low - n unit ln(2). With TAIL and a unit of 1 that is expm1(r), and
// exp(x) = 2**n (1 + expm1(r)).
template <class V, class Low, int N>
FASTACT_INLINE V fraction(V x, Low low, V n, double unit, const Scalar<V> (&tail)[N]) {
  const V r = reduced(x, low, n, -unit), r2 = r * r;
  return mul_add(r2, polynomial<V>(r, r2, tail), r);
}

// The same, also relative to a small result: `low` is not lost in r.
template <class V, int N>
FASTACT_INLINE V precise_fraction(V x, V low, V n, double unit, const Scalar<V> (&tail)[N]) {
  typedef ExpConstants<V> C;
  const V whole = mul_add(n, all<V>(-unit * C::LN2_HIGH), x);
  const V rest = mul_add(n, all<V>(-unit * C::LN2_LOW), low), r = whole + rest;
  const V r2 = r * r;
  return r + mul_add(r2, polynomial<V>(r, r2, tail), (whole - r) + rest);
}
template <class V, int N>
FASTACT_INLINE V precise_fraction(V x, Exact low, V n, double unit, const Scalar<V> (&tail)[N]) {
  return fraction(x, low, n, unit, tail);
}

// The integer that a sum with ROUND was rounded to.
template <class V>
FASTACT_INLINE V integer_in(V rounded) {
  return rounded - all<V>(ExpConstants<V>::ROUND);
}

// The integer nearest to x / ln 2, plus ROUND.
template <class V>
FASTACT_INLINE V round_exponent(V x) {
  return mul_add(x, all<V>(1.4426950408889634), all<V>(ExpConstants<V>::ROUND));
}

// The integer n nearest to x / ln 2 as a power: 2**n, and 2**(n + offset) from it; both exponents
// must be those of normal numbers. ROUND holds their bias.
template <class V>
class Power {
  typedef Traits<V> T;
  static constexpr double SHIFT = ExpConstants<V>::ROUND + T::BIAS;
  V rounded_;

 public:
  // Of x times `sign`, or of a product.
  template <class Low>
  FASTACT_MEMBER Power(V x, Low, double sign)
      : rounded_(mul_add(x, all<V>(sign * 1.4426950408889634), all<V>(SHIFT))) {}
  FASTACT_MEMBER Power(V, Factors<V> x, double sign)
      : rounded_(mul_add(x.a, x.b * all<V>(sign * 1.4426950408889634), all<V>(SHIFT))) {}
  FASTACT_MEMBER V n() const { return rounded_ - all<V>(SHIFT); }
  FASTACT_MEMBER V power() const { return from_bits<V>(bits(rounded_) << T::MANTISSA); }
  FASTACT_MEMBER V power(int offset) const {
    return from_bits<V>((bits(rounded_) << T::MANTISSA) + (all_ints<V>(offset) << T::MANTISSA));
  }
};

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
  const V power = inverse_power(rounded, Traits<V>::SCALE);
  return size < all<V>(limit) ? power : all<V>(0);
}

// The same without offset, for a summand of an ordinary number; 0 beyond `limit`, where it would be
// no normal number.
template <class V>
FASTACT_INLINE V normal_power(V rounded, V size, double limit) {
  return size > all<V>(limit) ? all<V>(0) : inverse_power(rounded, 0);
}

// exp(x) for |x| <= 700, good to the last bit of a float.
FASTACT_INLINE VDouble brief_exp(VDouble x) {
  typedef VDouble V;
  const V rounded = round_exponent(x), n = integer_in(rounded);
  const V r = mul_add(n, all<V>(-0.6931471805599453), x), r2 = r * r;
  const V f = mul_add(r2, polynomial<V>(r, r2, Polynomials<VFloat>::TAIL), r);
  const V power = from_bits<V>((bits(rounded) + Traits<V>::BIAS) << Traits<V>::MANTISSA);
  return mul_add(f, power, power);
}

// exp(x + low) for x <= 0, low being a rounding error of x.
template <class V>
FASTACT_INLINE V exp_negative(V x, V low) {
  typedef ExpConstants<V> C;
  const auto lost = x < all<V>(-C::LIMIT);
  x = lost ? all<V>(0) : x;
  const V rounded = round_exponent(x), n = integer_in(rounded);
  V r = mul_add(n, all<V>(-C::LN2_HIGH), x) + low;
  r = mul_add(n, all<V>(-C::LN2_LOW), r);
  const V r2 = r * r, fraction = mul_add(r2, polynomial<V>(r, r2, C::EXP_TAIL), r);
  typedef Traits<V> T;
  const Ints<V> bias = all_ints<V>(T::BIAS + T::SCALE);
  const V power = from_bits<V>((bits(rounded) << T::MANTISSA) + (bias << T::MANTISSA));
  const V result = mul_add(fraction, power, power) * all<V>(T::UNSCALE);
  return lost ? all<V>(0) : result;
}

// exp(x) / 2**N for x up to `top`, N = top / ln 2 rounded; |top| is at most ORDINARY (lane by
// lane). The power of two goes into the exponent, so that nothing is subtracted from x, and nothing
// rounded.
template <class V>
class ExpUnit {
  typedef ExpConstants<V> C;
  typedef Traits<V> T;

 public:
  FASTACT_MEMBER ExpUnit() {}
  FASTACT_MEMBER explicit ExpUnit(V top) {
    const V rounded = round_exponent(top);
    exponent_ = rounded - all<V>(C::ROUND);
    shift_ = (all_ints<V>(T::BIAS + T::SCALE) << T::MANTISSA) - (bits(rounded) << T::MANTISSA);
    lowest_ = mul_add(exponent_, all<V>(0.6931471805599453), all<V>(-C::LIMIT));
  }

  FASTACT_MEMBER V exponent() const { return exponent_; }

  FASTACT_MEMBER V exp(V x) const {
    const V bounded = max(lowest_, x), rounded = round_exponent(bounded);
    const V f = fraction(bounded, Exact(), integer_in(rounded), 1, C::EXP_TAIL);
    // Both carry ROUND's bits, shifted out here, as they are in shift_.
    const V power = from_bits<V>((bits(rounded) << T::MANTISSA) + shift_);
    const V result = mul_add(f, power, power) * all<V>(Traits<V>::UNSCALE);
    return x < lowest_ ? all<V>(0) : result;
  }

  // Are the exp(x) of this unit normal numbers from x = least on?
  FASTACT_MEMBER static bool normal_from(Scalar<V> least, Scalar<V> top) {
    return least >= top - Scalar<V>(C::NORMAL_REACH);
  }

  // exp(x) where it is a normal number, to the same bits; NaN where x is.
  FASTACT_MEMBER V normal_exp(V x) const {
    const V rounded = round_exponent(x);
    const V f = fraction(x, Exact(), integer_in(rounded), 1, C::EXP_TAIL);
    const Ints<V> shift = shift_ - (all_ints<V>(T::SCALE) << T::MANTISSA);
    const V power = from_bits<V>((bits(rounded) << T::MANTISSA) + shift);
    return mul_add(f, power, power);
  }

 private:
  V exponent_, lowest_;
  Ints<V> shift_;
};

// Where x lies within +-NEAR neither e nor what a row's sums come to is subnormal or overflows, in
// the unit of the largest element or without one: the bits are the same. Without one x is read
// once, and nothing waits for the largest element.
template <class V>
constexpr double NEAR = sizeof(Scalar<V>) == 4 ? 43 : 300;

// 2 exp(x), x being within +-NEAR or NaN, to ExpUnit's bits. (The 2 makes what is added to ROUND an
// even number: with an odd one a tie would go to the other side.)
template <class V>
FASTACT_INLINE V twice_exp(V x) {
  typedef ExpConstants<V> C;
  typedef Traits<V> T;
  constexpr double SHIFT = C::ROUND + T::BIAS + 1;
  const V rounded = mul_add(x, all<V>(1.4426950408889634), all<V>(SHIFT)),
          n = rounded - all<V>(SHIFT);
  const V power = from_bits<V>(bits(rounded) << T::MANTISSA);
  const V r = mul_add(n, all<V>(-C::LN2_LOW), mul_add(n, all<V>(-C::LN2_HIGH), x)), r2 = r * r;
  return mul_add(mul_add(r2, polynomial<V>(r, r2, C::EXP_TAIL), r), power, power);
}

// What rounding took from twice_exp(x), or exp(x) in another unit, relative to it; of more than the
// last few digits of that nothing is asked.
template <class V>
FASTACT_INLINE V exp_error(V x) {
  typedef ExpConstants<V> C;
  constexpr double SHIFT = C::ROUND + Traits<V>::BIAS + 1;
  const V n = mul_add(x, all<V>(1.4426950408889634), all<V>(SHIFT)) - all<V>(SHIFT);
  const V whole = mul_add(n, all<V>(-C::LN2_HIGH), x), r = mul_add(n, all<V>(-C::LN2_LOW), whole);
  const V r2 = r * r, bend = polynomial<V>(r, r2, C::EXP_TAIL), f = mul_add(r2, bend, r);
  const V e = all<V>(1) + f, lost = mul_add(n, all<V>(-C::LN2_LOW), whole - r);
  const V low = mul_add(r2, bend, r - f) + mul_add(lost, f, lost);
  return ((f - (e - all<V>(1))) + low) * rough_reciprocal(e);
}

// What a + b, whose rounded value is `sum`, has lost (Knuth's TwoSum).
template <class V>
FASTACT_INLINE V sum_error(V a, V b, V sum) {
  const V back = sum - a;
  return (a - (sum - back)) + (b - back);
}

}  // namespace
}  // namespace fastact
