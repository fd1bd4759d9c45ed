// x tanh(softplus(x)).
#pragma once

#include "../pieces/mish.hpp"
#include "exponentials.hpp"
#include "tabled.hpp"

namespace fastact {
namespace {

// With exp(x) = a/b, the larger of the two 1: tanh = N/D, N = a (a + 2b), D = N + 2 b**2 = (a +
// b)**2 + b**2, and the slope is (N D + 4 x a b**2 (a + b))/D**2.
struct mish_formula : Curved {
  // Only the gradient's product may be subnormal.
  FASTACT_INLINE bool extreme(VFloat x) {
    return any_above(-x, all<VFloat>(ExpConstants<VFloat>::NORMAL));
  }
  FASTACT_INLINE bool extreme(VDouble x) {
    return any_extreme(abs(x), ExpConstants<VDouble>::NORMAL);
  }

  template <bool EXTREME>
  FASTACT_INLINE PointOf<EXTREME, VDouble> at(VDouble x) {
    typedef VDouble V;
    const V one = all<V>(1), limit = all<V>(ExpConstants<V>::LIMIT);
    const auto left = x < all<V>(0);
    const V size = EXTREME ? min(limit, abs(x)) : abs(x);
    const Decay<V> e = precise_decay_of<EXTREME>(size, Exact());
    const V E = mul_add(e.f, e.u, e.u), near = EXTREME ? with_sign(size, x) : x;
    const V m = left ? one : E;
    // c = 1 + E and D = c**2 + m**2 with what they leave out, and 1/D and 1/D**2.
    const V E_low = mul_add(e.f, e.u, e.u - E), c = one + E, c_low = ((one - c) + E) + E_low;
    const V square = c * c, square_low = mul_add(c + c, c_low, product_error(c, c, square));
    const V D = square + m * m, D_low = mul_add(m, m, square - D) + square_low;
    const V r = rough_reciprocal(D);
    const V inverse = mul_add(sub_product(sub_product(one, D, r), D_low, r), r, r);
    const V DD = D * D, DD_low = mul_add(D + D, D_low, product_error(D, D, DD)),
            rr = inverse * inverse;
    const V inverse2 = mul_add(sub_product(sub_product(one, DD, rr), DD_low, rr), rr, rr);
    // Far left the results may be subnormal, and are tall.
    const auto far = size > all<V>(ExpConstants<V>::NORMAL);
    const V power = EXTREME ? (far ? e.tall : e.u) : e.u;
    // tanh over exp(x) where that is small, which comes in last.
    const V share = sub_product(one, left ? mul_add(E, E, E) : (m + m) * m, inverse);
    const auto decayed = [&](V v) __attribute__((always_inline)) {
      return left ? mul_add(e.f, v, v) * power : v;
    };
    const V value = (left ? near : x) * decayed(share);
    // Right of 0 the slope is that share and something small; left of it c g + 1 of D**2, and near
    // -1.19 nearly all of c g cancels with 1.
    const V line = mul_add(near, all<V>(4), one), sum = line + c, back = sum - line;
    const V sum_low = (line - (sum - back)) + (c - back);
    const V g = (square + sum) + ((square_low + sum_low) + c_low);
    const V bend = mul_add(c, g, one) + c_low * g;
    const V right = mul_add(near * all<V>(4) * (m * m) * c, inverse2, share);
    const V slope = left ? decayed(bend * inverse2) : right;
    if constexpr (EXTREME) {
      const V depth = left ? size : -size;
      const auto tall = left & far;
      return {tall ? bring_down(value) : value,
              where_above(depth, all<V>(ExpConstants<V>::NORMAL), lowered(slope), slope)};
    } else {
      return {value, slope};
    }
  }

  FASTACT_INLINE Mask<VFloat> tiny(VFloat x) { return below(x, x); }  // nowhere
  FASTACT_INLINE Mask<VDouble> tiny(VDouble x) { return where_subnormal(x); }

  // In double, with as many terms as a float needs; there nothing is extreme.
  template <bool EXTREME>
  FASTACT_INLINE Point<VFloat> at(VFloat x) {
    const Point<VDouble> low = brief(widen_low(x)), high = brief(widen_high(x));
    return {narrow(low.value, high.value), narrow(low.slope, high.slope)};
  }

 private:
  FASTACT_INLINE Point<VDouble> brief(VDouble x) {
    typedef VDouble V;
    const V one = all<V>(1), two = all<V>(2);
    const auto left = x < all<V>(0);
    const V E = brief_exp(-min(all<V>(300), abs(x)));
    const V a = left ? E : one, b = left ? one : E, first = a + two * b, twice = two * b * b;
    const V D = mul_add(a, first, twice), r = rough_reciprocal(D), share = first * r;
    const V near = max(all<V>(-300), min(all<V>(300), x));
    const V bend = mul_add(two * near * twice * r, a + b, first);
    return {(left ? near : x) * (a * share), bend * (a * r)};
  }
};

#if defined(__AVX512F__)
struct mish_tail {
  static constexpr double FARTHEST = 110;  // nothing is left here

  // Of -t, with e = exp(-t): tanh is e (1 - e/2), the slope e ((1 - t) (1 - e) + e/2), but for
  // e**3.
  FASTACT_INLINE PointOf<true, VFloat> far(VFloat x, VFloat t) {
    const VFloat zero = all<VFloat>(0), one = all<VFloat>(1), half = all<VFloat>(0.5);
    const TallExp tall(-t, Exact());
    const VFloat small = opaque(t < all<VFloat>(20) ? tall.times(one) : zero);
    const VFloat e = small * all<VFloat>(Traits<VFloat>::UNSCALE);
    const auto left = t < all<VFloat>(FARTHEST);
    const VFloat value = tall.times(less_mul(t, t, half * e));
    const VFloat slope = mul_add(one - t, one - e, half * e);
    return {bring_down(left ? -value : -zero), lowered(left ? tall.times(slope) : -zero)};
  }
};
struct mish_pieces : FallingPieces<MISH, mish_tail> {
  template <class V, class OP>
  static constexpr int AT_ONCE = FOUR_FOR_VALUES<V, OP>;

  FASTACT_INLINE Point<VFloat> at(VFloat x) {
    const Piece<MISH> piece(min(all<VFloat>(MISH::TOP), x));
    const VFloat rise = x * (piece.rise(MISH::VALUE) * piece.d);  // a quarter of the value at most
    return {mul_add(x, piece.start(MISH::VALUE), rise), piece.slope()};
  }
};
struct mish : Tabled<mish_pieces, mish_formula> {
  template <class V>
  FASTACT_INLINE Mask<V> tiny(V x) {
    return where_subnormal(x);
  }
};
#else
struct mish : mish_formula {};
#endif

}  // namespace
}  // namespace fastact
