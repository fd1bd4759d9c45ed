// Curves made of quotients and roots.
#pragma once

#include "point.hpp"

namespace fastact {
namespace {

// x/(1 + |x|) and (1/(1 + |x|))**2. Of the remainders, what is nearly equal is subtracted first.
struct softsign : Curved {
  template <class V>
  FASTACT_INLINE bool extreme(V x) {
    return any_extreme(abs(x), sizeof(Scalar<V>) == 4 ? 0x1p62 : 0x1p510);
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE Point<V> at(V x) {
    // From here on the value is 1 and the slope 0.
    const V farthest = all<V>(sizeof(Scalar<V>) == 4 ? 0x1p90 : 0x1p560);
    const V one = all<V>(1), size = EXTREME ? min(farthest, abs(x)) : abs(x);
    const V r = rough_reciprocal(one + size), q = size * r;
    const V value = mul_add(sub_product(size - q, q, size), r, q);
    const V root = mul_add(sub_product(one - r, r, size), r, r);
    const V slope = EXTREME ? bring_down(root * all<V>(Traits<V>::TALL) * root) : root * root;
    return {with_sign(value, x), slope};
  }
};

// With S = sqrt(x**2 + b): (x + S)/2 = max(x, 0) + b/(2 (S + |x|)), and (1 + x/S)/2.
struct squareplus : Curved {
  static constexpr bool SCALES = false;

  template <class V>
  FASTACT_INLINE bool extreme(V x, V) {
    return any_extreme(abs(x), sizeof(Scalar<V>) == 4 ? 0x1p60 : 0x1p500);
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE Point<V> at(V x, V b) {
    const V zero = all<V>(0), one = all<V>(1), half = all<V>(0.5);
    // (Beside a root that is not 0 a subnormal x does not count.)
    const V size = EXTREME ? opaque(is_subnormal(x) ? zero : abs(x)) : abs(x);
    const V scale = half * b, near = EXTREME ? opaque(far_off(size) ? one : size) : size;
    const V square = mul_add(near, near, b), S = max(near, square_root(square));
    const V s = rough_reciprocal(S), S_low = sub_product(square, S, S) * (half * s);
    const V sum = S + near, sum_low = ((S - sum) + near) + S_low;
    const V r = rough_reciprocal(sum), q = scale * r;
    V part = mul_add(sub_product(sub_product(scale, q, sum), q, sum_low), r, q);
    const V ratio = part * s;
    V share = mul_add(sub_product(sub_product(part, ratio, S), ratio, S_low), s, ratio);
    const auto nowhere = sum == zero;  // x and b are 0
    part = nowhere ? zero : part;
    share = nowhere ? half : share;
    if (EXTREME) {
      // Where the square would overflow, b does not count beside it.
      const auto far = far_off(size);
      const V tall = half * scale * all<V>(Traits<V>::TALL), beyond = opaque(far ? size : one);
      part = far ? bring_down(tall / beyond) : part;
      const V most = min(all<V>(sizeof(Scalar<V>) == 4 ? 0x1p90 : 0x1p560), beyond);
      share = far ? bring_down(tall / most / most) : share;
      share = is_subnormal(x) & (b == zero) ? zero : share;  // the root is |x|
    }
    return {x > zero ? x + part : part, x > zero ? one - share : share};
  }

 private:
  template <class V>
  FASTACT_INLINE Ints<V> far_off(V size) {
    return size > all<V>(sizeof(Scalar<V>) == 4 ? 0x1p60 : 0x1p500);
  }
};

}  // namespace
}  // namespace fastact
