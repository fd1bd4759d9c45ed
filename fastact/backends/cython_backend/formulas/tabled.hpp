// Formulas that a register's lookup shortens: polynomials in pieces, and the formula beyond them.
#pragma once

#include "point.hpp"

namespace fastact {
namespace {

#if defined(__AVX512F__)

constexpr int PIECES = 32;

FASTACT_INLINE VFloat looked_up(const float (&table)[PIECES], VInt32 index) {
  return (VFloat)_mm512_permutex2var_ps(_mm512_loadu_ps(table), (__m512i)index,
                                        _mm512_loadu_ps(table + 16));
}

// Which piece t is in. Adding ROUND rounds to an integer in the last places; a lookup takes the
// lowest 5 of them.
template <class GRID>
FASTACT_INLINE VInt32 piece_of(VFloat t) {
  VFloat rate = all<VFloat>(GRID::RATE);
  if constexpr (GRID::BEND != 0) rate = mul_add(t, all<VFloat>(GRID::BEND), rate);
  return bits(mul_add(t, rate, all<VFloat>(ExpConstants<VFloat>::ROUND)));
}

// v, but read beside a table: GCC keeps in registers only tables that every path of a loop reads.
template <int N>
FASTACT_INLINE VFloat beside(const float (&rows)[N][PIECES], VFloat v) {
  for (const auto& row : rows)
    __asm__("" : "+v"(v) : "v"(_mm512_loadu_ps(row)), "v"(_mm512_loadu_ps(row + 16)));
  return v;
}

#elif defined(__AVX2__)

constexpr int PIECES = 8;

FASTACT_INLINE VFloat looked_up(const float (&table)[PIECES], VInt32 index) {
  return (VFloat)_mm256_permutevar8x32_ps(_mm256_loadu_ps(table), (__m256i)index);
}

// The halves of the binades of 1 + t; a lookup takes the lowest 3 of these bits.
template <class GRID>
FASTACT_INLINE VInt32 piece_of(VFloat t) {
  return bits(all<VFloat>(1) + t) >> (Traits<VFloat>::MANTISSA - 1);
}

template <int N>
FASTACT_INLINE VFloat beside(const float (&)[N][PIECES], VFloat v) {
  return v;
}

#endif

#if defined(__AVX2__)

// The piece of t, and how far t is from its center.
template <class GRID>
struct Piece {
  static constexpr double END = GRID::END;
  VInt32 index;
  VFloat d;

  FASTACT_MEMBER explicit Piece(VFloat t) : index(piece_of<GRID>(t)) {
    d = t - looked_up(GRID::CENTER[0], index);
  }
  FASTACT_MEMBER VFloat value() const { return polynomial(GRID::VALUE); }
  FASTACT_MEMBER VFloat slope() const { return polynomial(GRID::SLOPE); }

  // The polynomial where d is 0, and what it rises from there, over d.
  template <int N>
  FASTACT_MEMBER VFloat start(const float (&rows)[N][PIECES]) const {
    return looked_up(rows[0], index);
  }
  template <int N>
  FASTACT_MEMBER VFloat rise(const float (&rows)[N][PIECES]) const {
    VFloat sum = looked_up(rows[N - 1], index);
#pragma GCC unroll 16
    for (int i = N - 2; i >= 1; --i) sum = mul_add(sum, d, looked_up(rows[i], index));
    return sum;
  }

  // In pairs as in vecmath.hpp, for a shorter chain, and its constant last: it rounds most.
  template <int N>
  FASTACT_MEMBER VFloat polynomial_in_pairs(const float (&rows)[N][PIECES]) const {
    const VFloat d2 = d * d;
    const auto pair = [&](int i) __attribute__((always_inline)) {
      const VFloat low = looked_up(rows[i], index);
      return i + 1 < N ? mul_add(looked_up(rows[i + 1 < N ? i + 1 : i], index), d, low) : low;
    };
    constexpr int LAST = (N - 2) / 2 * 2 + 1;
    VFloat sum = pair(LAST);
#pragma GCC unroll 16
    for (int i = LAST - 2; i > 0; i -= 2) sum = mul_add(sum, d2, pair(i));
    return mul_add(sum, d, looked_up(rows[0], index));
  }

