// Activations made of lines and parabolas.
#pragma once

#include "point.hpp"

namespace fastact {
namespace {

struct identity : Straight {
  template <class V>
  FASTACT_INLINE Point<V> at(V x) {
    return {x, x == x ? all<V>(1) : x};
  }
};

struct linear : Proportional {
  static constexpr bool SCALES = false, LINES = true;

  template <bool EXTREME, class V>
  FASTACT_INLINE Point<V> at(V x, V slope) {
    return {EXTREME ? subnormal_product(slope, x) : slope * x, x == x ? slope : x};
  }
};

struct step : Straight {
  template <class V>
  FASTACT_INLINE Point<V> at(V x, V at_zero) {
    const V zero = all<V>(0), slope = x == x ? zero : x;
    return {x > zero ? all<V>(1) : (x == zero ? at_zero : slope), slope};
  }
};

struct relu : Straight {
  template <class V>
  FASTACT_INLINE Point<V> at(V x) {
    const V zero = all<V>(0);
    return {x <= zero ? zero : x, one_above(x, zero)};
  }
};

struct relu6 : Straight {
  template <class V>
  FASTACT_INLINE Point<V> at(V x) {
    const V zero = all<V>(0), six = all<V>(6);
    return {x <= zero ? zero : (x >= six ? six : x), where_between(x, zero, six, all<V>(1))};
  }
};

struct squared_relu : Proportional {
  static constexpr bool SCALES = false;

  template <bool, class V>
  FASTACT_INLINE Point<V> at(V x) {
    const V zero = all<V>(0), above = x <= zero ? zero : x;
    return {above * above, above + above};
  }
};

struct leaky_relu : Proportional {
  static constexpr bool SCALES = false, LINES = true;

  template <bool EXTREME, class V>
  FASTACT_INLINE Point<V> at(V x, V negative_slope) {
    const V zero = all<V>(0);
    const V line = EXTREME ? subnormal_product(negative_slope, x) : negative_slope * x;
    return {x > zero ? x : line, x > zero ? all<V>(1) : (x <= zero ? negative_slope : x)};
  }
};

struct prelu : leaky_relu {
  template <bool, class V>
  FASTACT_INLINE V parameter_slope(V x, V) {
    return x > all<V>(0) ? all<V>(0) : x;
  }
};

struct thresholded_relu : Straight {
  template <class V>
  FASTACT_INLINE Point<V> at(V x, V alpha) {
    return {x <= alpha ? all<V>(0) : x, one_above(x, alpha)};
  }
};

struct threshold : Straight {
  template <class V>
  FASTACT_INLINE Point<V> at(V x, V threshold, V value) {
    return {x <= threshold ? value : x, one_above(x, threshold)};
  }
};

struct hard_tanh : Straight {
  template <class V>
  FASTACT_INLINE Point<V> at(V x, V low, V high) {
    return {x <= low ? low : (x >= high ? high : x), where_between(x, low, high, all<V>(1))};
  }
};

// The rounding of 1/6 alone would cost half a unit.
constexpr Real SIXTH{0x1.5555555555555p-3, 0x1.5555555555555p-57};

struct hard_sigmoid : Straight {
  template <class V>
  FASTACT_INLINE Point<V> at(V x) {
    const V three = all<V>(3), clipped = min(all<V>(6), max(all<V>(0), x + three));
    return {times(SIXTH, clipped), where_between(x, -three, three, all<V>(1 / 6.0))};
  }
};

struct hard_sigmoid_affine : Proportional {
  static constexpr bool SCALES = false;

  template <bool EXTREME, class V>
  FASTACT_INLINE Point<V> at(V x, V slope, V offset) {
    const V zero = all<V>(0), one = all<V>(1);
    const Mask<V> subnormal = where_subnormal(x);
    const V near = EXTREME ? opaque(select(subnormal, zero, x)) : x;
    // Where the slope ends is told by the difference to 1, which does not round where it matters.
    V line = exact_mul_add(slope, near, offset);
    const V above = exact_mul_add(slope, near, offset - one);
    V inside = above >= zero ? zero : slope;
    if (EXTREME) {
      // Where a subnormal x counts: beside a small offset, or times a large slope, or next to 1.
      constexpr double SMALL = sizeof(Scalar<V>) == 4 ? 0x1p-60 : 0x1p-900;
      const Mask<V> counts = subnormal & (below(abs(offset), all<V>(SMALL)) | same(offset, one) |
                                          below(all<V>(0x1p30), abs(slope)));
      if (any(counts)) {
        const V product = subnormal_product(slope, x), more = product + (offset - one);
        line = select(counts, product + offset, line);
        inside = select(counts, more >= zero ? zero : slope, inside);
      }
    }
    return {line <= zero ? zero : min(one, line),
            line <= zero ? zero : (line == line ? inside : line)};
  }
};

struct hard_swish : Proportional {
  template <bool, class V>
  FASTACT_INLINE Point<V> at(V x) {
    const V zero = all<V>(0), one = all<V>(1), three = all<V>(3);
    // x/6 + 1/2 as if 1/6 were not rounded: next to its zero nothing is lost. At infinity it is
    // NaN, where min takes its second argument.
    const V line = exact_mul_add(x, high<V>(SIXTH), all<V>(0.5));
    const V share = min(mul_add(x, rest<V>(SIXTH), line), one);
    const V slope = times(SIXTH, mul_add(x, all<V>(2), three));
    return {x <= -three ? -zero : x * share, x <= -three ? zero : (x >= three ? one : slope)};
  }
};

// x - copysign(bias, x) outside of [-lambd, lambd], elsewhere 0 with the sign of x.
struct shrink : Straight {
  template <class V>
  FASTACT_INLINE Point<V> at(V x, V lambd, V bias) {
    const V size = abs(x), toward = from_bits<V>(bits(bias) ^ (bits(x) & sign_bit<V>()));
    const V nothing = with_sign(all<V>(0), x);
    return {size <= lambd ? nothing : x - toward, one_above(size, lambd)};
  }
};

struct soft_shrink : Straight {
  template <class V>
  FASTACT_INLINE Point<V> at(V x, V lambd) {
    return shrink::at(x, lambd, lambd);
  }
};

struct hard_shrink : Straight {
  template <class V>
  FASTACT_INLINE Point<V> at(V x, V lambd) {
    const V size = abs(x);
    return {size <= lambd ? with_sign(all<V>(0), x) : x, one_above(size, lambd)};
  }
};

struct sparse_plus : Straight {
  template <class V>
  FASTACT_INLINE Point<V> at(V x) {
    const V zero = all<V>(0), one = all<V>(1), half = all<V>(0.5);
    const V inside = x >= one ? one : x, middle = (inside + one) * half;
    return {x <= -one ? zero : (x >= one ? x : middle * middle),
            x <= -one ? zero : (x >= one ? one : middle)};
  }
};

struct sparse_sigmoid : Straight {
  template <class V>
  FASTACT_INLINE Point<V> at(V x) {
    const V zero = all<V>(0), one = all<V>(1), half = all<V>(0.5);
    const V inside = x >= one ? one : x;
    return {x <= -one ? zero : (inside + one) * half, where_between(x, -one, one, half)};
  }
};

}  // namespace
}  // namespace fastact
