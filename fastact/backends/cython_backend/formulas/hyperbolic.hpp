// The hyperbolic tangent and its kin.
#pragma once

#include "../pieces/tanh.hpp"
#include "tabled.hpp"

namespace fastact {
namespace {

// With exp(2 (size + low)) = power (1 + 2h) and u = 1/power: tanh = rise/total, rise = h + (1 -
// u)/2 and total = rise + u, and 1 - tanh = u/total; `tall` is u times 2**SCALE if EXTREME. The
// power is rounded down: h is not negative, and nothing cancels.
template <class V>
struct TanhParts {
  V rise, total, u, tall;

  // The slope, of 1 - tanh, times 2**SCALE if that is.
  FASTACT_INLINE V slope(V less, V tall_less) {
    return less_mul(tall_less + tall_less, less, tall_less);
  }
};

template <bool EXTREME, class V, class Low>
FASTACT_INLINE TanhParts<V> tanh_parts(V size, Low low) {
  typedef ExpConstants<V> C;
  const V half = all<V>(0.5);
  const V n = halves_of_ln2(size);
  const V h = precise_fraction(size, low, integer_in(n), 0.5, C::HALF_TAIL);
  const V u = EXTREME ? normal_power(n, size, C::NORMAL / 2) : inverse_power(n, 0);
  const V rise = h + less_mul(half, half, u);
  return {rise, rise + u, u, EXTREME ? tall_power(n, size, C::LIMIT / 2) : u};
}

// tanh(size + low) to more digits, and its slope, times 2**SCALE if EXTREME. Of the remainder first
// what is nearly equal, so that little is rounded.
template <class V>
struct Tanh {
  V value, slope;
  V most, more;  // of the value, before their sum is rounded
};

template <bool EXTREME, class V, class Low>
FASTACT_INLINE Tanh<V> tanh_of(V size, Low low) {
  const TanhParts<V> p = tanh_parts<EXTREME>(size, low);
  const V one = all<V>(1), r = rough_reciprocal(p.total), q = p.rise * r;
  const V left = sub_product(sub_product(p.rise, q, p.u), q, p.rise);
  const V r_left = sub_product(one, p.total, r), first = p.u * r, s = mul_add(first, r_left, first);
  const V tall = EXTREME ? mul_add(p.tall * r, r_left, p.tall * r) : s;
  return {mul_add(left, r, q), TanhParts<V>::slope(s, tall), q, left * r};
}

struct tanh_formula : Curved {
  template <class V, class OP>
  static constexpr int AT_ONCE = FOUR_OR_TWO<OP>;
  static constexpr bool X_NEAR_ZERO = true, TESTS_PAIRS = true;

  template <class X>
  FASTACT_INLINE bool extreme(X x) {
    return any_extreme(abs(x), ExpConstants<VectorIn<X>>::NORMAL / 2);
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x) {
    const V size = EXTREME ? min(all<V>(ExpConstants<V>::LIMIT / 2), abs(x)) : abs(x);
    if constexpr (sizeof(Scalar<V>) == 4) {  // the rounding of the sum would cost too many digits
      const Tanh<V> p = tanh_of<EXTREME>(size, Exact());
      return {with_sign(p.value, x), slope_of<EXTREME>(p.slope)};
    } else {
      const TanhParts<V> p = tanh_parts<EXTREME>(size, Exact());
      const V slope = TanhParts<V>::slope(p.u / p.total, p.tall / p.total);
      return {with_sign(p.rise / p.total, x), slope_of<EXTREME>(slope)};
    }
  }
};

#if defined(__AVX512F__)
// From the center of t's piece on tanh rises by `rise` times d, and 1 - tanh falls by as much. Both
// begin there without an error, so that each keeps its last bits where it is small.
struct TanhPiece : Piece<TANH> {
  VFloat rest, start, rise;

  FASTACT_MEMBER explicit TanhPiece(VFloat t)
      : Piece<TANH>(t),
        rest(looked_up(TANH::REST[0], index)),
        start(all<VFloat>(1) - rest),
        rise(polynomial_in_pairs(TANH::RISE)) {}
  FASTACT_MEMBER VFloat tanh() const { return mul_add(rise, d, start); }
  FASTACT_MEMBER VFloat one_less_tanh() const { return sub_product(rest, rise, d); }
};

struct tanh_pieces {
  typedef TANH Grid;
  static constexpr double END = TANH::END;
  static constexpr double FARTHEST = 64;  // nothing of the slope is left here

  template <class V, class OP>
  static constexpr int AT_ONCE =
      sizeof(Scalar<V>) == 8 ? FOUR_FOR_ONE<OP> : 1;  // the lookups fill the registers

  FASTACT_INLINE VFloat distance(VFloat x) { return abs(x); }
  FASTACT_INLINE bool extreme(VFloat x) { return any_extreme(abs(x), END); }
  FASTACT_INLINE VFloat beside_value(VFloat v) { return beside(TANH::RISE, beside(TANH::REST, v)); }
  FASTACT_INLINE VFloat beside_slope(VFloat v) { return v; }

