// The sigmoid and what it gates.
#pragma once

#include "point.hpp"

namespace fastact {
namespace {

// The sigmoid of -size, times 2**SCALE if EXTREME, and 1 less it.
template <class V>
struct Share {
  V tall, share, rest;
};

// With exp(size) = power (1 + f) and u = 1/power the sigmoid of -size is u/(1 + f + u). Nothing
// overflows or cancels. The remainder of the division is taken from f and u: the rounding of their
// sum counts for nothing. (u is a power of two, so q*u is exact, and tall - q nearly always.)
template <bool EXTREME, class V, class Low>
FASTACT_INLINE Share<V> share_of(V size, Low low) {
  typedef ExpConstants<V> C;
  const V one = all<V>(1), n = round_exponent(size), f = fraction(size, low, n, 1, C::EXP_TAIL);
  const V u = EXTREME ? normal_power(n, size, C::NORMAL) : inverse_power(n, 0);
  const V numerator = EXTREME ? tall_power(n, size, C::LIMIT) : u;
  const V r = rough_reciprocal(f + (one + u)), q = numerator * r;
  const V remainder = sub_product(sub_product(numerator - q, q, u), q, f);
  const V tall = mul_add(remainder, r, q);
  if (!EXTREME) return {tall, tall, one - tall};
  const V share =
      opaque(size > all<V>(C::NORMAL) ? all<V>(0) : tall) * all<V>(Traits<V>::UNSCALE);
  return {tall, share, one - share};
}

struct sigmoid : Decaying {
  static constexpr bool THROUGH_ZERO = false;

  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x) {
    const V size = EXTREME ? min(all<V>(ExpConstants<V>::LIMIT), abs(x)) : abs(x);
    const Share<V> s = share_of<EXTREME>(size, Exact());
    const V share = EXTREME ? bring_down(s.tall) : s.share;
    return {x < all<V>(0) ? share : s.rest, slope_of<EXTREME>(s.tall * s.rest)};
  }
};

// x times the sigmoid of v + low, a multiple of x; w + w_low = |x dv/dx|. The form for v < 0 serves
// for v > 0 as well: the two values differ by x, the two slopes add up to 1. ALIKE: v has the sign of x,
// so that max(x, 0) is what the values differ by.
template <bool EXTREME, bool ALIKE, class V, class Low>
FASTACT_INLINE PointOf<EXTREME, V> gated(V x, V v, Low low, V w, Low w_low) {
  typedef ExpConstants<V> C;
  const V zero = all<V>(0), limit = all<V>(C::LIMIT), one = all<V>(1);
  const V size = EXTREME ? min(limit, abs(v)) : abs(v);
  auto low_size = low_of_size(low, v);
  if (EXTREME) low_size = low_where(size < limit, low_size);
  const Share<V> s = share_of<EXTREME>(size, low_size);
  const V most = all<V>(Traits<V>::LARGEST), bounded = EXTREME ? max(-most, min(most, x)) : x;
  const auto huge = is_huge(bounded);
  const V unit = huge ? all<V>(Traits<V>::UNSCALE) : one;
  V part = EXTREME ? bounded * unit * s.tall : x * s.tall;
  if (EXTREME) {
    w_low = low_where(w < limit * limit, w_low);
    w = min(limit * limit, w);
  }
  // 1 - w (1 - share), of which 1 - w is exact where the two nearly cancel.
  const V tall = s.tall * mul_add(w, s.share, plus(one - w, negated(w_low)));
  const auto slope = slope_of<EXTREME>(tall);
  if (EXTREME) part = huge ? part : bring_down(part);
  const V right = ALIKE ? mul_add(-bounded, s.share, x) : x - part;
  const V value = !EXTREME && ALIKE ? mul_add(-abs(x), s.share, max(zero, x))
                                    : where_above(v, zero, right, part);
  return {value, where_above(v, zero, one_less(slope), slope)};
}

struct silu : Decaying {
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x) {
    return gated<EXTREME, true>(x, x, Exact(), abs(x), Exact());
  }
};

