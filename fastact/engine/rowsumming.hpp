// What is summed along the rows of a tile: their first pass.
#pragma once

#include "rowpasses.hpp"

namespace fastact {

template <class T>
const T* RowPasses<T>::read_x(const TileAccess<T>& access, const Tile& tile,
                              const Scratch& s) const {
  constexpr T INF = std::numeric_limits<T>::infinity();
  const T* x = access.read(space_.arrays[X], s.x);
  if (!gaps(tile) && !options_.negate && !has(WEIGHTS)) return x;
  copy_into(s.x, x, tile);
  if (options_.negate && !options_.from_output)
    for (npy_intp i = 0; i < tile.rows * tile.n; ++i) s.x[i] = -s.x[i];
  if (has(WEIGHTS)) {
    const T* weights = access.read(space_.arrays[WEIGHTS], s.dy);
    for (npy_intp i = 0; i < tile.rows * tile.n; ++i)
      if (weights[i] == 0) s.x[i] = -INF;
  }
  if (gaps(tile)) blank(access, s.x, value_given() ? 0 : -INF);
  return s.x;
}

template <class T>
void RowPasses<T>::output_sum(const Tile& tile, const T* y, const Scratch& s) const {
  copy_into(s.e, y, tile);
  stage(FIRST_TOP, tile, {s.e, s.top, s.base});
  for (npy_intp r = 0; r < tile.rows; ++r) {
    s.peak[r] = s.top[r];
    s.base[r] = s.exponent[r] = 0;
  }
  stage(OTHERS, tile, {s.e, s.e, s.peak, s.top, s.reference, s.rest});
}

template <class T>
void RowPasses<T>::first_pass(const Tile& tile, const T* x, const T* dy, const Scratch& s) const {
  const bool others = family_ == LOG_SOFTMAX;
  const Stage at_once = others ? EXP_SUM_OTHERS : EXP_SUM_DOT;
  if (dy != nullptr && !options_.scaled() && !value_given() && kernels_.stages[at_once] != nullptr)
    return stage(at_once, tile,
                 {x, s.e, s.top, s.rest, s.peak, s.base, s.exponent, dy, s.reference, s.dot, s.soon,
                  s.also_soon});
  if (value_given())
    output_sum(tile, x, s);
  else
    exp_sum(tile, x, s);
  if (dy != nullptr)
    stage(others ? OTHERS : DOT, tile, {s.e, dy, s.peak, s.rest, s.reference, s.dot});
}

template <class T>
void RowPasses<T>::results_soon(const TileAccess<T>& access, Scratch& s) const {
  if (has(DX))
    if (const T* dx = access.direct(space_.arrays[DX])) s.soon = dx;
  if (has(Y) && !reduces())
    if (const T* y = access.direct(space_.arrays[Y])) s.also_soon = y;
}

}  // namespace fastact
