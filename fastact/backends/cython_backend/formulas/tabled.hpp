// Formulas that a register's lookup shortens: polynomials in pieces, and the formula beyond them.
#pragma once

#include "../pieces.hpp"
#include "point.hpp"

namespace fastact {
namespace {

#if defined(__AVX512F__)

FASTACT_INLINE VFloat looked_up(const float (&table)[32], VInt32 index) {
  return (VFloat)_mm512_permutex2var_ps(_mm512_loadu_ps(table), (__m512i)index,
                                        _mm512_loadu_ps(table + 16));
}

// The piece of t, and how far t is from its middle.
template <class GRID>
struct Piece {
  static constexpr double END = 31.49 * GRID::WIDTH;  // as far as the pieces reach
  VInt32 index;
  VFloat d;

  FASTACT_MEMBER explicit Piece(VFloat t) {
    // Adding ROUND rounds to an integer in the last places; a lookup takes the lowest 5 of them.
    index = bits(mul_add(t, all<VFloat>(1 / GRID::WIDTH), all<VFloat>(ExpConstants<VFloat>::ROUND)));
    d = t - looked_up(GRID::MIDDLE[0], index);
  }
  FASTACT_MEMBER VFloat value() const { return polynomial(GRID::VALUE); }
  FASTACT_MEMBER VFloat slope() const { return polynomial(GRID::SLOPE); }

 private:
  template <int N>
  FASTACT_MEMBER VFloat polynomial(const float (&rows)[N][32]) const {
    VFloat sum = looked_up(rows[N - 1], index);
#pragma GCC unroll 16
    for (int i = N - 2; i >= 0; --i) sum = mul_add(sum, d, looked_up(rows[i], index));
    return sum;
  }
};

// PIECES::at(x), but FORMULA where PIECES::distance(x) is beyond their END, which makes x extreme.
template <class PIECES, class FORMULA>
struct Tabled : FORMULA {
  FASTACT_INLINE bool extreme(VFloat x) {
    return any_extreme(PIECES::distance(x), PIECES::At::END);
  }
  FASTACT_INLINE bool extreme(VDouble x) { return FORMULA::extreme(x); }

  template <bool EXTREME>
  FASTACT_INLINE Point<VFloat> at(VFloat x) {
    const Point<VFloat> near = PIECES::at(x);
    if (!EXTREME) return near;
    const Point<VFloat> far = FORMULA::template at<true>(x);
    const auto beyond = PIECES::distance(x) > all<VFloat>(PIECES::At::END);
    return {beyond ? far.value : near.value, beyond ? far.slope : near.slope};
  }
  template <bool EXTREME>
  FASTACT_INLINE Point<VDouble> at(VDouble x) {
    return FORMULA::template at<EXTREME>(x);
  }
};

#endif

}  // namespace
}  // namespace fastact
