// What a formula is: value and slope at a point. NaN in, NaN out, for both.
#pragma once

#include "../vecmath.hpp"

namespace fastact {
namespace {

template <class V, class S = V>
struct Point {
  V value;
  S slope;
};

// With EXTREME a slope that may be subnormal is not rounded yet: its product with dy is, once. A
// formula whose slope is an ordinary number gives a Point of two vectors.
template <bool EXTREME, class V>
struct SlopeOf {
  typedef V Type;
};
template <class V>
struct SlopeOf<true, V> {
  typedef Tall<V> Type;
};
template <bool EXTREME, class V>
using PointOf = Point<V, typename SlopeOf<EXTREME, V>::Type>;

// What a number times 2**SCALE, with EXTREME, or else the number itself, is as a slope.
template <bool EXTREME, class V>
FASTACT_INLINE typename SlopeOf<EXTREME, V>::Type slope_of(V v) {
  if constexpr (EXTREME)
    return lowered(v);
  else
    return v;
}

// 1 less what is between 0 and 1.
template <class V>
FASTACT_INLINE V one_less(V share) {
  return all<V>(1) - share;
}
template <class V>
FASTACT_INLINE V one_less(Tall<V> share) {
  return all<V>(1) - share.normal;
}

// Among so many registers there is room for several vectors' operations, side by side.
constexpr bool MANY_REGISTERS = FASTACT_VECTOR_BYTES == 64;

// at(x, parameters...): a few operations that are right for every x.
struct Straight {
  static constexpr bool CURVED = false, LIGHT_SLOPE = true, LONG_PAIRS = false;
  template <class V, class OP>
  static constexpr int AT_ONCE = 1;  // how many vectors, their operations side by side
};

// at<EXTREME>(x, parameters...), with EXTREME for vectors in which extreme(x, parameters...): where
// x is so large that a result may be subnormal, or beyond what the short form covers. Everywhere
// else both forms give the same bits. A subnormal x is extreme too; the formula is then given x
// times UP (apply.hpp), and its value there, being proportional to x, brought down again; or 0,
// where the value is x, or does not depend on so small an x.
//
// Where extreme() asks several questions, | joins them: a branch for each takes longer than the
// rest.
struct Curved {
  static constexpr bool CURVED = true;
  static constexpr bool SCALES = true;        // it is given UP x, or 0, for a tiny x
  static constexpr bool THROUGH_ZERO = true;  // the value is proportional to a tiny x
  static constexpr bool X_NEAR_ZERO = false;  // the value is x for a tiny x
  static constexpr bool TESTS_PAIRS = false;  // extreme takes a Pair in place of x
  static constexpr bool LINES = false;        // the slope alone has no extremes
  static constexpr bool LIGHT_SLOPE = false;  // it gains nothing by several vectors at once
  static constexpr bool LONG_PAIRS = false;   // the long form takes two vectors, too
  template <class V>
  static constexpr bool SHORT_NEAR_ZERO = true;  // the short form is right for UP x
  template <class V, class OP>
  static constexpr int AT_ONCE = 2;

  // Which x are tiny: each of them alone must make its vector extreme.
  template <class V, class... P>
  FASTACT_INLINE Mask<V> tiny(V x, P...) {
    return where_subnormal(x);
  }
};

// x is subnormal, and UP times it still next to nothing when multiplied by `factor`.
template <class V>
FASTACT_INLINE Mask<V> tiny_product(V x, V factor) {
  constexpr double MOST = 0x1p-30 / (Traits<V>::UP * Traits<V>::SMALLEST_NORMAL);
  return where_subnormal(x) & below(abs(factor), all<V>(MOST));
}

// So, or its quotient by something is subnormal, whose inverse this is.
template <class V>
FASTACT_INLINE Mask<V> tiny_quotient(V x, V inverse) {
  const auto subnormal = where_subnormal(x);
  return tiny_product(x, inverse) |
         where_subnormal(product_where(~subnormal, x, inverse, all<V>(0)));
}

// By a divisor above this a quotient may be 0 that no subnormal number tells of: formulas of one
// are extreme then, and take x for the value where the quotient is below LINE.
constexpr double LARGE_DIVISOR = 0x1p20, LINE = 0x1p-60;

// The size of a divisor: infinity for one whose inverse may be that.
template <class V>
FASTACT_INLINE V infinite_if_small(V size) {
  return size < all<V>(4 * Traits<V>::SMALLEST_NORMAL) ? all<V>(__builtin_inf()) : size;
}

// x times a parameter, or 0 where that is 0 times infinity: the limit, were 0 not quite 0 or
// infinity not quite that.
template <class V>
FASTACT_INLINE V limit_of_product(V x, V parameter) {
  const V product = x * parameter, number = x == x ? all<V>(0) : x;
  return product == product ? product : number;
}

// Extreme where exp(-|x|) may be next to the subnormal numbers.
struct Decaying : Curved {
  static constexpr bool TESTS_PAIRS = true;

  template <class X>
  FASTACT_INLINE bool extreme(X x) {
    return any_extreme(abs(x), ExpConstants<VectorIn<X>>::NORMAL);
  }
};

// A long chain of operations of few registers leaves room for four vectors.
template <class OP>
constexpr int FOUR_OR_TWO =
    MANY_REGISTERS || (FASTACT_VECTOR_BYTES == 32 && OP::OUTPUTS == 1) ? 4 : 2;
// One result.
template <class OP>
constexpr int FOUR_FOR_ONE = MANY_REGISTERS && OP::OUTPUTS == 1 ? 4 : 2;
template <class V>
constexpr int FOUR_OF_DOUBLES = MANY_REGISTERS && sizeof(Scalar<V>) == 8 ? 4 : 2;
// The value alone, in double.
template <class V, class OP>
constexpr int FOUR_FOR_VALUES =
    MANY_REGISTERS && sizeof(Scalar<V>) == 8 && OP::VALUE && OP::OUTPUTS == 1 ? 4 : 2;

// Straight, but for products, which are slow with a subnormal x.
struct Proportional : Curved {
  // Several at a time would take a quarter less, and their subnormal numbers up to three times as
  // long: what is made of a parameter for those was then made for each vector anew.
  template <class V, class OP>
  static constexpr int AT_ONCE = 1;

  template <class V, class... P>
  FASTACT_INLINE bool extreme(V x, P...) {
    return any_subnormal(x);
  }
};

// 1 where x > edge, 0 where it is not, NaN for NaN.
template <class V>
FASTACT_INLINE V one_above(V x, V edge) {
  return x > edge ? all<V>(1) : (x <= edge ? all<V>(0) : x);
}

// `inside` where low < x < high, elsewhere 0, NaN for NaN.
template <class V>
FASTACT_INLINE V where_between(V x, V low, V high, V inside) {
  return x <= low ? all<V>(0) : (x >= high ? all<V>(0) : (x == x ? inside : x));
}

}  // namespace
}  // namespace fastact