  FASTACT_INLINE Point<VFloat> at(VFloat x) {
    const TanhPiece piece(abs(x));
    const VFloat value = piece.tanh(), less = piece.one_less_tanh();
    return {with_sign(value, x), mul_add(less, value, less)};
  }

  // 1/cosh(t)**2 = 4 exp(-2 t) (1 - ...), but for less than a float's last place.
  FASTACT_INLINE PointOf<true, VFloat> far(VFloat x, VFloat t) {
    const TallExp e(t * all<VFloat>(-2), Exact());
    const VFloat four = t < all<VFloat>(FARTHEST) ? all<VFloat>(4) : all<VFloat>(0);
    return {with_sign(all<VFloat>(1), x), lowered(e.times(four))};
  }
};
struct tanh : Tabled<tanh_pieces, tanh_formula> {};
#else
struct tanh : tanh_formula {};
#endif

// cap tanh(x/cap), with what the quotient's rounding left out.
struct softcap : Curved {
  template <class V, class OP>
  static constexpr int AT_ONCE = FOUR_OF_DOUBLES<V>;
  static constexpr bool X_NEAR_ZERO = true;

  template <class V>
  FASTACT_INLINE Mask<V> tiny(V x, V cap) {
    return tiny_quotient(x, all<V>(1) / cap);
  }
  template <class V>
  FASTACT_INLINE bool extreme(V x, V cap) {
    return any_extreme(abs(x), Traits<V>::LARGEST) ||
           (any_extreme(abs(x * (all<V>(1) / cap)), ExpConstants<V>::NORMAL / 2) |
            any_above(infinite_if_small(abs(cap)), all<V>(LARGE_DIVISOR)));
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE PointOf<EXTREME, V> at(V x, V cap) {
    const V limit = all<V>(ExpConstants<V>::LIMIT / 2), r = all<V>(1) / cap;
    const auto zero = x == all<V>(0);
    const V z = EXTREME ? (zero ? x : x * r) : x * r;
    const V size = EXTREME ? min(limit, abs(z)) : abs(z);
    V low = low_of_size(remainder_of(x, z, cap) * r, z);
    const auto line = ((abs(cap) > all<V>(LARGE_DIVISOR)) & (size < all<V>(LINE))) | zero;
    if (EXTREME) low = low_where((size < limit) & ~line, low);
    const Tanh<V> p = tanh_of<EXTREME>(size, low);
    const V value = exact_mul_add(abs(cap), p.most, abs(cap) * p.more);
    const V curve = with_sign(value, x);
    return {EXTREME ? (line ? x : curve) : curve, slope_of<EXTREME>(p.slope)};
  }
};

// tanh(size), and `whole` less it, for sizes up to `END`: there tanh is 1.
template <class V>
struct TanhBeside {
  static constexpr double END = ExpConstants<V>::NORMAL / 2, LIMIT = ExpConstants<V>::LIMIT / 2;
  V tanh, left;

  template <bool EXTREME>
  FASTACT_INLINE TanhBeside at(V size, V whole) {
    const Tanh<V> p = tanh_of<EXTREME>(size, Exact());
    return {p.value, (whole - p.most) - p.more};
  }
};
#if defined(__AVX512F__)
template <>
struct TanhBeside<VFloat> {
  static constexpr double END = TANH::END, LIMIT = END;
  VFloat tanh, left;

  template <bool>
  FASTACT_INLINE TanhBeside at(VFloat size, VFloat whole) {
    const TanhPiece p(size);
    return {p.tanh(), sub_product(whole - p.start, p.rise, p.d)};
  }
};
#endif

struct tanh_shrink : Curved {
  static constexpr bool SCALES = false;

  template <class V>
  FASTACT_INLINE bool extreme(V x) {
    return any_extreme(abs(x), TanhBeside<V>::END);
  }
  template <bool EXTREME, class V>
  FASTACT_INLINE Point<V> at(V x) {
    typedef Polynomials<V> P;
    typedef TanhBeside<V> Beside;
    const V limit = all<V>(Beside::LIMIT);
    // The cube of a subnormal number is 0.
    const V size = EXTREME ? opaque(is_subnormal(x) ? all<V>(0) : min(limit, abs(x))) : abs(x);
    const Beside p = Beside::template at<EXTREME>(size, abs(x));
    const V square = size * size, square_low = product_error(size, size, square);
    // In powers of the distance from a center: they add half as much as powers of the square.
    const V distance = square - all<V>(P::TANH_SHRINK_CENTER);
    const V ratio = polynomial_of(distance, P::TANH_SHRINK);
    const auto near = square <= all<V>(1.75);
    const V cube = size * square;
    const V cube_low = mul_add(size, square_low, product_error(size, square, cube));
    const V shrunk = near ? exact_mul_add(cube, ratio, cube_low * ratio) : p.left;
    return {with_sign(shrunk, x), p.tanh * p.tanh};
  }
};

}  // namespace
}  // namespace fastact
