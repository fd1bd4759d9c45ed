// What is made of exp(x): the exponential itself, the ELU family, softplus and its kin.
#pragma once

#include "point.hpp"

namespace fastact {
namespace {

// exp(-size - low) = u (1 + f), u a power of two; `tall` is u times 2**SCALE, and 0 at the LIMIT.
template <class V>
struct Decay {
  V f, u, tall;

  // The exponential, times 2**SCALE if it was asked for so.
  FASTACT_MEMBER V tall_exp() const { return mul_add(f, tall, tall); }
};

template <bool EXTREME, class V>
FASTACT_INLINE Decay<V> decay_of(V size, V f, Power<V> p) {
  typedef ExpConstants<V> C;
  if (!EXTREME) return {f, p.power(), p.power()};
  const V zero = all<V>(0), tall = size < all<V>(C::LIMIT) ? p.power(Traits<V>::SCALE) : zero;
  return {f, size > all<V>(C::NORMAL) ? zero : p.power(), tall};
}

// The same, f good to the last bits of 1 + f or of f itself.
template <bool EXTREME, class V, class Low>
FASTACT_INLINE Decay<V> brief_decay_of(V size, Low low) {
  const Power<V> p(-size, negated(low), 1);
  const V f = fraction(-size, negated(low), p.n(), 1, ExpConstants<V>::EXP_TAIL);
  return decay_of<EXTREME>(size, f, p);
}
template <bool EXTREME, class V, class Low>
FASTACT_INLINE Decay<V> precise_decay_of(V size, Low low) {
  const Power<V> p(-size, negated(low), 1);
  const V f = precise_fraction(-size, negated(low), p.n(), 1, ExpConstants<V>::TAIL);
  return decay_of<EXTREME>(size, f, p);
}

struct exponential : Decaying {
  static constexpr bool THROUGH_ZERO = false, LONG_PAIRS = MANY_REGISTERS;

  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x) {
    typedef ExpConstants<V> C;
    typedef Traits<V> T;
    const V zero = all<V>(0), most = all<V>(C::LIMIT),
            near = EXTREME ? max(-most, min(most, x)) : x;
    const Power<V> p(near, Exact(), 1);
    const V f = fraction(near, Exact(), p.n(), 1, C::EXP_TAIL);
    if constexpr (EXTREME) {
      // At the limits the result is infinite, or 0 whatever it is multiplied by.
      const V small = x > -most ? p.power(T::SCALE) : zero;
      const V power = x > zero ? p.power(-T::SCALE) : small;
      const V scaled = mul_add(f, power, power);
      const Tall<V> e = where_above(x, zero, scaled * all<V>(T::TALL), lowered(scaled));
      return {rounded(e), e};
    } else {
      const V e = mul_add(f, p.power(), p.power());
      return {e, e};
    }
  }
};

// expm1(-size - low), and its slope, times 2**SCALE if EXTREME.
template <bool EXTREME, class V, class Low>
FASTACT_INLINE Point<V> expm1_of(V size, Low low) {
  const Decay<V> e = precise_decay_of<EXTREME>(size, low);
  return {mul_add(e.f, e.u, e.u - all<V>(1)), e.tall_exp()};
}

// |x| where x < 0, 0 elsewhere, NaN for NaN.
template <class V>
FASTACT_INLINE V size_below_zero(V x) {
  return -min(all<V>(0), x);
}
template <bool EXTREME, class V>
FASTACT_INLINE V size_below_zero(V x) {
  const V limit = all<V>(ExpConstants<V>::LIMIT);
  return EXTREME ? -max(-limit, min(all<V>(0), x)) : size_below_zero(x);
}

struct elu : Curved {
  template <class V, class OP>
  static constexpr int AT_ONCE = 1;  // one exponential hardly waits: the long form's way is shorter

