// The sigmoid and what it gates.
#pragma once

#include "point.hpp"

namespace fastact {
namespace {

// The sigmoid of v + low is 1/total, that of -|v + low| share/total: with e = exp(-v - low) total
// is 1 + e and share min(e, 1). If EXTREME the smaller one of the two is taken times 2**SCALE:
// where v < 0, total is lowered for it, elsewhere share is raised; at both limits share is 0.
template <class V>
struct Odds {
  V total, share;
  V total_left, share_left;  // what their roundings leave out

  // The sigmoid of -|v|, times 2**SCALE if EXTREME. Where v is rounded itself the slope has no
  // digits to spare: total counts as if it was not. Last, share does so, too.
  FASTACT_MEMBER V tall(Exact) const { return share / total; }
  template <class Low>
  FASTACT_MEMBER V tall(Low) const {
    const V r = rough_reciprocal(total), q = share * r;
    return mul_add(sub_product(sub_product(share, q, total), q, total_left), r, q);
  }
  FASTACT_MEMBER V precise_tall() const { return tall(total) + share_left / total; }
};

// lost - f u, f = r - r**2 q; for a product, whose r is rounded twice, as if f was not.
template <class V, class Low>
FASTACT_INLINE V small_part(V lost, V, V, V, V f, V u, Low) {
  return less_mul(lost, f, u);
}
template <class V>
FASTACT_INLINE V small_part(V lost, V r, V r2, V q, V, V u, Factors<V>) {
  return less_mul(mul_add(r2 * u, q, lost), r, u);
}

template <bool EXTREME, class V, class Low>
FASTACT_INLINE Odds<V> odds_of(V v, Low low) {
  typedef ExpConstants<V> C;
  typedef Traits<V> T;
  const V zero = all<V>(0), one = all<V>(1);
  const Power<V> p(v, low, -1);
  // e = u exp(-r) = u (1 - f), f = r - r**2 q
  const V r = reduced(v, low, p.n(), 1), r2 = r * r;
  const V q = reflected_polynomial<V>(r, r2, C::EXP_TAIL), f = less_mul(r, r2, q);
  const auto left = v < zero;
  V u = p.power(), unit = one;
  if (EXTREME) {
    u = left ? p.power(-T::SCALE) : (v > all<V>(C::NORMAL) ? zero : u);
    unit = left ? all<V>(T::UNSCALE) : one;
  }
  // What the sum of both leaves out of 1 beside a large power is added to the small part.
  const V sum = unit + u, part = small_part(unit - (sum - u), r, r2, q, f, u, low),
          total = sum + part;
  const V tall = EXTREME ? (v < all<V>(C::LIMIT) ? p.power(T::SCALE) : zero) : u;
  const V e = less_mul(tall, f, tall), e_left = left ? zero : less_mul(tall - e, f, tall);
  const V share = EXTREME ? (left ? (v > all<V>(-C::LIMIT) ? one : zero) : e) : min(e, one);
  return {total, share, part - (total - sum), e_left};
}

// What is tall, lowered, as a summand of an ordinary number.
template <bool EXTREME, class V>
FASTACT_INLINE V share_of(V tall, V v) {
  if (!EXTREME) return tall;
  const auto lost = abs(v) > all<V>(ExpConstants<V>::NORMAL);
  return opaque(lost ? all<V>(0) : tall) * all<V>(Traits<V>::UNSCALE);
}

// v, as far as its exponential is not lost.
template <bool EXTREME, class V>
FASTACT_INLINE V bounded_by_limit(V v) {
  const V limit = all<V>(ExpConstants<V>::LIMIT);
  return EXTREME ? max(-limit, min(limit, v)) : v;
}

struct sigmoid : Decaying {
  template <class V, class OP>
  static constexpr int AT_ONCE = FOUR_OR_TWO<OP>;
  static constexpr bool THROUGH_ZERO = false, LONG_PAIRS = MANY_REGISTERS;

  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x) {
    const V one = all<V>(1), v = bounded_by_limit<EXTREME>(x);
    const Odds<V> odds = odds_of<EXTREME>(v, Exact());
    const V inverse = one / odds.total, tall = odds.tall(Exact());
    const V value = EXTREME ? (v < all<V>(0) ? bring_down(inverse) : inverse) : inverse;
    return {value, slope_of<EXTREME>(tall * (one - share_of<EXTREME>(tall, v)))};
  }
};

template <class V>
constexpr double LARGE_FACTOR = sizeof(Scalar<V>) == 4 ? 0x1p100 : 0x1p900;

// `low` of a number that is bounded: of one that was `inside`, and nothing elsewhere.
template <class V, class C>
FASTACT_INLINE V low_inside(C inside, V low, V) {
  return inside ? low : all<V>(0);
}
template <class V, class C>
FASTACT_INLINE Exact low_inside(C, Exact, V) {
  return Exact();
}
template <class V, class C>
FASTACT_INLINE Factors<V> low_inside(C inside, Factors<V> low, V bounded) {
  return {inside ? low.a : bounded, inside ? low.b : all<V>(1)};
}

// With a large second factor so much smaller that it can be multiplied by a constant.
template <class V>
FASTACT_INLINE Factors<V> tamed(Factors<V> v) {
  const auto large = abs(v.b) > all<V>(LARGE_FACTOR<V>);
  const V one = all<V>(1);
  return {v.a * (large ? all<V>(0x1p30) : one), v.b * (large ? all<V>(0x1p-30) : one)};
}

// 1 - w - low; 1 - w is exact where the two nearly cancel.
template <class V, class Low>
FASTACT_INLINE V one_less(V w, Low low) {
  return plus(all<V>(1) - w, negated(low));
}
template <class V>
FASTACT_INLINE V one_less(V, Factors<V> w) {
  return sub_product(all<V>(1), w.a, w.b);
}

// x times the sigmoid of v + low, a multiple of x within the limits; w + w_low = |x dv/dx|. The
// slope for v < 0 serves for v > 0 as well: the two add up to 1.
template <bool EXTREME, class V, class Low>
FASTACT_INLINE PointOf<EXTREME, V> gated_within(V x, V v, Low low, V w, Low w_low) {
  typedef ExpConstants<V> C;
  typedef Traits<V> T;
  const V zero = all<V>(0);
  const Odds<V> odds = odds_of<EXTREME>(v, low);
  V value;
  if constexpr (!EXTREME) {
    value = x / odds.total;
  } else {
    const auto left = v < zero, huge = is_huge(x);
    const V kept = v > all<V>(-C::LIMIT) ? x : with_sign(zero, x);
    const V part = (left ? (huge ? kept * all<V>(T::UNSCALE) : kept) : x) / odds.total;
    value = left ? (huge ? part : bring_down(part)) : part;
  }
  // 1 - w (1 - share)
  const V tall = odds.tall(low), share = share_of<EXTREME>(tall, v);
  const auto slope = slope_of<EXTREME>(tall * mul_add(w, share, one_less(w, w_low)));
  return {value, where_above(v, zero, one_less(slope), slope)};
}

// The same for w = |v|; beyond the limits v is the limit itself.
template <bool EXTREME, class V, class Low>
FASTACT_INLINE PointOf<EXTREME, V> gated(V x, V v, Low low) {
  if (EXTREME) low = low_inside(abs(v) < all<V>(ExpConstants<V>::LIMIT), low, v);
  return gated_within<EXTREME>(x, v, low, abs(v), low_of_size(low, v));
}

struct silu : Decaying {
  static constexpr bool LONG_PAIRS = MANY_REGISTERS;
  template <class V, class OP>
  static constexpr int AT_ONCE = FOUR_FOR_ONE<OP>;

  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x) {
    return gated<EXTREME>(x, bounded_by_limit<EXTREME>(x), Exact());
  }
};

