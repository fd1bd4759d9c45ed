// A line with a wave on it.
#pragma once

#include "../reduction.hpp"
#include "point.hpp"

namespace fastact {
namespace {

// x + sin(alpha x)**2/alpha and 1 + sin(2 alpha x), as (sin + cos)**2, which keeps its digits near
// its zeros. alpha x is the exact product.
struct snake : Curved {
  template <class V, class OP>
  static constexpr int AT_ONCE = FOUR_FOR_ONE<OP>;
  static constexpr bool X_NEAR_ZERO = true;

  template <class V>
  FASTACT_INLINE Mask<V> tiny(V x, V alpha) {
    return tiny_product(x, alpha);
  }
  template <class V>
  FASTACT_INLINE bool extreme(V x, V alpha) {
    // The wave may be as large as x.
    return any_extreme(abs(x), Traits<V>::LARGEST / 2) || any_extreme(abs(x * alpha), 0x1p20);
  }

  template <bool EXTREME>
  FASTACT_INLINE Point<VDouble> at(VDouble x, VDouble alpha) {
    typedef VDouble V;
    typedef Polynomials<V> P;
    const V one = all<V>(1), two = all<V>(2), y = x * alpha;
    // Where the product overflows neither is below 1.
    const V down = all<V>(0x1p-512), x1 = opaque(abs(x) < one ? all<V>(0) : x) * down;
    const V alpha1 = opaque(abs(alpha) < one ? all<V>(0) : alpha) * down, over = x1 * alpha1;
    const Angle angle =
        reduced<EXTREME>(y, product_error(x, alpha, y), over, product_error(x1, alpha1, over));
    const V r = angle.r, z = r * r, half = all<V>(0.5);
    // Sine and cosine with what their last addition rounded away; 1 - z/2 is exact in two parts.
    const V bend = mul_add(r * z, polynomial<V>(z, z * z, P::SIN), angle.low);
    const V sine = r + bend, sine_low = (r - sine) + bend;
    const V level = mul_add(-half, z, one), level_low = mul_add(-half, z, one - level);
    const V missing = mul_add(half, product_error(r, r, z), r * angle.low);
    const V rise = mul_add(z * z, polynomial<V>(z, z * z, P::COS), level_low - missing);
    const V cosine = level + rise, cosine_low = (level - cosine) + rise;
    const V wave = angle.odd ? cosine : sine, wave_low = angle.odd ? cosine_low : sine_low;
    const V square = wave * wave;
    const V square_low = mul_add(two * wave, wave_low, product_error(wave, wave, square));
    // The inverse of a subnormal alpha may be infinite.
    const V scale = abs(alpha) < all<V>(Traits<V>::SMALLEST_NORMAL) ? all<V>(0x1p64) : one;
    const V inverse = one / (alpha * scale), q = square * scale * inverse;
    const V q_low = (remainder_of(square, q, alpha) + square_low) * scale * inverse;
    const V sum = x + q, back = sum - x, sum_low = (x - (sum - back)) + (q - back);
    const V second = angle.odd ? -cosine : cosine,
            second_low = angle.odd ? -cosine_low : cosine_low;
    const V root = sine + second, root_back = root - sine;
    const V root_low =
        ((sine - (root - root_back)) + (second - root_back)) + (sine_low + second_low);
    const V slope = mul_add(root, root, (root + root) * root_low);
    V low = sum_low + q_low;
    if (EXTREME) low = low_where(low == low, low);  // of an infinite sum
    return {value_or_line<EXTREME>(sum + low, x, alpha), slope};
  }

  // In double, with as many terms as a float needs.
  template <bool EXTREME>
  FASTACT_INLINE Point<VFloat> at(VFloat x, VFloat alpha) {
    const Point<VDouble> low = brief<EXTREME>(widen_low(x), widen_low(alpha));
    const Point<VDouble> high = brief<EXTREME>(widen_high(x), widen_high(alpha));
    return {narrow(low.value, high.value), narrow(low.slope, high.slope)};
  }

 private:
  template <bool EXTREME>
  FASTACT_INLINE Point<VDouble> brief(VDouble x, VDouble alpha) {
    typedef VDouble V;
    typedef Polynomials<VFloat> P;
    const V one = all<V>(1);
    const Angle angle = reduced<EXTREME>(x * alpha, all<V>(0), x, x);
    const V r = angle.r, z = r * r;
    const V sine = mul_add(r * z, polynomial<V>(z, z * z, P::SIN), r);
    const V cosine = mul_add(z * z, polynomial<V>(z, z * z, P::COS), mul_add(z, all<V>(-0.5), one));
    const V wave = angle.odd ? cosine : sine, root = angle.odd ? sine - cosine : sine + cosine;
    const V y = x * alpha, none = y - y;  // NaN without an angle
    return {value_or_line<EXTREME>(mul_add(wave * wave, one / alpha, x), x, alpha),
            EXTREME ? (none == none ? root * root : none) : root * root};
  }

  // The line alone where the wave is lost beside it, infinity included, and without an alpha or
  // with an infinite one.
  template <bool EXTREME>
  FASTACT_INLINE VDouble value_or_line(VDouble value, VDouble x, VDouble alpha) {
    const VDouble zero = all<VDouble>(0);
    if (EXTREME) value = abs(x * alpha) > all<VDouble>(0x1p60) ? x : value;
    const VDouble infinite = all<VDouble>(__builtin_inf());
    return ((alpha == zero) | (abs(alpha) == infinite)) ? x : value;
  }
};

}  // namespace
}  // namespace fastact
