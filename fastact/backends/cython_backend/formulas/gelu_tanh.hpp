// x times the sigmoid of a cubic, which is nearly the normal distribution's cumulative function.
#pragma once

#include "../pieces/gelu_tanh.hpp"
#include "logistic.hpp"
#include "tabled.hpp"

namespace fastact {
namespace {

// 2u = sqrt(8/pi) (x + 0.044715 x**3) as x (a + b x**2), and what the roundings of the square, the
// sum and the product leave out; `bend` is b x**2, which is lost next to 0.
template <class V>
struct CubicExponent {
  V v, low, bend, bend_low;

  FASTACT_MEMBER CubicExponent(V x, V far) {
    constexpr Real a{0x1.9884533d43651p+0, -0x1.cbc0d30ebfd15p-54};  // 2 sqrt(2/pi)
    constexpr Real b{0x1.2444f2a4d8b4bp-4, -0x1.6c843a29d1c70p-61};  // 0.044715 times that
    const V square = far * far;
    bend = square * high<V>(b);
    bend_low = mul_add(product_error(far, far, square), high<V>(b),
                       mul_add(square, rest<V>(b), product_error(square, high<V>(b), bend)));
    const V factor = bend + high<V>(a), back = factor - high<V>(a);
    const V sum_low = (high<V>(a) - (factor - back)) + (bend - back);
    v = x * factor;
    low = mul_add(x, sum_low + (bend_low + rest<V>(a)), product_error(x, factor, v));
  }
};

// x times the sigmoid of 2u.
struct gelu_tanh_formula : Curved {
  // The square of UP x in float has a subnormal remainder.
  template <class V>
  static constexpr bool SHORT_NEAR_ZERO = sizeof(Scalar<V>) == 8;

  // Here 2u is 53 or 630, and at `farthest` beyond LIMIT.
  template <class V>
  FASTACT_INLINE bool extreme(V x) {
    return any_extreme(abs(x), sizeof(Scalar<V>) == 4 ? 8.2 : 20.3);
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x) {
    const V farthest = all<V>(sizeof(Scalar<V>) == 4 ? 12.0 : 23.0);
    const V near = EXTREME ? max(-farthest, min(farthest, x)) : x;
    const V far = EXTREME ? opaque(abs(near) < all<V>(0x1p-30) ? all<V>(0) : near) : near;
    const CubicExponent<V> u2(near, far);
    const V v = u2.v, low = u2.low, bend2 = u2.bend + u2.bend;
    // w = |v| + 2 b |x|**3
    const V cube = abs(far) * bend2, w = abs(v) + cube;
    const V sum_back = w - cube, rounding = (cube - (w - sum_back)) + (abs(v) - sum_back);
    const V cube_low =
        product_error(abs(far), bend2, cube) + abs(far) * (u2.bend_low + u2.bend_low);
    const V w_low = rounding + (low_of_size(low, v) + cube_low);
    if constexpr (!EXTREME) {
      return gated_within<false>(near, v, low, w, w_low);
    } else {
      const V bounded = bounded_by_limit<true>(v);
      const auto inside = abs(bounded) < all<V>(ExpConstants<V>::LIMIT);
      return gated_within<true>(x, bounded, low_inside(inside, low, bounded), w, w_low);
    }
  }
};

#if defined(__AVX512F__)
struct gelu_tanh_tail {
  static constexpr double FARTHEST = 11;  // nothing is left here

  // Of -t: t e and e (1 - w), e = exp(-2u), w = 2u + 2 b t**3; what 1 + e divides is all it.
  FASTACT_INLINE PointOf<true, VFloat> far(VFloat, VFloat t) {
    const CubicExponent<VFloat> u2(t, t);
    const TallExp e(-u2.v, -u2.low);
    const VFloat zero = all<VFloat>(0), one = all<VFloat>(1);
    const auto left = t < all<VFloat>(FARTHEST);
    const VFloat w_low = mul_add(t, u2.bend_low + u2.bend_low, u2.low);
    const VFloat factor = less_mul(one - u2.v, t, u2.bend + u2.bend) - w_low;
    return {bring_down(left ? -e.times(t) : -zero), lowered(left ? e.times(factor) : -zero)};
  }
};
struct gelu_tanh_pieces : SymmetricPieces<GELU_TANH, gelu_tanh_tail> {
  template <class V, class OP>
  static constexpr int AT_ONCE = FOUR_FOR_VALUES<V, OP>;
};
struct gelu_tanh : Tabled<gelu_tanh_pieces, gelu_tanh_formula> {};
#else
struct gelu_tanh : gelu_tanh_formula {};
#endif

}  // namespace
}  // namespace fastact