struct quick_gelu : Curved {
  static constexpr bool LONG_PAIRS = MANY_REGISTERS;
  template <class V, class OP>
  static constexpr int AT_ONCE = FOUR_OR_TWO<OP>;
  static constexpr bool TESTS_PAIRS = true;

  template <class X>
  FASTACT_INLINE bool extreme(X x) {
    return any_extreme(abs(x), ExpConstants<VectorIn<X>>::NORMAL / 1.703);
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x) {
    constexpr Real factor{0x1.b3b645a1cac08p+0, 0x1.89374bc6a7efap-55};  // 1.702
    const V v = x * high<V>(factor);
    const V low = product_error(x, high<V>(factor), v) + x * rest<V>(factor);
    return gated<EXTREME>(x, bounded_by_limit<EXTREME>(v), low);
  }
};

struct swish : Curved {
  static constexpr bool LONG_PAIRS = MANY_REGISTERS;
  template <class V, class OP>
  static constexpr int AT_ONCE = MANY_REGISTERS ? 4 : 2;
  static constexpr bool TESTS_PAIRS = true;

  template <class V>
  FASTACT_INLINE Mask<V> tiny(V x, V beta) {
    return tiny_product(x, beta);
  }
  // In terms of x alone: what is made of beta is made once a row.
  template <class X, class V>
  FASTACT_INLINE bool extreme(X x, V beta) {
    typedef Traits<V> T;
    // Below this the value may be subnormal though the sigmoid is not.
    constexpr double LEAST = sizeof(Scalar<V>) == 4 ? 0x1p-46 : 0x1p-104;
    const V factor = abs(beta), inverse = all<V>(1) / factor;
    const V least = max(inverse * all<V>(T::SMALLEST_NORMAL), all<V>(LEAST));
    const V most = min(all<V>(T::LARGEST), inverse * all<V>(ExpConstants<V>::NORMAL));
    return any_outside(abs(x), factor == all<V>(0) ? all<V>(LEAST) : least,
                       factor > all<V>(LARGE_FACTOR<V>) ? all<V>(-1) : most);
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x, V beta) {
    const V v = x * beta, limit = all<V>(ExpConstants<V>::LIMIT);
    const Factors<V> factors{x, beta};
    if constexpr (!EXTREME) {
      return gated<false>(x, v, factors);
    } else {
      // 0 times infinity is undefined, and counts as the limit here: the value is x or 0 anyway.
      auto p = gated<true>(x, max(-limit, min(v, limit)), tamed(factors));
      p.slope = replaced(p.slope, any_nan(v, v), x == x ? all<V>(0.5) : x);
      return p;
    }
  }
  // x**2 times the slope of the sigmoid; the limit at infinity is 0.
  template <bool ODD, class V>
  FASTACT_INLINE V parameter_slope(V x, V beta) {
    const V limit = all<V>(ExpConstants<V>::LIMIT), v = ODD ? limit_of_product(x, beta) : x * beta;
    const V near = bounded_by_limit<true>(v);
    const Factors<V> factors = tamed(Factors<V>{x, beta});
    const auto inside = (abs(near) < limit) & (near != all<V>(0));  // which may be of an infinite x
    const auto lost = abs(near) >= limit, far = abs(near) > all<V>(ExpConstants<V>::NORMAL);
    const V tall_share = odds_of<true>(near, low_inside(inside, factors, near)).precise_tall();
    const V share = share_of<true>(tall_share, near);
    const V finite = ODD ? min(all<V>(Traits<V>::LARGEST), abs(x)) : x;
    const V bounded = lost ? all<V>(0) : finite;
    // Where the square may overflow the share is not small, and the other way round.
    const V others = less_mul(bounded, share, bounded);  // x times what is left of 1
    const V part = opaque(far ? bounded : all<V>(0)) * tall_share, whole = part * others;
    // Of a large x what is not yet brought down may overflow.
    const V tall =
        abs(whole) <= all<V>(Traits<V>::LARGEST) ? bring_down(whole) : bring_down(part) * others;
    const V side = opaque(far ? all<V>(0) : bounded * share) * others;
    return x == x ? (far ? tall : side) : x;
  }
};

}  // namespace
}  // namespace fastact
