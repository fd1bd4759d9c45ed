// The hyperbolic tangent and its kin.
#pragma once

#include "tabled.hpp"

namespace fastact {
namespace {

// tanh(size + low) and its slope, times 2**SCALE if EXTREME. With exp(2 size) = power (1 + 2h) and
// u = 1/power: tanh = rise/(rise + u), rise = h + (1 - u)/2, and the slope is s (1 + tanh),
// s = u/(rise + u). The power is rounded down: h is not negative, and nothing cancels. Remainders as
// in logistic.hpp: of tanh first what is nearly equal, so that little is rounded.
template <class V>
struct Tanh {
  V value, slope;
  V most, more;  // of the value, before their sum is rounded
};

template <bool EXTREME, class V, class Low>
FASTACT_INLINE Tanh<V> tanh_of(V size, Low low) {
  typedef ExpConstants<V> C;
  const V half = all<V>(0.5), one = all<V>(1);
  const V n = halves_of_ln2(size), h = precise_fraction(size, low, n, 0.5, C::HALF_TAIL);
  const V u = EXTREME ? normal_power(n, size, C::NORMAL / 2) : inverse_power(n, 0);
  const V rise = h + sub_product(half, half, u);
  const V r = rough_reciprocal(rise + u), q = rise * r;
  const V left = sub_product(sub_product(rise, q, u), q, rise), value = mul_add(left, r, q);
  const V numerator = EXTREME ? tall_power(n, size, C::LIMIT / 2) : u, s = numerator * r;
  const V share = mul_add(sub_product(sub_product(numerator, s, u), s, rise), r, s);
  return {value, share * (value + one), q, left * r};
}

struct tanh_formula : Curved {
  static constexpr bool X_NEAR_ZERO = true;

  template <class V>
  FASTACT_INLINE bool extreme(V x) {
    return any_extreme(abs(x), ExpConstants<V>::NORMAL / 2);
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x) {
    const V size = EXTREME ? min(all<V>(ExpConstants<V>::LIMIT / 2), abs(x)) : abs(x);
    const Tanh<V> p = tanh_of<EXTREME>(size, Exact());
    return {with_sign(p.value, x), slope_of<EXTREME>(p.slope)};
  }
};

#if defined(__AVX512F__)
struct tanh_pieces {
  typedef TANH Grid;
  static constexpr double END = TANH::END;
  static constexpr double FARTHEST = 64;  // nothing of the slope is left here

  FASTACT_INLINE VFloat distance(VFloat x) { return abs(x); }
  FASTACT_INLINE VFloat beside_value(VFloat v) { return beside(TANH::RISE, beside(TANH::REST, v)); }
  FASTACT_INLINE VFloat beside_slope(VFloat v) { return v; }

  // From a piece's center on tanh rises as much as 1 - tanh falls. Both begin there without an error:
  // value and slope, that is (1 - tanh)(1 + tanh), keep their last bits, one small and the other.
  FASTACT_INLINE Point<VFloat> at(VFloat x) {
    const VFloat t = abs(x), one = all<VFloat>(1);
    const Piece<TANH> piece(t);
    const VFloat start = looked_up(TANH::REST[0], piece.index), rise = piece.polynomial(TANH::RISE);
    const VFloat value = mul_add(rise, piece.d, one - start);
    const VFloat rest = sub_product(start, rise, piece.d);
    return {with_sign(value, x), mul_add(rest, value, rest)};
  }

  // 1/cosh(t)**2 = 4 exp(-2 t) (1 - ...), but for less than a float's last place.
  FASTACT_INLINE PointOf<true, VFloat> far(VFloat x, VFloat t) {
    const TallExp e(t * all<VFloat>(-2), Exact());
    return {with_sign(all<VFloat>(1), x), lowered(e.times(all<VFloat>(4)))};
  }
};
struct tanh : Tabled<tanh_pieces, tanh_formula> {};
#else
struct tanh : tanh_formula {};
#endif

// cap tanh(x/cap), with what the quotient's rounding left out.
struct softcap : Curved {
  static constexpr bool X_NEAR_ZERO = true;

  template <class V>
  FASTACT_INLINE Mask<V> tiny(V x, V cap) {
    return tiny_quotient(x, all<V>(1) / cap);
  }
  template <class V>
  FASTACT_INLINE bool extreme(V x, V cap) {
    return any_extreme(abs(x), Traits<V>::LARGEST) ||
           any_extreme(abs(x * (all<V>(1) / cap)), ExpConstants<V>::NORMAL / 2) ||
           any_above(abs(cap), all<V>(LARGE_DIVISOR));
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x, V cap) {
    const V limit = all<V>(ExpConstants<V>::LIMIT / 2), r = all<V>(1) / cap, z = x * r;
    const V size = EXTREME ? min(limit, abs(z)) : abs(z);
    V low = low_of_size(remainder_of(x, z, cap) * r, z);
    const auto line = (abs(cap) > all<V>(LARGE_DIVISOR)) & (size < all<V>(LINE));
    if (EXTREME) low = low_where((size < limit) & ~line, low);
    const Tanh<V> p = tanh_of<EXTREME>(size, low);
    const V value = exact_mul_add(abs(cap), p.most, abs(cap) * p.more);
    const V curve = with_sign(value, x);
    return {EXTREME ? (line ? x : curve) : curve, slope_of<EXTREME>(p.slope)};
  }
};

struct tanh_shrink : Curved {
  static constexpr bool SCALES = false;

  template <class V>
  FASTACT_INLINE bool extreme(V x) {
    return any_extreme(abs(x), ExpConstants<V>::NORMAL / 2);
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE Point<V> at(V x) {
    typedef Polynomials<V> P;
    const V limit = all<V>(ExpConstants<V>::LIMIT / 2);
    // The cube of a subnormal number is 0.
    const V size = EXTREME ? opaque(is_subnormal(x) ? all<V>(0) : min(limit, abs(x))) : abs(x);
    const Tanh<V> p = tanh_of<EXTREME>(size, Exact());
    const V square = size * size, square_low = product_error(size, size, square);
    // In powers of the distance from a center: they add half as much as powers of the square.
    const V distance = square - all<V>(P::TANH_SHRINK_CENTER);
    const V ratio = polynomial_of(distance, P::TANH_SHRINK);
    const auto near = square <= all<V>(1.75);
    const V cube = size * square;
    const V cube_low = mul_add(size, square_low, product_error(size, square, cube));
    const V shrunk = near ? exact_mul_add(cube, ratio, cube_low * ratio) : (abs(x) - p.most) - p.more;
    return {with_sign(shrunk, x), p.value * p.value};
  }
};

}  // namespace
}  // namespace fastact
