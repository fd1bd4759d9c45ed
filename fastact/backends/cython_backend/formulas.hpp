// One point of each activation: value and slope together. A loop that needs only one of them drops
// the other, and the compiler its cost. NaN in, NaN out, for both.
#pragma once

#include "vecmath.hpp"

namespace fastact {
namespace {

template <class V>
struct Point {
  V value, slope;
};

struct identity {
  template <class V>
  FASTACT_INLINE Point<V> at(V x) {
    return {x, x == x ? all<V>(1) : x};
  }
};

// e = exp(-|x|): 1/(1+e) or e/(1+e), slope e/(1+e)^2. Nothing overflows and no digits cancel.
struct sigmoid {
  template <class V>
  FASTACT_INLINE Point<V> at(V x) {
    const V one = all<V>(1);
    const V e = scaled(exp_parts(-abs(x))) * all<V>(UNSCALE);
    const V sum = one + e, low = e - (sum - one);
    const V r = rough_reciprocal(sum), inverse = finish_reciprocal(r, sum);
    const V value = divide(x < all<V>(0) ? e : one, sum, low, r);
    return {value, e * inverse * inverse};
  }
};

// t = -expm1(-2|x|): |tanh x| = t/(2-t), exact also near 0; slope 4e/(1+e)^2 with e = exp(-2|x|).
struct tanh {
  template <class V>
  FASTACT_INLINE Point<V> at(V x) {
    const V two = all<V>(2);
    const ExpParts<V> e = exp_parts(all<V>(-2) * abs(x));
    const V t = -minus_one(e);
    const V sum = two - t, low = (two - sum) - t;
    const V r = rough_reciprocal(sum), twice = two * finish_reciprocal(r, sum);
    const V value = divide(t, sum, low, r);
    return {with_sign(value, x), scaled(e) * twice * twice * all<V>(UNSCALE)};
  }
};

struct relu {
  template <class V>
  FASTACT_INLINE Point<V> at(V x) {
    const V zero = all<V>(0);
    return {x <= zero ? zero : x, x > zero ? all<V>(1) : (x <= zero ? zero : x)};
  }
};

struct leaky_relu {
  template <class V>
  FASTACT_INLINE Point<V> at(V x, V negative_slope) {
    const V zero = all<V>(0);
    return {x > zero ? x : negative_slope * x,
            x > zero ? all<V>(1) : (x <= zero ? negative_slope : x)};
  }
};

// Every formula above and the number of its parameters.
#define FASTACT_FORMULAS(FORMULA) \
  FORMULA(identity, 0)            \
  FORMULA(sigmoid, 0)             \
  FORMULA(tanh, 0)                \
  FORMULA(relu, 0)                \
  FORMULA(leaky_relu, 1)

}  // namespace
}  // namespace fastact
