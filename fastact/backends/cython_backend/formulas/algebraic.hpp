// Curves made of quotients and roots.
#pragma once

#include "point.hpp"

namespace fastact {
namespace {

// x/(1 + |x|) and (1/(1 + |x|))**2. Of the remainders, what is nearly equal is subtracted first.
struct softsign : Curved {
  static constexpr bool X_NEAR_ZERO = true;

  template <class V>
  FASTACT_INLINE bool extreme(V x) {
    return any_extreme(abs(x), sizeof(Scalar<V>) == 4 ? 0x1p62 : 0x1p510);
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x) {
    // From here on the value is 1 and the slope 0.
    const V farthest = all<V>(sizeof(Scalar<V>) == 4 ? 0x1p90 : 0x1p560);
    const V one = all<V>(1), size = EXTREME ? min(farthest, abs(x)) : abs(x);
    const V r = rough_reciprocal(one + size), q = size * r;
    const V value = mul_add(sub_product(size - q, q, size), r, q);
    const V root = mul_add(sub_product(one - r, r, size), r, r);
    const V up = EXTREME ? root * all<V>(Traits<V>::TALL) : root;
    return {with_sign(value, x), slope_of<EXTREME>(up * root)};
  }
};

// With S = sqrt(x**2 + b): (x + S)/2 = max(x, 0) + b/(2 (S + |x|)), and (1 + x/S)/2.
struct squareplus : Curved {
  static constexpr bool THROUGH_ZERO = false;

  // Beside a root that is not 0 a subnormal x does not count.
  template <class V>
  FASTACT_INLINE Mask<V> tiny(V x, V b) {
    return where_subnormal(x) & below(all<V>(0), b);
  }
  template <class V>
  FASTACT_INLINE bool extreme(V x, V b) {
    typedef Sizes<V> Z;
    return any_extreme(abs(x), Z::ROOT) || any_above(b, all<V>(Z::SQUARE)) ||
           any_above(all<V>(Z::LOW), b);
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x, V b) {
    typedef Sizes<V> Z;
    const V zero = all<V>(0), one = all<V>(1), half = all<V>(0.5);
    const V size = EXTREME ? opaque(is_subnormal(x) ? zero : abs(x)) : abs(x);
    // Where the square would overflow b is lost beside it, or both are made smaller.
    const Ints<V> overflows = size > all<V>(Z::ROOT);
    const V over_root = size * all<V>(1 / Z::ROOT) * size;
    const Ints<V> far = overflows & (max(one, b) * all<V>(Z::LOST) < over_root);
    const Ints<V> big = (overflows | (b > all<V>(Z::SQUARE))) & ~far;
    const V down = EXTREME ? (big ? all<V>(Z::DOWN) : one) : one;
    const V near = EXTREME ? opaque(far ? one : size) * down : size;
    const V scale = EXTREME ? half * b * down * down : half * b;
    const V square = mul_add(near, near, EXTREME ? scale + scale : b);
    Root<V> S = root_of(square);
    if (EXTREME) {
      const Ints<V> small = square < all<V>(Z::LOW);
      const V exact = max(square_root(square), near);  // the square may be 0
      S = {small ? exact : S.root, small ? one / exact : S.inverse};
    }
    S.root = max(S.root, near);
    const V S_low = sub_product(square, S.root, S.root) * (half * S.inverse);
    const V sum = S.root + near, sum_low = ((S.root - sum) + near) + S_low;
    const V r = rough_reciprocal(sum), q = scale * r;
    const V left = sub_product(sub_product(scale, q, sum), q, sum_low);
    V part = mul_add(left, r, q);
    // Over S before the sum is rounded.
    const V ratio = part * S.inverse;
    const V share_left = sub_product(mul_add(left, r, sub_product(q, ratio, S.root)), ratio, S_low);
    V share = mul_add(share_left, S.inverse, ratio);
    if constexpr (!EXTREME) {
      return {max(zero, x) + part, x > zero ? one - share : share};
    } else {
      const auto nowhere = sum == zero;  // x and b are 0
      part = nowhere ? zero : part;
      share = nowhere ? half : share;
      part = big ? part * all<V>(1 / Z::DOWN) : part;
      // b/(4 size) and b/(4 size**2), scaled where they may be subnormal.
      const Ints<V> tall = b < all<V>(Z::ROOT);
      const V beyond = opaque(far ? size : one), up = all<V>(Traits<V>::TALL);
      const V first = half * half * b * (tall ? up : one) / beyond;
      const V divisor = tall ? beyond : beyond * all<V>(Traits<V>::UNSCALE);
      const V kept = opaque(first > divisor * all<V>(Z::LEAST) ? first : zero);
      part = far ? (tall ? bring_down(first) : first) : part;
      share = is_subnormal(x) & (b == zero) ? zero : share;  // the root is |x|
      const Tall<V> down = lowered(kept / divisor);
      const Tall<V> slope{far ? down.normal : share, down.tall,
                          down.is_normal | below(zero, far ? zero : one)};
      return {max(zero, x) + part, where_above(x, zero, one_less(slope), slope)};
    }
  }

 private:
  // Larger ones have squares, and are squares, that may overflow; DOWN makes them ordinary. b is lost
  // beside a square LOST * ROOT times as large. TALL times a share below LEAST is 0. The remainder of
  // the root of a square below LOW may be no normal number.
  template <class V>
  struct Sizes {
    static constexpr bool SINGLE = sizeof(Scalar<V>) == 4;
    static constexpr double ROOT = SINGLE ? 0x1p60 : 0x1p500, SQUARE = ROOT * ROOT;
    static constexpr double DOWN = SINGLE ? 0x1p-66 : 0x1p-530, LOST = (SINGLE ? 0x1p30 : 0x1p60) / ROOT;
    static constexpr double LEAST = SINGLE ? 0x1p-100 : 0x1p-960, LOW = SINGLE ? 0x1p-70 : 0x1p-800;
  };
};

}  // namespace
}  // namespace fastact