  template <class V>
  FASTACT_INLINE bool extreme(V x, V alpha) {
    // alpha exp(-NORMAL) is a normal number from here on.
    constexpr double LEAST = sizeof(Scalar<V>) == 4 ? 0x1p-48 : 0x1p-107;
    const V zero = all<V>(0), normal = all<V>(ExpConstants<V>::NORMAL);
    const auto small = (abs(alpha) < all<V>(LEAST)) & (alpha != zero);
    return any_extreme(size_below_zero(x), small ? all<V>(-1) : normal);
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x, V alpha) {
    const auto above = x > all<V>(0);
    const Point<V> p = expm1_of<EXTREME>(size_below_zero<EXTREME>(x), Exact());
    const V value = with_sign(abs(p.value), x);
    auto slope = slope_of<EXTREME>(alpha * p.slope);
    if constexpr (EXTREME) {
      const V huge = all<V>(Traits<V>::TALL / 4);
      if (any_above(abs(alpha), huge)) {
        const V unscaled = alpha * all<V>(Traits<V>::UNSCALE);
        // However small exp(x) is, times an endless alpha it is endless.
        const auto endless =
            (abs(alpha) == all<V>(__builtin_inf())) & (x > all<V>(-__builtin_inf()));
        slope = where_above(abs(alpha), huge, unscaled * (endless ? all<V>(1) : p.slope), slope);
      }
    }
    return {above ? x : alpha * value, where_above(x, all<V>(0), all<V>(1), slope)};
  }
  template <bool, class V>
  FASTACT_INLINE V parameter_slope(V x, V) {
    const V value = expm1_of<true>(size_below_zero<true>(x), Exact()).value;
    return x > all<V>(0) ? all<V>(0) : value;
  }
};

struct selu : Decaying {
  template <class V, class OP>
  static constexpr int AT_ONCE = FOUR_OF_DOUBLES<V>;

  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x) {
    constexpr Real scale{0x1.0cfabd6a91132p+0, 0x1.6fc7d272f2695p-55};
    constexpr Real product{0x1.c212cc640f031p+0, 0x1.05161b045a1fep-56};  // scale alpha
    const auto above = x > all<V>(0);
    const Point<V> p = expm1_of<EXTREME>(size_below_zero<EXTREME>(x), Exact());
    const auto slope = slope_of<EXTREME>(times(product, p.slope));
    const V value = with_sign(abs(p.value), x);
    const V line =
        EXTREME ? (x > all<V>(Traits<V>::LARGEST) ? x : times(scale, x)) : times(scale, x);
    return {above ? line : times(product, value), where_above(x, all<V>(0), high<V>(scale), slope)};
  }
};

struct celu : Curved {
  static constexpr bool X_NEAR_ZERO = true, LONG_PAIRS = MANY_REGISTERS;
  template <class V, class OP>
  static constexpr int AT_ONCE = MANY_REGISTERS ? 2 : 1;  // it divides

