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

// With exp(|x|) = power (1 + f) and u = 1/power the sigmoid of -|x| is share = u/(1 + f + u), that
// of |x| is 1 - share, and the slope is their product. Nothing overflows or cancels.
struct sigmoid {
  template <class V>
  FASTACT_INLINE Point<V> at(V x) {
    typedef ExpConstants<V> C;
    const V one = all<V>(1), size = min(all<V>(C::LIMIT), abs(x));
    const V n = round_exponent(size), f = fraction(size, n, 1, C::TAIL);
    const V u = inverse_power(n), tall = tall_power(n, size, C::LIMIT);
    // The remainder of the division is taken from f and u: the rounding of their sum counts for
    // nothing. (u is a power of two, so q*u is exact, and tall - q nearly always.)
    const V r = rough_reciprocal(f + (one + u)), q = tall * r;
    const V remainder = sub_product(sub_product(tall - q, q, u), q, f);
    const V tall_share = mul_add(remainder, r, q), share = tall_share * all<V>(UNSCALE);
    const V rest = one - share;
    return {x < all<V>(0) ? share : rest, tall_share * rest * all<V>(UNSCALE)};
  }
};

// With exp(2|x|) = power (1 + 2h) and u = 1/power: |tanh x| = rise/(rise + u), rise = h + (1 - u)/2,
// and the slope is s (1 + |tanh x|), s = u/(rise + u). The power is rounded down: h is not negative,
// and nothing cancels.
struct tanh {
  template <class V>
  FASTACT_INLINE Point<V> at(V x) {
    typedef ExpConstants<V> C;
    const V half = all<V>(0.5), size = min(all<V>(C::LIMIT / 2), abs(x));
    const V n = halves_of_ln2(size), h = fraction(size, n, 0.5, C::HALF_TAIL);
    const V u = inverse_power(n), rise = h + sub_product(half, half, u);
    const V sum = h + mul_add(half, u, half);  // rise + u, sooner
    // Remainders as above: of |tanh x| first what is nearly equal, so that little is rounded.
    const V r = rough_reciprocal(sum), q = rise * r;
    const V value = mul_add(sub_product(sub_product(rise, q, u), q, rise), r, q);
    const V tall = tall_power(n, size, C::LIMIT / 2), s = tall * r;
    const V tall_share = mul_add(sub_product(sub_product(tall, s, u), s, rise), r, s);
    return {with_sign(value, x), tall_share * mul_add(value, all<V>(UNSCALE), all<V>(UNSCALE))};
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
