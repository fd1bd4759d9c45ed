// Curves made of quotients and roots.
#pragma once

#include "point.hpp"

namespace fastact {
namespace {

// size/(1 + size), r being about 1/(1 + size). Where a division takes longer than what makes up for
// r: with a remainder by 1 + size as it is, not as it is rounded.
template <class V>
FASTACT_INLINE V part_of_sum(V size, V r) {
#if defined(__AVX512F__)
  const V q = size * r;
  return mul_add(sub_product(size, q, size) - q, r, q);
#else
  return size / (all<V>(1) + size);
#endif
}

// x/(1 + |x|) and (1/(1 + |x|))**2. Of the remainder, what is nearly equal is subtracted first.
struct softsign : Curved {
  static constexpr bool X_NEAR_ZERO = true, TESTS_PAIRS = true;

  template <class X>
  FASTACT_INLINE bool extreme(X x) {
    return any_extreme(abs(x), sizeof(Scalar<VectorIn<X>>) == 4 ? 0x1p62 : 0x1p510);
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x) {
    // From here on the value is 1 and the slope 0.
    const V farthest = all<V>(sizeof(Scalar<V>) == 4 ? 0x1p90 : 0x1p560);
    const V one = all<V>(1), size = EXTREME ? min(farthest, abs(x)) : abs(x);
    const V r = rough_reciprocal(one + size), value = part_of_sum(size, r);
    const V root = mul_add(sub_product(one - r, r, size), r, r);
    const V tall = size < farthest ? root * all<V>(Traits<V>::TALL) : all<V>(0);
    const V up = EXTREME ? tall : root;
    return {with_sign(value, x), slope_of<EXTREME>(up * root)};
  }
};

// With S = sqrt(x**2 + b): (x + S)/2 = max(x, 0) + b/(2 (S + |x|)), and (1 + x/S)/2, which is
// b/(2 S (S + |x|)) for x < 0.
struct squareplus : Curved {
  static constexpr bool THROUGH_ZERO = false, TESTS_PAIRS = true;

  // Beside a root that is not 0 a subnormal x does not count.
  template <class V>
  FASTACT_INLINE Mask<V> tiny(V x, V b) {
    return where_subnormal(x) & below(all<V>(0), b);
  }
  template <class X, class V>
  FASTACT_INLINE bool extreme(X x, V b) {
    typedef Reaches<V> Z;
    const auto ordinary = (b <= all<V>(Z::SQUARE)) & (b >= all<V>(Z::LOW));
    return any_extreme(abs(x), ordinary ? all<V>(Z::ROOT) : all<V>(-1));
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x, V b) {
    typedef Reaches<V> Z;
    const V zero = all<V>(0), one = all<V>(1), half = all<V>(0.5);
    // The limit of an infinite b takes no root of it; below 0 there may be none.
    const V limit = b >= zero ? b : all<V>(__builtin_nan(""));
    const Ints<V> odd = ~(limit < all<V>(__builtin_inf()));
    if (EXTREME) b = odd ? one : b;
    const V size = EXTREME ? opaque(is_subnormal(x) ? zero : abs(x)) : abs(x);
    // Where the square would overflow b is lost beside it, or both are made smaller.
    const Ints<V> overflows = size > all<V>(Z::ROOT);
    const V over_root = size * all<V>(1 / Z::ROOT) * size;
    const Ints<V> far = overflows & (max(one, b) * all<V>(Z::LOST) < over_root) & ~odd;
    const Ints<V> big = (overflows | (b > all<V>(Z::SQUARE))) & ~far;
    const auto small = (b < all<V>(Z::LOW)) & (size < all<V>(Z::LOW_ROOT));
    const V down = EXTREME ? (big ? all<V>(Z::DOWN) : (small ? all<V>(Z::UP) : one)) : one;
    const V near = EXTREME ? opaque(far ? one : size) * down : size;
    const V scale = EXTREME ? half * b * down * down : half * b;
    const V square = mul_add(near, near, EXTREME ? scale + scale : b);
    const Root<V> S = rough_root(square);
    // Newton's step to the root of p (p + |x|) = b/4, whose slope is S there; and to S itself.
    const V rough = scale * rough_reciprocal(S.root + near);
    const V left = sub_product(sub_product(half * scale, rough, near), rough, rough);
    V part = mul_add(left, S.inverse, rough);
    const V root = mul_add(sub_product(square, S.root, S.root), half * S.inverse, S.root);
    V share = scale / mul_add(root, near, square);  // beside all this a division costs no time
    if constexpr (!EXTREME) {
      return {max(zero, x) + part, x > zero ? one - share : share};
    } else {
      part = b == zero ? zero : part / down;
      share = b == zero ? (size == zero ? half : (size > zero ? zero : size)) : share;
      // b/(4 size) and b/(4 size**2), scaled where they may be subnormal.
      const Ints<V> tall = b < all<V>(Z::ROOT);
      const V beyond = opaque(far ? size : one), up = all<V>(Traits<V>::TALL);
      const V first = half * half * b * (tall ? up : one) / beyond;
      const V divisor = tall ? beyond : beyond * all<V>(Traits<V>::UNSCALE);
      const V kept = opaque(first > divisor * all<V>(Z::LEAST) ? first : zero);
      part = far ? (tall ? bring_down(first) : first) : part;
      share = (is_subnormal(x) & (b == zero)) ? zero : share;  // the root is |x|
      part = odd ? limit : part;
      share = odd ? ((limit == limit) & (x == x) ? half : limit * x) : share;
      const Tall<V> down = lowered(kept / divisor);
      const Tall<V> slope{far ? down.normal : share, down.tall,
                          down.is_normal | below(zero, far ? zero : one)};
      return {max(zero, x) + part, where_above(x, zero, one_less(slope), slope)};
    }
  }

 private:
  // Larger ones have squares, and are squares, that may overflow; DOWN makes them ordinary. b is
  // lost beside a square LOST * ROOT times as large. TALL times a share below LEAST is 0. A
  // remainder of b below LOW may be no normal number: UP makes it one where x is as small.
  template <class V>
  struct Reaches {
    static constexpr bool SINGLE = sizeof(Scalar<V>) == 4;
    static constexpr double ROOT = SINGLE ? 0x1p60 : 0x1p500, SQUARE = ROOT * ROOT;
    static constexpr double DOWN = SINGLE ? 0x1p-66 : 0x1p-530,
                            LOST = (SINGLE ? 0x1p30 : 0x1p60) / ROOT;
    static constexpr double LEAST = SINGLE ? 0x1p-100 : 0x1p-960, LOW = SINGLE ? 0x1p-70 : 0x1p-800;
    static constexpr double LOW_ROOT = SINGLE ? 0x1p-35 : 0x1p-400, UP = SINGLE ? 0x1p40 : 0x1p450;
  };
};

}  // namespace
}  // namespace fastact