  template <class V>
  FASTACT_INLINE Mask<V> tiny(V x, V alpha) {
    return tiny_quotient(x, all<V>(1) / alpha) & below(all<V>(0), alpha);
  }
  template <class V>
  FASTACT_INLINE bool extreme(V x, V alpha) {
    const V size = size_below_zero(x);
    // Not of a subnormal x: its product would cost the processor more than all else.
    return any_extreme(size, Traits<V>::LARGEST) ||
           (any_extreme(size * abs(all<V>(1) / alpha), ExpConstants<V>::NORMAL) |
            any_above(infinite_if_small(alpha), all<V>(LARGE_DIVISOR)));
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x, V alpha) {
    const auto above = x > all<V>(0);
    V low;
    const V size = quotient_below_zero<EXTREME>(x, alpha, &low);
    const auto line =
        ((alpha > all<V>(LARGE_DIVISOR)) & (size < all<V>(LINE))) | (size == all<V>(0));
    if (EXTREME) low = low_where(~line, low);
    const Point<V> p = expm1_of<EXTREME>(size, low);
    const V value = alpha * with_sign(abs(p.value), x);
    return {above ? x : (EXTREME ? (line ? x : value) : value),
            where_above(x, all<V>(0), all<V>(1), slope_of<EXTREME>(p.slope))};
  }
  // expm1(z) - z exp(z), z = -size: for small sizes as -exp(z) (expm1(size) - size), which does not
  // cancel, by a polynomial.
  template <bool ODD, class V>
  FASTACT_INLINE V parameter_slope(V x, V alpha) {
    typedef ExpConstants<V> C;
    V low;
    const V size = quotient_below_zero<true>(x, alpha, &low), one = all<V>(1);
    if (ODD) low = low_where(low == low, low);
    const Decay<V> e = precise_decay_of<true>(size, low);
    const V exp = mul_add(e.f, e.u, e.u);
    // (1/2 + bend) square, with what their rounding left out.
    const V square = size * size, half = all<V>(C::BEND[0]);
    const V half_low = mul_add(size, low, half * product_error(size, size, square));
    const V bend = size * polynomial_behind(size, C::BEND);
    const V rise = mul_add(half, square, mul_add(bend, square, half_low)), part = rise * e.u;
    const V near = mul_add(part, e.f, part), far = mul_add(-exp, size + one, one);
    const V slope = -(size < all<V>(1.5) ? near : far);
    return x > all<V>(0) ? all<V>(0) : slope;
  }

 private:
  template <bool EXTREME, class V>
  FASTACT_INLINE V quotient_below_zero(V x, V alpha, V* low) {
    const V limit = all<V>(ExpConstants<V>::LIMIT), nan = all<V>(__builtin_nan(""));
    const V r = alpha > all<V>(0) ? all<V>(1) / alpha : nan;
    const V whole = size_below_zero(x), product = whole * r;
    const V z = EXTREME ? ((whole == all<V>(0)) & (r == r) ? whole : product) : product;
    *low = remainder_of(whole, z, alpha) * r;
    if (!EXTREME) return z;
    const V size = min(limit, z);
    *low = low_where(size < limit, *low);
    return size;
  }
};

// log1p(exp(-size - low)), times 2**SCALE if EXTREME, and the sigmoid of -size, likewise.
//
// With E = u (1 + f) the logarithm is u (1 + f) ratio, ratio = log1p(E)/E by a polynomial whose
// constant is exact, with what its rounding leaves out. The remainder of the sigmoid's division is
// taken from u and f: their rounding counts for nothing.
template <class V>
struct Log1pExp : Point<V> {
  V low;  // what the rounding of the value leaves out
};

template <bool EXTREME, class V, class Low>
FASTACT_INLINE Log1pExp<V> log1p_exp(V size, Low low) {
  typedef Polynomials<V> P;
  const Decay<V> e = brief_decay_of<EXTREME>(size, low);
  const V plain = mul_add(e.f, e.u, e.u), E = EXTREME ? e.tall_exp() : plain;
  const V d = plain - all<V>(P::LOG1P_CENTER), start = all<V>(P::LOG1P[0]);
  const V rise = polynomial_behind(d, P::LOG1P);
  const V ratio = mul_add(rise, d, start), ratio_low = mul_add(rise, d, start - ratio);
  const V more = mul_add(ratio, e.f, ratio_low), whole = ratio + more;
  const V r = rough_reciprocal(all<V>(1) + plain), q = E * r;
  // E - q (1 + E): first u - q, of which nothing is rounded, last what f is in.
  const V left = sub_product(e.tall - q, q, e.u);
  const V share = mul_add(mul_add(sub_product(e.tall, q, e.u), e.f, left), r, q);
  return {{whole * e.tall, share}, (more - (whole - ratio)) * e.tall};
}