 private:
  template <int N>
  FASTACT_MEMBER VFloat polynomial(const float (&rows)[N][PIECES]) const {
    return mul_add(rise(rows), d, start(rows));
  }
};

// FORMULA, but for floats NEAR::at(x) and, where NEAR::distance(x) is beyond the END of its pieces,
// which makes x extreme, NEAR::far(x).
template <class NEAR, class FORMULA>
struct Tabled : FORMULA {
  template <class V>
  static constexpr bool SHORT_NEAR_ZERO =
      sizeof(Scalar<V>) == 8 && FORMULA::template SHORT_NEAR_ZERO<V>;
  template <class V, class OP>
  static constexpr int AT_ONCE = NEAR::template AT_ONCE<V, OP>;

  FASTACT_INLINE bool extreme(VFloat x) { return NEAR::extreme(x); }
  FASTACT_INLINE bool extreme(Pair<VFloat> x) { return NEAR::extreme(x); }
  template <class X>
  FASTACT_INLINE bool extreme(X x) {
    return FORMULA::extreme(x);
  }

  template <bool EXTREME>
  FASTACT_INLINE PointOf<EXTREME, VFloat> at(VFloat x) {
    if constexpr (!EXTREME) {
      return NEAR::at(x);
    } else {
      const VFloat end = all<VFloat>(NEAR::END), distance = NEAR::distance(x);
      const VFloat t = max(end, min(all<VFloat>(NEAR::FARTHEST), distance));
      const auto within = not_below(end, distance);
      if (any(within)) {
        const Point<VFloat> near = NEAR::at(x);
        if (!any(~within)) return {near.value, {near.slope, near.slope, within}};
        const auto far = NEAR::far(x, t);
        const Tall<VFloat> slope = far.slope;
        return {select(within, near.value, far.value),
                {select(within, near.slope, slope.normal), slope.tall, within | slope.is_normal}};
      }
      typedef typename NEAR::Grid Grid;
      auto far = NEAR::far(x, beside(Grid::CENTER, t));
      far.value = NEAR::beside_value(far.value);
      far.slope.tall = NEAR::beside_slope(far.slope.tall);
      return far;
    }
  }
  template <bool EXTREME>
  FASTACT_INLINE PointOf<EXTREME, VDouble> at(VDouble x) {
    return FORMULA::template at<EXTREME>(x);
  }
};

// x times a gate that falls to 0 for x below -END, in the pieces of GRID, TAIL beyond them.
template <class GRID, class TAIL>
struct FallingGate : TAIL {
  typedef GRID Grid;
  static constexpr double END = GRID::END;

  template <class V, class OP>
  static constexpr int AT_ONCE = 2;

  FASTACT_INLINE VFloat distance(VFloat x) { return -x; }
  template <class X>
  FASTACT_INLINE bool extreme(X x) {
    return any_low(x, all<VFloat>(-END));
  }
};

#if defined(__AVX512F__)
// So where the tables fill registers.
template <class GRID, class TAIL>
struct FallingPieces : FallingGate<GRID, TAIL> {
  FASTACT_INLINE VFloat beside_value(VFloat v) { return beside(GRID::VALUE, v); }
  FASTACT_INLINE VFloat beside_slope(VFloat v) { return beside(GRID::SLOPE, v); }
};

// So where the gate at x is 1 less that at -x: one half serves for both.
template <class GRID, class TAIL>
struct SymmetricPieces : FallingPieces<GRID, TAIL> {
  FASTACT_INLINE Point<VFloat> at(VFloat x) {
    const VFloat t = min(all<VFloat>(GRID::END), abs(x)), one = all<VFloat>(1);
    const Piece<GRID> piece(t);
    const VFloat slope = piece.slope();
    return {sub_product(max(all<VFloat>(0), x), t, piece.value()),
            x < all<VFloat>(0) ? slope : one - slope};
  }
};
#endif

// exp(x + low) = power (1 + f); the power is taken times 2**SCALE.
struct TallExp {
  VFloat f, power;

  template <class Low>
  FASTACT_MEMBER TallExp(VFloat x, Low low) {
    typedef Traits<VFloat> T;
    const VFloat n = round_exponent(x);
    f = fraction(x, low, integer_in(n), 1, ExpConstants<VFloat>::TAIL);
    const VInt32 bias = all_ints<VFloat>(T::BIAS + T::SCALE) << T::MANTISSA;
    power = from_bits<VFloat>((bits(n) << T::MANTISSA) + bias);
  }
  FASTACT_MEMBER VFloat times(VFloat x) const { return mul_add(x, f, x) * power; }
};

#endif

}  // namespace
}  // namespace fastact
