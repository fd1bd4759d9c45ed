// The values of rows that run down an array, side by side, where a backend makes them so.
#pragma once

#include "rowpasses.hpp"

namespace fastact {

template <class T>
Loop RowPasses<T>::columns_of(const Tile& tile) const {
  // Part of a strip takes as long as a whole one: a few long rows are better turned.
  const bool few = tile.rows < npy_intp(64 / sizeof(T)) && tile.n > 32;
  const RowArray& x = space_.arrays[X];
  if (few || has(MASK) || has(LENGTHS) || !TileAccess<T>::side_by_side(space_, x)) return nullptr;
  return values(SOFTMAX_COLUMNS);
}

template <class T>
npy_intp RowPasses<T>::fill_columns(Loop columns, const Tile& tile, const char* x, npy_intp x_step,
                                    char* y, npy_intp y_step) {
  npy_intp done = 0;
  char* args[] = {const_cast<char*>(x), y, reinterpret_cast<char*>(&done)};
  const npy_intp dims[] = {tile.rows, tile.n}, steps[] = {x_step, y_step};
  columns(args, dims, steps, nullptr);
  return done;
}

template <class T>
npy_intp RowPasses<T>::straight_columns(const Tile& tile) const {
  const RowArray &x = space_.arrays[X], &y = space_.arrays[Y];
  const Loop loop = columns_of(tile);
  const TileAccess<T> access(space_, tile);
  if (loop == nullptr || options_.negate || !access.transposed(x) ||
      !(reduces() ? access.direct_line(y) != nullptr : access.transposed(y)))
    return 0;
  return fill_columns(loop, tile, access.start(x), x.inner[0], access.start(y), y.inner[0]);
}

template <class T>
bool RowPasses<T>::copied_columns(const TileAccess<T>& access, const Scratch& s) const {
  const RowArray &x = space_.arrays[X], &y = space_.arrays[Y];
  const Tile& tile = access.tile();
  const Loop loop = columns_of(tile);
  if (loop == nullptr || (access.transposed(x) && !options_.negate) ||
      !(reduces() || access.side_by_side(y)))
    return false;
  access.gather_columns(x, s.x);
  if (options_.negate)
    for (npy_intp i = 0; i < tile.rows * tile.n; ++i) s.x[i] = -s.x[i];
  const npy_intp step = tile.rows * sizeof(T);
  T* const to = reduces() ? s.top : s.y;
  if (fill_columns(loop, tile, reinterpret_cast<char*>(s.x), step, reinterpret_cast<char*>(to),
                   reduces() ? 0 : step) < tile.rows)
    return false;
  if (reduces())
    access.set_line(y, s.top);
  else
    access.scatter_columns(y, s.y);
  return true;
}

template <class T>
bool RowPasses<T>::down_columns(const Tile& rows) const {
  const bool more = has(DX) || has(WEIGHTS) || has(MASK) || has(LENGTHS) || options_.scaled() ||
                    options_.negate || options_.from_output || family_ == HARDMAX;
  // As in columns_of: part of a strip takes as long as a whole one.
  const bool few = rows.rows < npy_intp(64 / sizeof(T));
  const RowArray &x = space_.arrays[X], &y = space_.arrays[Y];
  const TileAccess<T> access(space_, rows);
  if (more || few || kernels_.stages[SUM_OF_COLUMNS] == nullptr || !access.transposed(x))
    return false;
  if (reduces()) return true;
  return access.transposed(y) && !(family_ == SOFTMAX && x.base == y.base);
}

template <class T>
void RowPasses<T>::stage_of_columns(Stage which, const Tile& tile, char* const* arguments,
                                    const RowArray& in, const RowArray& out) const {
  const npy_intp dims[] = {tile.rows, tile.n}, steps[] = {in.inner[0], out.inner[0]};
  kernels_.stages[which](const_cast<char**>(arguments), dims, steps, precisely());
}

template <class T>
bool RowPasses<T>::sum_columns(const Tile& tile, const Scratch& s) const {
  const bool keeps_e = family_ == SOFTMAX;
  const RowArray &x = space_.arrays[X], &e = space_.arrays[keeps_e ? Y : X];
  const TileAccess<T> access(space_, tile);
  bool ordinary = false;
  char* const arguments[] = {access.start(x),
                             access.start(e),
                             reinterpret_cast<char*>(s.top),
                             reinterpret_cast<char*>(s.rest),
                             reinterpret_cast<char*>(s.peak),
                             reinterpret_cast<char*>(s.exponent),
                             reinterpret_cast<char*>(&ordinary)};
  stage_of_columns(keeps_e ? EXP_SUM_COLUMNS : SUM_OF_COLUMNS, tile, arguments, x, e);
  std::fill_n(s.base, tile.rows, T(0));
  return ordinary;
}

template <class T>
void RowPasses<T>::scale_columns(const Tile& tile, const Scratch& s, Stage which) const {
  const bool of_e = which == SCALE_COLUMNS;
  const RowArray &y = space_.arrays[Y], &from = space_.arrays[of_e ? Y : X];
  const TileAccess<T> access(space_, tile);
  T *const first = of_e ? s.factor : s.top, *const second = of_e ? s.factor_low : s.factor;
  char* const arguments[] = {access.start(from), reinterpret_cast<char*>(first),
                             reinterpret_cast<char*>(second), access.start(y)};
  stage_of_columns(which, tile, arguments, from, y);
}

// As bring_down.
template <class T>
void RowPasses<T>::bring_columns_down(const Tile& tile, const Scratch& s) const {
  bool any = false;
  for (npy_intp r = 0; r < tile.rows; ++r) {
    const int more = too_large(s.totals[r], s.peak[r], s.base[r], s.exponent[r]);
    any |= more != 0;
    s.exponent[r] += more;
    s.factor[r] = std::ldexp(T(1), -more);
    s.factor_low[r] = 0;
  }
  if (any) scale_columns(tile, s, SCALE_COLUMNS);
}

template <class T>
void RowPasses<T>::write_columns(const Tile& tile, const Scratch& s) const {
  const bool of_e = family_ == SOFTMAX;
  if (of_e) bring_columns_down(tile, s);
  for (npy_intp r = 0; r < tile.rows; ++r) {
    const RowTotal& t = s.totals[r];
    if (of_e) {
      const Precise part = quotient(weight(s.base[r], s.exponent[r], t), t);
      set_factor(s, r, part.near, part.beyond);
    } else {
      s.top[r] = T(t.top);
    }
  }
  if (!of_e) log_rests(s.totals, tile.rows, s.factor);
  scale_columns(tile, s, of_e ? SCALE_COLUMNS : SHIFT_COLUMNS);
}

}  // namespace fastact