// max(x, 0) + log1p(exp(-|x|)), x times beta and that over beta.
struct softplus : Curved {
  template <class V, class OP>
  static constexpr int AT_ONCE =
      MANY_REGISTERS && (!OP::VALUE || (sizeof(Scalar<V>) == 8 && OP::OUTPUTS == 2))
          ? 2  // the slope alone gains little
          : FOUR_OR_TWO<OP>;
  static constexpr bool TESTS_PAIRS = true;
  static constexpr bool THROUGH_ZERO = false;

  template <class V>
  FASTACT_INLINE Mask<V> tiny(V x, V beta) {
    return tiny_product(x, beta);
  }
  template <class X, class V>
  FASTACT_INLINE bool extreme(X x, V beta) {
    // Over a large beta the logarithm of what is not extreme may be subnormal.
    constexpr double MOST = sizeof(Scalar<V>) == 4 ? 0x1p46 : 0x1p104;
    return any_odd(x) || (any_extreme(abs(x * beta), ExpConstants<V>::NORMAL) |
                          any_above(infinite_if_small(abs(beta)), all<V>(MOST)));
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x, V beta) {
    const V zero = all<V>(0), one = all<V>(1), limit = all<V>(ExpConstants<V>::LIMIT);
    const V v = EXTREME ? limit_of_product(x, beta) : x * beta;
    const V size = EXTREME ? min(limit, abs(v)) : abs(v);
    V low = low_of_size(product_error(x, beta, v), v);
    if (EXTREME) low = low_where((size < limit) & (low == low), low);
    const Log1pExp<V> p = log1p_exp<EXTREME>(size, low);
    const auto huge = abs(beta) < all<V>(4 * Traits<V>::UNSCALE);  // its inverse
    const V divisor = EXTREME ? beta * (huge ? all<V>(Traits<V>::TALL) : one) : beta;
    const V r = one / divisor, q = p.value * r;
    const V whole = mul_add(remainder_of(p.value, q, divisor) + p.low, r, q);
    const V part = EXTREME ? (whole == whole ? whole : q) : whole;  // of 0 and infinity
    const V tail = EXTREME ? (huge ? part : bring_down(part)) : part;
    const auto share = slope_of<EXTREME>(p.slope);
    const V below = EXTREME ? (x == x ? tail : x) : tail;
    return {v > zero ? x + tail : below, where_above(v, zero, one_less(share), share)};
  }
  // -(z share + log1p(exp(-z)))/beta**2, z = |beta x|.
  template <bool ODD, class V>
  FASTACT_INLINE V parameter_slope(V x, V beta) {
    const V limit = all<V>(ExpConstants<V>::LIMIT), v = ODD ? limit_of_product(x, beta) : x * beta;
    const V size = min(limit, abs(v));
    V low = low_where(size < limit, low_of_size(product_error(x, beta, v), v));
    if (ODD) low = low_where(low == low, low);
    const Point<V> p = log1p_exp<true>(size, low);
    // Over the square of a small beta what is not yet brought down may overflow.
    const V once = -mul_add(size, p.slope, p.value) / beta, twice = once / beta;
    return abs(twice) <= all<V>(Traits<V>::LARGEST) ? bring_down(twice) : bring_down(once) / beta;
  }
};

struct log_sigmoid : Decaying {
  template <class V, class OP>
  static constexpr int AT_ONCE = FOUR_OR_TWO<OP>;
  static constexpr bool THROUGH_ZERO = false;

  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x) {
    const V zero = all<V>(0), limit = all<V>(ExpConstants<V>::LIMIT);
    const V size = EXTREME ? min(limit, abs(x)) : abs(x);
    const Point<V> p = log1p_exp<EXTREME>(size, Exact());
    const V tail = EXTREME ? bring_down(p.value) : p.value;
    const auto share = slope_of<EXTREME>(p.slope);
    return {(x < zero ? x : -zero) - tail, where_above(zero, x, one_less(share), share)};
  }
};

}  // namespace
}  // namespace fastact