struct quick_gelu : Curved {
  template <class V>
  FASTACT_INLINE bool extreme(V x) {
    return any_extreme(abs(x), ExpConstants<V>::NORMAL / 1.703);
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x) {
    constexpr Real factor{0x1.b3b645a1cac08p+0, 0x1.89374bc6a7efap-55};  // 1.702
    const V v = x * high<V>(factor);
    const V low = product_error(x, high<V>(factor), v) + x * rest<V>(factor);
    return gated<EXTREME, true>(x, v, low, abs(v), low_of_size(low, v));
  }
};

struct swish : Curved {
  template <class V>
  FASTACT_INLINE Mask<V> tiny(V x, V beta) {
    return tiny_product(x, beta);
  }
  template <class V>
  FASTACT_INLINE bool extreme(V x, V beta) {
    // Below this the value may be subnormal though the sigmoid is not.
    constexpr double LEAST = sizeof(Scalar<V>) == 4 ? 0x1p-46 : 0x1p-104;
    return any_outside(abs(x), LEAST, Traits<V>::LARGEST) ||
           any_extreme(abs(x * beta), ExpConstants<V>::NORMAL);
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x, V beta) {
    const V v = x * beta;
    const V low = product_error(x, beta, v);
    return gated<EXTREME, false>(x, v, low, abs(v), low_of_size(low, v));
  }
  // x**2 times the slope of the sigmoid; the limit at infinity is 0.
  template <class V>
  FASTACT_INLINE V parameter_slope(V x, V beta) {
    const V limit = all<V>(ExpConstants<V>::LIMIT), v = x * beta, size = min(limit, abs(v));
    const auto lost = size >= limit, far = size > all<V>(ExpConstants<V>::NORMAL);
    const Share<V> s =
        share_of<true>(size, low_where(size < limit, low_of_size(product_error(x, beta, v), v)));
    const V bounded = lost ? all<V>(0) : x;
    // Where the square may overflow the share is not small, and the other way round.
    const V tall = bring_down(opaque(far ? bounded : all<V>(0)) * s.tall * (bounded * s.rest));
    const V near = opaque(far ? all<V>(0) : bounded * s.share) * (bounded * s.rest);
    return x == x ? (far ? tall : near) : x;
  }
};

// x times the sigmoid of 2u, u = sqrt(2/pi) (x + 0.044715 x**3).
struct gelu_tanh : Curved {
  // The square of UP x in float has a subnormal remainder.
  static constexpr bool SHORT_NEAR_ZERO = false;

  // Here 2u is 53 or 630, and at `farthest` beyond LIMIT.
  template <class V>
  FASTACT_INLINE bool extreme(V x) {
    return any_extreme(abs(x), sizeof(Scalar<V>) == 4 ? 8.2 : 20.3);
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x) {
    const V farthest = all<V>(sizeof(Scalar<V>) == 4 ? 12.0 : 23.0);
    const V near = EXTREME ? max(-farthest, min(farthest, x)) : x;
    // 2u = x (a + b x**2), with the roundings of the square, the sum and the product.
    constexpr Real a{0x1.9884533d43651p+0, -0x1.cbc0d30ebfd15p-54};  // 2 sqrt(2/pi)
    constexpr Real b{0x1.2444f2a4d8b4bp-4, -0x1.6c843a29d1c70p-61};  // 0.044715 times that
    const V far = EXTREME ? opaque(abs(near) < all<V>(0x1p-30) ? all<V>(0) : near) : near;
    const V square = far * far, bend = square * high<V>(b);
    const V bend_low = mul_add(product_error(far, far, square), high<V>(b),
                               mul_add(square, rest<V>(b), product_error(square, high<V>(b), bend)));
    const V factor = bend + high<V>(a), back = factor - high<V>(a);
    const V sum_low = (high<V>(a) - (factor - back)) + (bend - back);
    const V v = near * factor;
    const V low = mul_add(near, sum_low + (bend_low + rest<V>(a)), product_error(near, factor, v));
    // w = |v| + 2 b |x|**3
    const V cube = abs(far) * (bend + bend), w = abs(v) + cube;
    const V sum_back = w - cube, rounding = (cube - (w - sum_back)) + (abs(v) - sum_back);
    const V cube_low = product_error(abs(far), bend + bend, cube) + abs(far) * (bend_low + bend_low);
    const V w_low = rounding + (low_of_size(low, v) + cube_low);
    return gated<EXTREME, true>(EXTREME ? x : near, v, low, w, w_low);
  }
};

}  // namespace
}  // namespace fastact
